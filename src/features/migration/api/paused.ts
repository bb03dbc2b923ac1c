import { changeOptions, findBatchById } from '../../../../storage/batches/batches.ts'
import type { BatchId, PrincipalId } from '../../../../storage/ids.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import type { Reader, Store } from '../../../../storage/store.ts'
import type { Services } from '../../../services.ts'
import type { Choice } from '../map-collections.ts'
import type { Asked } from './background.ts'

/** What was asked for when a migration began, as its batch remembers it. */
export interface KeptWish {
  readonly into?: string | undefined
  readonly only?: readonly string[] | undefined
  readonly choices?: readonly Choice[] | undefined
  readonly follow: boolean
  readonly withDeletions?: boolean | undefined
  /** It was told to go on later. */
  readonly isPaused: boolean
}

/** A migration that waits for its owner, with the password there. */
export interface Paused {
  readonly batch: BatchId
  readonly asked: Asked
}

interface Waiting extends Paused {
  readonly forgetting: NodeJS.Timeout
}

/** One of an account, in memory only: after a restart the password is asked for again. */
const waiting = new WeakMap<Store, Map<PrincipalId, Waiting>>()

function waitingIn({ store }: Pick<Services, 'store'>): Map<PrincipalId, Waiting> {
  const known = waiting.get(store) ?? new Map<PrincipalId, Waiting>()
  waiting.set(store, known)
  return known
}

/** Remembers with what a migration goes on, for as long as the settings say. */
export function keepPaused(services: Services, account: PrincipalRow, paused: Paused): void {
  forgetPaused(services, account)
  const forgetting = setTimeout(() => forgetPaused(services, account), services.settings.migration.pausedMs)
  forgetting.unref()
  waitingIn(services).set(account.id, { ...paused, forgetting })
}

export function pausedOf(
  services: Pick<Services, 'store'>,
  { id }: Pick<PrincipalRow, 'id'>,
): Paused | undefined {
  return waitingIn(services).get(id)
}

export function forgetPaused(services: Pick<Services, 'store'>, { id }: Pick<PrincipalRow, 'id'>): void {
  clearTimeout(waitingIn(services).get(id)?.forgetting)
  waitingIn(services).delete(id)
}

/** Keeps with a migration what was asked for, so that it goes on with the same. */
export async function noteWish({ store }: Services, id: BatchId, wish: KeptWish): Promise<void> {
  await store.write((tx) => changeOptions(tx, id, writeWish(wish)))
}

/** As a batch keeps it. */
export const writeWish = (wish: KeptWish): string => JSON.stringify(wish)

/** What was asked for; everything where that was by command. */
export async function wishOfBatch(reader: Reader, id: BatchId): Promise<KeptWish> {
  const batch = await findBatchById(reader, id)
  return readWish(batch?.options)
}

/** @param options  of a batch */
export function readWish(options = '{}'): KeptWish {
  return { follow: false, isPaused: false, ...(JSON.parse(options) as Partial<KeptWish>) }
}
