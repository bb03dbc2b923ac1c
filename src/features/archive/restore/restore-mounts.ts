import { readContentLines } from '../../../../protocol/text/content-lines.ts'
import type { CollectionRow } from '../../../../storage/collections.ts'
import { findCollection } from '../../../../storage/collections.ts'
import { holdEdit } from '../../../../storage/held/held-edits.ts'
import { listHomes } from '../../../../storage/homes.ts'
import { findMountOn, namesInHome } from '../../../../storage/mounts.ts'
import { findObject } from '../../../../storage/objects.ts'
import { insertLayer, insertMount, insertNotification } from '../../../../storage/restored/rights.ts'
import { listReached } from '../../../../storage/shares.ts'
import type { LayeredMount } from '../../../../storage/views/layers.ts'
import { viewOf } from '../../sharing/sharing.ts'
import { heldRecord, layerRecord, type MountRecord, mountRecord, notificationRecord } from '../format.ts'
import type { ArchiveSource } from '../read/archive-source.ts'
import { readRecords, readWhole } from '../read/archive-source.ts'
import type { Publishing } from './restore-rights.ts'
import { homeKindOf, type Staged, setProperties } from './staged.ts'

/** The collections of colleagues, by whose they are and what they are called there. */
type Mounted = Map<string, LayeredMount>

/**
 * What an account made of what others share with it, and what it laid over that; then what it was told. What is not shared
 * with it here is left out, and named.
 */
export async function restoreMounts(
  run: Publishing,
  source: ArchiveSource,
  staged: Staged,
  broken: ReadonlySet<string>,
): Promise<void> {
  const { folder } = staged
  const mounted: Mounted = new Map()
  if (await source.has(`${folder}/mounts.jsonl`)) {
    for await (const record of readRecords(source, `${folder}/mounts.jsonl`, mountRecord)) {
      const mount = await restoreMount(run, staged, record)
      if (mount) mounted.set(keyOf(record), mount)
      else run.leftOut(`${folder}/mounts.jsonl`, `"${record.name}", which nobody here shares with it.`)
    }
  }
  if (await source.has(`${folder}/layers.jsonl`)) {
    for await (const record of readRecords(source, `${folder}/layers.jsonl`, layerRecord)) {
      const mount = mounted.get(keyOf(record))
      const member = mount && (await findObject(run.tx, mount.collectionId, record.member))
      if (mount && member) await insertLayer(run.tx, mount, { ...record, objectId: member.id })
    }
  }
  if (await source.has(`${folder}/notifications.jsonl`)) {
    for await (const told of readRecords(source, `${folder}/notifications.jsonl`, notificationRecord))
      await insertNotification(run.tx, { ...told, principalId: staged.id })
  }
  for (const { row, record } of staged.collections) {
    const { kind, name } = record
    const place = { owner: staged.record, collection: { kind, name } }
    mounted.set(keyOf(place), { principalId: staged.id, collectionId: row.id, feedId: row.feedId })
  }
  if (await source.has(`${folder}/held.jsonl`)) await restoreHeld(run, source, { staged, mounted, broken })
}

/** What was sent in vain waits again, where its collection is here. */
async function restoreHeld(
  { tx, leftOut, isErased }: Publishing,
  source: ArchiveSource,
  { staged, mounted, broken }: { staged: Staged; mounted: Mounted; broken: ReadonlySet<string> },
): Promise<void> {
  const { folder, id: principalId } = staged
  for await (const record of readRecords(source, `${folder}/held.jsonl`, heldRecord)) {
    const path = `${folder}/${record.file}`
    const place = mounted.get(keyOf(record))
    if (!place || broken.has(path)) {
      leftOut(path, place ? 'It is damaged.' : 'Its collection is not here.')
      continue
    }
    const body = await readWhole(source, path, mostHeldBytes)
    if (isErased(uidIn(body))) continue
    const edit = { ...record, principalId, collectionId: place.collectionId, deviceId: null, body }
    await holdEdit({ ...tx, now: record.at }, edit, unbounded)
  }
}

function uidIn(body: Buffer): string | null {
  for (const line of readContentLines(body.toString('utf8')))
    if (!('broken' in line) && line.name === 'UID') return line.value
  return null
}

/** The settings bound what is held, and what is sent. */
const mostHeldBytes = 268_435_456
const unbounded = { count: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER }

const keyOf = ({ owner, collection }: Pick<MountRecord, 'owner' | 'collection'>): string =>
  JSON.stringify([owner.kind, owner.name, collection.kind, collection.name])

/** Undefined where it is not shared with the account, or is mounted already. */
async function restoreMount(
  { tx, find }: Publishing,
  { id: principalId, homes }: Staged,
  record: MountRecord,
): Promise<LayeredMount | undefined> {
  const owner = await find(record.owner)
  const homeKind = homeKindOf(record.collection.kind)
  const ownHome = owner && (await listHomes(tx, owner.id)).find(({ kind }) => kind === homeKind)
  const collection = ownHome && (await findCollection(tx, ownHome.id, record.collection.name))
  const homeId = homes.get(homeKind)
  if (!collection || homeId === undefined || !(await reaches(tx, collection, principalId))) return undefined
  if (await findMountOn(tx, collection.id, principalId)) return undefined
  if ((await namesInHome(tx, homeId, record.name)).has(record.name)) return undefined
  const { transparent, properties } = record
  const { id, feedId } = await insertMount(tx, {
    ...record,
    collectionId: collection.id,
    principalId,
    homeId,
    view: viewOf(collection.kind, record.access),
    transparent: transparent === null ? null : Number(transparent),
  })
  await setProperties(tx, { kind: 'mount', id }, properties)
  return { principalId, collectionId: collection.id, feedId }
}

async function reaches(tx: Publishing['tx'], { id }: CollectionRow, userId: Staged['id']): Promise<boolean> {
  return (await listReached(tx, [id])).some((one) => one.userId === userId)
}
