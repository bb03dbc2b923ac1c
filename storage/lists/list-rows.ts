import { inList } from '../database.ts'
import type { CollectionId, FeedId, ObjectId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What is derived from a card that says something of lists of people. Whoever gives the octets derives it. */
export interface ListIndex {
  readonly kind: 'person' | 'group'
  /** Of a group card: the name of the list. */
  readonly name: string | null
  /** Entity tag and octets of the card without its CATEGORIES; those of the card itself for a group. */
  readonly bareEtag: string
  readonly bareSize: number
  /** The lists that a person is in, by name. */
  readonly labels: readonly string[]
  /** Keys of the members of a group. */
  readonly members: readonly string[]
}

/** A card that has, or had, CATEGORIES, or is a group, as those see it that know lists as cards. */
export interface ListFace {
  readonly objectId: ObjectId
  readonly kind: 'person' | 'group'
  readonly name: string | null
  readonly bareEtag: string
  readonly bareSize: number
  /** The number in the feed at which it last changed without its CATEGORIES. */
  readonly bareChange: number
  /** 0: by a client; 1: by the server out of CATEGORIES, and no client has written it since; 2: one has. */
  readonly made: number
  /** The number at which it became a group, so that it was gone for those who see none; 0 if it never was anything else. */
  readonly groupSince: number | null
}

const fields: readonly (keyof ListFace & string)[] = [
  'objectId',
  'kind',
  'name',
  'bareEtag',
  'bareSize',
  'bareChange',
  'made',
  'groupSince',
]
/** All columns of a face from `f`. */
const faceColumns = selectList<ListFace>('f', fields)

/** The faces among these objects, by id. */
export async function findFaces(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, ListFace>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<ListFace>(
    `SELECT ${faceColumns} FROM list_faces f WHERE ${inList(sql.dialect, 'f.object_id', '$1', 'bigint')}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.objectId, row]))
}

export function findFace({ sql }: Reader, id: ObjectId): Promise<ListFace | undefined> {
  return sql.first<ListFace>(`SELECT ${faceColumns} FROM list_faces f WHERE f.object_id = $1`, [id])
}

/** The collection that a member's rows are of. */
export interface ListPlace {
  readonly id: CollectionId
  readonly feedId: FeedId
  /** As it was read in this write; undefined where that is not known. */
  readonly listsSince?: number | null | undefined
}

/** A state of a member that was just stored. */
export interface ListedState {
  readonly id: ObjectId
  readonly etag: string
  readonly size: number
  readonly change: number
  /** The state before it. */
  readonly existing: { readonly etag: string; readonly change: number } | undefined
  /** Whether the server wrote it by a rule of its own. */
  readonly byRule: boolean
  /** Of a new one, where it is known from elsewhere: see `ListFace`. */
  readonly made?: number | undefined
  /** Whether somebody else's name has become its own. */
  readonly tookName: boolean
}

/** Writes the rows of a new state; only the write path does. Of a card that has never had to do with lists there are none. */
export async function writeLists(
  tx: Writer,
  place: ListPlace,
  state: ListedState,
  index: ListIndex | undefined,
): Promise<void> {
  const { existing } = state
  const prior = existing && place.listsSince !== null ? await findFace(tx, state.id) : undefined
  if (index === undefined && prior === undefined) return
  if (place.listsSince === null || place.listsSince === undefined)
    await markLists(tx, place.feedId, state.change)
  await putFace(tx, place.id, faceOf(state, prior, index))
  await replaceKeys(tx, labelTable, place.id, state.id, { isKnown: prior !== undefined }, index?.labels ?? [])
  await replaceKeys(
    tx,
    memberTable,
    place.id,
    state.id,
    { isKnown: prior !== undefined },
    index?.members ?? [],
  )
}

/**
 * Writes the rows of a member anew, as they are derived: what its history alone knows stays. The feeds of members that had none
 * take no token from before.
 */
export async function rewriteLists(
  tx: Writer,
  place: ListPlace,
  object: { readonly id: ObjectId; readonly etag: string; readonly size: number; readonly change: number },
  index: ListIndex | undefined,
): Promise<void> {
  const prior = await findFace(tx, object.id)
  if (index === undefined && prior === undefined) return
  if (prior === undefined) await markLists(tx, place.feedId, 0)
  const isGroup = index?.kind === 'group'
  await putFace(tx, place.id, {
    objectId: object.id,
    kind: index?.kind ?? 'person',
    name: index?.name ?? null,
    bareEtag: index?.bareEtag ?? object.etag,
    bareSize: index?.bareSize ?? object.size,
    bareChange: prior?.bareChange ?? object.change,
    made: prior?.made ?? 0,
    groupSince: isGroup ? (prior?.groupSince ?? 0) : null,
  })
  await replaceKeys(tx, labelTable, place.id, object.id, { isKnown: true }, index?.labels ?? [])
  await replaceKeys(tx, memberTable, place.id, object.id, { isKnown: true }, index?.members ?? [])
}

/** The rows move with their member, which is new where it comes to. */
export async function moveLists(
  tx: Writer,
  from: ListPlace,
  to: ListPlace,
  { id, change, tookName }: Pick<ListedState, 'id' | 'change' | 'tookName'>,
): Promise<void> {
  if (from.listsSince === null) return
  const moved = await tx.sql.run(
    `UPDATE list_faces SET collection_id = $2, bare_change = $3,
       group_since = CASE WHEN kind = 'group' THEN CAST($4 AS bigint) END WHERE object_id = $1`,
    [id, to.id, change, tookName ? change : 0],
  )
  if (moved === 0 || from.id === to.id) return
  for (const { name } of [labelTable, memberTable])
    await tx.sql.run(`UPDATE ${name} SET collection_id = $2 WHERE object_id = $1`, [id, to.id])
  if (to.listsSince === null || to.listsSince === undefined) await markLists(tx, to.feedId, change)
}

/** From the first list on there are several ways to see a collection. */
async function markLists(tx: Writer, feedId: FeedId, change: number): Promise<void> {
  await tx.sql.run('UPDATE feeds SET lists_since = $2 WHERE id = $1 AND lists_since IS NULL', [
    feedId,
    change,
  ])
}

function faceOf(
  { id, etag, size, change, existing, byRule, made, tookName }: ListedState,
  prior: ListFace | undefined,
  index: ListIndex | undefined,
): ListFace {
  const isGroup = index?.kind === 'group'
  const bareEtag = index?.bareEtag ?? etag
  const isSame = existing !== undefined && bareEtag === (prior?.bareEtag ?? existing.etag)
  const born = existing === undefined && !tookName ? 0 : change
  return {
    objectId: id,
    kind: index?.kind ?? 'person',
    name: index?.name ?? null,
    bareEtag,
    bareSize: index?.bareSize ?? size,
    bareChange: isSame ? (prior?.bareChange ?? existing.change) : change,
    made: (existing ? undefined : made) ?? madeBy(prior, existing === undefined, byRule),
    groupSince: isGroup ? (prior?.groupSince ?? born) : null,
  }
}

function madeBy(prior: ListFace | undefined, isNew: boolean, byRule: boolean): number {
  if (isNew) return byRule ? 1 : 0
  if (prior === undefined || prior.made === 0) return 0
  return byRule ? prior.made : 2
}

async function putFace(tx: Writer, collectionId: CollectionId, face: ListFace): Promise<void> {
  await tx.sql.run(
    `INSERT INTO list_faces (object_id, collection_id, kind, name, bare_etag, bare_size, bare_change, made, group_since)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (object_id) DO UPDATE SET collection_id = excluded.collection_id, kind = excluded.kind,
       name = excluded.name, bare_etag = excluded.bare_etag, bare_size = excluded.bare_size,
       bare_change = excluded.bare_change, made = excluded.made, group_since = excluded.group_since`,
    [
      face.objectId,
      collectionId,
      face.kind,
      face.name,
      face.bareEtag,
      face.bareSize,
      face.bareChange,
      face.made,
      face.groupSince,
    ],
  )
}

const labelTable = { name: 'card_labels', column: 'label' } as const
const memberTable = { name: 'list_members', column: 'uid_key' } as const

/** Only what differs is written: a list of thousands is not written anew for one more. */
async function replaceKeys(
  tx: Writer,
  { name, column }: typeof labelTable | typeof memberTable,
  collectionId: CollectionId,
  id: ObjectId,
  { isKnown }: { readonly isKnown: boolean },
  keys: readonly string[],
): Promise<void> {
  const { sql } = tx
  const text = `SELECT ${column} AS key FROM ${name} WHERE object_id = $1`
  const before = new Set(isKnown ? (await sql.all<{ key: string }>(text, [id])).map(({ key }) => key) : [])
  const added = keys.filter((key) => !before.delete(key))
  if (before.size > 0) {
    const gone = inList(sql.dialect, column, '$2', 'text')
    await sql.run(`DELETE FROM ${name} WHERE object_id = $1 AND ${gone}`, [id, [...before]])
  }
  const rows = added.map((key) => [id, key, collectionId])
  await insertRows(tx, name, ['object_id', column, 'collection_id'], rows)
}
