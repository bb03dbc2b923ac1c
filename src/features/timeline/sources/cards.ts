import { findMakers, pageRevisionsOf } from '../../../../storage/history/object-revisions.ts'
import { allPlacementsOf } from '../../../../storage/people/parties.ts'
import type { RevisionRow } from '../../../../storage/revisions.ts'
import { summariesOf } from '../../history/party-history.ts'
import { foundOf, named, nothing, type TimelineSource } from '../source.ts'

/** What became of the cards: who changed what, with which device; imports are a kind of their own. */
export const cardSource: TimelineSource = {
  name: 'cards',
  async read(reader, { session, reach }, scope, { before, limit }, { settings }) {
    if (scope.kind !== 'parties') return nothing
    const placements = await allPlacementsOf(reader, scope.ids)
    const partyOf = new Map(placements.map(({ objectId, partyId }) => [objectId, partyId]))
    const options = { before: before.id, limit }
    const rows = await pageRevisionsOf(reader, [...partyOf.keys()], reach.bookIds, options)
    const summaries = await summariesOf(reader, session, reach, rows, settings)
    const { authors, devices } = await findMakers(reader, rows)
    const entries = rows.map((row) => ({
      ...{ at: row.at, id: row.id, kind: kindOf(row) },
      title: summaries.get(row.id) ?? '',
      author: (row.authorId === null ? undefined : authors.get(row.authorId)) ?? null,
      device: (row.deviceId === null ? undefined : devices.get(row.deviceId)?.label) ?? null,
      parties: named(scope.seen, [partyOf.get(row.objectId) ?? 0]),
      data: { card: row.objectId, revision: row.id, change: row.kind, origin: row.origin },
    }))
    return foundOf(rows, limit, entries)
  },
}

function kindOf({ origin }: RevisionRow): string {
  return origin === 'import' ? 'import' : 'card'
}
