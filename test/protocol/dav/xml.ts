import { readXml, type XmlElement, type XmlLimits } from '../../../protocol/dav/xml-read.ts'

export const limits: XmlLimits = { maxBytes: 1_000_000, maxDepth: 50, maxNodes: 20_000 }

/** Reads a document that must have a root. */
export function xml(text: string): XmlElement {
  const root = readXml(Buffer.from(text), limits)
  if (root === undefined) throw new Error('The document is empty.')
  return root
}

/** Reads a body written with the prefixes D, C, CARD, CS undeclared. */
export function body(text: string): XmlElement {
  const declarations =
    ' xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"' +
    ' xmlns:CARD="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/"'
  return xml(text.replace(/^<[\w:-]+/, (start) => start + declarations))
}
