import { z } from 'zod'
import { type BatchItemRow, listItems } from '../../../storage/batches/items.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { page, readCursor } from '../../api/cursor.ts'
import type { ApiCall } from '../../api/route.ts'

const cursorShape = z.tuple([z.int()])

/** A page of what became of each thing that a batch took in hand. @param find  throws where the caller has no such batch */
export async function itemPage<Item>(
  { store, query }: ApiCall<unknown, { readonly limit: number; readonly cursor?: string | undefined }>,
  find: (reader: Reader) => Promise<{ readonly id: BatchId }>,
  shown: (row: BatchItemRow) => Item,
) {
  const after = readCursor(query.cursor, cursorShape)?.[0]
  const rows = await store.read(async (reader) =>
    listItems(reader, (await find(reader)).id, { after, limit: query.limit + 1 }),
  )
  return { body: page(rows, query.limit, { keyOf: ({ number }) => [number], shown }) }
}
