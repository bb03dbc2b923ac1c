import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import { type DuplicateRow, decideDuplicate, duplicatesOf } from '../../../storage/match/duplicates.ts'
import { type MergeItem, putPairBack, removePairs } from '../../../storage/match/merges.ts'
import type { Writer } from '../../../storage/store.ts'

/** Who was taken for the loser is taken for the survivor; who was said not to be the one is not the other. */
export async function mergePairs(
  tx: Writer,
  survivor: PartyId,
  loser: PartyId,
  by: PrincipalId,
): Promise<MergeItem> {
  const before = (await duplicatesOf(tx, [survivor, loser])).toSorted((a, b) => a.id - b.id)
  const otherOf = ({ partyA, partyB }: DuplicateRow, one: PartyId): PartyId =>
    partyA === one ? partyB : partyA
  const isOf = (row: DuplicateRow, one: PartyId): boolean => row.partyA === one || row.partyB === one
  const mine = new Map(
    before.filter((row) => isOf(row, survivor)).map((row) => [otherOf(row, survivor), row]),
  )
  const theirs = before.filter((row) => isOf(row, loser))
  await removePairs(
    tx,
    theirs.map(({ id }) => id),
  )
  for (const row of theirs) {
    const other = otherOf(row, loser)
    const twin = mine.get(other)
    if (other === survivor)
      await putPairBack(tx, { ...row, state: 'merged', decidedAt: tx.now, decidedBy: by })
    else if (!twin)
      await putPairBack(tx, { ...row, partyA: Math.min(survivor, other), partyB: Math.max(survivor, other) })
    else if (twin.state === 'open' && row.state === 'not-same')
      await decideDuplicate(tx, twin.id, 'not-same', row.decidedBy)
  }
  return { kind: 'pairs', before, after: before.map(({ id }) => id) }
}

/** Makes the pairs as they were; what was found or said since of the survivor and others stays. */
export async function unmergePairs(
  tx: Writer,
  { before, after }: Extract<MergeItem, { kind: 'pairs' }>,
): Promise<void> {
  await removePairs(tx, after)
  for (const row of before) await putPairBack(tx, row)
}
