import type { Services } from '../../services.ts'
import type { MigrationEvent } from './events.ts'
import { reasonLeft, type Wanted } from './map-collections.ts'
import { prepareMember } from './prepare.ts'
import type { RemoteCollection } from './remote/collection.ts'
import type { RemoteAccount } from './remote/discover.ts'
import { listAll, type RemoteMember } from './remote/listing.ts'
import { MigrationError } from './remote/migration-error.ts'
import { readMembers } from './remote/read-members.ts'
import type { Remote } from './remote/remote.ts'

/** Looks at everything there, reads and checks it, and stores nothing. */
export async function* tryMigration(
  services: Services,
  remote: Remote,
  { collections }: RemoteAccount,
  options: Wanted & {
    readonly signal: AbortSignal
    readonly onProgress?: (done: number, total: number, url: string) => void
  },
): AsyncGenerator<MigrationEvent> {
  for (const collection of collections) {
    const { url, displayname, name } = collection
    const left = reasonLeft(collection, options)
    const into = left === undefined ? (options.into ?? name) : undefined
    yield { kind: 'collection', url: url.href, displayname, into, left }
    if (left !== undefined) continue
    try {
      const { members } = await listAll(remote, collection)
      for (let at = 0; at < members.length && !options.signal.aborted; at += pageObjects) {
        options.onProgress?.(at, members.length, url.href)
        yield* await tryPage(services, remote, collection, members.slice(at, at + pageObjects))
      }
    } catch (error) {
      if (!(error instanceof MigrationError)) throw error
      yield { kind: 'problem', url: url.href, reason: error.message }
    }
  }
}

const pageObjects = 24

async function tryPage(
  services: Services,
  remote: Remote,
  collection: RemoteCollection,
  members: readonly RemoteMember[],
): Promise<MigrationEvent[]> {
  const read = await readMembers(remote, collection, members, services.settings.limits.bodyBytes)
  return read.map((one): MigrationEvent => {
    const item = { kind: 'item', href: one.member.href, place: '' } as const
    if (one.kind === 'gone') return { ...item, what: 'vanished', note: '' }
    if (one.kind !== 'read') return { ...item, what: one.kind, note: one.reason }
    const prepared = prepareMember(collection.kind, one.body, services)
    if (prepared.kind === 'refused')
      return { ...item, what: 'refused', note: prepared.reason, body: one.body }
    return { ...item, what: 'copied', note: prepared.notes.join(', ') }
  })
}
