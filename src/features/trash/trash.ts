import { type DeletedCollectionRow, listDeletedCollections } from '../../../storage/collections.ts'
import { listAppPasswords } from '../../../storage/credentials.ts'
import type { RevisionId } from '../../../storage/ids.ts'
import { readBody } from '../../../storage/objects.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { listTrash, type RevisionRow } from '../../../storage/revisions.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { bodyText } from '../bodies.ts'
import { summaryOf } from './summary.ts'

/** Something in the trash. */
export interface TrashEntry {
  /** What `restoreFromTrash` takes: a number for an object, `c` and a number for a collection. */
  readonly id: string
  readonly deletedAt: number
  /** VEVENT, VTODO …, VCARD; or calendar, addressbook. */
  readonly kind: string
  /** Its segment in URLs. */
  readonly name: string
  /** The name of the person, the title of the event, the display name of the collection; empty without one. */
  readonly summary: string
  /** The collection it was in; empty for a collection, or where that is gone. */
  readonly collection: string
  /** The device that deleted it, else how it was deleted; empty where that is not known. */
  readonly device: string
}

const pageRows = 100

/** The trash of an account, objects and whole collections, the latest deletion first. */
export async function* listTrashEntries(store: Store, account: PrincipalRow): AsyncGenerator<TrashEntry> {
  const context = await store.read((reader) => readContext(reader, account))
  const collections = context.deleted.toSorted((a, b) => b.deletedAt - a.deletedAt).map(collectionEntry)
  let next = collections.shift()
  for await (const entry of objectEntries(store, account, context)) {
    for (; next && next.deletedAt >= entry.deletedAt; next = collections.shift()) yield next
    yield entry
  }
  for (; next; next = collections.shift()) yield next
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
