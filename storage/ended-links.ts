import type { CollectionRow } from './collections.ts'
import type { NodeId, PrincipalId } from './ids.ts'
import type { FolderLinkRow } from './nodes/folder-links.ts'
import type { PublicLinkRow } from './public-links.ts'
import type { Reader, Writer } from './store.ts'

/**
 * A public link that was withdrawn. It lies in a table of its own, so that nothing that serves links meets it, and comes
 * back under its number and its address.
 */
export interface EndedLinkRow {
  readonly id: number
  /** The number that it had as a link. */
  readonly linkId: number
  /** Whether it led to a collection or to a folder. */
  readonly kind: 'collection' | 'folder'
  /** What it led to. */
  readonly targetId: number
  /** The name of that, and what people call it. */
  readonly name: string
  readonly title: string
  readonly label: string
  readonly expiresAt: number | null
  readonly endedAt: number
}

/** One of them: its own number, or what it was as a link. */
export type EndedLinkKey =
  | { readonly id: number }
  | { readonly kind: EndedLinkRow['kind']; readonly linkId: number }

const common =
  'e.id AS id, e.link_id AS "linkId", e.label, e.expires_at AS "expiresAt", e.ended_at AS "endedAt"'

/** The links to what an account has that were withdrawn, the latest first; what they led to is there. */
export async function listEndedLinks({ sql }: Reader, ownerId: PrincipalId): Promise<EndedLinkRow[]> {
  return sql.all<EndedLinkRow>(
    `SELECT ${common}, 'collection' AS kind, c.id AS "targetId", c.name, coalesce(nullif(c.displayname, ''), c.name) AS title
       FROM ended_links e JOIN collections c ON c.id = e.collection_id
       WHERE c.principal_id = $1 AND c.deleted_at IS NULL
     UNION ALL SELECT ${common}, 'folder' AS kind, n.id AS "targetId", n.name, n.name AS title
       FROM ended_links e JOIN nodes n ON n.id = e.node_id
       WHERE n.principal_id = $1 AND n.deleted_root IS NULL
     ORDER BY "endedAt" DESC, id DESC`,
    [ownerId],
  )
}

export async function findEndedLink(
  reader: Reader,
  ownerId: PrincipalId,
  key: EndedLinkKey,
): Promise<EndedLinkRow | undefined> {
  const rows = await listEndedLinks(reader, ownerId)
  return rows.find((row) =>
    'id' in key ? row.id === key.id : row.kind === key.kind && row.linkId === key.linkId,
  )
}

/** There is nothing at its address from now on. @returns false when there is no such link to a collection of that account */
export async function withdrawPublicLink(tx: Writer, ownerId: PrincipalId, id: number): Promise<boolean> {
  const row = await tx.sql.first<PublicLinkRow>(
    `DELETE FROM public_links WHERE id = $2
       AND collection_id IN (SELECT c.id FROM collections c WHERE c.principal_id = $1)
     RETURNING collection_id AS "collectionId", token, label, created_at AS "createdAt", last_used_at AS "lastUsedAt"`,
    [ownerId, id],
  )
  if (row) await keep(tx, { ...row, id, nodeId: null, expiresAt: null })
  return row !== undefined
}

/** There is nothing at its address from now on. @returns false where the folder, or the account, has no such link */
export async function withdrawFolderLink(
  tx: Writer,
  id: number,
  of: { readonly nodeId: NodeId } | { readonly ownerId: PrincipalId },
): Promise<boolean> {
  const [condition, param] =
    'nodeId' in of
      ? ['node_id = $2', of.nodeId]
      : ['node_id IN (SELECT n.id FROM nodes n WHERE n.principal_id = $2)', of.ownerId]
  const row = await tx.sql.first<FolderLinkRow>(
    `DELETE FROM folder_links WHERE id = $1 AND ${condition} RETURNING node_id AS "nodeId", token,
       expires_at AS "expiresAt", created_at AS "createdAt", last_used_at AS "lastUsedAt"`,
    [id, param],
  )
  if (row) await keep(tx, { ...row, id, collectionId: null, label: '' })
  return row !== undefined
}

type Kept = Pick<PublicLinkRow, 'id' | 'token' | 'label' | 'createdAt' | 'lastUsedAt'> & {
  readonly collectionId: CollectionRow['id'] | null
  readonly nodeId: NodeId | null
  readonly expiresAt: number | null
}

async function keep(tx: Writer, link: Kept): Promise<void> {
  const { id, collectionId, nodeId, token, label, expiresAt, createdAt, lastUsedAt } = link
  await tx.sql.run(
    `INSERT INTO ended_links (link_id, collection_id, node_id, token, label, expires_at, created_at, last_used_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, collectionId, nodeId, token, label, expiresAt, createdAt, lastUsedAt, tx.now],
  )
}

/** Lets a link lead again to where it led. @returns false where somebody else has brought it back */
export async function reviveLink(
  tx: Writer,
  { id, kind }: Pick<EndedLinkRow, 'id' | 'kind'>,
): Promise<boolean> {
  const row = await tx.sql.first<Omit<Kept, 'id'> & { readonly linkId: number }>(
    `DELETE FROM ended_links WHERE id = $1
     RETURNING link_id AS "linkId", collection_id AS "collectionId", node_id AS "nodeId", token, label,
       expires_at AS "expiresAt", created_at AS "createdAt", last_used_at AS "lastUsedAt"`,
    [id],
  )
  if (!row) return false
  const { linkId, collectionId, nodeId, token, label, expiresAt, createdAt, lastUsedAt } = row
  const values = [linkId, token, createdAt, lastUsedAt]
  await (kind === 'collection'
    ? tx.sql.run(
        `INSERT INTO public_links (id, token, created_at, last_used_at, collection_id, label)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [...values, collectionId, label],
      )
    : tx.sql.run(
        `INSERT INTO folder_links (id, token, created_at, last_used_at, node_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [...values, nodeId, expiresAt],
      ))
  return true
}

/** Forgets all links of somebody that were withdrawn, or one of them. @returns how many */
export function forgetEndedLinks(tx: Writer, ownerId: PrincipalId, id?: number): Promise<number> {
  const isMeant = id === undefined ? '' : ' AND id = $2'
  return tx.sql.run(
    `DELETE FROM ended_links WHERE (collection_id IN (SELECT c.id FROM collections c WHERE c.principal_id = $1)
       OR node_id IN (SELECT n.id FROM nodes n WHERE n.principal_id = $1))${isMeant}`,
    [ownerId, ...(id === undefined ? [] : [id])],
  )
}

/** Forgets the links that were withdrawn before a time. @returns how many */
export function purgeEndedLinks(tx: Writer, before: number): Promise<number> {
  return tx.sql.run('DELETE FROM ended_links WHERE ended_at < $1', [before])
}
