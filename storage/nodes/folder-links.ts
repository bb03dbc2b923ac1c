import { inList } from '../database.ts'
import type { NodeId, PrincipalId } from '../ids.ts'
import { grouped, rowTaker, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import { type NodeRow, nodeFields } from './nodes.ts'

/** An address under which a folder, and all that lies in it, can be read by whoever knows it. */
export interface FolderLinkRow {
  readonly id: number
  readonly nodeId: NodeId
  /** What makes the address unguessable. */
  readonly token: string
  /** From when on there is nothing at it; null for never. */
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

const fields = ['id', 'nodeId', 'token', 'expiresAt', 'createdAt', 'lastUsedAt'] as const
const columns = selectList<FolderLinkRow>('l', fields, 'l_')
const takeLink = rowTaker<FolderLinkRow>(fields, 'l_')
const takeNode = rowTaker<NodeRow>(nodeFields, 'n_')

/** A link with the folder that it shows. */
export interface LinkedFolder {
  readonly link: FolderLinkRow
  readonly folder: NodeRow
}

async function select(
  { sql }: Reader,
  condition: string,
  params: readonly unknown[],
): Promise<LinkedFolder[]> {
  const rows = await sql.all<Record<string, unknown>>(
    `SELECT ${columns}, ${selectList<NodeRow>('n', nodeFields, 'n_')} FROM folder_links l
       JOIN nodes n ON n.id = l.node_id AND n.deleted_root IS NULL
     WHERE ${condition} ORDER BY l.id`,
    params,
  )
  return rows.map((row) => ({ link: takeLink(row), folder: takeNode(row) }))
}

/** What a token shows at a time; nothing while the folder is in the trash. */
export async function findFolderLink(
  reader: Reader,
  token: string,
  now: number,
): Promise<LinkedFolder | undefined> {
  const [found] = await select(
    reader,
    `l.token = $1 AND (l.expires_at IS NULL OR l.expires_at > $2)
      AND n.principal_id NOT IN (SELECT p.id FROM principals p WHERE p.removed_at IS NOT NULL)`,
    [token, now],
  )
  return found
}

/** The links to folders of an account, as they were made. */
export function listFolderLinks(reader: Reader, ownerId: PrincipalId): Promise<LinkedFolder[]> {
  return select(reader, 'n.principal_id = $1', [ownerId])
}

/** Folders that have links, among some nodes, with those of each. */
export async function linksOfNodes(
  reader: Reader,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, FolderLinkRow[]>> {
  const linked = await select(reader, inList(reader.sql.dialect, 'l.node_id', '$1', 'bigint'), [ids])
  return grouped(
    linked.map(({ link }) => link),
    ({ nodeId }) => nodeId,
  )
}

/** The links to one folder. */
export function linksOfFolder(reader: Reader, id: NodeId): Promise<LinkedFolder[]> {
  return select(reader, 'l.node_id = $1', [id])
}

/** How many links there are to folders of an account, also to those in the trash. */
export async function countFolderLinks({ sql }: Reader, ownerId: PrincipalId): Promise<number> {
  const text = `SELECT count(*) AS count FROM folder_links l JOIN nodes n ON n.id = l.node_id
    WHERE n.principal_id = $1`
  return (await sql.first<{ count: number }>(text, [ownerId]))?.count ?? 0
}

export async function addFolderLink(
  tx: Writer,
  { nodeId, token, expiresAt }: Pick<FolderLinkRow, 'nodeId' | 'token' | 'expiresAt'>,
): Promise<void> {
  await tx.sql.run(
    'INSERT INTO folder_links (node_id, token, expires_at, created_at) VALUES ($1, $2, $3, $4)',
    [nodeId, token, expiresAt, tx.now],
  )
}

/** Remembers the last use. */
export async function touchFolderLink(tx: Writer, id: number, at: number): Promise<void> {
  await tx.sql.run('UPDATE folder_links SET last_used_at = $2 WHERE id = $1', [id, at])
}

/** Forgets the links whose time was over before a time. */
export async function purgeFolderLinks(tx: Writer, before: number): Promise<void> {
  await tx.sql.run('DELETE FROM folder_links WHERE expires_at < $1', [before])
}
