import { inList } from '../database.ts'
import type { Reader, Writer } from '../store.ts'

/** What a photo is for clients that take no larger one. */
export interface ScaledMedia {
  /** That of the original. */
  readonly hash: string
  /** Which clients it is for: the limits it was made to. */
  readonly sizeClass: string
  /** The smaller photo; null where the original serves as it is, or cannot be read. */
  readonly scaled: ScaledImage | null
  /** Pixels of the original as it is shown; 0 where it cannot be read. */
  readonly originalWidth: number
  readonly originalHeight: number
}

export interface ScaledImage {
  readonly hash: string
  readonly bytes: Buffer
  readonly mediaType: string
  readonly width: number
  readonly height: number
}

/** What was made of these originals, by their hashes. */
export async function findScaled(
  { sql }: Reader,
  sizeClass: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, ScaledMedia>> {
  if (hashes.length === 0) return new Map()
  const rows = await sql.all<ScaledRow>(
    `SELECT hash, size_class AS "sizeClass", scaled_hash AS "scaledHash", bytes, media_type AS "mediaType", width, height,
       original_width AS "originalWidth", original_height AS "originalHeight"
     FROM scaled_media WHERE size_class = $2 AND ${inList(sql.dialect, 'hash', '$1', 'text')}`,
    [hashes, sizeClass],
  )
  return new Map(rows.map((row) => [row.hash, readRow(row)]))
}

/** Keeps what was made of a photo; where another request was quicker, its own stays. */
export async function keepScaled(tx: Writer, made: ScaledMedia): Promise<void> {
  const { hash, sizeClass, scaled, originalWidth, originalHeight } = made
  await tx.sql.run(
    `INSERT INTO scaled_media (hash, size_class, scaled_hash, bytes, media_type, width, height, original_width,
       original_height, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (hash, size_class) DO NOTHING`,
    [
      hash,
      sizeClass,
      scaled?.hash ?? null,
      scaled?.bytes ?? null,
      scaled?.mediaType ?? null,
      scaled?.width ?? 0,
      scaled?.height ?? 0,
      originalWidth,
      originalHeight,
      tx.now,
    ],
  )
}

/**
 * Takes away what was made of photos that are not kept beside their bodies, some time after it was made: what is kept there
 * takes its copies along when it goes. They are made again where they are asked for.
 */
export function purgeScaled({ sql }: Writer, before: number, batch: number): Promise<number> {
  return sql.run(
    `DELETE FROM scaled_media WHERE made_at < $1 AND hash IN (SELECT old.hash FROM scaled_media old
       WHERE old.made_at < $1 AND NOT EXISTS (SELECT 1 FROM media m WHERE m.hash = old.hash) LIMIT $2)`,
    [before, batch],
  )
}

interface ScaledRow extends Omit<ScaledMedia, 'scaled'> {
  readonly scaledHash: string | null
  readonly bytes: Buffer | null
  readonly mediaType: string | null
  readonly width: number
  readonly height: number
}

function readRow({ scaledHash, bytes, mediaType, width, height, ...row }: ScaledRow): ScaledMedia {
  if (scaledHash === null || bytes === null || mediaType === null) return { ...row, scaled: null }
  return { ...row, scaled: { hash: scaledHash, bytes, mediaType, width, height } }
}
