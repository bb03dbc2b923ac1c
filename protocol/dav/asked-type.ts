import { readContentType } from './headers.ts'
import type { XmlElement } from './xml-read.ts'

/** The media type that an address-data or a calendar-data asks for; undefined where it does not say. */
export interface AskedType {
  readonly type: string | undefined
  readonly version: string | undefined
}

/**
 * Reads the attributes `content-type` and `version`, in whatever case they are written (VDS-07); the version may also be a
 * parameter of the type.
 * @see RFC 6352 §10.4, RFC 4791 §9.6
 */
export function readAskedType(element: XmlElement): AskedType {
  const contentType = attribute(element, 'content-type')
  const read = readContentType(contentType)
  return {
    type: read?.type ?? contentType?.trim().toLowerCase(),
    version: attribute(element, 'version')?.trim() ?? read?.version,
  }
}

function attribute({ attributes }: XmlElement, wanted: string): string | undefined {
  const exact = attributes.get(wanted)
  if (exact !== undefined || attributes.size === 0) return exact
  for (const [name, value] of attributes) if (name.toLowerCase() === wanted) return value
  return undefined
}
