import type { NodeId } from '../../../storage/ids.ts'
import { indexDocument } from '../../../storage/search/documents.ts'
import { allFiles, dropGoneFiles, filesUnder } from '../../../storage/search/file-places.ts'
import type { Store, Writer } from '../../../storage/store.ts'
import { searchText } from '../search/document.ts'

/**
 * Has files found by their names, in the write that has made, moved, deleted or restored them, or has changed who may read
 * a folder.
 */
export async function followFiles(tx: Writer): Promise<void> {
  const ids = [...tx.touchedNodes]
  tx.touchedNodes.clear()
  await indexFiles(tx, ids)
}

/** The same for all files there are. */
export async function reindexFiles(store: Store): Promise<void> {
  for await (const ids of allFiles(store)) await store.write((tx) => indexFiles(tx, ids))
}

async function indexFiles(tx: Writer, ids: readonly NodeId[]): Promise<void> {
  const files = await filesUnder(tx, ids)
  await dropGoneFiles(tx, ids, new Set(files.map(({ id }) => id)))
  for (const { id, name, scope } of files) {
    const text = searchText('document', name, [{ field: 'heading', text: name }])
    await indexDocument(tx, { source: 'node', sourceId: id }, { scope }, text)
  }
}
