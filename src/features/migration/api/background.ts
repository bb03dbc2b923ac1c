import { findBatchById } from '../../../../storage/batches/batches.ts'
import type { BatchId, PrincipalId } from '../../../../storage/ids.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import type { Store } from '../../../../storage/store.ts'
import type { Services } from '../../../services.ts'
import { undoBatch } from '../../batches/undo.ts'
import type { MigrationEvent } from '../events.ts'
import { type MigrationOptions, migrateFrom, PausedError } from '../migrate.ts'
import { MigrationError } from '../remote/migration-error.ts'
import { forgetPaused, type KeptWish, keepPaused, noteWish, writeWish } from './paused.ts'

/** What this process does with migrations of an account while nobody waits for it. */
export interface Background {
  readonly doing: 'moving' | 'undoing'
  readonly batch: BatchId | undefined
  /** The latest things that a person has to know, and that no row tells: what is held, what cannot be asked. */
  readonly notes: readonly string[]
  /** How much of a collection there has been looked at. */
  readonly progress: Progress | undefined
}

interface Progress {
  /** Of the collection there. */
  readonly url: string
  readonly done: number
  readonly total: number
}

/** What somebody asks for who moves in. */
export type Asked = Omit<MigrationOptions, 'signal' | 'remembered' | 'onBatch' | 'onProgress' | 'isTrial'>

interface Working {
  doing: Background['doing']
  batch: BatchId | undefined
  progress: Progress | undefined
  /** Of one that moves. */
  readonly asked: Asked | undefined
  readonly notes: string[]
  readonly stopping: AbortController
  ended: Promise<void>
}

/** Passwords are in memory only: so what runs is of this process, and whoever wants it to go on gives his again. */
const working = new WeakMap<Store, Map<PrincipalId, Working>>()

function workingIn({ store }: Pick<Services, 'store'>): Map<PrincipalId, Working> {
  const known = working.get(store) ?? new Map<PrincipalId, Working>()
  working.set(store, known)
  return known
}

export function backgroundOf(
  services: Pick<Services, 'store'>,
  { id }: Pick<PrincipalRow, 'id'>,
): Background | undefined {
  return workingIn(services).get(id)
}

/**
 * Begins a migration that goes on by itself.
 * @returns its batch, once the other server has let us in and is found to have something
 * @throws MigrationError when it has not, or one of the account is running
 */
export async function startMigration(
  services: Services,
  account: PrincipalRow,
  asked: Asked,
): Promise<BatchId> {
  const work = begin(services, account, 'moving', asked)
  const began = new Promise<BatchId>((resolve, reject) => {
    const onBatch = (batch: BatchId): void => {
      work.batch = batch
      resolve(batch)
    }
    const run = async (): Promise<void> => {
      const onProgress = (done: number, total: number, url: string): void => {
        work.progress = { url, done, total }
      }
      const remembered = writeWish({ ...wishOf(asked), isPaused: false })
      const all = { ...asked, signal: work.stopping.signal, remembered, onBatch, onProgress }
      for await (const event of migrateFrom(services, account, all)) note(work, event)
    }
    work.ended = finish(services, account, work, run(), reject)
  })
  const id = await began
  forgetPaused(services, account)
  return id
}

/**
 * Ends a migration after its present write, to go on later: its password is remembered meanwhile.
 * @returns whether it was this one that ran, and had not come to its end
 */
export async function pauseMigration(
  services: Services,
  account: PrincipalRow,
  batch: BatchId,
): Promise<boolean> {
  const work = workingIn(services).get(account.id)
  if (work?.batch !== batch || work.asked === undefined) return false
  work.stopping.abort(new PausedError('It is paused.'))
  await work.ended
  const row = await services.store.read((reader) => findBatchById(reader, batch))
  if (row?.state !== 'running') return false
  await noteWish(services, batch, { ...wishOf(work.asked), isPaused: true })
  keepPaused(services, account, { batch, asked: work.asked })
  return true
}

/** What is remembered of it beside its batch. Never the password. */
function wishOf({ into, only, choices, followMs, withDeletions }: Asked): Omit<KeptWish, 'isPaused'> {
  return { into, only, choices, follow: followMs !== undefined, withDeletions }
}

/** Undoes a migration in the background; one that is running is stopped first. */
export async function startUndo(services: Services, account: PrincipalRow, batch: BatchId): Promise<void> {
  await stopMigration(services, account)
  forgetPaused(services, account)
  const work = begin(services, account, 'undoing')
  work.batch = batch
  const run = async (): Promise<void> => {
    const row = await services.store.read((reader) => findBatchById(reader, batch))
    if (!row) return
    const { signal } = work.stopping
    for await (const { place, reason } of undoBatch(services, row, { signal }))
      addNote(work, `${place} was kept: ${reason}`)
  }
  work.ended = finish(services, account, work, run(), () => {})
}

/** Ends what runs for an account after its present write. @returns whether there was something */
export async function stopMigration(
  services: Pick<Services, 'store'>,
  { id }: Pick<PrincipalRow, 'id'>,
): Promise<boolean> {
  const work = workingIn(services).get(id)
  work?.stopping.abort()
  await work?.ended
  return work !== undefined
}

/** Ends everything, before the store is closed. */
export async function stopMigrations(services: Pick<Services, 'store'>): Promise<void> {
  const all = [...workingIn(services).values()]
  for (const { stopping } of all) stopping.abort()
  await Promise.all(all.map(({ ended }) => ended))
}

/** Who looks what there is, in this process. */
const looking = new WeakMap<Store, Set<PrincipalId>>()

/** Does what somebody waits for who looks what there is: one thing at a time for an account. @throws MigrationError */
export async function oneLookAtATime<T>(
  { store, settings }: Pick<Services, 'store' | 'settings'>,
  { id }: Pick<PrincipalRow, 'id'>,
  look: () => Promise<T>,
): Promise<T> {
  const all = looking.get(store) ?? new Set<PrincipalId>()
  looking.set(store, all)
  if (all.has(id) || all.size >= settings.migration.running * 2)
    throw new MigrationError('Others are being looked for: try again in a moment.', 'busy')
  all.add(id)
  try {
    return await look()
  } finally {
    all.delete(id)
  }
}

function begin(services: Services, { id }: PrincipalRow, doing: Background['doing'], asked?: Asked): Working {
  const all = workingIn(services)
  const { running } = services.settings.migration
  if (all.has(id)) throw new MigrationError('A migration of this account is running: stop it first.', 'busy')
  if (all.size >= running)
    throw new MigrationError('Too many accounts are being moved in: try again later.', 'busy')
  const work: Working = {
    ...{ doing, batch: undefined, notes: [], progress: undefined, asked },
    stopping: new AbortController(),
    ended: Promise.resolve(),
  }
  all.set(id, work)
  return work
}

async function finish(
  services: Services,
  { id }: PrincipalRow,
  work: Working,
  run: Promise<void>,
  failed: (error: unknown) => void,
): Promise<void> {
  const { signal } = work.stopping
  try {
    await run
    failed(stoppedBefore())
  } catch (error) {
    failed(signal.aborted ? stoppedBefore() : error)
    // Its batch has the reason too, if it has one.
    if (!signal.aborted && !(error instanceof MigrationError))
      services.log.error({ err: error }, 'a migration failed')
  } finally {
    if (workingIn(services).get(id) === work) workingIn(services).delete(id)
  }
}

const stoppedBefore = (): Error => new MigrationError('It was stopped before it began.')

function note(work: Working, event: MigrationEvent): void {
  if (event.kind === 'round') work.progress = undefined
  if (event.kind === 'problem') addNote(work, `${event.url}: ${event.reason}`)
  if (event.kind === 'held')
    addNote(work, `${event.url}: ${event.count} are gone at once, and were kept here`)
  if (event.kind === 'collection' && event.left !== undefined) addNote(work, `${event.url}: ${event.left}`)
}

const mostNotes = 100

function addNote({ notes }: Working, text: string): void {
  if (notes.includes(text)) return
  notes.push(text)
  if (notes.length > mostNotes) notes.shift()
}
