import type { CollectionRow } from '../../../../storage/collections.ts'
import { collectionRevisionsFrom } from '../../../../storage/history/collection-revisions.ts'
import { createSpool, type Entries, timeText } from '../entries.ts'
import { whosOf } from './describe.ts'
import type { Run } from './run.ts'

export const looksFile = 'collection-history.jsonl'

/** What a collection was called, and how it looked: `collection-history.jsonl` with a line for each change, the oldest first. */
export async function* looksHistory(run: Run, { id }: CollectionRow, folder: string): Entries {
  const { changes, authors } = await run.services.store.read(async (reader) => {
    const all = await collectionRevisionsFrom(reader, [id], 0)
    // What others call it is theirs.
    const found = all.filter(({ mountId }) => mountId === null)
    const ids = found.flatMap(({ authorId }) => authorId ?? [])
    return { changes: found, authors: await whosOf(reader, ids) }
  })
  if (changes.length === 0) return
  const lines = createSpool()
  for (const { beforeJson, afterJson, at, origin, authorId, clientKind, requestId } of changes)
    lines.add({
      ...{ at: timeText(at), origin, author: authorId === null ? null : (authors.get(authorId) ?? null) },
      ...{ clientKind, requestId },
      ...{ before: JSON.parse(beforeJson) as unknown, after: JSON.parse(afterJson) as unknown },
    })
  yield lines.file(`${folder}/${looksFile}`, run.now)
}
