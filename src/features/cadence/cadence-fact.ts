import { z } from 'zod'
import { findObjectById } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import {
  type CadenceRow,
  changeCadence,
  findCadence,
  putCadence,
  removeCadence,
} from '../../../storage/timeline/cadences.ts'
import type { FactKind } from '../history/fact-kinds.ts'
import { type FactState, recordFact } from '../history/history.ts'

const state = z.object({
  ...{ principalId: z.int(), everyDays: z.int().min(1).max(3_650), beganAt: z.int() },
  ...{ taskId: z.int().nullable(), taskAt: z.int().nullable() },
})

/** Which one: of whom, and who wants to be in touch. */
export type CadenceOf = Pick<CadenceRow, 'partyId' | 'principalId'>

/** Keeping in touch in the history: each has his own, and sees nothing of that of others. */
export const cadenceFact: FactKind = {
  kind: 'cadence',
  label: 'keeping in touch',
  isOwn: true,
  isShown: ({ principal }, { before, after }) => (after ?? before)?.principalId === principal.id,
  restore: async (tx, { partyId, before, session, origin }) => {
    const of = { partyId, principalId: session.principal.id }
    const wanted = before && state.parse(before)
    await setCadence(tx, of, wanted?.everyDays, origin)
    const row = wanted && (await findCadence(tx, partyId, of.principalId))
    // What it has counted, and the to-do that reminds of it, are as they were; one that has begun meanwhile has its own.
    if (!row || row.taskId !== null) return
    const { beganAt, taskId, taskAt } = wanted
    const isThere = taskId !== null && (await findObjectById(tx, taskId)) !== undefined
    await changeCadence(tx, { ...row, beganAt, ...(isThere && { taskId, taskAt }) })
  },
}

/** Begins to keep in touch, more or less often, or ends it; and writes that down. @param everyDays  undefined to end it */
export async function setCadence(
  tx: Writer,
  of: CadenceOf,
  everyDays: number | undefined,
  origin: Origin,
): Promise<void> {
  const before = await findCadence(tx, of.partyId, of.principalId)
  if (everyDays !== undefined) await putCadence(tx, { ...of, everyDays })
  else if (before) await removeCadence(tx, before.id)
  const after = everyDays === undefined ? undefined : await findCadence(tx, of.partyId, of.principalId)
  if (before?.everyDays === after?.everyDays) return
  const change = { partyId: of.partyId, kind: 'cadence', key: of.principalId }
  await recordFact(tx, { ...change, before: stateOf(before), after: stateOf(after) }, origin)
}

function stateOf(row: CadenceRow | undefined): FactState | undefined {
  if (!row) return undefined
  const { principalId, everyDays, beganAt, taskId, taskAt } = row
  return { principalId, everyDays, beganAt, taskId, taskAt }
}
