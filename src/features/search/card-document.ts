import { splitValue } from '../../../protocol/text/content-lines.ts'
import type { LabelledRow } from '../../../protocol/vcard/edit/labelled-index.ts'
import type { ContactRow, ContactSummary } from '../../../protocol/vcard/index-fields.ts'
import type { SearchText } from '../../../storage/search/documents.ts'
import { searchText } from './document.ts'
import type { FieldText, SearchField } from './fields.ts'
import { foldText, wordsOf } from './words.ts'

const fieldsOfRows: Readonly<Partial<Record<ContactRow['kind'], SearchField>>> = {
  fn: 'name',
  nickname: 'nickname',
  email: 'email',
  tel: 'phone',
  org: 'company',
  title: 'title',
  note: 'note',
  category: 'label',
  adr: 'address',
}

/** Lists that have no rows in the index of contacts. */
const besideRows: ReadonlySet<LabelledRow['list']> = new Set(['urls', 'dates', 'related'])

/** What a card is found by; undefined for a list of people. */
export function cardDocument(
  { fn, kind }: ContactSummary,
  rows: readonly ContactRow[],
  labelled: readonly LabelledRow[] = [],
): SearchText | undefined {
  if (kind === 'group') return undefined
  const fields = rows.flatMap((row, at) => fieldOf(row, rows[at + 1]) ?? [])
  if (!fields.some(({ field, text }) => field === 'name' && text === fn) && fn !== '')
    fields.unshift({ field: 'name', text: fn })
  for (const { list, value } of labelled)
    if (besideRows.has(list)) fields.push({ field: 'value', text: value })
  return searchText(kind === 'org' ? 'org' : 'person', fn, fields)
}

/** @param next  of a number the row of its digits follows */
function fieldOf(row: ContactRow, next: ContactRow | undefined): FieldText | undefined {
  if (row.kind === 'n') return nameOf(row.text)
  const field = fieldsOfRows[row.kind]
  if (!field) return undefined
  if (field === 'phone') {
    const digits = next?.kind === 'phone' ? next.text.replace(/^\+?0*/, '') : ''
    return digits === '' ? undefined : { field, text: row.text.replace(/^tel:/i, ''), forms: [digits] }
  }
  const text = field === 'company' || field === 'address' ? spaced(row.text) : row.text
  return { field, text }
}

/** Parts of a structured value with spaces between them. */
function spaced(text: string): string {
  return text.replace(/[;,\s]+/g, ' ').trim()
}

/** The name as lists have it, the family's first: FN is usually the other way round. @see RFC 6350 §6.2.2 */
function nameOf(text: string): FieldText | undefined {
  const [family = '', given = '', additional = ''] = splitValue(text, ';').map(spaced)
  const name = [family, given, additional].filter((part) => part !== '').join(' ')
  return wordsOf(foldText(name)).length === 0 ? undefined : { field: 'name', text: name }
}
