import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { joinRelated } from '../../../protocol/vcard/bound/patch-bound.ts'
import { writeFact } from '../../../storage/facts/fact-rows.ts'
import { type RelationRow, relationTable } from '../../../storage/facts/tables.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { MergeItem } from '../../../storage/match/merges.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import type { FactRow } from '../../../storage/people/fact-tables.ts'
import { type FactChange, factChanges, factStates } from '../../../storage/people/merge-facts.ts'
import { type PlacementRow, placementsOf } from '../../../storage/people/parties.ts'
import { grouped } from '../../../storage/select.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { dayOf, isCurrent } from '../facts/days.ts'
import { from, relationRowsOf } from '../facts/relations.ts'
import { type Patching, patchCards } from '../people/patch-cards.ts'
import { booksOf, type Reach, reachOf, writablePlacements } from '../people/reach.ts'
import { masksIn } from '../people/seen-texts.ts'
import { takeAsFollowed } from './bound.ts'
import type { CardMerging } from './merge-cards.ts'
import type { MergePair } from './pair.ts'

/** What the cards of somebody who knew the loser call him, and what they are to call the survivor. */
interface Renaming {
  readonly otherId: PartyId
  /** What the loser is to him. */
  readonly type: string
  readonly was: string
  readonly is: string
  /** The relation, where it was not known of the survivor before. */
  readonly row: RelationRow | undefined
}

/**
 * The cards of those who knew the loser name the survivor, and once: as far as whoever merges may change them. It is written
 * down as what the merge does to its own cards and facts, and so undone with it.
 * @param facts  what has become of the facts of both
 */
export async function mergeInverse(
  tx: Writer,
  session: Session,
  pair: MergePair,
  facts: readonly FactChange[],
  { origin, settings }: CardMerging,
): Promise<MergeItem[]> {
  const { id } = pair.survivor.party.row
  const renamings = renamingsOf(pair, facts, await relationRowsOf(tx, [id]), dayOf(tx.now))
  if (renamings.length === 0) return []
  const reach = await reachOf(tx, session)
  const cards = await cardsOf(tx, reach, renamings)
  const isReached = new Set(cards.map(({ partyId }) => partyId))
  const before = await factStates(tx, id)
  for (const { row, otherId, is } of renamings)
    if (row && isReached.has(otherId))
      await writeFact(
        tx,
        relationTable,
        row.partyId === id ? { ...row, otherName: is } : { ...row, name: is },
      )
  const changes = factChanges(before, await factStates(tx, id))
  const items = await rename(tx, cards, renamings, { origin, settings, books: booksOf(reach) })
  // What they say is known already.
  await takeAsFollowed(tx)
  return [...changes.map((change): MergeItem => ({ kind: 'fact', change })), ...items]
}

function renamingsOf(
  { survivor, loser }: MergePair,
  facts: readonly FactChange[],
  rows: readonly RelationRow[],
  today: string,
): Renaming[] {
  const { id } = survivor.party.row
  const { name } = survivor.party.placements[0]
  const moved = new Set(
    facts
      .flatMap((change) => (change.kind === 'moved' && isOfRelations(change) ? change.keys : []))
      .map(idOf),
  )
  const known = rows.filter((row) => isCurrent(row, today)).map((row) => ({ row, seen: from(id, row) }))
  const carried = known.filter(({ row }) => moved.has(row.id))
  const gone = facts.flatMap((change) =>
    change.kind === 'removed' && isOfRelations(change) ? goneLine(change.row, loser.party.row.id) : [],
  )
  return [
    ...carried.flatMap(({ row, seen: { otherId, inverse: type, otherName: was } }) =>
      otherId === null || was === '' ? [] : { otherId, type, was, is: name, row },
    ),
    ...gone.flatMap(({ otherId, type, was }) => {
      const twin = known.find(({ seen }) => seen.otherId === otherId && seen.inverse === type)
      return twin ? { otherId, type, was, is: twin.seen.otherName || name, row: undefined } : []
    }),
  ]
}

/** What the other's cards said of the loser in a relation that the survivor has too. */
function goneLine(row: FactRow, loser: PartyId): Pick<Renaming, 'otherId' | 'type' | 'was'>[] {
  const [mine, theirs] = [row.party_id, row.other_id].map(Number)
  if (row.other_id === null || mine === undefined || theirs === undefined) return []
  const [otherId, type, was] =
    mine === loser ? [theirs, row.inverse, row.other_name] : [mine, row.type, row.name]
  return was === '' ? [] : [{ otherId, type: String(type), was: String(was) }]
}

function isOfRelations({ table }: FactChange): boolean {
  return table === relationTable.name
}

function idOf({ id }: FactRow): number {
  return Number(id)
}

/** Those of their cards that may be changed, and are seen whole. */
async function cardsOf(tx: Writer, reach: Reach, renamings: readonly Renaming[]): Promise<PlacementRow[]> {
  const ids = [...new Set(renamings.map(({ otherId }) => otherId))]
  const masks = masksIn(reach)
  const cards = writablePlacements(reach, await placementsOf(tx, ids, reach.bookIds))
  return cards.filter(({ collectionId }) => (masks.get(collectionId)?.length ?? 0) === 0)
}

async function rename(
  tx: Writer,
  cards: readonly PlacementRow[],
  renamings: readonly Renaming[],
  patching: Patching,
): Promise<MergeItem[]> {
  const of = grouped(renamings, ({ otherId }) => otherId)
  const ids = cards.map(({ objectId }) => objectId)
  const before = await findObjectsByIds(tx, ids)
  const patch = (text: string, { partyId }: PlacementRow): string =>
    (of.get(partyId) ?? []).reduce((so, { type, was, is }) => {
      return joined(so, { type, name: was }, { type, name: is }, tx.now)
    }, text)
  await patchCards(tx, cards, patch, patching)
  const after = new Map((await findObjectsByIds(tx, ids)).map((row) => [row.id, row]))
  return before.flatMap(({ id, bodyId, etag }): MergeItem[] => {
    const now = after.get(id)
    if (!now || now.bodyId === bodyId) return []
    return [
      { kind: 'card', objectId: id, before: { bodyId, etag }, after: { bodyId: now.bodyId, etag: now.etag } },
    ]
  })
}

/** A card that cannot be read is left alone (law 9). */
function joined(...[text, was, is, now]: Parameters<typeof joinRelated>): string {
  try {
    return joinRelated(text, was, is, now)
  } catch (error) {
    if (error instanceof InvalidObjectError) return text
    throw error
  }
}
