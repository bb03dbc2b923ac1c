import { XMLParser } from 'fast-xml-parser'
import { WrongAnswerError } from './item.ts'

/** An XML element of an answer, names in Clark notation. */
export interface Element {
  readonly name: string
  readonly children: readonly Element[]
  readonly text: string
}

/** One `DAV:response`. */
export interface DavResponse {
  /** Decoded path, no scheme, no host. */
  readonly path: string
  /** The `DAV:status` beside the href, of a member that is gone or an answer cut off. */
  readonly status: number | undefined
  /** Properties of the propstat with status 200. */
  readonly properties: ReadonlyMap<string, Element>
}

/** A read `DAV:multistatus`. */
export interface Multistatus {
  readonly responses: readonly DavResponse[]
  readonly syncToken: string | undefined
}

type Node = Readonly<Record<string, unknown>>
type Scope = ReadonlyMap<string, string>

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
})

/**
 * @throws WrongAnswerError when the body is no multistatus
 * @see RFC 4918 §14.16
 */
export function readMultistatus(body: Buffer): Multistatus {
  const root = readElement(body)
  if (root?.name !== '{DAV:}multistatus')
    throw new WrongAnswerError(`not a multistatus: ${body.subarray(0, 200)}`)
  return {
    responses: root.children.filter((child) => child.name === '{DAV:}response').map(readResponse),
    syncToken: childOf(root, 'sync-token')?.text.trim(),
  }
}

/** First child with a `DAV:` name. */
export function childOf(element: Element, local: string): Element | undefined {
  return element.children.find((child) => child.name === `{DAV:}${local}`)
}

/** The decoded path of an href, a full URL or an absolute path. */
export function pathOf(href: string): string {
  return decodeURIComponent(href.trim().replace(/^https?:\/\/[^/]*/, ''))
}

function readResponse(response: Element): DavResponse {
  const properties = new Map<string, Element>()
  for (const propstat of response.children) {
    if (propstat.name !== '{DAV:}propstat' || statusOf(propstat) !== 200) continue
    for (const property of childOf(propstat, 'prop')?.children ?? []) properties.set(property.name, property)
  }
  return { path: pathOf(childOf(response, 'href')?.text ?? ''), status: statusOf(response), properties }
}

function statusOf(element: Element): number | undefined {
  const line = childOf(element, 'status')?.text
  return line === undefined ? undefined : Number(line.trim().split(' ')[1])
}

function readElement(body: Buffer): Element | undefined {
  try {
    return elementsOf(parser.parse(body) as Node[], new Map([['xml', 'xml']])).children[0]
  } catch (error) {
    throw new WrongAnswerError(`unreadable XML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function elementsOf(nodes: readonly Node[], scope: Scope): { children: Element[]; text: string } {
  const children: Element[] = []
  let text = ''
  for (const node of nodes) {
    const key = Object.keys(node).find((name) => name !== ':@') ?? ''
    const content = node[key]
    if (key === '#text') text += decodeEntities(String(content))
    else if (key === '#cdata') text += (content as Node[]).map((part) => String(part['#text'])).join('')
    else if (!key.startsWith('?'))
      children.push(elementOf(key, content as Node[], node[':@'] as Node | undefined, scope))
  }
  return { children, text }
}

function elementOf(
  key: string,
  content: readonly Node[],
  attributes: Node | undefined,
  outer: Scope,
): Element {
  const scope = scopeWithin(outer, attributes)
  const colon = key.indexOf(':')
  const namespace = scope.get(colon < 0 ? '' : key.slice(0, colon)) ?? ''
  return { name: `{${namespace}}${key.slice(colon + 1)}`, ...elementsOf(content, scope) }
}

function scopeWithin(outer: Scope, attributes: Node | undefined): Scope {
  if (attributes === undefined) return outer
  const declared = Object.entries(attributes).filter(
    ([name]) => name === 'xmlns' || name.startsWith('xmlns:'),
  )
  if (declared.length === 0) return outer
  const scope = new Map(outer)
  for (const [name, uri] of declared) scope.set(name.slice(6), decodeEntities(String(uri)))
  return scope
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    return decimal === undefined ? (named[name] ?? whole) : String.fromCodePoint(Number(decimal))
  })
}
