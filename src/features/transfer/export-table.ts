import {
  type CardCells,
  type Counts,
  cellsOfCard,
  headerOf,
  mostColumns,
  noCounts,
  rowOf,
} from '../../../protocol/csv/card-table.ts'
import { writeRow } from '../../../protocol/csv/write-row.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { Store } from '../../../storage/store.ts'
import { type ExportOptions, exportObjects } from './export.ts'

import {
  columnFields,
  type FieldExport,
  fieldCells,
  fieldHeader,
  type LoadedValues,
  loadValues,
} from './fields/export-values.ts'

/** Spreadsheets take a text that begins with it for UTF-8, and others for what it was long ago. */
const mark = '\ufeff'

/** Cards that are gone through, as often as is asked: what `shown` makes of each, some at a time. */
export type CardSource = (
  options: Pick<ExportOptions, 'ready' | 'shown'>,
) => AsyncGenerator<readonly string[]>

/**
 * An address book as a table (CSV) with the columns of Google Contacts, as many of each kind as the cards need: they are
 * read twice, so that memory stays flat. Each field that goes along has a column too. Cards that cannot be read are left out; groups are none.
 */
export function exportTable(
  store: Store,
  collection: CollectionRow,
  { view, along }: Pick<ExportOptions, 'view'> & { readonly along?: FieldExport | undefined } = {},
): AsyncGenerator<Buffer> {
  return tableOf((options) => exportObjects(store, collection, { view, ...options }), along)
}

/** The same of any cards. */
export async function* tableOf(cards: CardSource, along?: FieldExport): AsyncGenerator<Buffer> {
  const counts = noCounts()
  const count = (text: string): undefined => raise(counts, cellsOf(text))
  for await (const _ of cards({ shown: count }));
  const fields = along ? columnFields(along) : []
  yield Buffer.from(mark + writeRow([...headerOf(counts), ...fieldHeader(fields)]))
  let values: LoadedValues | undefined
  const ready: ExportOptions['ready'] = async (reader, rows) => {
    values = along && (await loadValues(reader, along, rows))
  }
  const write: ExportOptions['shown'] = (text, { id }) => {
    const cells = cellsOf(text)
    return (
      cells &&
      writeRow([...rowOf(cells, counts), ...(values ? fieldCells(fields, { id, text }, values) : [])])
    )
  }
  for await (const rows of cards({ ready, shown: write })) yield Buffer.from(rows.join(''))
}

function cellsOf(text: string): CardCells | undefined {
  if (/^(?:X-ADDRESSBOOKSERVER-)?KIND:group\s*$/im.test(text)) return undefined
  try {
    return cellsOfCard(text)
  } catch {
    return undefined
  }
}

function raise(counts: Counts, cells: CardCells | undefined): undefined {
  if (!cells) return undefined
  for (const kind of Object.keys(counts) as (keyof Counts)[])
    counts[kind] = Math.min(Math.max(counts[kind], cells.repeated[kind].length), mostColumns)
  return undefined
}
