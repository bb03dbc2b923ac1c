import { escapeTextValue, withoutControls } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'
import { type Component, property } from '../calendar.ts'
import { categoriesOf, plainText, priorityOf, word } from '../details/common.ts'
import type { Edit } from '../write-lines.ts'
import { setLine } from './patch.ts'

/** What is to be otherwise of a part; what is left out stays. An empty text, or null, takes the line away. */
export interface FieldEdit {
  readonly title?: string | undefined
  readonly notes?: string | undefined
  readonly location?: string | undefined
  readonly url?: string | undefined
  readonly class?: string | undefined
  readonly categories?: readonly string[] | undefined
  readonly color?: string | null | undefined
  readonly priority?: number | undefined
  readonly status?: string | null | undefined
  readonly transparency?: 'opaque' | 'transparent' | undefined
}

type Field = keyof FieldEdit

interface FieldLine {
  readonly name: string
  /** What is said now, in the form in which it is wished. */
  readonly read: (part: Component) => unknown
  /** The line; undefined where there is to be none. */
  readonly write: (value: unknown, part: Component) => string | undefined
}

const fieldLines: Readonly<Record<Field, FieldLine>> = {
  title: textLine('SUMMARY'),
  notes: textLine('DESCRIPTION'),
  location: textLine('LOCATION'),
  url: {
    name: 'URL',
    read: (part) => property(part, 'URL')?.value.trim() ?? '',
    write: (value) => wordLine('URL', withoutControls(String(value)).replace(/\s/g, '%20')),
  },
  class: wordField('CLASS', 'PUBLIC'),
  categories: {
    name: 'CATEGORIES',
    read: categoriesOf,
    write: (value) => categoriesLine(Array.isArray(value) ? value.map(String) : []),
  },
  color: {
    name: 'COLOR',
    read: (part) => word(part, 'COLOR')?.toLowerCase() || null,
    write: (value) => wordLine('COLOR', value === null ? '' : String(value)),
  },
  priority: {
    name: 'PRIORITY',
    read: priorityOf,
    write: (value) => wordLine('PRIORITY', value === 0 ? '' : String(value)),
  },
  status: wordField('STATUS', ''),
  transparency: wordField('TRANSP', 'OPAQUE'),
}

const fields = Object.keys(fieldLines).filter((name): name is Field => name in fieldLines)

/** The edits of a part that make it say what is wished; lines that say it already stay as they are. */
export function fieldEdits(part: Component, edit: FieldEdit): Edit[] {
  return fields.flatMap((field) => {
    const wished = edit[field]
    if (wished === undefined) return []
    const { name, read, write } = fieldLines[field]
    return isSame(read(part), wished) ? [] : setLine(part, name, write(wished, part))
  })
}

/** Of an edit for all of a series: those fields in which a part is like the master was. */
export function inherited(edit: FieldEdit, part: Component, master: Component): FieldEdit {
  const kept = fields.filter((field) => {
    const { read } = fieldLines[field]
    return edit[field] !== undefined && isSame(read(part), read(master))
  })
  return Object.fromEntries(kept.map((field) => [field, edit[field]]))
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other))
}

/** Words in one case; texts as they are. */
function plain(value: unknown): unknown {
  return value === null ? '' : value
}

function textLine(name: string): FieldLine {
  const write = (value: unknown, part: Component): string | undefined => {
    const text = withoutControls(String(value))
    if (text === '') return undefined
    const kept = property(part, name)?.parameters.filter((own) => own.name !== 'ALTREP') ?? []
    return writeLine(name, kept, escapeTextValue(text))
  }
  return { name, read: (part) => plainText(part, name), write }
}

/** @param usual  what the absence of the line says */
function wordField(name: string, usual: string): FieldLine {
  return {
    name,
    read: (part) => (word(part, name) || usual).toLowerCase(),
    write: (value) => {
      const upper = value === null ? '' : String(value).toUpperCase()
      return upper === usual ? undefined : wordLine(name, upper)
    },
  }
}

function wordLine(name: string, value: string): string | undefined {
  return value === '' ? undefined : writeLine(name, [], value)
}

function categoriesLine(names: readonly string[]): string | undefined {
  const all = [...new Set(names.map((name) => withoutControls(name).trim()))].filter((name) => name !== '')
  return all.length === 0 ? undefined : writeLine('CATEGORIES', [], all.map(escapeTextValue).join(','))
}
