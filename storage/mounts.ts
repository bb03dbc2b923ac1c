import { type CollectionRow, collectionColumns, collectionFields } from './collections.ts'
import type { CollectionId, FeedId, HomeId, MountId, PrincipalId } from './ids.ts'
import { type PrincipalRow, principalFields } from './principals.ts'
import { rowTaker, selectList } from './select.ts'
import type { ShareAccess } from './shares.ts'
import type { Reader } from './store.ts'

/** How a sharee sees a collection: `personal` with alarms of his own, `busy` as blocks of time and nothing else. */
export type MountView = 'whole' | 'personal' | 'busy'
/** Beside these a row may be `withdrawn`: nobody but {@link findWithdrawn} finds that. */
export type MountState = 'invited' | 'accepted' | 'declined'

/** A place for a shared collection in the home of one who may see it, with what he calls it. */
export interface MountRow {
  readonly id: MountId
  readonly collectionId: CollectionId
  /** The sharee. */
  readonly principalId: PrincipalId
  readonly homeId: HomeId
  /** Its segment in URLs. */
  readonly name: string
  readonly state: MountState
  readonly view: MountView
  /** The strongest of the shares that reach the sharee. */
  readonly access: ShareAccess
  /** Of the view: a new one when what may be seen changes, so that everything is synced afresh. */
  readonly feedId: FeedId
  /** The number in the home's feed at which it came or its properties changed. */
  readonly homeChange: number
  readonly inviteUid: string
  readonly displayname: string | null
  readonly description: string | null
  readonly color: string | null
  readonly sortOrder: number | null
  readonly timezone: string | null
  readonly timezoneId: string | null
  readonly transparent: number | null
  readonly createdAt: number
  readonly changedAt: number
  /** The present change number of the view's feed: of the sharee's own alarms. */
  readonly feedChange: number
}

const own: readonly (keyof MountRow & string)[] = [
  'id',
  'collectionId',
  'principalId',
  'homeId',
  'name',
  'state',
  'view',
  'access',
  'feedId',
  'homeChange',
  'inviteUid',
  'displayname',
  'description',
  'color',
  'sortOrder',
  'timezone',
  'timezoneId',
  'transparent',
  'createdAt',
  'changedAt',
]
const mountFields: readonly (keyof MountRow & string)[] = [...own, 'feedChange']

/** A mount with what is mounted. */
export interface Mounted {
  readonly mount: MountRow
  readonly collection: CollectionRow
  readonly owner: PrincipalRow
}

const mountsThat = (
  condition: string,
): string => `SELECT ${selectList<MountRow>('m', own, 'm_')}, mf.change AS "m_feedChange",
    ${collectionColumns('c_')}, ${selectList<PrincipalRow>('o', principalFields, 'o_')}
  FROM mounts m
  JOIN feeds mf ON mf.id = m.feed_id AND ${condition}
  JOIN collections c ON c.id = m.collection_id AND c.deleted_at IS NULL
  JOIN feeds f ON f.id = c.feed_id
  JOIN principals o ON o.id = c.principal_id`
const fromMounts = mountsThat("m.state <> 'withdrawn'")

const takeMount = rowTaker<MountRow>(mountFields, 'm_')
const takeCollection = rowTaker<CollectionRow>(collectionFields, 'c_')
const takeOwner = rowTaker<PrincipalRow>(principalFields, 'o_')

function mountedOf(row: Record<string, unknown>): Mounted {
  return { mount: takeMount(row), collection: takeCollection(row), owner: takeOwner(row) }
}

/** The accepted mount of this name in a home. */
export async function findMount(reader: Reader, homeId: HomeId, name: string): Promise<Mounted | undefined> {
  const row = await reader.sql.first<Record<string, unknown>>(
    `${fromMounts} WHERE m.home_id = $1 AND m.name = $2 AND m.state = 'accepted'`,
    [homeId, name],
  )
  return row && mountedOf(row)
}

/** What is mounted in a home, as it came. */
export async function listMounts(reader: Reader, homeId: HomeId): Promise<Mounted[]> {
  const rows = await reader.sql.all<Record<string, unknown>>(
    `${fromMounts} WHERE m.home_id = $1 AND m.state = 'accepted' ORDER BY m.id`,
    [homeId],
  )
  return rows.map(mountedOf)
}

/** Every mount of a sharee, invitations and declined ones too. */
export async function listMountsOf(reader: Reader, principalId: PrincipalId): Promise<Mounted[]> {
  const rows = await reader.sql.all<Record<string, unknown>>(
    `${fromMounts} WHERE m.principal_id = $1 ORDER BY m.id`,
    [principalId],
  )
  return rows.map(mountedOf)
}

/** Every mount of a collection, invitations and declined ones too. */
export async function listMountsOn(reader: Reader, collectionId: CollectionId): Promise<Mounted[]> {
  const rows = await reader.sql.all<Record<string, unknown>>(
    `${fromMounts} WHERE m.collection_id = $1 ORDER BY m.id`,
    [collectionId],
  )
  return rows.map(mountedOf)
}

/** The mount of a collection for a sharee, in whatever state. */
export async function findMountOn(
  reader: Reader,
  collectionId: CollectionId,
  principalId: PrincipalId,
): Promise<Mounted | undefined> {
  const row = await reader.sql.first<Record<string, unknown>>(
    `${fromMounts} WHERE m.collection_id = $1 AND m.principal_id = $2`,
    [collectionId, principalId],
  )
  return row && mountedOf(row)
}

/** What a sharee had of a collection until it was shared with him no more: see `withdrawMount`. */
export async function findWithdrawn(
  reader: Reader,
  collectionId: CollectionId,
  principalId: PrincipalId,
): Promise<MountRow | undefined> {
  const row = await reader.sql.first<Record<string, unknown>>(
    `${mountsThat("m.state = 'withdrawn'")} WHERE m.collection_id = $1 AND m.principal_id = $2`,
    [collectionId, principalId],
  )
  return row && takeMount(row)
}

/** How many mounts a home has, invitations too; not what was declined. */
export async function countMounts(reader: Reader, homeId: HomeId): Promise<number> {
  const row = await reader.sql.first<{ count: number }>(
    "SELECT count(*) AS count FROM mounts WHERE home_id = $1 AND state NOT IN ('declined', 'withdrawn')",
    [homeId],
  )
  return row?.count ?? 0
}

/** The names that collections and mounts of a home have, and begin like this. */
export async function namesInHome(reader: Reader, homeId: HomeId, start: string): Promise<Set<string>> {
  const rows = await reader.sql.all<{ name: string }>(
    `SELECT name FROM collections WHERE home_id = $1 AND deleted_at IS NULL AND substr(name, 1, $3) = $2
     UNION ALL SELECT name FROM mounts WHERE home_id = $1 AND substr(name, 1, $3) = $2`,
    [homeId, start, start.length],
  )
  return new Set(rows.map(({ name }) => name))
}

/** What a sharee was invited to, by the uid of the invitation. */
export async function findMountByInvite(
  reader: Reader,
  principalId: PrincipalId,
  inviteUid: string,
): Promise<Mounted | undefined> {
  const row = await reader.sql.first<Record<string, unknown>>(
    `${fromMounts} WHERE m.principal_id = $1 AND m.invite_uid = $2`,
    [principalId, inviteUid],
  )
  return row && mountedOf(row)
}
