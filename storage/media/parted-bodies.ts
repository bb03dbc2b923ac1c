import { inList } from '../database.ts'
import type { BodyId, MediaId } from '../ids.ts'
import type { Reader } from '../store.ts'
import type { Folding } from './folding.ts'

/** A body without its media, and what is known of these without reading them. */
export interface PartedBody {
  readonly bytes: Buffer
  readonly media: readonly KeptMedia[]
}

/** Media that are kept beside a body. */
export interface KeptMedia {
  readonly mediaId: MediaId
  /** Where their text belongs: octets of the body without media before it. */
  readonly position: number
  readonly folding: Folding
  readonly hash: string
  /** Octets of the media. */
  readonly size: number
  /** The first octets, which tell what they are. */
  readonly head: Buffer
}

/** Bodies by id without their media, for a reader who does not want them all, or not as they are. */
export async function readPartedBodies(
  { sql }: Reader,
  ids: readonly BodyId[],
): Promise<ReadonlyMap<BodyId, PartedBody>> {
  const chosen = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const bodies = await sql.all<{ id: BodyId; bytes: Buffer; mediaBytes: number }>(
    `SELECT id, bytes, media_bytes AS "mediaBytes" FROM bodies WHERE ${chosen('id')}`,
    [ids],
  )
  const media = new Map<BodyId, (KeptMedia & { readonly textBytes: number })[]>()
  const parted = bodies.filter(({ mediaBytes }) => mediaBytes > 0).map(({ id }) => id)
  if (parted.length > 0) {
    const rows = await sql.all<PlaceRow>(
      `SELECT b.body_id AS "bodyId", b.media_id AS "mediaId", b.position, b.text_bytes AS "textBytes",
         b.first_width AS "firstWidth", b.next_width AS "nextWidth", b.fold, m.hash, length(m.bytes) AS size,
         substr(m.bytes, 1, 16) AS head
       FROM body_media b JOIN media m ON m.id = b.media_id WHERE ${chosen('b.body_id')} ORDER BY b.body_id, b.position`,
      [parted],
    )
    for (const { bodyId, firstWidth, nextWidth, fold, ...row } of rows) {
      const place = { ...row, folding: { firstWidth, nextWidth, fold } }
      const known = media.get(bodyId)
      if (known) known.push(place)
      else media.set(bodyId, [place])
    }
  }
  const found = new Map<BodyId, PartedBody>()
  for (const { id, bytes, mediaBytes } of bodies) {
    const places = media.get(id) ?? []
    const octets = places.reduce((sum, { textBytes }) => sum + textBytes, 0)
    // Purged meanwhile, it is gone as a whole.
    if (octets === mediaBytes) found.set(id, { bytes, media: places })
  }
  return found
}

/** The octets of media; those that were purged meanwhile are left out. The caller bounds their number and size. */
export async function readMediaBytes(
  { sql }: Reader,
  ids: readonly MediaId[],
): Promise<ReadonlyMap<MediaId, Buffer>> {
  if (ids.length === 0) return new Map()
  const text = `SELECT id, bytes FROM media WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
  const rows = await sql.all<{ id: MediaId; bytes: Buffer }>(text, [ids])
  return new Map(rows.map(({ id, bytes }) => [id, bytes]))
}

interface PlaceRow extends Folding, Omit<KeptMedia, 'folding'> {
  readonly bodyId: BodyId
  readonly textBytes: number
}
