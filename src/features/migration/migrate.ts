import { setTimeout as wait } from 'node:timers/promises'
import { endBatch } from '../../../storage/batches/batches.ts'
import type { BatchId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { MayReach } from '../../outbound/networks.ts'
import type { Services } from '../../services.ts'
import { compareMembers } from './compare.ts'
import { copyCollection, followVanished } from './copy-collection.ts'
import type { MigrationEvent } from './events.ts'
import { type Mapped, mapCollections, type Wanted } from './map-collections.ts'
import { discoverAccount, type RemoteAccount } from './remote/discover.ts'
import { MigrationError } from './remote/migration-error.ts'
import { openRemote } from './remote/remote.ts'
import { LostRunError, openRun, type Run } from './run.ts'
import { tryMigration } from './try-migration.ts'

/** Ends a migration that goes on later: also one that follows stays as it is. */
export class PausedError extends Error {
  override name = 'PausedError'
}

export interface MigrationOptions extends Wanted {
  readonly url: URL
  readonly user: string
  readonly password: string
  readonly mayReach: MayReach
  /** Nothing is stored: what is told is what would be. */
  readonly isTrial?: boolean
  /** Goes on with what changes there, until the signal; so often. */
  readonly followMs?: number | undefined
  /** Deletions are followed however many there are at once. */
  readonly withDeletions?: boolean
  readonly signal: AbortSignal
  /** What its batch remembers of what was asked for, from its first write on, as JSON; without it what it remembered before. */
  readonly remembered?: string | undefined
  /** Told the id of the batch that the migration is. */
  readonly onBatch?: (id: BatchId) => void
  /** Told how many of the objects of a collection have been looked at, and where that is. */
  readonly onProgress?: (done: number, total: number, url: string) => void
}

/**
 * Moves an account of another server in: finds its calendars and books, copies what they hold, and compares every object
 * with what was copied. Again with the same server and user it goes on where it stopped, and takes over what has changed
 * there since; what was changed here stays. All of it is one batch.
 * @throws MigrationError when the server cannot be asked, or has nothing
 */
export async function* migrateFrom(
  services: Services,
  account: PrincipalRow,
  options: MigrationOptions,
): AsyncGenerator<MigrationEvent> {
  const { url, user, password, mayReach, signal } = options
  using remote = openRemote({ user, password, mayReach, signal, settings: services.settings.migration })
  const found = await discoverAccount(remote, url)
  if (options.isTrial === true) {
    yield* tryMigration(services, remote, found, options)
    return
  }
  const run = await openRun(services, account, remote, { url, user, remembered: options.remembered })
  options.onBatch?.(run.batch.id)
  try {
    yield* runAll(run, found, options)
  } catch (error) {
    if (!signal.aborted) {
      await end(run, messageOf(error))
      throw error
    }
  }
  // One that was stopped on its way stays as it is: it goes on with the next.
  const isEnded = options.followMs !== undefined && !(signal.reason instanceof PausedError)
  if (!signal.aborted || isEnded) await end(run, undefined)
}

async function* runAll(
  run: Run,
  found: RemoteAccount,
  options: MigrationOptions,
): AsyncGenerator<MigrationEvent> {
  const { followMs, signal, url } = options
  yield* round(run, found, options, { isFirst: true })
  while (followMs !== undefined && !signal.aborted) {
    await wait(followMs, undefined, { signal }).catch(() => {})
    if (!signal.aborted) yield* contained(url.href, nextRound(run, options))
  }
}

async function* nextRound(run: Run, options: MigrationOptions): AsyncGenerator<MigrationEvent> {
  yield* round(run, await discoverAccount(run.remote, options.url), options, { isFirst: false })
}

/** Everything once: what is new there, what is gone, and how it compares. */
async function* round(
  run: Run,
  found: RemoteAccount,
  options: MigrationOptions,
  { isFirst }: { readonly isFirst: boolean },
): AsyncGenerator<MigrationEvent> {
  const { signal } = options
  const mapped = await mapCollections(run, found, options)
  for (const one of mapped) if (isFirst || ('isNew' in one && one.isNew)) yield toldOf(one)
  for (const one of mapped) {
    if (signal.aborted) return
    if (!('row' in one)) continue
    yield* contained(one.remote.url.href, copyCollection(run, one, options))
    yield* contained(one.remote.url.href, compareMembers(run, one.row, { isWhole: isFirst, signal }))
  }
  if (options.only === undefined && options.choices === undefined) yield* followVanished(run, found, options)
  yield { kind: 'round' }
}

function toldOf(mapped: Mapped): MigrationEvent {
  const { url, displayname } = mapped.remote
  const told = { kind: 'collection', url: url.href, displayname } as const
  if ('left' in mapped) return { ...told, into: undefined, left: mapped.left }
  return { ...told, into: mapped.into?.name, left: undefined }
}

/** What cannot be dealt with does not keep the rest from it. */
async function* contained(
  url: string,
  events: AsyncGenerator<MigrationEvent>,
): AsyncGenerator<MigrationEvent> {
  try {
    yield* events
  } catch (error) {
    if (!(error instanceof MigrationError) || error instanceof LostRunError) throw error
    yield { kind: 'problem', url, reason: error.message }
  }
}

async function end({ services, batch }: Run, error: string | undefined): Promise<void> {
  const how = error === undefined ? ({ kind: 'finished' } as const) : ({ kind: 'failed', error } as const)
  await services.store.write((tx) => endBatch(tx, batch, how))
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500)
}
