import { type FactRevisionRow, listFactsOfKind } from '../../../../storage/history/fact-revisions.ts'
import { findMakers } from '../../../../storage/history/object-revisions.ts'
import { foundOf, named, nothing, type TimelineSource } from '../source.ts'

/** What somebody has agreed to, refused and taken back, each time it was written down. */
export const consentSource: TimelineSource = {
  name: 'consents',
  async read(reader, _asking, scope, { before, limit }) {
    if (scope.kind !== 'parties') return nothing
    const rows = await listFactsOfKind(reader, scope.ids, 'consent', { before: before.id, limit })
    const { authors, devices } = await findMakers(reader, rows)
    const entries = rows.map((row) => ({
      ...{ at: row.at, id: row.id, kind: 'consent', title: titleOf(row) },
      author: (row.authorId === null ? undefined : authors.get(row.authorId)) ?? null,
      device: (row.deviceId === null ? undefined : devices.get(row.deviceId)?.label) ?? null,
      parties: named(scope.seen, [row.partyId]),
      data: { consent: Number(row.key), ...stateOf(row) },
    }))
    return foundOf(rows, limit, entries)
  },
}

interface Told {
  readonly channel: string
  readonly purpose: string
  /** `removed` where it was a mistake. */
  readonly state: string
}

function titleOf(row: FactRevisionRow): string {
  const { channel, purpose, state } = stateOf(row)
  return `${channel}, ${purpose}: ${state}`
}

function stateOf({ beforeJson, afterJson }: FactRevisionRow): Told {
  const { channel, purpose, state } = JSON.parse(afterJson ?? beforeJson ?? '{}') as Told
  return { channel, purpose, state: afterJson === null ? 'removed' : state }
}
