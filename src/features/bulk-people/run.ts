import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import {
  addBatch,
  advanceBatch,
  type BatchRow,
  endBatch,
  findBatchById,
  holdBatch,
  takeBatch,
} from '../../../storage/batches/batches.ts'
import { addItems, type UndoItem } from '../../../storage/batches/items.ts'
import type { BatchId, PartyId } from '../../../storage/ids.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { shownName } from '../facts/show.ts'
import { deferFolding, openFolding, settleRun } from '../lists/lists.ts'
import { createPause, createStride } from '../pause.ts'
import { actingOf } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { act, type BulkActing, type OpenAction } from './act.ts'

/** The kind of job that does it; its id is that of the batch. */
export const bulkJobKind = 'bulk-people'

/** What is to be done, and to whom, as it is kept. */
interface Wanted {
  readonly action: OpenAction
  readonly ids: readonly PartyId[]
}

/** @param run.key  the request id of all that it writes: what an undo names */
export function addBulk(
  tx: Writer,
  session: Session,
  wanted: Wanted,
  run: { readonly key: string; readonly runner: string },
): Promise<BatchId> {
  return addBatch(tx, {
    ...{ ...run, principalId: session.principal.id, kind: 'bulk', isTrial: false },
    source: JSON.stringify({ action: wanted.action, total: wanted.ids.length }),
    options: JSON.stringify({ ids: wanted.ids }),
  })
}

/** How many people are meant by it. */
export function totalOf({ source }: Pick<BatchRow, 'source'>): number {
  return (JSON.parse(source) as { readonly total: number }).total
}

/** People of one write at most: its writer waits for all of them. */
const pagePeople = 25
const pageOfCards = 250
/** So that writes of clients come between the pages. */
const pauseMs = 5

/** Does it, or goes on where it was stopped. */
export async function runBulk(services: Services, id: BatchId, signal: AbortSignal): Promise<'over'> {
  const { store, newId, settings } = services
  const batch = await store.read((reader) => findBatchById(reader, id))
  const account = batch && (await store.read((reader) => findPrincipalById(reader, batch.principalId)))
  const runner = newId()
  if (!account || batch?.kind !== 'bulk') return 'over'
  const origin = originOf(batch)
  if (!(await store.write((tx) => takeBatch(tx, id, runner)))) {
    await settleRun(services, origin)
    return 'over'
  }
  const session = actingFor(account, settings)
  const { ids } = JSON.parse(batch.options) as Pick<Wanted, 'ids'>
  const { action } = JSON.parse(batch.source) as Pick<Wanted, 'action'>
  const stride = createStride(action.do === 'role' || action.do === 'owner' ? pagePeople : pageOfCards)
  for (let at = Number(batch.reached ?? 0), next = at; at < ids.length; at = next) {
    if (signal.aborted) return 'over'
    const some = ids.slice(at, at + stride.size())
    next = at + some.length
    const isOurs = await store.write(async (tx) => {
      const startedAt = performance.now()
      if (!(await holdBatch(tx, { id, runner }))) return false
      const acting = { session, origin, settings, now: services.now, newId, openFolding: deferFolding }
      await changeSome(tx, batch, { action, ids: some }, acting, at)
      stride.took(startedAt, some.length)
      return true
    })
    if (!isOurs) {
      // Whoever took it over goes on; where it was stopped, what is done stays.
      const now = await store.read((reader) => findBatchById(reader, id))
      if (now?.state !== 'running') await settleRun(services, origin)
      return 'over'
    }
    await wait(pauseMs)
  }
  await settleRun(services, origin)
  await store.write((tx) => endBatch(tx, { id, runner }, { kind: 'finished' }))
  return 'over'
}

function originOf({ principalId, key }: BatchRow): BulkActing['origin'] {
  return { kind: 'web', authorId: principalId, requestId: key }
}

interface Changing extends Omit<BulkActing, 'reach' | 'folding'> {
  /** Where it is done in many writes, group cards wait for the last of them. */
  readonly openFolding?: typeof openFolding
}

/**
 * Does it to some of them, each by itself, and writes down what became of each.
 * @param at  how many came before
 */
export async function changeSome(
  tx: Writer,
  batch: Pick<BatchRow, 'id'>,
  { action, ids }: Wanted,
  by: Changing,
  at = 0,
): Promise<void> {
  const folding = (by.openFolding ?? openFolding)(tx, by.settings)
  const acting = { ...by, ...(await actingOf(tx, by)), folding }
  const seen = await seeParties(tx, acting.reach, ids)
  const items: UndoItem[] = []
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0, removed: 0 }
  const pause = createPause()
  for (const [index, id] of ids.entries()) {
    const turn = pause()
    if (turn) await turn
    const party = seen.get(id)
    const name = party ? shownName(party).name : ''
    const { outcome, note } = party ? await outcomeOf(tx, acting, party, action) : notSeen
    counts[outcome] += 1
    items.push({ number: at + index + 1, place: `party ${id}`, name, component: 'PARTY', outcome, note })
  }
  await folding.finish()
  await addItems(tx, batch.id, items)
  await advanceBatch(tx, batch.id, String(at + ids.length), counts)
}

type Outcome = { readonly outcome: 'updated' | 'removed' | 'unchanged' | 'skipped'; readonly note: string }

const notSeen: Outcome = { outcome: 'skipped', note: 'There is nobody of that id.' }

async function outcomeOf(
  tx: Writer,
  acting: BulkActing,
  party: Parameters<typeof act>[2],
  action: OpenAction,
): Promise<Outcome> {
  try {
    const done = await attempt(tx, async (part) => {
      const folding = acting.folding.part(part)
      const did = await act(part, { ...acting, folding }, party, action)
      await folding.finish()
      return did
    })
    return { outcome: done === 'changed' ? 'updated' : done, note: '' }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'skipped', note: error.message }
    throw error
  }
}
