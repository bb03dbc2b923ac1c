import { mergesOf } from '../../../../storage/match/merges.ts'
import { findPrincipalsByIds } from '../../../../storage/principals.ts'
import { foundOf, named, nothing, type TimelineSource } from '../source.ts'

/** Who became somebody, and whether that was undone. */
export const mergeSource: TimelineSource = {
  name: 'merges',
  async read(reader, _asking, scope, { before, limit }) {
    if (scope.kind !== 'parties') return nothing
    const rows = await mergesOf(reader, scope.ids, { before: before.id, limit })
    const authors = await findPrincipalsByIds(
      reader,
      rows.flatMap(({ authorId }) => authorId ?? []),
    )
    const entries = rows.map((row) => {
      const author = authors.find(({ id }) => id === row.authorId)
      return {
        ...{ at: row.at, id: row.id, kind: 'merge', title: row.name },
        author: author ? author.displayName || author.name : null,
        device: null,
        parties: named(scope.seen, [row.survivorId, row.loserId]),
        data: { merge: row.id, isUndone: row.undoneAt !== null },
      }
    })
    return foundOf(rows, limit, entries)
  },
}
