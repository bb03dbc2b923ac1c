import { findErasedPaths, findMigrationItems } from '../../../storage/migration-sources/items.ts'
import {
  listMigrationCollections,
  type MigrationCollectionRow,
  reachState,
} from '../../../storage/migration-sources/sources.ts'
import type { MigrationEvent } from './events.ts'
import { findGone, isMassive, removeGone } from './follow-deletions.ts'
import type { Mapped } from './map-collections.ts'
import { prepareMember } from './prepare.ts'
import type { RemoteCollection } from './remote/collection.ts'
import type { RemoteAccount } from './remote/discover.ts'
import { type Listing, listAll, listSince, type RemoteMember } from './remote/listing.ts'
import { MigrationError } from './remote/migration-error.ts'
import { type ReadMember, readMembers } from './remote/read-members.ts'
import type { Run } from './run.ts'
import { type ReadyMember, storeMembers } from './store-members.ts'

export interface CopyOptions {
  /** Deletions are followed however many there are at once. */
  readonly withDeletions?: boolean
  readonly signal: AbortSignal
  /** Told how many of the objects of a collection have been looked at. */
  readonly onProgress?: (done: number, total: number, url: string) => void
}

/** A remote collection that has its place here. */
export type Placed = Extract<Mapped, { row: unknown }>

/** Objects that are read and stored at once: small, so that others can write in between. */
const pageObjects = 24

/**
 * Takes over what a collection of the other server has that is not here yet, or not in its present state, and what is
 * gone there. Stopped anywhere it goes on the same: what is stored is known by its ETag there.
 * @throws MigrationError when the collection cannot be listed
 */
export async function* copyCollection(
  run: Run,
  { remote: collection, row, into }: Placed,
  options: CopyOptions,
): AsyncGenerator<MigrationEvent> {
  if (!into) throw new MigrationError('The collection that it went into was deleted here.')
  if (isReached(collection, row)) return
  const { remote } = run
  const since = row.token === null ? undefined : await listSince(remote, collection, row.token)
  const listing = since ?? (await listAll(remote, collection))
  const due = await findDue(run, row, listing.members)
  const done = listing.members.length - due.length
  let hasFailed = false
  for (let at = 0; at < due.length; at += pageObjects) {
    if (options.signal.aborted) return
    options.onProgress?.(done + at, listing.members.length, row.url)
    for (const event of await copyPage(run, collection, row, due.slice(at, at + pageObjects))) {
      hasFailed ||= event.kind === 'item' && event.what === 'failed'
      yield event
    }
  }
  const held = yield* followDeletions(run, row, listing, { ...options, place: into.name })
  // What could not be read, or was held, is found again next time.
  if (hasFailed || held > 0) return
  await run.services.store.write((tx) =>
    reachState(tx, row.id, { ...collection, token: listing.token, held }),
  )
}

/** Whether nothing has happened there since all was taken over. */
function isReached({ ctag, token }: RemoteCollection, row: MigrationCollectionRow): boolean {
  if (row.held > 0) return false
  if (token !== null && row.token !== null) return token === row.token
  return ctag !== null && row.ctag === ctag
}

/** Those that are not known in this state. */
async function findDue(
  { services }: Run,
  row: MigrationCollectionRow,
  members: readonly RemoteMember[],
): Promise<RemoteMember[]> {
  const due: RemoteMember[] = []
  for (let at = 0; at < members.length; at += 500) {
    const page = members.slice(at, at + 500)
    const paths = page.map(({ path }) => path)
    const { known, erased } = await services.store.read(async (reader) => ({
      known: await findMigrationItems(reader, row.id, paths),
      erased: await findErasedPaths(reader, row.id, paths),
    }))
    due.push(
      ...page.filter(({ path, etag }) => {
        if (erased.has(path)) return false
        const item = known.get(path)
        return !item || item.outcome === 'removed' || etag === '' || item.remoteEtag !== etag
      }),
    )
  }
  return due
}

async function copyPage(
  run: Run,
  collection: RemoteCollection,
  row: MigrationCollectionRow,
  members: readonly RemoteMember[],
): Promise<MigrationEvent[]> {
  const { services, remote } = run
  const read = await readMembers(remote, collection, members, services.settings.limits.bodyBytes)
  const told = read.flatMap((one) => toldOf(one) ?? [])
  const ready = read.flatMap((one): ReadyMember[] => {
    const { member } = one
    if (one.kind === 'refused') return [{ member, body: undefined, prepared: one }]
    if (one.kind !== 'read') return []
    return [{ member, body: one.body, prepared: prepareMember(collection.kind, one.body, services) }]
  })
  return ready.length === 0 ? told : [...told, ...(await storeMembers(run, row, ready))]
}

/** What is told of an object that there is nothing to store of. */
function toldOf(read: ReadMember): MigrationEvent | undefined {
  const { href } = read.member
  if (read.kind === 'gone')
    return { kind: 'item', what: 'vanished', href, place: '', note: 'It was listed, and is gone.' }
  if (read.kind === 'failed') return { kind: 'item', what: 'failed', href, place: '', note: read.reason }
  return undefined
}

/** @returns how many deletions are held */
async function* followDeletions(
  run: Run,
  row: MigrationCollectionRow,
  listing: Listing,
  { withDeletions, place }: Pick<CopyOptions, 'withDeletions'> & { readonly place: string },
): AsyncGenerator<MigrationEvent, number> {
  const { store, settings } = run.services
  const listed = listing.isWhole ? new Set(listing.members.map(({ path }) => path)) : undefined
  const gone = await store.read((reader) => findGone(reader, row, listing.removed, listed))
  const count = gone.paths.length
  if (count > 0 && withDeletions !== true && isMassive(gone, settings.migration.heldDeletions)) {
    if (row.held !== count) await store.write((tx) => reachState(tx, row.id, { ...row, held: count }))
    yield { kind: 'held', url: row.url, place, count }
    return count
  }
  yield* await removeGone(run, row, gone.paths)
  return 0
}

/** Collections that were there and are gone: what came from them is held, or deleted where that is wanted. */
export async function* followVanished(
  run: Run,
  { collections }: RemoteAccount,
  { withDeletions }: CopyOptions,
): AsyncGenerator<MigrationEvent> {
  const { store } = run.services
  const known = await store.read((reader) => listMigrationCollections(reader, run.source.id))
  const gone = known.filter((row) => !collections.some(({ url }) => url.href === row.url))
  for (const row of gone) {
    const { paths } = await store.read((reader) => findGone(reader, row, [], new Set()))
    if (paths.length === 0) continue
    if (withDeletions === true) yield* await removeGone(run, row, paths)
    else {
      if (row.held !== paths.length)
        await store.write((tx) => reachState(tx, row.id, { ...row, held: paths.length }))
      yield { kind: 'held', url: row.url, place: row.displayname ?? '', count: paths.length }
    }
  }
}
