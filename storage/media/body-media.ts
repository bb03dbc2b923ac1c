import { inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { BodyId, MediaId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import type { Reader, Writer } from '../store.ts'
import { foldBase64 } from './folding.ts'
import type { BodyParts, TakenMedia } from './parts.ts'

/** Stores a body: whole, or without its media, which are kept beside it. */
export async function addBody(tx: Writer, body: Uint8Array, parts: BodyParts | undefined): Promise<BodyId> {
  const { rest, media } = parts ?? { rest: body, media: [] }
  const mediaBytes = media.reduce((sum, { textBytes }) => sum + textBytes, 0)
  const text = 'INSERT INTO bodies (bytes, media_bytes) VALUES ($1, $2) RETURNING id'
  const row = await tx.sql.first<{ id: BodyId }>(text, [rest, mediaBytes])
  if (row === undefined) throw new Error('The body was not stored.')
  if (media.length === 0) return row.id
  const ids = await keepMedia(tx, media)
  const rows = media.map(({ hash, position, textBytes, folding }) => {
    const { firstWidth, nextWidth, fold } = folding
    return [row.id, position, ids.get(hash), textBytes, firstWidth, nextWidth, fold]
  })
  await insertRows(tx, 'body_media', columns, rows)
  return row.id
}

/** A body of its own with the same octets, and the same media. */
export async function copyBody({ sql }: Writer, id: BodyId): Promise<BodyId> {
  const row = await sql.first<{ id: BodyId }>(
    'INSERT INTO bodies (bytes, media_bytes) SELECT bytes, media_bytes FROM bodies WHERE id = $1 RETURNING id',
    [id],
  )
  if (row === undefined) throw new Error('The body is gone.')
  const others = columns.slice(1).join(', ')
  await sql.run(
    `INSERT INTO body_media (body_id, ${others})
     SELECT CAST($2 AS bigint), ${others} FROM body_media WHERE body_id = $1`,
    [id, row.id],
  )
  return row.id
}

/** A body as it lies in its table. */
export interface BodyRow {
  readonly id: BodyId
  readonly bytes: Buffer
  /** Octets of the text that its media stand for; 0 for a whole body. */
  readonly mediaBytes: number
}

/** What fills a body up, in order: octets of the body up to a position, and the text that follows there. */
export interface Filling {
  readonly position: number
  readonly text: string
}

/**
 * What belongs into bodies of which media were taken out, by body. Those that were purged meanwhile are left out. The caller
 * bounds how many bodies, and how large they are in all.
 */
export async function readFillings(
  reader: Reader,
  bodies: readonly Pick<BodyRow, 'id' | 'mediaBytes'>[],
): Promise<ReadonlyMap<BodyId, readonly Filling[]>> {
  const parted = bodies.filter(({ mediaBytes }) => mediaBytes > 0)
  const fillings = new Map<BodyId, Filling[]>()
  if (parted.length === 0) return fillings
  const places = await mediaPlaces(
    reader,
    parted.map(({ id }) => id),
  )
  const octets = await readMedia(reader, [...new Set(places.map(({ mediaId }) => mediaId))])
  for (const { bodyId, mediaId, position, textBytes: _, ...folding } of places) {
    const bytes = octets.get(mediaId)
    if (bytes === undefined) continue
    const filling = { position, text: foldBase64(bytes, folding) }
    const known = fillings.get(bodyId)
    if (known) known.push(filling)
    else fillings.set(bodyId, [filling])
  }
  for (const { id, mediaBytes } of parted) {
    const length = fillings.get(id)?.reduce((sum, { text }) => sum + text.length, 0)
    if (length !== mediaBytes) fillings.delete(id)
  }
  return fillings
}

/** The octets that were stored; undefined where a part of them is gone. */
export function fillBody(
  { bytes, mediaBytes }: BodyRow,
  fillings: readonly Filling[] | undefined,
): Buffer | undefined {
  if (mediaBytes === 0) return bytes
  if (fillings === undefined) return undefined
  const filled = Buffer.allocUnsafe(bytes.length + mediaBytes)
  let from = 0
  let at = 0
  for (const { position, text } of fillings) {
    at += bytes.copy(filled, at, from, position)
    at += filled.write(text, at, 'latin1')
    from = position
  }
  bytes.copy(filled, at, from)
  return filled
}

/** The same as UTF-8 text, without making octets of the media. */
export function fillText(
  { bytes, mediaBytes }: BodyRow,
  fillings: readonly Filling[] | undefined,
): string | undefined {
  if (mediaBytes === 0) return bytes.toString('utf8')
  if (fillings === undefined) return undefined
  let filled = ''
  let at = 0
  for (const { position, text } of fillings) {
    filled += bytes.toString('utf8', at, position) + text
    at = position
  }
  return filled + bytes.toString('utf8', at)
}

/** Media of bodies that are about to go: `dropMedia` then takes those that nothing else has. */
export async function mediaOf({ sql }: Reader, bodies: readonly BodyId[]): Promise<MediaId[]> {
  const text = `SELECT DISTINCT media_id AS id FROM body_media WHERE ${inList(sql.dialect, 'body_id', '$1', 'bigint')}`
  return (await sql.all<{ id: MediaId }>(text, [bodies])).map(({ id }) => id)
}

/** Takes away those of these media that no body has now, with their scaled copies. */
export async function dropMedia({ sql }: Writer, ids: readonly MediaId[]): Promise<void> {
  if (ids.length === 0) return
  const chosen = inList(sql.dialect, 'id', '$1', 'bigint')
  // Locked first: whoever puts one of them into a body meanwhile is seen by the statement after this one, or waits.
  if (sql.dialect === 'postgres')
    await sql.all(`SELECT 1 FROM media WHERE ${chosen} ORDER BY hash FOR UPDATE`, [ids])
  const gone = await sql.all<{ hash: string }>(
    `DELETE FROM media WHERE ${chosen} AND NOT EXISTS (SELECT 1 FROM body_media b WHERE b.media_id = media.id)
     RETURNING hash`,
    [ids],
  )
  if (gone.length === 0) return
  const hashes = gone.map(({ hash }) => hash)
  await sql.run(`DELETE FROM scaled_media WHERE ${inList(sql.dialect, 'hash', '$1', 'text')}`, [hashes])
}

const columns = ['body_id', 'position', 'media_id', 'text_bytes', 'first_width', 'next_width', 'fold']

/** In the order of the hashes, so that two writes do not wait for each other. */
async function keepMedia(tx: Writer, media: readonly TakenMedia[]): Promise<ReadonlyMap<string, MediaId>> {
  const byHash = new Map(media.map(({ hash, bytes }) => [hash, bytes]))
  const ids = new Map<string, MediaId>()
  for (const [hash, bytes] of [...byHash].sort(([one], [other]) => (one < other ? -1 : 1)))
    ids.set(hash, await keepOnce(tx, hash, bytes))
  return ids
}

/** What is there already is not sent to the database again. On PostgreSQL it is held until the write ends. */
async function keepOnce({ sql }: Writer, hash: string, bytes: Buffer): Promise<MediaId> {
  const hold = sql.dialect === 'postgres' ? ' FOR KEY SHARE' : ''
  const find = `SELECT id FROM media WHERE hash = $1${hold}`
  const known = await sql.first<{ id: MediaId }>(find, [hash])
  if (known) return known.id
  const made = await sql.first<{ id: MediaId }>(
    'INSERT INTO media (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING RETURNING id',
    [hash, bytes],
  )
  const row = made ?? (await sql.first<{ id: MediaId }>(find, [hash]))
  if (!row) throw new WriteConflictError('The media were purged meanwhile.')
  return row.id
}

interface MediaPlace {
  readonly bodyId: BodyId
  readonly mediaId: MediaId
  readonly position: number
  readonly textBytes: number
  readonly firstWidth: number
  readonly nextWidth: number
  readonly fold: string
}

function mediaPlaces({ sql }: Reader, bodies: readonly BodyId[]): Promise<MediaPlace[]> {
  return sql.all<MediaPlace>(
    `SELECT body_id AS "bodyId", media_id AS "mediaId", position, text_bytes AS "textBytes",
       first_width AS "firstWidth", next_width AS "nextWidth", fold
     FROM body_media WHERE ${inList(sql.dialect, 'body_id', '$1', 'bigint')} ORDER BY body_id, position`,
    [bodies],
  )
}

/** A photo that several of the bodies have is read once. */
async function readMedia({ sql }: Reader, ids: readonly MediaId[]): Promise<ReadonlyMap<MediaId, Buffer>> {
  const text = `SELECT id, bytes FROM media WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
  const rows = await sql.all<{ id: MediaId; bytes: Buffer }>(text, [ids])
  return new Map(rows.map(({ id, bytes }) => [id, bytes]))
}
