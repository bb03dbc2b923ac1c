import { inList } from '../database.ts'
import type { BlobId, DeviceId, NodeId, PrincipalId, RevisionId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { NodeRow } from './nodes.ts'

/** A state a folder or a file had: who wrote which octets, when and with what. */
export interface NodeRevisionRow {
  readonly id: RevisionId
  readonly nodeId: NodeId
  readonly principalId: PrincipalId
  /** 'replaced' is the last state of a file that another one was moved onto; its history goes on with that one. */
  readonly kind: 'created' | 'updated' | 'deleted' | 'moved' | 'restored' | 'replaced'
  readonly name: string
  readonly blobId: BlobId | null
  readonly size: number
  readonly mediaType: string | null
  readonly etag: string
  readonly change: number
  readonly at: number
  readonly origin: Origin['kind']
  readonly authorId: PrincipalId | null
  readonly deviceId: DeviceId | null
  readonly clientKind: string | null
  readonly requestId: string | null
  /** The folder it lay in, or `top`; null where that was not written down. */
  readonly parentId: NodeId | null
  /** Whose state it was, where its history goes on in that of a file that was moved onto it. */
  readonly formerId: NodeId | null
  /** Of what was replaced: what took its place. */
  readonly intoId: NodeId | null
}

/** All columns of a revision from `r`. */
export const nodeRevisionColumns = selectList<NodeRevisionRow>('r', [
  'id',
  'nodeId',
  'principalId',
  'kind',
  'name',
  'blobId',
  'size',
  'mediaType',
  'etag',
  'change',
  'at',
  'origin',
  'authorId',
  'deviceId',
  'clientKind',
  'requestId',
  'parentId',
  'formerId',
  'intoId',
])

/** Writes down a state; only the write path does. */
export async function addNodeRevision(
  tx: Writer,
  node: Omit<NodeRow, 'homeId' | 'kind' | 'resourceId' | 'createdAt' | 'modifiedAt'>,
  kind: NodeRevisionRow['kind'],
  origin: Origin,
  intoId: NodeId | null = null,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO node_revisions (node_id, principal_id, kind, name, blob_id, size, media_type, etag, change, at, origin,
       author_id, device_id, client_kind, request_id, parent_id, into_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      node.id,
      node.principalId,
      kind,
      node.name,
      node.blobId,
      node.size,
      node.mediaType,
      node.etag,
      node.change,
      tx.now,
      origin.kind,
      origin.authorId,
      origin.deviceId,
      origin.clientKind,
      origin.requestId,
      node.parentId,
      intoId,
    ],
  )
}

/** The states of a folder or a file, the newest first. */
export function listNodeRevisions(reader: Reader, nodeId: NodeId, limit = 1_000): Promise<NodeRevisionRow[]> {
  return reader.sql.all<NodeRevisionRow>(
    `SELECT ${nodeRevisionColumns} FROM node_revisions r WHERE r.node_id = $1 ORDER BY r.id DESC LIMIT $2`,
    [nodeId, limit],
  )
}

export function findNodeRevision({ sql }: Reader, id: RevisionId): Promise<NodeRevisionRow | undefined> {
  return sql.first<NodeRevisionRow>(`SELECT ${nodeRevisionColumns} FROM node_revisions r WHERE r.id = $1`, [
    id,
  ])
}

/** The last deletion of each of these nodes. */
export async function listDeletions(
  { sql }: Reader,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, NodeRevisionRow>> {
  const rows = await sql.all<NodeRevisionRow>(
    `SELECT ${nodeRevisionColumns} FROM node_revisions r
     WHERE ${inList(sql.dialect, 'r.node_id', '$1', 'bigint')} AND r.kind = 'deleted' ORDER BY r.id`,
    [ids],
  )
  return new Map(rows.map((row) => [row.nodeId, row]))
}
