import { googleTarget } from './headers/google.ts'
import { foldHeader, tables } from './headers/index.ts'
import type { CsvRow } from './rows.ts'
import { fieldTarget, isTarget, keptAsItIs, leftOut, readTarget, type Target } from './target.ts'

/** A column of a table, and where it goes. */
export interface Column {
  /** As the table calls it; `Column 3` where it calls it nothing. */
  readonly header: string
  /** Undefined for one that nothing stands for: what is in it is kept as it is. */
  readonly target: Target | undefined
  readonly isLeftOut: boolean
  /** It is said to be kept as it is: it is not for the field that is called so either. */
  readonly isKept?: boolean
  /** The key of the field of one's own that it is said to be for. */
  readonly field?: string | undefined
}

/** How a table is to be read. */
export interface Mapping {
  readonly columns: readonly Column[]
  /** The language most of its columns are named in. */
  readonly language: string
  /** How many columns are known. */
  readonly known: number
}

/** Columns as a user gives them: a header, or the number of a column counted from 1, and a target as it is written. */
export type GivenColumns = Readonly<Record<string, string>>

/**
 * Where the columns of a table go, by their names.
 * @param given  counts before what the names say
 * @param own  folded names that are known beside those of cards
 */
export function suggestMapping(
  header: readonly string[],
  given: GivenColumns = {},
  own: ReadonlySet<string> = noNames,
): Mapping {
  const folded = header.map(foldHeader)
  const language = languageOf(folded)
  const order = [tables.get(language), ...tables.values()]
  const known = folded.map((name) => {
    if (name === '') return undefined
    return googleTarget(name) ?? order.find((table) => table?.has(name) === true)?.get(name)
  })
  const hasTitle = known.some((target) => target === 'TITLE')
  const isPrefixed = known.some((target) => target === 'N.prefix')
  const wanted = givenByName(given)
  const texts = known.map((target, at) => {
    const own = wanted.get(String(at + 1)) ?? wanted.get(folded[at] ?? '')
    if (own !== undefined) return own
    if (target !== 'TITLE_OR_PREFIX') return target
    return hasTitle && !isPrefixed ? 'N.prefix' : 'TITLE'
  })
  const settled = settleTwins(texts, folded)
  const columns = settled.map((text, at) => columnOf(header[at]?.trim() || `Column ${at + 1}`, text))
  return {
    columns,
    language,
    known: settled.filter((text, at) => text !== undefined || own.has(folded[at] ?? '')).length,
  }
}

const noNames: ReadonlySet<string> = new Set()

/**
 * Names that mean something else beside others: a birthday beside a month of birth is its day, a whole address beside a
 * street is what programs made of all its parts.
 */
function settleTwins(texts: readonly (string | undefined)[], folded: readonly string[]) {
  const hasMonth = texts.includes('BDAY.month')
  return texts.map((text, at) => {
    if (text === 'BDAY' && hasMonth) return 'BDAY.day'
    const isWhole =
      text?.startsWith('ADR.street;') === true && /(?:address|adresse|adres)$/.test(folded[at] ?? '')
    const hasTwin = isWhole && texts.filter((other) => other === text).length > 1
    return hasTwin ? text?.replace('.street', '.formatted') : text
  })
}

/** What of a given mapping cannot be read, or names a column that there is not. */
export function mappingProblems(given: GivenColumns, header: readonly string[]): string[] {
  const folded = new Set(header.map(foldHeader))
  return Object.entries(given).flatMap(([name, text]) => {
    const isNumber = /^\d{1,4}$/.test(name)
    const isThere = isNumber
      ? Number(name) >= 1 && Number(name) <= header.length
      : folded.has(foldHeader(name))
    if (!isThere && !(isNumber && header.length === 0)) return [`There is no column "${name}".`]
    if (!isTarget(text)) return [`"${text}" is no target of a column.`]
    return []
  })
}

/** So many rows may stand before the one that names the columns. */
export const preambleRows = 12

/**
 * The row among the first that names the columns; LinkedIn has notes before it, spreadsheets `sep=;`.
 * @returns undefined when no row does: then the columns have to be given, by their numbers
 */
export function findHeader(
  rows: readonly CsvRow[],
  given: GivenColumns = {},
  own: ReadonlySet<string> = noNames,
): { readonly at: number; readonly mapping: Mapping } | undefined {
  const named = Object.fromEntries(Object.entries(given).filter(([name]) => !/^\d{1,4}$/.test(name)))
  let best: { at: number; mapping: Mapping } | undefined
  rows.slice(0, preambleRows).forEach(({ fields }, at) => {
    if (isSeparatorLine(fields)) return
    const mapping = suggestMapping(fields, named, own)
    const filled = filledOf(fields)
    // What stands before the names of the columns is narrower than they are.
    if (rows.slice(0, at).some((row) => filledOf(row.fields) * 2 > filled)) return
    const isEnough = mapping.known * 4 >= filled || (mapping.known >= 3 && areNames(fields))
    const isNaming = mapping.known >= Math.min(2, filled) && isEnough && namesPeople(mapping)
    if (isNaming && mapping.known > (best?.mapping.known ?? 0)) best = { at, mapping }
  })
  return best && { at: best.at, mapping: suggestMapping(rows[best.at]?.fields ?? [], given, own) }
}

/** Whether what stands in a row can be names of columns: none twice, and nothing that only people have. */
function areNames(fields: readonly string[]): boolean {
  const names = fields.map(foldHeader).filter((name) => name !== '')
  return new Set(names).size === names.length && !fields.some((field) => /@|^[\d\s./:+()-]+$/.test(field))
}

function filledOf(fields: readonly string[]): number {
  return fields.filter((field) => field.trim() !== '').length
}

/** Whether a line is what spreadsheets write before everything else. */
export function isSeparatorLine(fields: readonly string[]): boolean {
  return /^sep=/i.test(fields[0] ?? '') && fields.slice(1).every((field) => field === '')
}

/** The columns of a table that names none. */
export function mappingByNumber(width: number, given: GivenColumns): Mapping {
  return suggestMapping(
    Array.from({ length: width }, () => ''),
    given,
  )
}

function columnOf(header: string, text: string | undefined): Column {
  const isLeftOut = text?.trim() === leftOut
  const field = text === undefined ? undefined : fieldTarget(text)
  if (field !== undefined) return { header, isLeftOut, target: undefined, field }
  if (text?.trim() === keptAsItIs) return { header, isLeftOut, target: undefined, isKept: true }
  return { header, isLeftOut, target: text === undefined || isLeftOut ? undefined : readTarget(text) }
}

function givenByName(given: GivenColumns): ReadonlyMap<string, string> {
  return new Map(Object.entries(given).map(([name, text]) => [foldHeader(name), text]))
}

function languageOf(folded: readonly string[]): string {
  let best = 'english'
  let most = -1
  for (const [language, table] of tables) {
    const count = folded.filter((name) => table.has(name)).length
    if (count > most) {
      most = count
      best = language
    }
  }
  return best
}

const naming = new Set(['N', 'FN', 'EMAIL', 'TEL', 'ORG', 'NICKNAME'])

function namesPeople({ columns }: Mapping): boolean {
  return columns.some(({ target }) => target !== undefined && naming.has(target.property))
}
