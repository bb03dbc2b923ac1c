import { inList } from '../database.ts'
import type { BlobId, NodeId, PrincipalId } from '../ids.ts'
import { foldNodeName } from '../nodes/node-name.ts'
import { type NodeRevisionRow, nodeRevisionColumns } from '../nodes/node-revisions.ts'
import { type NodeRow, nodeColumns, type TrashedNodeRow } from '../nodes/nodes.ts'
import { grouped } from '../select.ts'
import type { Reader, Store, Writer } from '../store.ts'

/** All states of these folders and files, by node, the oldest of each first. */
export async function listNodeStates(
  { sql }: Reader,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, NodeRevisionRow[]>> {
  const text = `SELECT ${nodeRevisionColumns} FROM node_revisions r
    WHERE ${inList(sql.dialect, 'r.node_id', '$1', 'bigint')} ORDER BY r.node_id, r.id`
  return grouped(await sql.all<NodeRevisionRow>(text, [[...ids]]), ({ nodeId }) => nodeId)
}

/** What an account has taken to the trash, the first deletion first, in pages that are short reads. */
export async function* listTrashRoots(
  store: Pick<Store, 'read'>,
  principalId: PrincipalId,
  pageSize = 500,
): AsyncGenerator<readonly TrashedNodeRow[]> {
  const text = `SELECT ${nodeColumns}, n.deleted_at AS "deletedAt" FROM nodes n
    WHERE n.principal_id = $1 AND n.deleted_at > 0
      AND (n.deleted_at > $2 OR (n.deleted_at = $2 AND n.id > $3))
    ORDER BY n.deleted_at, n.id LIMIT $4`
  for (let at = 0, id = 0; ; ) {
    const page = await store.read(({ sql }) => sql.all<TrashedNodeRow>(text, [principalId, at, id, pageSize]))
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    at = last.deletedAt
    id = last.id
  }
}

/** What lies in a folder that went to the trash with a root, in pages by id. */
export async function* listTrashedIn(
  store: Pick<Store, 'read'>,
  root: NodeId,
  parentId: NodeId,
  pageSize = 500,
): AsyncGenerator<readonly NodeRow[]> {
  const text = `SELECT ${nodeColumns} FROM nodes n
    WHERE n.deleted_root = $1 AND n.parent_id = $2 AND n.id > $3 ORDER BY n.id LIMIT $4`
  for (let after = 0; ; ) {
    const page = await store.read(({ sql }) => sql.all<NodeRow>(text, [root, parentId, after, pageSize]))
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

/** Says of a node that was just taken to the trash where it was, and what it was called. */
export async function settleTrashed(
  tx: Writer,
  node: NodeRow,
  { parentId, name }: Pick<NodeRow, 'parentId' | 'name'>,
): Promise<void> {
  await tx.sql.run('DELETE FROM node_tombstones WHERE home_id = $1 AND node_id = $2', [node.homeId, node.id])
  await tx.sql.run('UPDATE nodes SET parent_id = $2, name = $3, folded_name = $4 WHERE id = $1', [
    node.id,
    parentId,
    name,
    foldNodeName(name),
  ])
}

/** A state that comes back as it was. */
export type KeptNodeState = Pick<
  NodeRevisionRow,
  'kind' | 'name' | 'mediaType' | 'etag' | 'at' | 'origin' | 'authorId' | 'clientKind' | 'requestId' | 'size'
> & { readonly blobId: BlobId | null }

/**
 * Gives a node that was just made the states it had, in place of those that making it left. The last one has its number;
 * older numbers belong to feeds that are gone.
 */
export async function replaceNodeHistory(
  tx: Writer,
  node: Pick<NodeRow, 'id' | 'principalId' | 'parentId' | 'change'>,
  states: readonly KeptNodeState[],
): Promise<void> {
  await tx.sql.run('DELETE FROM node_revisions WHERE node_id = $1', [node.id])
  for (const state of states) {
    await tx.sql.run(
      `INSERT INTO node_revisions (node_id, principal_id, kind, name, blob_id, size, media_type, etag, change, at, origin,
         author_id, client_kind, request_id, parent_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        node.id,
        node.principalId,
        state.kind,
        state.name,
        state.blobId,
        state.size,
        state.mediaType,
        state.etag,
        state === states.at(-1) ? node.change : 0,
        state.at,
        state.origin,
        state.authorId,
        state.clientKind,
        state.requestId,
        state === states.at(-1) ? node.parentId : null,
      ],
    )
  }
}
