import { multistatusClose, multistatusOpen } from '../../../protocol/dav/multistatus.ts'
import { type ClarkName, dav } from '../../../protocol/dav/names.ts'
import {
  child,
  children,
  elements,
  readXml,
  textOf,
  type XmlElement,
} from '../../../protocol/dav/xml-read.ts'

/** The response elements that a renderer has written. */
export function readResponses(text: string): XmlElement[] {
  const bytes = Buffer.from(multistatusOpen + text + multistatusClose)
  const limits = { maxBytes: bytes.length, maxDepth: 1_000, maxNodes: Number.POSITIVE_INFINITY }
  const root = readXml(bytes, limits)
  return root ? elements(root) : []
}

/** The properties that a response gives, by name. */
export function propertiesIn(response: XmlElement): ReadonlyMap<ClarkName, XmlElement> {
  const found = children(response, dav('propstat')).filter(isOk)
  const props = found.flatMap((propstat) => children(propstat, dav('prop')).flatMap(elements))
  return new Map(props.map((property) => [property.name, property]))
}

/** Every href in an element, however deep. */
export function hrefsIn(element: XmlElement): string[] {
  return elements(element).flatMap((node) => (node.name === dav('href') ? [textOf(node)] : hrefsIn(node)))
}

function isOk(propstat: XmlElement): boolean {
  const status = child(propstat, dav('status'))
  return status !== undefined && textOf(status).includes(' 200 ')
}
