import { addFactEvent } from '../../../storage/events.ts'
import type { MergeId, PartyId } from '../../../storage/ids.ts'
import { addAliases } from '../../../storage/match/aliases.ts'
import {
  addMerge,
  addMergeItems,
  type MergeItem,
  passPlacements,
  setMergedInto,
} from '../../../storage/match/merges.ts'
import { changeNeighbours, mergeFacts } from '../../../storage/people/merge-facts.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { followMerged } from './bound.ts'
import { mergeInverse } from './inverse.ts'
import { type CardMerging, mergeCards } from './merge-cards.ts'
import { mergePairs } from './merge-pairs.ts'
import type { MergePair } from './pair.ts'

/** What became of a merge. */
export interface Merged {
  readonly id: MergeId
  readonly survivorId: PartyId
}

/**
 * Makes one of two people, in the caller's transaction: cards by value, what is known beside them as each table of facts
 * says, and aliases for devices that still have the loser's cards. All of it is written down as it was, to be undone.
 * @throws what storing a card throws
 */
export async function mergeParties(
  tx: Writer,
  session: Session,
  pair: MergePair,
  merging: CardMerging,
): Promise<Merged> {
  const { survivor, loser } = pair
  const [into, from] = [survivor.party.row.id, loser.party.row.id]
  const author = session.principal.id
  const name = loser.party.placements[0].name
  const id = await addMerge(tx, { survivorId: into, loserId: from, name, authorId: author })
  const { items, aliases } = await mergeCards(tx, pair, merging)
  const objectIds = await passPlacements(tx, from, into)
  const facts = await mergeFacts(tx, into, from)
  const done: MergeItem[] = [
    ...items,
    { kind: 'placements', objectIds },
    ...facts.map((change): MergeItem => ({ kind: 'fact', change })),
    ...(await followMerged(tx, into, merging)),
    ...(await mergeInverse(tx, session, pair, facts, merging)),
    await mergePairs(tx, into, from, author),
    ...(await mergeOwner(tx, pair)),
  ]
  await changeNeighbours(tx, into)
  await setMergedInto(tx, from, into)
  await addAliases(
    tx,
    aliases.map((alias) => ({ ...alias, mergeId: id })),
  )
  await addMergeItems(tx, id, done)
  const about = { kind: 'party', id: from }
  await addFactEvent(tx, { kind: 'parties-merged', parties: [into], about }, merging.origin)
  return { id, survivorId: into }
}

/** Whoever looks after the loser looks after the survivor, where nobody does. */
async function mergeOwner(tx: Writer, { survivor, loser }: MergePair): Promise<MergeItem[]> {
  const [before, theirs] = [survivor.party.row.ownerId, loser.party.row.ownerId]
  const isTaken = before === null && theirs !== null
  await changeParty(tx, survivor.party.row.id, isTaken ? { ownerId: theirs } : {})
  return isTaken ? [{ kind: 'owner', before, after: theirs }] : []
}
