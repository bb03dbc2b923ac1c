import type { Scope } from './scopes.ts'

/**
 * Every three letters that follow each other. SQLite finds them in an FTS5 table by its trigram tokenizer, without positions;
 * PostgreSQL in a GIN index of numbers that are made from them here: it needs no extension, and knows letters of every script
 * whatever the locale of the database is. A document's scope is one of its trigrams too.
 */

/** The three letters at each place, characters beyond the first plane counting as one. */
function trigramsOf(text: string): string[] {
  const letters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text
  const found: string[] = []
  for (let at = 0; at + 2 < letters.length; at++)
    found.push(`${letters[at]}${letters[at + 1]}${letters[at + 2]}`)
  return found
}

/** Alternatives, each of texts that all have to be there; a text counts by its trigrams. */
export type Alternatives = readonly (readonly string[])[]

/** What a document has to hold: one of each of these alternatives. */
export type GramQuery = readonly Alternatives[]

/** So many trigrams are asked for: each costs its whole list, further ones add little, and whoever looks closer judges all of it. */
const most = { together: 8, ofText: 4 } as const

function askedTrigrams(texts: readonly string[]): string[] {
  const asked = new Set<string>()
  const each = Math.max(1, Math.min(most.ofText, Math.floor(most.together / texts.length)))
  for (const text of texts) {
    const all = trigramsOf(text)
    const step = Math.max((all.length - 1) / Math.max(each - 1, 1), 1)
    for (let place = 0; place <= all.length - 1; place += step) asked.add(all[Math.round(place)] ?? '')
  }
  return [...asked]
}

/** The query as FTS5 reads it. @see https://sqlite.org/fts5.html#full_text_query_syntax */
export function matchExpression(scopes: readonly Scope[], query: GramQuery): string {
  const quoted = (gram: string): string => `"${gram.replaceAll('"', '""')}"`
  const parts = query.map((alternatives) => {
    const each = alternatives.map((texts) => `(${askedTrigrams(texts).map(quoted).join(' AND ')})`)
    return `(${each.join(' OR ')})`
  })
  const within = scopes.map((scope) => quoted(scopeTrigram(scope))).join(' OR ')
  return [...parts, `(${within})`].join(' AND ')
}

/** The query as a condition on the numbers of PostgreSQL's rows; its parameters are added to `params`. */
export function arrayCondition(scopes: readonly Scope[], query: GramQuery, params: unknown[]): string {
  const parts = query.map((alternatives) => {
    const each = alternatives.map(
      (texts) => `g.grams @> $${params.push(askedTrigrams(texts).map(gramNumber))}::int[]`,
    )
    return `(${each.join(' OR ')})`
  })
  return [...parts, `g.grams && $${params.push(scopes.map((scope) => -scope - 1))}::int[]`].join(' AND ')
}

/** A document's trigrams as PostgreSQL keeps them, an array in its own notation. */
export function gramNumbers(scope: Scope, grams: string): string {
  const numbers = new Set<number>([-scope - 1])
  for (const gram of trigramsOf(grams)) numbers.add(gramNumber(gram))
  return `{${[...numbers].join(',')}}`
}

/** 31 bits of three letters: those of Latin ones do not meet, and where others do, whoever looks closer tells them apart. */
function gramNumber(gram: string): number {
  let number = 0
  for (let at = 0; at < gram.length; at++) number = Math.imul(number, 1_291) + gram.charCodeAt(at)
  return number & 0x7f_ff_ff_ff
}

const privateLetters = 6_400
const firstPrivateLetter = 0xe000

/** Three letters of the private use area, which no keyboard has; a text that has them is told apart by the document's scope. */
function scopeTrigram(scope: Scope): string {
  const letter = (digit: number): number => firstPrivateLetter + (digit % privateLetters)
  return String.fromCharCode(
    letter(Math.floor(scope / privateLetters ** 2)),
    letter(Math.floor(scope / privateLetters)),
    letter(scope),
  )
}

/** The same in SQL, of the column `scope` of a table of SQLite's. */
export const scopeTrigramSql = `char(${[privateLetters ** 2, privateLetters, 1]
  .map((unit) => `${firstPrivateLetter} + scope / ${unit} % ${privateLetters}`)
  .join(', ')})`
