import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { ClarkName } from './names.ts'
import { decodeXml } from './xml-encoding.ts'
import { XmlError } from './xml-error.ts'

export { XmlError } from './xml-error.ts'

/** An element with its namespaces resolved. Text is kept exactly, blanks included; comments and PIs are gone. */
export interface XmlElement {
  readonly name: ClarkName
  /** Without xmlns and xml:lang; a prefixed attribute by its Clark name, another by its plain name. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (XmlElement | string)[]
  /** The xml:lang in force, inherited or its own. */
  readonly lang: string | undefined
}

export interface XmlLimits {
  readonly maxBytes: number
  /** Elements inside each other; the root is 1. */
  readonly maxDepth: number
  /** Elements, comments, CDATA sections and processing instructions. */
  readonly maxNodes: number
}

/**
 * Reads a request body: any prefixes, with or without a declaration, byte order mark or leading blanks (MIN-16, VDS-04).
 * Namespaces are resolved and everything not well-formed is refused; so is a DOCTYPE, and with it every entity
 * but the five predefined ones and character references.
 * @returns undefined for an empty body
 * @throws XmlError and nothing else
 * @see RFC 4918 §8.2, §17, §20.6; Namespaces in XML 1.0
 */
export function readXml(bytes: Uint8Array, limits: XmlLimits): XmlElement | undefined {
  if (bytes.length > limits.maxBytes) throw new XmlError('too-large', 'The body is too large.')
  const text = decodeXml(bytes).trim()
  if (text === '') return undefined
  if (illegalCharacter.test(text)) throw malformed('a character that XML does not allow')
  checkMarkup(text, limits.maxNodes)
  const root = parse(text)
  return convert(root, { scope: rootScope, lang: undefined, depth: 1 }, limits.maxDepth)
}

/** The child elements. */
export function elements(parent: XmlElement): XmlElement[] {
  return parent.children.filter((child) => typeof child !== 'string')
}

/** The first child element of this name. */
export function child(parent: XmlElement, name: ClarkName): XmlElement | undefined {
  for (const node of parent.children) if (typeof node !== 'string' && node.name === name) return node
  return undefined
}

/** Every child element of this name. */
export function children(parent: XmlElement, name: ClarkName): XmlElement[] {
  return elements(parent).filter((node) => node.name === name)
}

/** All text inside, of descendants too, untrimmed. */
export function textOf(element: XmlElement): string {
  let text = ''
  for (const node of element.children) text += typeof node === 'string' ? node : textOf(node)
  return text
}

const illegalCharacter = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

function malformed(what: string): XmlError {
  return new XmlError('malformed', `The body is not well-formed XML: ${what}.`)
}

/** What the validator lets pass: declarations, sections without an end, odd end tags; and the count of nodes. */
function checkMarkup(text: string, maxNodes: number): void {
  let nodes = 0
  let at = text.indexOf('<')
  while (at !== -1) {
    const second = text.charCodeAt(at + 1)
    if (second === 0x2f) at = endTag(text, at)
    else {
      nodes += 1
      if (nodes > maxNodes) throw new XmlError('too-large', 'The body has too many elements.')
      if (second === 0x3f) at = after(text, '?>', at + 2)
      else if (second !== 0x21) at += 1
      else if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4)
      else if (text.startsWith('<![CDATA[', at)) at = after(text, ']]>', at + 9)
      else throw malformed('a document type or other declaration')
    }
    at = text.indexOf('<', at)
  }
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  if (at === -1) throw malformed(`"${end}" is missing`)
  return at + end.length
}

function endTag(text: string, from: number): number {
  const end = after(text, '>', from)
  if (text.charCodeAt(end - 2) === 0x2f) throw malformed('an end tag that is an empty element')
  return end
}

/** As fast-xml-parser gives them in document order: one key for the name, `:@` for the attributes. */
type RawNode = Readonly<Record<string, unknown>>

const textKey = '#text'
const cdataKey = '#cdata'
const attributesKey = ':@'

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: textKey,
  cdataPropName: cdataKey,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  jPath: false,
  maxNestedTags: Number.MAX_SAFE_INTEGER,
  onDangerousProperty: (name: string) => name,
})

function parse(text: string): RawNode {
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw malformed(valid.err.msg)
  let nodes: readonly RawNode[]
  try {
    nodes = parser.parse(text) as readonly RawNode[]
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : 'it cannot be read')
  }
  const [root, ...rest] = nodes
  if (root === undefined || rest.length > 0) throw malformed('there must be one root element')
  if (childrenOf(root).length === 0 && !isOneElement(text)) throw malformed('there is more after the root')
  return root
}

/** The validator sees no text behind an empty root. */
function isOneElement(text: string): boolean {
  const bare = text.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '').trim()
  const behind = bare.slice(afterTag(bare))
  return behind === '' || /^<\/[^<>]*>$/.test(behind)
}

/** Where the tag at the beginning ends; a `>` inside of quotes is part of a value. */
function afterTag(text: string): number {
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at + 1
  }
  return text.length
}

function nameOf(node: RawNode): string {
  for (const key in node) if (key !== attributesKey) return key
  return ''
}

function childrenOf(node: RawNode): readonly RawNode[] {
  return node[nameOf(node)] as readonly RawNode[]
}

/** Prefixes bound by one element; looked up outwards, so that binding many in many places costs no copies. */
interface Scope {
  readonly bindings: ReadonlyMap<string, string>
  readonly outer: Scope | undefined
}

interface Place {
  readonly scope: Scope
  readonly lang: string | undefined
  readonly depth: number
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const rootScope: Scope = {
  bindings: new Map([
    ['', ''],
    ['xml', xmlNamespace],
  ]),
  outer: undefined,
}
const noAttributes: ReadonlyMap<string, string> = new Map()

function convert(node: RawNode, place: Place, maxDepth: number): XmlElement {
  if (place.depth > maxDepth)
    throw new XmlError('too-large', 'The elements of the body are nested too deeply.')
  const raw = node[attributesKey] as Readonly<Record<string, string>> | undefined
  let { scope, lang } = place
  let attributes = noAttributes
  if (raw !== undefined) {
    scope = declare(raw, scope)
    attributes = readAttributes(raw, scope)
    const own = raw['xml:lang']
    if (own !== undefined) lang = attributeText(own) || undefined
  }
  return {
    name: resolve(nameOf(node), scope, true),
    attributes,
    children: convertChildren(childrenOf(node), { scope, lang, depth: place.depth + 1 }, maxDepth),
    lang,
  }
}

function convertChildren(nodes: readonly RawNode[], place: Place, maxDepth: number): (XmlElement | string)[] {
  const read: (XmlElement | string)[] = []
  let text = ''
  for (const node of nodes) {
    const plain = node[textKey]
    if (typeof plain === 'string') text += decodeReferences(plain)
    else if (node[cdataKey] !== undefined) {
      for (const part of childrenOf(node)) text += String(part[textKey] ?? '')
    } else {
      if (text !== '') read.push(text)
      text = ''
      read.push(convert(node, place, maxDepth))
    }
  }
  if (text !== '') read.push(text)
  return read
}

function declare(raw: Readonly<Record<string, string>>, outer: Scope): Scope {
  let bindings: Map<string, string> | undefined
  for (const key in raw) {
    if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue
    const prefix = key.slice(6)
    const namespace = attributeText(raw[key] ?? '')
    const reserved = prefix === 'xmlns' || (prefix === 'xml') !== (namespace === xmlNamespace)
    if (reserved || (key !== 'xmlns' && (prefix === '' || namespace === ''))) {
      throw malformed(`${key} cannot be bound so`)
    }
    bindings ??= new Map()
    bindings.set(prefix, namespace)
  }
  return bindings === undefined ? outer : { bindings, outer }
}

function readAttributes(raw: Readonly<Record<string, string>>, scope: Scope): ReadonlyMap<string, string> {
  let attributes: Map<string, string> | undefined
  for (const key in raw) {
    if (key === 'xmlns' || key.startsWith('xmlns:') || key === 'xml:lang') continue
    attributes ??= new Map()
    const name = resolve(key, scope, false)
    if (attributes.has(name)) throw malformed(`the attribute ${key} is given twice`)
    attributes.set(name, attributeText(raw[key] ?? ''))
  }
  return attributes ?? noAttributes
}

function resolve(qualified: string, scope: Scope, usesDefault: boolean): ClarkName {
  const colon = qualified.indexOf(':')
  const prefix = colon === -1 ? '' : qualified.slice(0, colon)
  const local = qualified.slice(colon + 1)
  if (colon === 0 || /^$|:|^[-.\d\u00b7]/.test(local)) {
    throw malformed(`${qualified} is not a qualified name`)
  }
  if (colon === -1 && !usesDefault) return local
  const namespace = lookUp(prefix, scope)
  if (namespace === undefined) throw malformed(`the prefix ${prefix} is not declared`)
  return namespace === '' ? local : `{${namespace}}${local}`
}

function lookUp(prefix: string, from: Scope): string | undefined {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
    const namespace = scope.bindings.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}

/** @see XML 1.0 §3.3.3 */
function attributeText(raw: string): string {
  if (raw.includes('<')) throw malformed('"<" in an attribute')
  return decodeReferences(/[\t\n]/.test(raw) ? raw.replace(/[\t\n]/g, ' ') : raw)
}

const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function decodeReferences(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(/&(?:#x([\dA-Fa-f]{1,8});|#(\d{1,8});|(\w{1,4});)?/g, (whole, hex, decimal, name) => {
    const known = name === undefined ? undefined : predefined.get(name)
    if (known !== undefined) return known
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number.parseInt(decimal, 10) : 0
    const character = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\0'
    if (illegalCharacter.test(character)) throw malformed(`${whole} is not an entity`)
    return character
  })
}
