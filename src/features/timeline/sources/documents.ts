import { findPrincipalsByIds } from '../../../../storage/principals.ts'
import { listLinks } from '../../../../storage/timeline/links.ts'
import { readableNodes } from '../../documents/readable-nodes.ts'
import { type Entry, foundOf, named, nothing, type TimelineSource } from '../source.ts'

/** Files and folders that are linked to somebody, as far as the caller reads them. */
export const documentSource: TimelineSource = {
  name: 'documents',
  async read(reader, { session }, scope, page) {
    if (scope.kind !== 'parties') return nothing
    const rows = await listLinks(reader, scope.ids, 'node', page)
    const ids = rows.map(({ targetId }) => targetId)
    const nodes = await readableNodes(reader, session, ids)
    const authors = await findPrincipalsByIds(
      reader,
      rows.flatMap(({ authorId }) => authorId ?? []),
    )
    const entries = rows.flatMap((row): Entry[] => {
      const node = nodes.get(row.targetId)
      if (!node) return []
      const author = authors.find(({ id }) => id === row.authorId)
      const { id: file, kind, size: bytes, mediaType } = node
      return [
        {
          ...{ at: row.at, id: row.id, kind: 'document', title: node.name },
          author: author ? author.displayName || author.name : null,
          device: null,
          parties: named(scope.seen, [row.partyId]),
          data: { link: row.id, file, isFolder: kind === 'folder', bytes, mediaType },
        },
      ]
    })
    return foundOf(rows, page.limit, entries)
  },
}
