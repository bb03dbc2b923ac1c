import { type HomeKind, type HomeRow, homeColumns, homeFields } from './homes.ts'
import type { CollectionId, FeedId, HomeId, PrincipalId } from './ids.ts'
import { type PrincipalRow, principalFields } from './principals.ts'
import { rowTaker, selectList } from './select.ts'
import type { Reader } from './store.ts'

export type CollectionKind = 'calendar' | 'addressbook'

/** What the server makes a collection from. */
export type GeneratedKind = 'birthdays' | 'directory' | 'virtual' | 'masked'

/** A calendar or an address book with the state of its feed. */
export interface CollectionRow {
  readonly id: CollectionId
  readonly homeId: HomeId
  readonly principalId: PrincipalId
  readonly kind: CollectionKind
  /** Its segment in URLs. */
  readonly name: string
  readonly feedId: FeedId
  /** The number in the home's feed at which it came or its properties changed. */
  readonly homeChange: number
  /** Stays when the collection moves. @see RFC 5842 §3.1 */
  readonly resourceId: string
  readonly displayname: string | null
  readonly description: string | null
  readonly color: string | null
  readonly sortOrder: number | null
  /** 'VEVENT,VTODO'; null for an address book, or a calendar that takes every component. */
  readonly components: string | null
  /** A VTIMEZONE, in its VCALENDAR. */
  readonly timezone: string | null
  readonly timezoneId: string | null
  /** 1 when its events leave the owner free. @see RFC 6638 §9.1 */
  readonly transparent: number
  /** Where its members are fetched from: a calendar that has a source is written by the server only. */
  readonly source: string | null
  /** 1 when it was made with the resource type CS:subscribed, which Apple's clients look for. */
  readonly subscribed: number
  /** How often to fetch, as the client wrote it: a DURATION. */
  readonly refreshRate: string | null
  /** 1 when what is fetched is kept without its alarms, attachments, tasks. */
  readonly stripAlarms: number
  readonly stripAttachments: number
  readonly stripTodos: number
  /** What it is made from by the server, which alone writes into it. */
  readonly generated: GeneratedKind | null
  readonly isDefault: number
  readonly createdAt: number
  readonly changedAt: number
  /** The present change number of its feed: the ctag. */
  readonly feedChange: number
  /** Tokens below this number are invalid. */
  readonly feedFloor: number
  /** The change number with which lists of people came into it; null while it has had none, and for calendars. */
  readonly listsSince: number | null
  /** 1 when it is shared with anybody. */
  readonly isShared: number
}

/** What a client can set on a collection; null takes a property away. */
export type CollectionPatch = Partial<
  Pick<
    CollectionRow,
    | 'displayname'
    | 'description'
    | 'color'
    | 'sortOrder'
    | 'components'
    | 'timezone'
    | 'timezoneId'
    | 'transparent'
    | 'source'
    | 'subscribed'
    | 'refreshRate'
    | 'stripAlarms'
    | 'stripAttachments'
    | 'stripTodos'
  >
>

/** What a client may say of one. */
export const patchable = [
  ...(['displayname', 'description', 'color', 'sortOrder', 'components', 'timezone', 'timezoneId'] as const),
  ...(['transparent', 'source', 'subscribed', 'refreshRate'] as const),
  ...(['stripAlarms', 'stripAttachments', 'stripTodos'] as const),
] as const satisfies readonly (keyof CollectionRow)[]

const own: readonly (keyof CollectionRow & string)[] = [
  ...(['id', 'homeId', 'principalId', 'kind', 'name', 'feedId', 'homeChange', 'resourceId'] as const),
  ...patchable,
  ...(['generated', 'isDefault', 'createdAt', 'changedAt'] as const),
]
export const collectionFields: readonly (keyof CollectionRow & string)[] = [
  ...own,
  'feedChange',
  'feedFloor',
  'listsSince',
  'isShared',
]

/** Whether the server makes it from something else: it is no data of its own, and can be made again. */
export function isGenerated({ generated }: Pick<CollectionRow, 'generated'>): boolean {
  return generated !== null
}

/** Whether nobody but the server writes into it: what it holds comes from somewhere else. */
export function isServerOnly({ source, generated }: Pick<CollectionRow, 'source' | 'generated'>): boolean {
  return source !== null || generated !== null
}

/** A collection's columns from `c`, and its feed's from `f`. */
export function collectionColumns(prefix = ''): string {
  return `${selectList<CollectionRow>('c', own, prefix)}, f.change AS "${prefix}feedChange", f.floor AS "${prefix}feedFloor",
    f.lists_since AS "${prefix}listsSince", CASE WHEN EXISTS (SELECT 1 FROM shares s WHERE s.collection_id = c.id) THEN 1 ELSE 0 END AS "${prefix}isShared"`
}

const fromCollections = `SELECT ${collectionColumns()} FROM collections c JOIN feeds f ON f.id = c.feed_id`

export function findCollection(
  reader: Reader,
  homeId: HomeId,
  name: string,
): Promise<CollectionRow | undefined> {
  return reader.sql.first<CollectionRow>(
    `${fromCollections} WHERE c.home_id = $1 AND c.name = $2 AND c.deleted_at IS NULL`,
    [homeId, name],
  )
}

export function findCollectionById(reader: Reader, id: CollectionId): Promise<CollectionRow | undefined> {
  return reader.sql.first<CollectionRow>(`${fromCollections} WHERE c.id = $1 AND c.deleted_at IS NULL`, [id])
}

/** What a path into a home leads to, as one statement saw it. */
export interface Tree {
  readonly principal: PrincipalRow
  readonly home: HomeRow
  /** Undefined when none was asked for, or none has that name. */
  readonly collection: CollectionRow | undefined
  readonly epoch: string
}

const principalColumns = selectList<PrincipalRow>('p', principalFields, 'p_')
const fromHome = 'FROM homes h JOIN feeds hf ON hf.id = h.feed_id'
const withPrincipal = 'JOIN principals p ON p.id = h.principal_id'
const withCollection = `LEFT JOIN collections c ON c.home_id = h.id AND c.name = $3 AND c.deleted_at IS NULL
  LEFT JOIN feeds f ON f.id = c.feed_id`
const homeAndEpoch = `${homeColumns('h_')}, (SELECT value FROM meta WHERE key = 'epoch') AS epoch`
const homeAndCollection = `${homeAndEpoch}, ${collectionColumns('c_')}`
const ofSegment = 'WHERE p.segment = $1 AND h.kind = $2 AND p.removed_at IS NULL'
const ofPrincipal = 'WHERE h.principal_id = $1 AND h.kind = $2'

const homeTree = `SELECT ${principalColumns}, ${homeAndEpoch} ${fromHome} ${withPrincipal} ${ofSegment}`
const collectionTree = `SELECT ${principalColumns}, ${homeAndCollection} ${fromHome} ${withPrincipal} ${withCollection} ${ofSegment}`
const knownHomeTree = `SELECT ${homeAndEpoch} ${fromHome} ${ofPrincipal}`
const knownCollectionTree = `SELECT ${homeAndCollection} ${fromHome} ${withCollection} ${ofPrincipal}`

const takePrincipal = rowTaker<PrincipalRow>(principalFields, 'p_')
const takeHome = rowTaker<HomeRow>([...homeFields, 'feedChange', 'feedFloor'], 'h_')
const takeCollection = rowTaker<CollectionRow>(collectionFields, 'c_')

/**
 * Finds account, home and collection in one query, with the numbers of their feeds and the epoch.
 * @param owner  the segment of the account, or the account itself, which then is not read again
 */
export async function findTree(
  { sql }: Reader,
  owner: string | PrincipalRow,
  homeKind: HomeKind,
  collectionName?: string,
): Promise<Tree | undefined> {
  const known = typeof owner === 'string' ? undefined : owner
  const [ofHome, ofCollection] = known ? [knownHomeTree, knownCollectionTree] : [homeTree, collectionTree]
  const key = known ? known.id : owner
  const row = await (collectionName === undefined
    ? sql.first<Record<string, unknown>>(ofHome, [key, homeKind])
    : sql.first<Record<string, unknown>>(ofCollection, [key, homeKind, collectionName]))
  if (row === undefined) return undefined
  const hasCollection = row.c_id !== undefined && row.c_id !== null
  return {
    principal: known ?? takePrincipal(row),
    home: takeHome(row),
    collection: hasCollection ? takeCollection(row) : undefined,
    epoch: String(row.epoch),
  }
}

/** The collections of a home: the default first, then as they were made. */
export function listCollections(
  reader: Reader,
  homeId: HomeId,
  options: { readonly kind?: CollectionKind | undefined } = {},
): Promise<CollectionRow[]> {
  const ofKind = options.kind === undefined ? '' : ' AND c.kind = $2'
  return reader.sql.all<CollectionRow>(
    `${fromCollections} WHERE c.home_id = $1 AND c.deleted_at IS NULL${ofKind} ORDER BY c.is_default DESC, c.id`,
    options.kind === undefined ? [homeId] : [homeId, options.kind],
  )
}

/** Whether something in a home has this name, be it mounted there. */
export async function isNameTaken({ sql }: Reader, homeId: HomeId, name: string): Promise<boolean> {
  const row = await sql.first(
    `SELECT 1 AS taken FROM collections WHERE home_id = $1 AND name = $2 AND deleted_at IS NULL
     UNION ALL SELECT 1 FROM mounts m JOIN collections c ON c.id = m.collection_id AND c.deleted_at IS NULL
       WHERE m.home_id = $1 AND m.name = $2 AND m.state = 'accepted'`,
    [homeId, name],
  )
  return row !== undefined
}

export async function countCollections(reader: Reader, homeId: HomeId): Promise<number> {
  const row = await reader.sql.first<{ count: number }>(
    'SELECT count(*) AS count FROM collections WHERE home_id = $1 AND deleted_at IS NULL',
    [homeId],
  )
  return row?.count ?? 0
}

/** A name in a home under which nothing lives any more. */
export interface CollectionTombstoneRow {
  readonly name: string
  readonly collectionId: CollectionId
  readonly change: number
  readonly at: number
}

/** Collections deleted or moved away after `change`; oldest change first. */
export function deletedCollectionsSince(
  reader: Reader,
  homeId: HomeId,
  change: number,
): Promise<CollectionTombstoneRow[]> {
  return reader.sql.all<CollectionTombstoneRow>(
    `SELECT name, collection_id AS "collectionId", change, at FROM collection_tombstones
     WHERE home_id = $1 AND change > $2 ORDER BY change`,
    [homeId, change],
  )
}

/** A collection in the trash, with all that it held. */
export interface DeletedCollectionRow extends CollectionRow {
  readonly deletedAt: number
}

/** The deleted collections of an account, the latest first; a job purges them after a while. What was made from something else is no loss. */
export function listDeletedCollections(
  reader: Reader,
  principalId: PrincipalId,
): Promise<DeletedCollectionRow[]> {
  return reader.sql.all<DeletedCollectionRow>(
    `SELECT ${collectionColumns()}, c.deleted_at AS "deletedAt" FROM collections c JOIN feeds f ON f.id = c.feed_id
     WHERE c.principal_id = $1 AND c.deleted_at IS NOT NULL AND c.generated IS NULL ORDER BY c.id DESC`,
    [principalId],
  )
}
