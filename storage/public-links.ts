import { type CollectionRow, collectionColumns, collectionFields } from './collections.ts'
import { databaseEpoch } from './epoch.ts'
import type { CollectionId, PrincipalId } from './ids.ts'
import { rowTaker, selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** An address under which a collection can be read by whoever knows it. */
export interface PublicLinkRow {
  readonly id: number
  readonly collectionId: CollectionId
  /** What makes the address unguessable. */
  readonly token: string
  readonly label: string
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

const fields: readonly (keyof PublicLinkRow & string)[] = [
  'id',
  'collectionId',
  'token',
  'label',
  'createdAt',
  'lastUsedAt',
]

/** A link with what it shows. */
export interface LinkedCollection {
  readonly link: PublicLinkRow
  readonly collection: CollectionRow
}

const fromLinks = `SELECT ${selectList<PublicLinkRow>('l', fields, 'l_')}, ${collectionColumns('c_')}
  FROM public_links l
  JOIN collections c ON c.id = l.collection_id AND c.deleted_at IS NULL
  JOIN feeds f ON f.id = c.feed_id`

const takeLink = rowTaker<PublicLinkRow>(fields, 'l_')
const takeCollection = rowTaker<CollectionRow>(collectionFields, 'c_')

function linked(row: Record<string, unknown>): LinkedCollection {
  return { link: takeLink(row), collection: takeCollection(row) }
}

/** What a token shows, with the database's epoch. */
export async function findPublicLink(
  reader: Reader,
  token: string,
): Promise<(LinkedCollection & { readonly epoch: string }) | undefined> {
  const row = await reader.sql.first<Record<string, unknown>>(
    `${fromLinks} JOIN principals p ON p.id = c.principal_id AND p.removed_at IS NULL WHERE l.token = $1`,
    [token],
  )
  return row && { ...linked(row), epoch: await databaseEpoch(reader) }
}

/** The links to the collections of an account, as they were made. */
export async function listPublicLinks(reader: Reader, ownerId: PrincipalId): Promise<LinkedCollection[]> {
  const rows = await reader.sql.all<Record<string, unknown>>(
    `${fromLinks} WHERE c.principal_id = $1 ORDER BY l.id`,
    [ownerId],
  )
  return rows.map(linked)
}

/** How many links there are to the collections of an account, also to those in the trash. */
export async function countPublicLinks(reader: Reader, ownerId: PrincipalId): Promise<number> {
  const text = `SELECT count(*) AS count FROM public_links l JOIN collections c ON c.id = l.collection_id
    WHERE c.principal_id = $1`
  return (await reader.sql.first<{ count: number }>(text, [ownerId]))?.count ?? 0
}

export async function addPublicLink(
  tx: Writer,
  link: Pick<PublicLinkRow, 'collectionId' | 'token' | 'label'>,
): Promise<number> {
  const row = await tx.sql.first<{ id: number }>(
    'INSERT INTO public_links (collection_id, token, label, created_at) VALUES ($1, $2, $3, $4) RETURNING id',
    [link.collectionId, link.token, link.label, tx.now],
  )
  if (row === undefined) throw new Error('The link was not made.')
  return row.id
}

/** Remembers the last use. */
export async function touchPublicLink(tx: Writer, id: number, at: number): Promise<void> {
  await tx.sql.run('UPDATE public_links SET last_used_at = $2 WHERE id = $1', [id, at])
}
