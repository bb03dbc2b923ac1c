import { type DeletedCollectionRow, listDeletedCollections } from '../../../storage/collections.ts'
import { listAppPasswords } from '../../../storage/credentials.ts'
import type { RevisionId } from '../../../storage/ids.ts'
import { readBody } from '../../../storage/objects.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { listTrash, type RevisionRow } from '../../../storage/revisions.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { bodyText } from '../bodies.ts'
import { nodeEntries } from './nodes.ts'
import { summaryOf } from './summary.ts'

/** Something in the trash. */
export interface TrashEntry {
  /** What `restoreFromTrash` takes: a number for an object, `c` and one for a collection, `f` for a folder or a file. */
  readonly id: string
  readonly deletedAt: number
  /** VEVENT, VTODO …, VCARD; calendar, addressbook; folder, file. */
  readonly kind: string
  /** Its segment in URLs. */
  readonly name: string
  /** The name of the person, the title of the event, the display name of the collection; empty without one. */
  readonly summary: string
  /** The collection it was in, or the path of the folder; empty for a collection, or where that is gone. */
  readonly collection: string
  /** The device that deleted it, else how it was deleted; empty where that is not known. */
  readonly device: string
}

const pageRows = 100

/** The trash of an account: objects, whole collections, folders and files, the latest deletion first. */
export async function* listTrashEntries(store: Store, account: PrincipalRow): AsyncGenerator<TrashEntry> {
  const context = await store.read((reader) => readContext(reader, account))
  yield* latestFirst([
    collectionEntries(context),
    nodeEntries(store, account, context.deviceLabels),
    objectEntries(store, account, context),
  ])
}

/** Merges lists that have the latest first each; at the same time what is in an earlier list comes first. */
async function* latestFirst(lists: readonly AsyncGenerator<TrashEntry>[]): AsyncGenerator<TrashEntry> {
  const heads = await Promise.all(
    lists.map(async (list) => ({ list, entry: (await list.next()).value as TrashEntry | undefined })),
  )
  for (;;) {
    const [latest] = heads
      .flatMap(({ list, entry }, at) => (entry ? [{ list, entry, at }] : []))
      .sort((a, b) => b.entry.deletedAt - a.entry.deletedAt)
    if (!latest) return
    yield latest.entry
    heads[latest.at] = { list: latest.list, entry: (await latest.list.next()).value }
  }
}

async function* collectionEntries({ deleted }: Context): AsyncGenerator<TrashEntry> {
  yield* deleted.toSorted((a, b) => b.deletedAt - a.deletedAt).map(collectionEntry)
}

interface Context {
  readonly deleted: readonly DeletedCollectionRow[]
  readonly collectionNames: ReadonlyMap<number, string>
  readonly deviceLabels: ReadonlyMap<number, string>
}

async function readContext(reader: Reader, { id }: PrincipalRow): Promise<Context> {
  const deleted = await listDeletedCollections(reader, id)
  const living = await reader.sql.all<{ id: number; name: string }>(
    'SELECT c.id, c.name FROM collections c WHERE c.principal_id = $1 AND c.deleted_at IS NULL',
    [id],
  )
  const devices = await listAppPasswords(reader, id)
  return {
    deleted,
    collectionNames: new Map([...deleted, ...living].map((row) => [row.id, row.name])),
    deviceLabels: new Map(devices.map((device) => [device.id, device.label])),
  }
}

function collectionEntry(row: DeletedCollectionRow): TrashEntry {
  const { id, deletedAt, kind, name, displayname } = row
  return { id: `c${id}`, deletedAt, kind, name, summary: displayname ?? '', collection: '', device: '' }
}

async function* objectEntries(
  store: Store,
  account: PrincipalRow,
  context: Context,
): AsyncGenerator<TrashEntry> {
  let after: RevisionId | undefined
  for (;;) {
    const page = await store.read((reader) => listTrash(reader, account.id, { after, limit: pageRows }))
    for (const revision of page) yield await objectEntry(store, revision, context)
    after = page.at(-1)?.id
    if (page.length < pageRows) return
  }
}

async function objectEntry(store: Store, revision: RevisionRow, context: Context): Promise<TrashEntry> {
  const { id, at, component, name, bodyId, collectionId, deviceId, origin } = revision
  // One body at a time: they may be large.
  const body = bodyId === null ? undefined : await store.read((reader) => readBody(reader, bodyId))
  return {
    id: String(id),
    deletedAt: at,
    kind: component,
    name,
    summary: body ? summaryOf(bodyText(body), component) : '',
    collection: context.collectionNames.get(collectionId) ?? '',
    device: (deviceId === null ? undefined : context.deviceLabels.get(deviceId)) ?? origin,
  }
}
