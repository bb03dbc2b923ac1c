import { withoutControls } from '../../../text/content-lines.ts'
import type { CardLine } from '../../convert/line.ts'
import type { CardVersion } from '../../convert.ts'

/** How the values of a list stand in the lines of a card. */
export interface ListType<Value> {
  /** The properties they are read from, in upper case. */
  readonly names: readonly string[]
  /** undefined for a line that is none of them, or says nothing. */
  readonly read: (line: CardLine) => Value | undefined
  /** The line with another value; it is in the version of its card. */
  readonly write: (line: CardLine, value: Value, version: CardVersion) => CardLine
  /** A line to write a new value in. */
  readonly blank: (version: CardVersion) => CardLine
}

/** Text that stands in one line of a form. */
export function oneLine(text: string): string {
  return withoutControls(text).replace(/\s+/g, ' ').trim()
}

/** Whether a value says nothing: no text, no number, nothing in its parts. */
export function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isBlank)
  return value === null || value === undefined
}
