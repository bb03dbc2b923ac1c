import type { CollectionRow } from '../../../../storage/collections.ts'
import { type KeptCollectionChange, keepCollectionChanges } from '../../../../storage/restored/looks.ts'
import { isDead } from '../../history/collections/named.ts'
import { lookRecord } from '../format.ts'
import { readRecords } from '../read/archive-source.ts'
import { looksFile } from '../write/write-looks.ts'
import { authorOf, hasFile, mustBeWhole, type Restoring } from './staged.ts'

/** Changes of one write. */
const batchChanges = 200

/** Gives a collection its history of names and looks again; which devices it was is not known here. */
export async function restoreLooks(run: Restoring, { id }: CollectionRow, folder: string): Promise<void> {
  const path = `${folder}/${looksFile}`
  if (!(await hasFile(run, path))) return
  let batch: KeptCollectionChange[] = []
  const write = async (): Promise<void> => {
    await run.services.store.write((tx) => keepCollectionChanges(tx, id, batch))
    batch = []
  }
  for await (const { author, before, after, ...change } of readRecords(run.source, path, lookRecord)) {
    for (const [name, xml] of [...Object.entries(before), ...Object.entries(after)])
      if (isDead(name) && typeof xml === 'string') mustBeWhole({ name, xml })
    batch.push({
      ...change,
      ...{
        authorId: authorOf(run, author),
        beforeJson: JSON.stringify(before),
        afterJson: JSON.stringify(after),
      },
    })
    if (batch.length >= batchChanges) await write()
  }
  if (batch.length > 0) await write()
}
