import type { CollectionRow } from '../../../storage/collections.ts'
import { findSource, listMigrationCollections } from '../../../storage/migration-sources/sources.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { MayReach } from '../../outbound/networks.ts'
import type { Services } from '../../services.ts'
import { emptyOne, ownCollections } from './map-collections.ts'
import type { RemoteCollection } from './remote/collection.ts'
import { discoverAccount, type RemoteAccount } from './remote/discover.ts'
import { type Measure, measure } from './remote/measure.ts'
import { MigrationError } from './remote/migration-error.ts'
import { openRemote } from './remote/remote.ts'
import { plainAddress } from './run.ts'

/** A collection of the other server, what it holds, and where it would go. */
export interface Sighted extends Measure {
  readonly remote: RemoteCollection
  /** Ours that it would go into; undefined for a new one. */
  readonly into: CollectionRow | undefined
  /** It was moved in before, and goes on where it is: `gone` where that was deleted here. */
  readonly before: 'there' | 'gone' | undefined
}

/**
 * Looks what there is to be moved in, while a person waits; nothing is stored.
 * @throws MigrationError when the server cannot be asked, or has nothing
 */
export async function lookAround(
  services: Services,
  account: PrincipalRow,
  asked: { readonly url: URL; readonly user: string; readonly password: string; readonly mayReach: MayReach },
): Promise<Sighted[]> {
  const { migration } = services.settings
  const settings = { ...migration, tries: Math.min(migration.tries, 2), answerMs: migration.lookMs }
  const late = AbortSignal.timeout(migration.lookMs)
  using remote = openRemote({ ...asked, signal: late, settings })
  const found = await discoverAccount(remote, asked.url).catch((error: unknown) => {
    if (!late.aborted) throw error
    const seconds = Math.round(migration.lookMs / 1_000)
    throw new MigrationError(
      `${asked.url.host} has not said within ${seconds} seconds what it has.`,
      'unreachable',
    )
  })
  const limits = { maxBytes: migration.lookBytes, signal: late }
  const measured = await Promise.all(found.collections.map((one) => measure(remote, one, limits)))
  const placed = await services.store.read((reader) => placesFor(reader, account, found, asked))
  return found.collections.map((one, at) => ({
    remote: one,
    ...(measured[at] ?? { count: null, bytes: null }),
    ...(placed[at] ?? { into: undefined, before: undefined }),
  }))
}

async function placesFor(
  reader: Reader,
  { id }: PrincipalRow,
  account: RemoteAccount,
  { url, user }: { readonly url: URL; readonly user: string },
): Promise<Pick<Sighted, 'into' | 'before'>[]> {
  const ours = await ownCollections(reader, id)
  const source = await findSource(reader, id, plainAddress(url), user)
  const before = source ? await listMigrationCollections(reader, source.id) : []
  const taken: { readonly collectionId: number }[] = [...before]
  const places: Pick<Sighted, 'into' | 'before'>[] = []
  for (const remote of account.collections) {
    const known = before.find((row) => row.url === remote.url.href)
    const goesOn = known && ours.find((own) => own.id === known.collectionId)
    const isLeft = known !== undefined || remote.left !== undefined
    const into =
      goesOn ?? (isLeft ? undefined : await emptyOne(reader, remote, { ours, account, before: taken }))
    if (into) taken.push({ collectionId: into.id })
    places.push({ into, before: known && (goesOn ? 'there' : 'gone') })
  }
  return places
}
