import { type DeletedCollectionRow, listDeletedCollections } from '../../../storage/collections.ts'
import { listAppPasswords } from '../../../storage/credentials.ts'
import { listEndedLinks } from '../../../storage/ended-links.ts'
import type { RevisionId } from '../../../storage/ids.ts'
import { findTrashedNode } from '../../../storage/nodes/nodes.ts'
import { readBodies } from '../../../storage/objects.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { listTrash, type RevisionRow } from '../../../storage/revisions.ts'
import { listTrashedLists } from '../../../storage/smart-lists/trash.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { bodyText } from '../bodies.ts'
import { nodeEntries } from './nodes.ts'
import type { trashKinds } from './schema.ts'
import { summaryOf } from './summary.ts'

/** Something in the trash. */
export interface TrashEntry {
  /** What `restoreFromTrash` takes: a number for an object, `c` and one for a collection, `f` for a folder or a file,
   * `l` for a list of people, `p` for a public link. */
  readonly id: string
  readonly deletedAt: number
  /** VEVENT, VTODO …, VCARD; calendar, addressbook; folder, file; list; link. */
  readonly kind: string
  /** Its segment in URLs. */
  readonly name: string
  /** The name of the person, the title of the event, the display name of the collection, the label of the link; empty without
   * one. */
  readonly summary: string
  /** The collection it was in, as people call it, or the path of the folder; what a link led to; empty for a collection, or where that is gone. */
  readonly collection: string
  /** The device that deleted it, else how it was deleted; empty where that is not known. */
  readonly device: string
}

const pageRows = 100

/** Where one goes on: behind the last object, folder or file, collection, list and link that were looked at. */
export interface TrashPlace {
  readonly object?: RevisionId | undefined
  readonly node?: Moment | undefined
  readonly collection?: Moment | undefined
  readonly list?: Moment | undefined
  readonly link?: Moment | undefined
}

/** Of several that were deleted at one moment the one with the greater id comes first. */
interface Moment {
  readonly deletedAt: number
  readonly id: number
}

/** What is looked for; without it all. */
export interface TrashWanted {
  readonly kinds?: readonly TrashKind[] | undefined
  readonly from?: TrashPlace | undefined
}

export type TrashKind = (typeof trashKinds)[number]

/** The trash of an account: objects, whole collections, folders, files, lists of people and links, the latest deletion first. */
export async function* listTrashEntries(
  store: Store,
  account: PrincipalRow,
  { kinds, from = {} }: TrashWanted = {},
): AsyncGenerator<TrashEntry> {
  const context = await store.read((reader) => readContext(reader, account))
  const wants = (...some: readonly TrashKind[]): boolean =>
    !kinds || some.some((kind) => kinds.includes(kind))
  yield* latestFirst([
    ...(wants('collection') ? [collectionEntries(context, from.collection)] : []),
    ...(wants('list') ? [listEntries(store, account, from.list)] : []),
    ...(wants('link') ? [linkEntries(store, account, from.link)] : []),
    ...(wants('file') ? [nodeEntries(store, account, context.deviceLabels, from.node)] : []),
    ...(wants('card', 'event', 'task')
      ? [objectEntries(store, account, context, { kinds, after: from.object })]
      : []),
  ])
}

/** One of them. */
export async function findTrashEntry(
  store: Store,
  account: PrincipalRow,
  id: string,
): Promise<TrashEntry | undefined> {
  const [, mark = '', digits] = /^([cflp]?)(\d{1,15})$/.exec(id) ?? []
  if (digits === undefined) return undefined
  for await (const entry of listTrashEntries(
    store,
    account,
    await placeBefore(store, account, mark, Number(digits)),
  ))
    return entry.id === id ? entry : undefined
  return undefined
}

/** From where it would be the first. */
async function placeBefore(
  { read }: Store,
  account: PrincipalRow,
  mark: string,
  id: number,
): Promise<TrashWanted> {
  if (mark === '') return { kinds: ['card', 'event', 'task'], from: { object: id + 1 } }
  const deletedAt = await read(async (reader) => {
    if (mark === 'f') return (await findTrashedNode(reader, id))?.deletedAt
    if (mark === 'l')
      return (await listTrashedLists(reader, account.id)).find((row) => row.id === id)?.deletedAt
    if (mark === 'p') return (await listEndedLinks(reader, account.id)).find((row) => row.id === id)?.endedAt
    return (await listDeletedCollections(reader, account.id)).find((row) => row.id === id)?.deletedAt
  })
  const moment = { deletedAt: deletedAt ?? 0, id: id + 1 }
  if (mark === 'l') return { kinds: ['list'], from: { list: moment } }
  if (mark === 'p') return { kinds: ['link'], from: { link: moment } }
  return mark === 'f'
    ? { kinds: ['file'], from: { node: moment } }
    : { kinds: ['collection'], from: { collection: moment } }
}

/** The place behind an entry that was looked at. */
export function behind(place: TrashPlace, { id, deletedAt }: TrashEntry): TrashPlace {
  const number = Number(id.replace(/^[cflp]/, ''))
  if (id.startsWith('l')) return { ...place, list: { deletedAt, id: number } }
  if (id.startsWith('p')) return { ...place, link: { deletedAt, id: number } }
  if (id.startsWith('c')) return { ...place, collection: { deletedAt, id: number } }
  return id.startsWith('f') ? { ...place, node: { deletedAt, id: number } } : { ...place, object: number }
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

async function* collectionEntries(
  { deleted }: Context,
  from: Moment | undefined,
): AsyncGenerator<TrashEntry> {
  yield* deleted
    .filter((row) => isBehind(row, from))
    .toSorted((a, b) => b.deletedAt - a.deletedAt || b.id - a.id)
    .map(collectionEntry)
}

function isBehind({ deletedAt, id }: Moment, from: Moment | undefined): boolean {
  return !from || deletedAt < from.deletedAt || (deletedAt === from.deletedAt && id < from.id)
}

async function* listEntries(
  store: Store,
  account: PrincipalRow,
  from: Moment | undefined,
): AsyncGenerator<TrashEntry> {
  const rows = await store.read((reader) => listTrashedLists(reader, account.id))
  for (const row of rows) {
    const { id, deletedAt, name } = row
    if (isBehind(row, from))
      yield { id: `l${id}`, deletedAt, kind: 'list', name, summary: name, collection: '', device: '' }
  }
}

/** Whoever looks at the trash is not told their addresses. */
async function* linkEntries(
  store: Store,
  account: PrincipalRow,
  from: Moment | undefined,
): AsyncGenerator<TrashEntry> {
  const rows = await store.read((reader) => listEndedLinks(reader, account.id))
  for (const { id, endedAt: deletedAt, name, title, label } of rows) {
    const entry = { deletedAt, kind: 'link', name, summary: label || title, collection: title, device: '' }
    if (isBehind({ deletedAt, id }, from)) yield { id: `p${id}`, ...entry }
  }
}

interface Context {
  readonly deleted: readonly DeletedCollectionRow[]
  readonly collectionNames: ReadonlyMap<number, string>
  readonly deviceLabels: ReadonlyMap<number, string>
}

async function readContext(reader: Reader, { id }: PrincipalRow): Promise<Context> {
  const deleted = await listDeletedCollections(reader, id)
  const living = await reader.sql.all<{ id: number; name: string; displayname: string | null }>(
    'SELECT c.id, c.name, c.displayname FROM collections c WHERE c.principal_id = $1 AND c.deleted_at IS NULL',
    [id],
  )
  const devices = await listAppPasswords(reader, id)
  return {
    deleted,
    collectionNames: new Map(
      [...deleted, ...living].map(({ id: own, name, displayname }) => [own, displayname || name]),
    ),
    deviceLabels: new Map(devices.map((device) => [device.id, device.label])),
  }
}

function collectionEntry(row: DeletedCollectionRow): TrashEntry {
  const { id, deletedAt, kind, name, displayname } = row
  return { id: `c${id}`, deletedAt, kind, name, summary: displayname ?? '', collection: '', device: '' }
}

/** Bodies read at once: they may be large. */
const bodiesAtOnce = 10

async function* objectEntries(
  store: Store,
  account: PrincipalRow,
  context: Context,
  { kinds, after: from }: { readonly kinds: TrashWanted['kinds']; readonly after: RevisionId | undefined },
): AsyncGenerator<TrashEntry> {
  let after = from
  for (;;) {
    const page = await store.read((reader) => listTrash(reader, account.id, { after, limit: pageRows }))
    const wanted = page.filter(({ component }) => !kinds || kinds.includes(kindOf(component)))
    for (let at = 0; at < wanted.length; at += bodiesAtOnce) {
      const some = wanted.slice(at, at + bodiesAtOnce)
      const ids = some.flatMap(({ bodyId }) => bodyId ?? [])
      const bodies = await store.read((reader) => readBodies(reader, ids))
      for (const revision of some)
        yield objectEntry(
          revision,
          revision.bodyId === null ? undefined : bodies.get(revision.bodyId),
          context,
        )
    }
    after = page.at(-1)?.id
    if (page.length < pageRows) return
  }
}

function kindOf(component: string): TrashKind {
  if (component === 'VCARD') return 'card'
  return component === 'VTODO' ? 'task' : 'event'
}

function objectEntry(revision: RevisionRow, body: Buffer | undefined, context: Context): TrashEntry {
  const { id, at, component, name, collectionId, deviceId, origin } = revision
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
