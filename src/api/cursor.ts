import type { z } from 'zod'
import { refuseInput } from './problem.ts'

/** What a list is sorted by, down to what is unique: the next page begins behind it. */
export type Key = readonly (string | number)[]

/** The key in a cursor that a client gives back; undefined for the first page. @throws refusal 422 for what is none of ours */
export function readCursor<K extends Key>(cursor: string | undefined, shape: z.ZodType<K>): K | undefined {
  if (cursor === undefined) return undefined
  const outcome = shape.safeParse(decoded(cursor))
  if (outcome.success) return outcome.data
  const message = 'take it from the answer before, as it is'
  throw refuseInput('query', [{ code: 'custom', path: ['cursor'], message, input: cursor }])
}

/** The cursor of what comes behind a key. */
export function writeCursor(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/**
 * A page of a list, as `pageOf` in schema.ts describes it.
 * @param rows  one more than the limit where there are more
 */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { keyOf, shown }: { readonly keyOf: (row: Row) => Key; readonly shown: (row: Row) => Item },
): { items: Item[]; next: string | null } {
  const taken = rows.slice(0, limit)
  const last = taken.at(-1)
  const next = rows.length > limit && last !== undefined ? writeCursor(keyOf(last)) : null
  return { items: taken.map(shown), next }
}

function decoded(cursor: string): unknown {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  try {
    // PostgreSQL has no NUL in a text, and takes it for an error.
    return text.includes('\\u0000') ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
