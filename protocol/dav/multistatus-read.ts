import { type ClarkName, dav } from './names.ts'
import { child, children, elements, readXml, textOf, type XmlElement, type XmlLimits } from './xml-read.ts'

/** One resource of a 207 that another server sent. */
export interface RemoteResponse {
  /** As it is written there. */
  readonly href: string
  /** The status of the response itself; undefined where it has propstats. */
  readonly status: number | undefined
  /** The properties that were found, by Clark name. */
  readonly props: ReadonlyMap<ClarkName, XmlElement>
}

export interface RemoteMultistatus {
  readonly responses: readonly RemoteResponse[]
  /** @see RFC 6578 §6.2 */
  readonly syncToken: string | undefined
}

/**
 * Reads the 207 of another server; a response for several hrefs becomes one for each.
 * @returns undefined for what is no multistatus
 * @throws XmlError
 * @see RFC 4918 §13
 */
export function readRemoteMultistatus(bytes: Uint8Array, limits: XmlLimits): RemoteMultistatus | undefined {
  const root = readXml(bytes, limits)
  if (root?.name !== dav('multistatus')) return undefined
  const token = child(root, dav('sync-token'))
  return {
    responses: children(root, dav('response')).flatMap(readResponse),
    syncToken: token && textOf(token).trim(),
  }
}

/** The text of a property, trimmed; undefined where it is missing or empty. */
export function propertyText({ props }: RemoteResponse, name: ClarkName): string | undefined {
  const found = props.get(name)
  const text = found && textOf(found).trim()
  return text === '' ? undefined : text
}

/** The hrefs inside of a property. */
export function propertyHrefs({ props }: RemoteResponse, name: ClarkName): string[] {
  const found = props.get(name)
  return found ? children(found, dav('href')).map((href) => textOf(href).trim()) : []
}

function readResponse(response: XmlElement): RemoteResponse[] {
  const status = child(response, dav('status'))
  const props = new Map<ClarkName, XmlElement>()
  for (const propstat of children(response, dav('propstat'))) {
    const own = child(propstat, dav('status'))
    if (own !== undefined && !isSuccess(statusOf(own))) continue
    const prop = child(propstat, dav('prop'))
    for (const property of prop ? elements(prop) : []) props.set(property.name, property)
  }
  return children(response, dav('href')).map((href) => ({
    href: textOf(href).trim(),
    status: status && statusOf(status),
    props,
  }))
}

/** @see RFC 9112 §4 */
function statusOf(line: XmlElement): number {
  return Number(/^\S+\s+(\d{3})/.exec(textOf(line).trim())?.[1] ?? 0)
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
