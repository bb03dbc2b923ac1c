import { findBatchById } from '../../../../storage/batches/batches.ts'
import type { BatchId, PrincipalId } from '../../../../storage/ids.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import type { Store } from '../../../../storage/store.ts'
import type { Services } from '../../../services.ts'
import { undoBatch } from '../../batches/undo.ts'
import type { MigrationEvent } from '../events.ts'
import { type MigrationOptions, migrateFrom } from '../migrate.ts'
import { MigrationError } from '../remote/remote.ts'

/** What this process does with migrations of an account while nobody waits for it. */
export interface Background {
  readonly doing: 'moving' | 'undoing'
  readonly batch: BatchId | undefined
  /** The latest things that a person has to know, and that no row tells: what is held, what cannot be asked. */
  readonly notes: readonly string[]
}

interface Working {
  doing: Background['doing']
  batch: BatchId | undefined
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
  options: Omit<MigrationOptions, 'signal' | 'onBatch'>,
): Promise<BatchId> {
  const work = begin(services, account, 'moving')
  const began = new Promise<BatchId>((resolve, reject) => {
    const onBatch = (batch: BatchId): void => {
      work.batch = batch
      resolve(batch)
    }
    const run = async (): Promise<void> => {
      const all = { ...options, signal: work.stopping.signal, onBatch }
      for await (const event of migrateFrom(services, account, all)) note(work, event)
    }
    work.ended = finish(services, account, work, run(), reject)
  })
  return began
}

/** Undoes a migration in the background; one that is running is stopped first. */
export async function startUndo(services: Services, account: PrincipalRow, batch: BatchId): Promise<void> {
  await stopMigration(services, account)
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

function begin(services: Services, { id }: PrincipalRow, doing: Background['doing']): Working {
  const all = workingIn(services)
  const { running } = services.settings.migration
  if (all.has(id)) throw new MigrationError('A migration of this account is running: stop it first.')
  if (all.size >= running) throw new MigrationError('Too many accounts are being moved in: try again later.')
  const work: Working = {
    ...{ doing, batch: undefined, notes: [] },
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
  try {
    await run
    failed(new MigrationError('It was stopped before it began.'))
  } catch (error) {
    failed(error)
    // Its batch has the reason too, if it has one.
    if (!(error instanceof MigrationError)) services.log.error({ err: error }, 'a migration failed')
  } finally {
    if (workingIn(services).get(id) === work) workingIn(services).delete(id)
  }
}

function note(work: Working, event: MigrationEvent): void {
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
