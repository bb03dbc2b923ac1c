import type { PartyId } from '../../../storage/ids.ts'
import type { MergeItem } from '../../../storage/match/merges.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import { factChanges, factStates } from '../../../storage/people/merge-facts.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { followFacts } from '../facts/bound/follow-facts.ts'

/**
 * Brings what the merged cards say of jobs and relations into what is known beside them now, and not at the end of the write,
 * so that it is written down and can be undone.
 */
export async function followMerged(
  tx: Writer,
  survivor: PartyId,
  following: Pick<Services, 'settings' | 'newId'>,
): Promise<MergeItem[]> {
  const before = await factStates(tx, survivor)
  const cards = [...tx.touched.values()]
  await followFacts(tx, { cards, parties: new Set(), tasks: [] }, following)
  const changes = factChanges(before, await factStates(tx, survivor))
  await takeAsFollowed(tx)
  return changes.map((change): MergeItem => ({ kind: 'fact', change }))
}

/** What is known beside the cards of this write is in step with them already. */
export async function takeAsFollowed(tx: Writer): Promise<void> {
  const rows = await findObjectsByIds(tx, [...tx.touched.keys()])
  for (const { id, bodyId } of rows) {
    const card = tx.touched.get(id)
    if (card) tx.touched.set(id, { ...card, before: bodyId, isToCompare: true })
  }
}
