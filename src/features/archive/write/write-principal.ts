import {
  type CollectionRow,
  listCollections,
  listDeletedCollections,
} from '../../../../storage/collections.ts'
import { deadProperties, targetKey } from '../../../../storage/dead-properties.ts'
import { findDirectoryBook } from '../../../../storage/generated/directory-books.ts'
import { listGroupMembers, listGroupsOf, listProxies } from '../../../../storage/groups.ts'
import { type HomeRow, listHomes } from '../../../../storage/homes.ts'
import type { CollectionId } from '../../../../storage/ids.ts'
import { listMountsOf, type Mounted } from '../../../../storage/mounts.ts'
import { homeTotals } from '../../../../storage/nodes/nodes.ts'
import { listNotifications } from '../../../../storage/notifications.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import { findQuota } from '../../../../storage/quotas.ts'
import type { Reader } from '../../../../storage/store.ts'
import { listLayers } from '../../../../storage/views/layers.ts'
import { fileNamer } from '../../transfer/names.ts'
import { createSpool, type Entries, jsonFile, timeText } from '../entries.ts'
import { hangingOn, whoOf } from './describe.ts'
import type { Run } from './run.ts'
import { collectionEntries } from './write-collection.ts'
import { filesEntries } from './write-files.ts'
import { heldEntries } from './write-held.ts'

/** A home with its collections, as they were made, and the folder of each. */
interface HomeToWrite {
  readonly home: HomeRow
  readonly collections: readonly { readonly row: CollectionRow; readonly folder: string }[]
}

/** An account, a group, a room or a resource with all that it has. */
export async function* principalEntries(run: Run, principal: PrincipalRow, folder: string): Entries {
  const { store } = run.services
  yield { kind: 'folder', path: folder }
  const homes = await store.read((reader) => homesOf(reader, principal))
  yield jsonFile(
    `${folder}/principal.json`,
    await store.read((reader) => describe(reader, principal, homes)),
    run.now,
  )
  run.count('accounts')
  for (const { home, collections } of homes) {
    for (const one of collections) yield* collectionEntries(run, one.row, `${folder}/${one.folder}`)
    const { nodes } = await store.read((reader) => homeTotals(reader, home.id))
    const hasTrash = run.history && home.kind === 'files'
    if (nodes > 0 || hasTrash) yield* filesEntries(run, home, folder)
  }
  yield* sharedEntries(run, principal, folder)
  yield* heldEntries(run, principal, folder)
  if (run.history) yield* trashEntries(run, principal, folder)
}

/** Collections that were deleted, the first deletion first. */
async function* trashEntries(run: Run, { id }: PrincipalRow, folder: string): Entries {
  const { store } = run.services
  const homes = await store.read((reader) => listHomes(reader, id))
  const deleted = await store.read((reader) => listDeletedCollections(reader, id))
  const trash = createSpool()
  const folderOf = fileNamer()
  for (const row of deleted.toSorted((one, other) => one.deletedAt - other.deletedAt)) {
    const home = homes.find((one) => one.id === row.homeId)?.kind
    const one = `trash/${folderOf(row.name)}`
    trash.add({ home, folder: one, deletedAt: timeText(row.deletedAt) })
    yield* collectionEntries(run, row, `${folder}/${one}`)
  }
  if (deleted.length > 0) yield trash.file(`${folder}/trash.jsonl`, run.now)
}

async function homesOf(reader: Reader, { id }: PrincipalRow): Promise<HomeToWrite[]> {
  const found: HomeToWrite[] = []
  for (const home of await listHomes(reader, id)) {
    const folderOf = fileNamer()
    const rows = home.kind === 'files' ? [] : await listCollections(reader, home.id)
    const collections = rows
      // The directory of colleagues is another one in each installation, and what is copied is copied again.
      .filter(({ generated }) => generated === null || generated === 'birthdays')
      .toSorted((one, other) => one.id - other.id)
      .map((row) => ({ row, folder: `${home.kind}/${folderOf(row.name)}` }))
    found.push({ home, collections })
  }
  return found
}

async function describe(reader: Reader, principal: PrincipalRow, homes: readonly HomeToWrite[]) {
  const { id, segment, displayName, email, createdAt, changedAt } = principal
  const { language, timeZone, requestLimit, description, place, capacity } = principal
  const described = []
  for (const { home, collections } of homes) {
    const hanging = await hangingOn(reader, { kind: 'home', id: home.id })
    described.push({ kind: home.kind, ...hanging, collections: collections.map((one) => one.folder) })
  }
  return {
    ...whoOf(principal),
    segment,
    displayName,
    email,
    quotaBytes: (await findQuota(reader, id)).limitBytes,
    ...{ language, timeZone, requestLimit, description, place, capacity },
    createdAt: timeText(createdAt),
    changedAt: timeText(changedAt),
    ...(await hangingOn(reader, { kind: 'principal', id })),
    homes: described,
    ...((await findDirectoryBook(reader, id))?.isOff === 1 ? { isDirectoryOff: true } : {}),
    delegates: (await listProxies(reader, id)).map((proxy) => ({ ...whoOf(proxy), mode: proxy.mode })),
    members: (await listGroupMembers(reader, id)).map(whoOf),
    memberOf: (await listGroupsOf(reader, id)).map(whoOf),
  }
}

/** What others share with an account, and what it is told: each in a file of its own, where there is anything. */
async function* sharedEntries(run: Run, { id }: PrincipalRow, folder: string): Entries {
  const { store } = run.services
  const mounted = await store.read((reader) => listMountsOf(reader, id))
  const hanging = await store.read((reader) => deadProperties(reader, mounted.map(targetOf)))
  const mounts = createSpool()
  for (const one of mounted) {
    mounts.add({ ...mountOf(one), properties: hanging.get(targetKey(targetOf(one))) ?? [] })
  }
  if (mounted.length > 0) yield mounts.file(`${folder}/mounts.jsonl`, run.now)
  yield* layerEntries(run, id, folder, new Map(mounted.map((one) => [one.collection.id, one])))
  const told = await store.read((reader) => listNotifications(reader, id))
  const notifications = createSpool()
  for (const { name, kind, content, etag, createdAt, changedAt } of told) {
    const times = { createdAt: timeText(createdAt), changedAt: timeText(changedAt) }
    notifications.add({ name, kind, content, etag, ...times })
  }
  if (told.length > 0) yield notifications.file(`${folder}/notifications.jsonl`, run.now)
}

async function* layerEntries(
  run: Run,
  id: PrincipalRow['id'],
  folder: string,
  mounts: ReadonlyMap<CollectionId, Mounted>,
): Entries {
  const layers = createSpool()
  let isEmpty = true
  for await (const page of listLayers(run.services.store, id)) {
    for (const { collectionId, member, layer, changedAt } of page) {
      const found = mounts.get(collectionId)
      if (!found) continue
      layers.add({ ...placeOf(found), member, layer, changedAt: timeText(changedAt) })
      isEmpty = false
    }
  }
  if (!isEmpty) yield layers.file(`${folder}/layers.jsonl`, run.now)
}

const targetOf = ({ mount }: Mounted) => ({ kind: 'mount', id: mount.id }) as const

/** Which collection of whom is meant. */
function placeOf({ owner, collection: { kind, name } }: Mounted) {
  return { owner: whoOf(owner), collection: { kind, name } }
}

function mountOf(mounted: Mounted) {
  const { name, state, access, inviteUid, displayname, description, color, sortOrder } = mounted.mount
  const { timezone, timezoneId, transparent, createdAt, changedAt } = mounted.mount
  return {
    ...placeOf(mounted),
    name,
    state,
    access,
    inviteUid,
    displayname,
    description,
    color,
    sortOrder,
    timezone,
    timezoneId,
    transparent: transparent === null ? null : transparent === 1,
    createdAt: timeText(createdAt),
    changedAt: timeText(changedAt),
  }
}
