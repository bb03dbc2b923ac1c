import type { FactRow } from '../../../../storage/people/fact-tables.ts'
import { readRichText } from '../../timeline/rich-text.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { timeText } from '../entries.ts'

/**
 * What stands in an archive for the ids of rows, and the other way: a row of the archive is named by its number, an
 * account by its name, a card or an event by the file that it is. Each answers undefined for what is not there.
 */
export interface Swap {
  /** From the database to the archive; else the other way. */
  readonly isOut: boolean
  row(table: string, value: unknown): unknown
  /** A row that may be gone by now: nothing else will ever have its number. */
  former(table: string, value: unknown): unknown
  /** Somebody who is in the archive too: nothing is said to be of anybody else. */
  who(value: unknown): unknown
  /** The same, or somebody of that name who is here already. */
  anybody(value: unknown): unknown
  /** A card, an event or a task, in the trash too. */
  object(value: unknown): unknown
  /** The octets that an object had. @param object  as it stands here */
  body(object: unknown, etag: unknown, value: unknown): unknown
  /** A file or a folder of documents. */
  node(value: unknown): unknown
  book(value: unknown): unknown
}

/**
 * A column of a table of facts: what it holds there, and what stands for it in an archive. Undefined says that what it
 * names is not there; a required column takes its row along.
 * @throws TransferError for what cannot stand there
 */
export type Column = (value: unknown, swap: Swap, row: FactRow) => unknown
export type ColumnSet = Readonly<Record<string, Column>>

/** Letters of a text for which nothing else is said. */
const mostLetters = 10_000
const mostItems = 10_000

export const int: Column = (value, { isOut }) => {
  if (isOut || Number.isSafeInteger(value)) return value
  throw new TransferError('is no whole number')
}

/** Epoch milliseconds, as ISO 8601. */
export const time: Column = (value, { isOut }) => {
  if (isOut) return timeText(Number(value))
  const at = typeof value === 'string' && isTime.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isFinite(at)) return at
  throw new TransferError('is no time')
}

const isTime = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** @param most  letters at most */
export function text(most = mostLetters): Column {
  return (value, { isOut }) => {
    if (isOut) return value
    if (typeof value !== 'string' || value.includes('\0')) throw new TransferError('is no text')
    if (value.length > most) throw new TransferError('is too long')
    return value
  }
}

export function oneOf(...words: readonly string[]): Column {
  return (value, { isOut }) => {
    if (isOut || words.includes(String(value))) return value
    throw new TransferError(`is none of ${words.join(', ')}`)
  }
}

export const row =
  (table: string): Column =>
  (value, swap) =>
    swap.row(table, value)
export const former =
  (table: string): Column =>
  (value, swap) =>
    swap.former(table, value)
export const who: Column = (value, swap) => swap.who(value)
export const anybody: Column = (value, swap) => swap.anybody(value)
export const object: Column = (value, swap) => swap.object(value)
export const node: Column = (value, swap) => swap.node(value)
export const book: Column = (value, swap) => swap.book(value)

/** Null where it was, and where what it names is not there. */
export function nullable(column: Column): Column {
  return (value, swap, of) => (value == null ? null : (column(value, swap, of) ?? null))
}

/** Null where it was; what it names has to be there. */
export function ifAny(column: Column): Column {
  return (value, swap, of) => (value == null ? null : column(value, swap, of))
}

/** An id that is kept as a text. */
export function idText(column: Column): Column {
  return (value, swap, of) => {
    const swapped = column(swap.isOut ? Number(value) : value, swap, of)
    return swapped === undefined || swap.isOut ? swapped : String(swapped)
  }
}

/** Of several what is there. */
export function listOf(column: Column): Column {
  return (value, swap, of) => {
    if (!Array.isArray(value)) throw new TransferError('is no list')
    if (value.length > mostItems) throw new TransferError('is too long')
    return value.flatMap((item: unknown) => column(item, swap, of) ?? [])
  }
}

/** What it holds depends on another column. What is of no kind that is known is not there. */
export function by(other: string, kinds: Readonly<Record<string, Column>>): Column {
  return (value, swap, of) => {
    const kind = String(of[other])
    return Object.hasOwn(kinds, kind) ? kinds[kind]?.(value, swap, of) : undefined
  }
}

/** JSON, of which some values name something. @param most  letters at most */
export function json(refs: ColumnSet = {}, most = 1_000_000): Column {
  return (value, swap) => {
    const state: unknown = swap.isOut ? JSON.parse(String(value)) : value
    const swapped = isRecord(state) ? swapKeys(state, refs, swap) : state
    if (swap.isOut) return swapped
    const written = JSON.stringify(swapped) ?? ''
    if (written === '' || written.includes('\\u0000')) throw new TransferError('is no JSON')
    if (written.length > most) throw new TransferError('is too long')
    return written
  }
}

const deepest = 30

/** JSON in which some keys name something, however deep they stand; all of it has to be there. */
export function deepJson(refs: ColumnSet, most = 1_000_000): Column {
  const written = json({}, most)
  return (value, swap, of) => {
    let isWhole = true
    const walk = (part: unknown, depth: number): unknown => {
      if (depth > deepest) throw new TransferError('is too deep')
      if (Array.isArray(part)) return part.map((item: unknown) => walk(item, depth + 1))
      if (!isRecord(part)) return part
      const entries = Object.entries(part).map(([key, item]) => {
        const column = Object.hasOwn(refs, key) && !isRecord(item) ? refs[key] : undefined
        const swapped = column ? column(item, swap, part) : walk(item, depth + 1)
        if (swapped === undefined) isWhole = false
        return [key, swapped] as const
      })
      return Object.fromEntries(entries)
    }
    const swapped = walk(swap.isOut ? JSON.parse(String(value)) : value, 0)
    if (!isWhole) return undefined
    return swap.isOut ? swapped : written(swapped, swap, of)
  }
}

/** Of values by name those that are there, as JSON. */
export function jsonOfEach(column: Column): Column {
  const written = json()
  return (value, swap, of) => {
    const all: unknown = swap.isOut ? JSON.parse(String(value)) : value
    if (!isRecord(all)) throw new TransferError('has another form')
    const there = Object.entries(all).flatMap(([name, item]): [string, unknown][] => {
      const swapped = column(item, swap, of)
      return swapped === undefined ? [] : [[name, swapped]]
    })
    return swap.isOut ? Object.fromEntries(there) : written(Object.fromEntries(there), swap, of)
  }
}

/** What names something that is not there is null. */
function swapKeys(state: FactRow, refs: ColumnSet, swap: Swap): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => {
      const column = Object.hasOwn(refs, key) ? refs[key] : undefined
      return [key, column && value != null ? (column(value, swap, state) ?? null) : value]
    }),
  )
}

/** Rich text, which is sanitised again when it comes in. */
export function richText(most: number): Column {
  const letters = text(most)
  return (value, swap, of) => {
    const html = letters(value, swap, of)
    return swap.isOut ? html : readRichText(String(html)).html
  }
}

/** Rich text without its form: what comes in is read off the column that has it. */
export function plainOf(column: string, most: number): Column {
  const letters = text(most)
  return (value, swap, of) => {
    const plain = letters(value, swap, of)
    const html = of[column]
    return swap.isOut || typeof html !== 'string' || html === '' ? plain : readRichText(html).text
  }
}

export function isRecord(value: unknown): value is FactRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
