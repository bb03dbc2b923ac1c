import { createHash } from 'node:crypto'
import type { CollectionKind } from '../../../storage/collections.ts'

const longest = 150

/** The ending of the names of a collection's members. */
export const endingOf = (kind: CollectionKind): '.ics' | '.vcf' => (kind === 'calendar' ? '.ics' : '.vcf')

/** Names for an imported object, the best first and without end: its UID where that is fit to be one. */
export function* objectNames(uid: string, kind: CollectionKind): Generator<string> {
  const ending = endingOf(kind)
  const safe = uid.replace(/[^A-Za-z0-9._~@-]+/g, '_').replace(/^[.]+/, '_')
  const hash = createHash('sha256').update(uid).digest('hex').slice(0, 12)
  const isShort = safe.length <= longest && /[A-Za-z0-9]/.test(safe)
  if (isShort) yield safe + ending
  const base = `${safe.slice(0, longest)}-${hash}`
  yield base + ending
  for (let number = 2; ; number += 1) yield `${base}-${number}${ending}`
}

/**
 * Gives each name of one folder a file name that any file system takes and that no other has, whatever the case of its
 * letters.
 * @param ending  added to names that do not end so
 */
export function fileNamer(ending = ''): (name: string) => string {
  const unlike = distinct()
  return (name) => {
    const whole = name.toLowerCase().endsWith(ending) ? name : name + ending
    const stem = whole.slice(0, whole.length - ending.length)
    return unlike(safeFileName(stem, oddOfObjects), whole.slice(whole.length - ending.length))
  }
}

/** As fileNamer, for documents: people chose their names, which stay as they are where all file systems take them. */
export function documentNamer(): (name: string) => string {
  const unlike = distinct()
  return (name) => {
    const [, stem = name, ending = ''] = /^(.+?)((?:\.[A-Za-z0-9]{1,8}){1,2})$/s.exec(name) ?? []
    return unlike(safeFileName(stem, ending === '' ? oddOfDocuments : oddOfStems), ending)
  }
}

/** Adds a number to what came before. */
function distinct(): (stem: string, ending: string) => string {
  const taken = new Set<string>()
  return (stem, ending) => {
    let file = stem + ending
    for (let number = 2; taken.has(file.toLowerCase()); number += 1) file = `${stem}-${number}${ending}`
    taken.add(file.toLowerCase())
    return file
  }
}

const oddOfObjects = /[^\p{L}\p{N}._~@ ()+,=-]|^[. ]|[. ]$/gu
const oddOfStems = /[\p{Cc}\p{Cs}"*/:<>?\\|]|^ /gu
const oddOfDocuments = new RegExp(`${oddOfStems.source}|[. ]$`, 'gu')

/**
 * As it stands where it can; else with %XX for other characters, as in URLs, and a hash for the rest of a long one.
 * @param odd  what cannot stand
 */
function safeFileName(name: string, odd: RegExp): string {
  const encoded = name.normalize('NFC').replace(odd, percent)
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(encoded)
  if (Buffer.byteLength(encoded) <= longest && encoded !== '' && !isReserved) return encoded
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return `${cut(encoded)}-${hash}`
}

function cut(text: string): string {
  let kept = ''
  for (const c of text) {
    if (Buffer.byteLength(kept + c) > longest - 20) return kept
    kept += c
  }
  return kept
}

function percent(c: string): string {
  return [...Buffer.from(c)].map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
