import { inList } from './database.ts'
import type { BodyId, CollectionId, ObjectId } from './ids.ts'
import { type BodyRow, fillBody, fillText, readFillings } from './media/body-media.ts'
import { selectList } from './select.ts'
import type { Reader, Store } from './store.ts'
import { uidKey } from './uid-key.ts'

/** What a listing shows of a member: the columns of the covering indexes. */
export interface MemberRow {
  readonly id: ObjectId
  /** Its segment in URLs, as the client chose it. */
  readonly name: string
  readonly etag: string
  /** 'VEVENT', 'VTODO', 'VCARD' … */
  readonly component: string
  /** The media type to serve it with, where it is not the usual one of its kind. */
  readonly mediaType: string | null
  /** Octets of the body. */
  readonly size: number
  readonly modifiedAt: number
  readonly change: number
}

/** A calendar object or a card, without its octets. */
export interface ObjectRow extends MemberRow {
  readonly collectionId: CollectionId
  /** The UID inside; see `uidKey` for a very long one. */
  readonly uid: string | null
  /** The VERSION inside. */
  readonly version: string | null
  readonly scheduleTag: string | null
  readonly bodyId: BodyId
  readonly createdAt: number
}

/** A member with its octets. */
export interface ObjectWithBody extends ObjectRow {
  readonly body: Buffer
}

const memberFields: readonly (keyof MemberRow & string)[] = [
  'id',
  'name',
  'etag',
  'component',
  'mediaType',
  'size',
  'modifiedAt',
  'change',
]
const objectFields: readonly (keyof ObjectRow & string)[] = [
  ...memberFields,
  'collectionId',
  'uid',
  'version',
  'scheduleTag',
  'bodyId',
  'createdAt',
]
/** All columns of a member from `o`. */
export const objectColumns = selectList<ObjectRow>('o', objectFields)
/** Those that the covering indexes have. */
export const memberColumns = selectList<MemberRow>('o', memberFields)

export function findObject(
  reader: Reader,
  collectionId: CollectionId,
  name: string,
): Promise<ObjectRow | undefined> {
  return reader.sql.first<ObjectRow>(
    `SELECT ${objectColumns} FROM objects o WHERE o.collection_id = $1 AND o.name = $2`,
    [collectionId, name],
  )
}

export function findObjectByUid(
  reader: Reader,
  collectionId: CollectionId,
  uid: string,
): Promise<ObjectRow | undefined> {
  return reader.sql.first<ObjectRow>(
    `SELECT ${objectColumns} FROM objects o WHERE o.collection_id = $1 AND o.uid = $2`,
    [collectionId, uidKey(uid)],
  )
}

export function findObjectById(reader: Reader, id: ObjectId): Promise<ObjectRow | undefined> {
  return reader.sql.first<ObjectRow>(`SELECT ${objectColumns} FROM objects o WHERE o.id = $1`, [id])
}

/** The members of these ids, in no order; those that are gone are left out. */
export async function findObjectsByIds({ sql }: Reader, ids: readonly ObjectId[]): Promise<ObjectRow[]> {
  const found: ObjectRow[] = []
  for (const chunk of chunks(ids, 500)) {
    const text = `SELECT ${objectColumns} FROM objects o WHERE ${inList(sql.dialect, 'o.id', '$1', 'bigint')}`
    found.push(...(await sql.all<ObjectRow>(text, [chunk])))
  }
  return found
}

/** The members of these names, in no order; names that nothing has are left out. */
export async function findObjectsByNames(
  { sql }: Reader,
  collectionId: CollectionId,
  names: readonly string[],
): Promise<ObjectRow[]> {
  const found: ObjectRow[] = []
  for (const chunk of chunks(names, 500)) {
    const condition = inList(sql.dialect, 'o.name', '$2', 'text')
    const text = `SELECT ${objectColumns} FROM objects o WHERE o.collection_id = $1 AND ${condition}`
    found.push(...(await sql.all<ObjectRow>(text, [collectionId, chunk])))
  }
  return found
}

/** The members of these UIDs, in no order; UIDs that nothing has are left out. */
export async function findObjectsByUids(
  { sql }: Reader,
  collectionId: CollectionId,
  uids: readonly string[],
): Promise<ObjectRow[]> {
  const found: ObjectRow[] = []
  for (const chunk of chunks(uids, 500)) {
    const condition = inList(sql.dialect, 'o.uid', '$2', 'text')
    const text = `SELECT ${objectColumns} FROM objects o WHERE o.collection_id = $1 AND ${condition}`
    found.push(...(await sql.all<ObjectRow>(text, [collectionId, chunk.map(uidKey)])))
  }
  return found
}

/** The octets of a body, as they were sent. */
export async function readBody(reader: Reader, id: BodyId): Promise<Buffer | undefined> {
  const text = 'SELECT id, bytes, media_bytes AS "mediaBytes" FROM bodies WHERE id = $1'
  const row = await reader.sql.first<BodyRow>(text, [id])
  if (row === undefined || row.mediaBytes === 0) return row?.bytes
  return fillBody(row, (await readFillings(reader, [row])).get(id))
}

/** Several bodies by id; those that are gone are left out. The caller bounds their number and size. */
export async function readBodies(reader: Reader, ids: readonly BodyId[]): Promise<Map<BodyId, Buffer>> {
  const { sql } = reader
  const bodies = new Map<BodyId, Buffer>()
  for (const chunk of chunks(ids, 500)) {
    const text = `SELECT id, bytes, media_bytes AS "mediaBytes" FROM bodies
      WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
    const rows = await sql.all<BodyRow>(text, [chunk])
    const fillings = await readFillings(reader, rows)
    for (const row of rows) {
      const body = fillBody(row, fillings.get(row.id))
      if (body) bodies.set(row.id, body)
    }
  }
  return bodies
}

export interface TextOptions {
  /** False for a reader who does not look at photos and the like: large ones are left out, and need not be read. */
  readonly withMedia?: boolean | undefined
}

/**
 * The same read as UTF-8 text, which on SQLite takes half the time: no buffer is made. Octets that are no UTF-8 come
 * as replacement characters.
 */
export async function readTexts(
  reader: Reader,
  ids: readonly BodyId[],
  { withMedia = true }: TextOptions = {},
): Promise<Map<BodyId, string>> {
  const { sql } = reader
  const texts = new Map<BodyId, string>()
  // Where media belong is counted in octets.
  const condition = withMedia
    ? 'CASE WHEN media_bytes = 0 THEN CAST(bytes AS text) ELSE bytes END'
    : 'CAST(bytes AS text)'
  const column = sql.dialect === 'sqlite' ? condition : 'bytes'
  for (const chunk of chunks(ids, 500)) {
    const text = `SELECT id, ${column} AS content, ${withMedia ? 'media_bytes' : '0'} AS "mediaBytes" FROM bodies
      WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
    const rows = await sql.all<{ id: BodyId; content: string | Buffer; mediaBytes: number }>(text, [chunk])
    const fillings = await readFillings(reader, rows)
    for (const { id, content, mediaBytes } of rows) {
      const whole =
        typeof content === 'string' ? content : fillText({ id, bytes: content, mediaBytes }, fillings.get(id))
      if (whole !== undefined) texts.set(id, whole)
    }
  }
  return texts
}

export async function countObjects(reader: Reader, collectionId: CollectionId): Promise<number> {
  const row = await reader.sql.first<{ count: number }>(
    'SELECT count(*) AS count FROM objects WHERE collection_id = $1',
    [collectionId],
  )
  return row?.count ?? 0
}

export interface ListOptions {
  /** Rows of a page at most. */
  readonly pageSize?: number | undefined
}

/**
 * The members of a collection in pages, by id, from the covering index. Each page is its own short read: what is
 * written meanwhile may show or not, and has a change number above the one read before the first page.
 */
export function listMembers(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  options: ListOptions = {},
): AsyncGenerator<readonly MemberRow[]> {
  return listRows<MemberRow>(store, collectionId, memberColumns, options)
}

/** The same with every column. */
export function listObjects(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  options: ListOptions = {},
): AsyncGenerator<readonly ObjectRow[]> {
  return listRows<ObjectRow>(store, collectionId, objectColumns, options)
}

/** These members of a collection in pages, in the order given; those that are gone meanwhile are left out. */
export async function* listObjectsByIds(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  ids: readonly ObjectId[],
  { pageSize = 500 }: ListOptions = {},
): AsyncGenerator<readonly ObjectRow[]> {
  for (const chunk of chunks(ids, pageSize)) {
    const found = await store.read((reader) => findObjectsByIds(reader, chunk))
    const byId = new Map(found.map((row) => [row.id, row]))
    const page = chunk.flatMap((id) => byId.get(id) ?? []).filter((row) => row.collectionId === collectionId)
    if (page.length > 0) yield page
  }
}

/** The same with the octets; a page holds some megabytes of them at most, and one member at least. */
export async function* listObjectsWithBodies(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  options: ListOptions = {},
): AsyncGenerator<readonly ObjectWithBody[]> {
  for await (const page of listObjects(store, collectionId, options)) {
    for (const part of bySize(page)) {
      const complete = await store.read((reader) => withBodies(reader, part))
      if (complete.length > 0) yield complete
    }
  }
}

/** Adds the octets; members whose body is gone, being deleted or replaced since, are left out. */
export async function withBodies<Row extends ObjectRow>(
  reader: Reader,
  rows: readonly Row[],
): Promise<(Row & { readonly body: Buffer })[]> {
  const bodies = await readBodies(
    reader,
    rows.map((row) => row.bodyId),
  )
  return rows.flatMap((row) => {
    const body = bodies.get(row.bodyId)
    return body === undefined ? [] : [{ ...row, body }]
  })
}

const pageBytes = 4 * 1024 * 1024

/** Cuts a page where its bodies would be too much at once. */
export function* bySize<Row extends { readonly size: number }>(
  rows: readonly Row[],
): Generator<readonly Row[]> {
  let part: Row[] = []
  let bytes = 0
  for (const row of rows) {
    if (part.length > 0 && bytes + row.size > pageBytes) {
      yield part
      part = []
      bytes = 0
    }
    part.push(row)
    bytes += row.size
  }
  if (part.length > 0) yield part
}

async function* listRows<Row extends MemberRow>(
  store: Pick<Store, 'read'>,
  collectionId: CollectionId,
  columns: string,
  { pageSize = 500 }: ListOptions,
): AsyncGenerator<readonly Row[]> {
  const text = `SELECT ${columns} FROM objects o WHERE o.collection_id = $1 AND o.id > $2 ORDER BY o.id LIMIT $3`
  for (let after = 0; ; ) {
    const page = await store.read(({ sql }) => sql.all<Row>(text, [collectionId, after, pageSize]))
    if (page.length > 0) yield page
    const last = page[page.length - 1]
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

function* chunks<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size)
}

/** Those of a component in a collection whose bodies have some ASCII text in them, by id. */
export function objectsContaining(
  { sql }: Reader,
  collectionId: CollectionId,
  { component, text, limit }: { readonly component: string; readonly text: string; readonly limit: number },
): Promise<ObjectRow[]> {
  const has =
    sql.dialect === 'sqlite'
      ? 'instr(b.bytes, CAST($3 AS blob)) > 0'
      : "position(convert_to($3, 'UTF8') IN b.bytes) > 0"
  return sql.all<ObjectRow>(
    `SELECT ${objectColumns} FROM objects o JOIN bodies b ON b.id = o.body_id
     WHERE o.collection_id = $1 AND o.component = $2 AND ${has} ORDER BY o.id LIMIT $4`,
    [collectionId, component, text, limit],
  )
}
