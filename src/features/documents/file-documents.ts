import { peopleWithFiles } from '../../../storage/fields/custom-values.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { indexDocument } from '../../../storage/search/documents.ts'
import { allFiles, dropGoneFiles, type FilePlace, filesUnder } from '../../../storage/search/file-places.ts'
import type { Store, Writer } from '../../../storage/store.ts'
import { searchText } from '../search/document.ts'

/**
 * Has files found by their names, and lists of people follow that ask for them, in the write that has made, moved, deleted or restored them, or has changed who may read
 * a folder.
 */
export async function followFiles(tx: Writer): Promise<void> {
  const ids = [...tx.touchedNodes]
  tx.touchedNodes.clear()
  const files = await indexFiles(tx, ids)
  const touched = new Set([...ids, ...files.map(({ id }) => id)])
  for (const id of await peopleWithFiles(tx, [...touched])) tx.touchedParties.add(id)
}

/** The same for all files there are. */
export async function reindexFiles(store: Store): Promise<void> {
  for await (const ids of allFiles(store)) await store.write(async (tx) => void (await indexFiles(tx, ids)))
}

/** @returns the files there are */
async function indexFiles(tx: Writer, ids: readonly NodeId[]): Promise<readonly FilePlace[]> {
  const files = await filesUnder(tx, ids)
  await dropGoneFiles(tx, ids, new Set(files.map(({ id }) => id)))
  for (const { id, name, scope } of files) {
    const text = searchText('document', name, [{ field: 'heading', text: name }])
    await indexDocument(tx, { source: 'node', sourceId: id }, { scope }, text)
  }
  return files
}
