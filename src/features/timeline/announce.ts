import { addFactEvents } from '../../../storage/events.ts'
import { usersIn } from '../../../storage/groups.ts'
import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { ActivityRow } from '../../../storage/timeline/activities.ts'
import type { FactState } from '../history/history.ts'

/** What became of something that was written down. */
export interface ActivityNews {
  readonly before: ActivityRow | undefined
  readonly after: ActivityRow | undefined
  readonly parties: readonly PartyId[]
  /** The people and the groups in it. */
  readonly mentions: readonly PrincipalId[]
  readonly mentionedBefore: readonly PrincipalId[]
}

/**
 * Tells of it those who may read it. Where fewer may than before, it is gone for the others, and only those who could read it
 * hear that. Whoever is mentioned hears it once.
 */
export async function announce(
  tx: Writer,
  { before, after, parties, mentions, mentionedBefore }: ActivityNews,
  origin: Origin,
): Promise<void> {
  const row = after ?? before
  if (!row) return
  const about = { kind: 'activity', id: row.id }
  const readers = await readersOf(tx, row)
  const former = before && after ? await readersOf(tx, before) : readers
  const lost = readers && (former ? former.filter((id) => !readers.includes(id)) : undefined)
  if (readers && lost?.length !== 0 && before && after)
    await addFactEvents(tx, [{ kind: 'activity-removed', parties, about, readers: lost }], origin)
  const kind = `activity-${after ? (before ? 'changed' : 'added') : 'removed'}`
  await addFactEvents(tx, [{ kind, parties, about, readers }], origin)
  if (!after) return
  const hadIt = new Set(before ? among(await peopleIn(tx, mentionedBefore), former) : [])
  const told = among(await peopleIn(tx, mentions), readers).filter(
    (id) => id !== after.authorId && !hadIt.has(id),
  )
  if (told.length > 0) await addFactEvents(tx, [{ kind: 'mentioned', parties, about, readers: told }], origin)
}

/** An activity as the history keeps it; undefined for none. */
export function stateOf(row: ActivityRow | undefined, parties: readonly PartyId[]): FactState | undefined {
  if (!row) return undefined
  const { version: _, createdAt: __, changedAt: ___, authorName: ____, ...state } = row
  return { ...state, parties }
}

/** Who alone may know of it; undefined where whoever sees the person may. */
async function readersOf(
  reader: Reader,
  { visibility, authorId, teamId }: ActivityRow,
): Promise<readonly PrincipalId[] | undefined> {
  if (visibility === 'public') return undefined
  const members = visibility === 'team' && teamId !== null ? await usersIn(reader, teamId) : []
  return [...new Set([...(authorId === null ? [] : [authorId]), ...members.map(({ id }) => id)])]
}

function among(ids: readonly PrincipalId[], readers: readonly PrincipalId[] | undefined): PrincipalId[] {
  return ids.filter((id) => readers === undefined || readers.includes(id))
}

/** Those who are mentioned, and who is in the groups that are. */
async function peopleIn(reader: Reader, ids: readonly PrincipalId[]): Promise<PrincipalId[]> {
  if (ids.length === 0) return []
  const people = new Set<PrincipalId>()
  for (const { id, kind } of await findPrincipalsByIds(reader, ids)) {
    if (kind !== 'group') people.add(id)
    else for (const member of await usersIn(reader, id)) people.add(member.id)
  }
  return [...people]
}
