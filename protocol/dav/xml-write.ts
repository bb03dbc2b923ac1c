import { type ClarkName, dav, namespaces, splitName } from './names.ts'
import type { XmlElement } from './xml-read.ts'

/** The declarations of every fixed prefix, for a root element. */
export const fixedDeclarations = Object.entries(namespaces)
  .map(([prefix, namespace]) => ` xmlns:${prefix}="${namespace}"`)
  .join('')

/**
 * Text as element content: `& < >` escaped, CR as `&#13;` so that it survives reading,
 * and what XML 1.0 does not allow left out (MIN-15, VDS-06).
 */
export function escapeText(text: string): string {
  if (!needsEscape.test(text)) return text
  // String by string: on whole cards and events several times quicker than one expression with a function.
  let escaped = mayBeIllegal.test(text) ? text.replace(illegal, '') : text
  if (escaped.includes('&')) escaped = escaped.replaceAll('&', '&amp;')
  if (escaped.includes('<')) escaped = escaped.replaceAll('<', '&lt;')
  if (escaped.includes('>')) escaped = escaped.replaceAll('>', '&gt;')
  return escaped.includes('\r') ? escaped.replaceAll('\r', '&#13;') : escaped
}

/** Text as the value of a double-quoted attribute. */
export function escapeAttribute(text: string): string {
  if (!needsAttributeEscape.test(text)) return text
  return text.replace(illegal, '').replace(/[&<>\r\n\t"]/g, (character) => escapes[character] ?? character)
}

export interface Tag {
  readonly open: string
  readonly close: string
  readonly empty: string
}

/** The tags of a name: with its fixed prefix, which the root declares, or else declaring its namespace itself. */
export function tag(name: ClarkName): Tag {
  const known = tags.get(name)
  if (known !== undefined) return known
  const made = makeTag(name)
  if (tags.size < keptTags) tags.set(name, made)
  return made
}

/** An element of content that is already XML; without content an empty one. */
export function element(name: ClarkName, content = ''): string {
  const { open, close, empty } = tag(name)
  return content === '' ? empty : open + content + close
}

/** @param href  already percent-encoded */
export function hrefElement(href: string): string {
  return `${hrefTag.open}${escapeText(href)}${hrefTag.close}`
}

/**
 * A fragment that stands by itself: all its namespaces declared, attributes, xml:lang and text kept,
 * so that reading it gives an equal element. Prefixes are ours, not the client's.
 * @see RFC 4918 §4.3
 */
export function serialize(root: XmlElement): string {
  const prefixes = new Map<string, string>()
  const body = write(root, undefined, (namespace) => {
    const prefix = prefixes.get(namespace) ?? fixedPrefixes.get(namespace) ?? `n${prefixes.size}`
    prefixes.set(namespace, prefix)
    return prefix
  })
  let declarations = ''
  for (const [namespace, prefix] of prefixes)
    declarations += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`
  return `<${body.name}${declarations}${body.rest}`
}

const needsEscape = /[&<>\r]|[^\t\n\x20-\ud7ff\ue000-\ufffd]/
const mayBeIllegal = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/
const needsAttributeEscape = /[&<>\r\n\t"]|[^\x20-\ud7ff\ue000-\ufffd]/
const illegal = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const fixedPrefixes: ReadonlyMap<string, string> = new Map(
  Object.entries(namespaces).map(([prefix, namespace]) => [namespace, prefix]),
)

/** Clients choose names too, so that only so many are kept. */
const keptTags = 1000
const tags = new Map<ClarkName, Tag>()
const hrefTag = makeTag(dav('href'))

function makeTag(name: ClarkName): Tag {
  const { namespace, local } = splitName(name)
  const prefix = fixedPrefixes.get(namespace)
  if (prefix !== undefined) return tagOf(`${prefix}:${local}`, '')
  return namespace === '' ? tagOf(local, '') : tagOf(`x:${local}`, ` xmlns:x="${escapeAttribute(namespace)}"`)
}

function tagOf(qualified: string, declaration: string): Tag {
  return {
    open: `<${qualified}${declaration}>`,
    close: `</${qualified}>`,
    empty: `<${qualified}${declaration}/>`,
  }
}

type PrefixOf = (namespace: string) => string

/** The qualified name of an element, and all that follows it. */
function write(
  node: XmlElement,
  outerLang: string | undefined,
  prefixOf: PrefixOf,
): { name: string; rest: string } {
  const name = qualify(node.name, prefixOf)
  let rest = node.lang === outerLang ? '' : ` xml:lang="${escapeAttribute(node.lang ?? '')}"`
  for (const [key, value] of node.attributes) rest += ` ${qualify(key, prefixOf)}="${escapeAttribute(value)}"`
  if (node.children.length === 0) return { name, rest: `${rest}/>` }
  rest += '>'
  for (const child of node.children) {
    if (typeof child === 'string') rest += escapeText(child)
    else {
      const inner = write(child, node.lang, prefixOf)
      rest += `<${inner.name}${inner.rest}`
    }
  }
  return { name, rest: `${rest}</${name}>` }
}

function qualify(name: ClarkName, prefixOf: PrefixOf): string {
  const { namespace, local } = splitName(name)
  if (namespace === '') return local
  return `${namespace === xmlNamespace ? 'xml' : prefixOf(namespace)}:${local}`
}
