import { bit } from '../../../protocol/dav/privileges.ts'
import { listNodes, top } from '../../../storage/nodes/nodes.ts'
import type { Call } from '../call.ts'
import { type FolderLike, fileHomeOf } from '../resource.ts'
import { type NodeResource, nodeIn, rightsIn } from './tree.ts'

/** What lies in a folder, or in the home, as far as the caller may read it; a page is a short read. */
export async function* listIn(
  { session, store }: Pick<Call, 'session' | 'store'>,
  folder: FolderLike,
): AsyncGenerator<readonly NodeResource[]> {
  const parentId = folder.kind === 'folder' ? folder.row.id : top
  for await (const rows of listNodes(store, fileHomeOf(folder).row.id, parentId)) {
    const rights = await store.read((reader) => rightsIn(reader, session, folder, rows))
    yield rows.flatMap((row, at) => {
      const access = rights[at] ?? 0
      return (access & bit.read) === 0 ? [] : [nodeIn(folder, row, access)]
    })
  }
}
