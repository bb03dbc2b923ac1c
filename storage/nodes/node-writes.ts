import { inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import { addEvent } from '../events.ts'
import { lockFeed, lockFeeds, nextChange, nextChanges } from '../feeds.ts'
import type { BlobId, NodeId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import { addUsage, passUsage } from '../quotas.ts'
import type { Writer } from '../store.ts'
import { foldNodeName } from './node-name.ts'
import { addNodeRevision, type NodeRevisionRow } from './node-revisions.ts'
import {
  type FilesHome,
  findNodeById,
  type NodeRow,
  subtree,
  subtreeTotals,
  top,
  trashedTotals,
} from './nodes.ts'

/**
 * The one write path of folders and files: every change to them goes through these functions, which write rows, change
 * number, revision, tombstone and event in the transaction they are given. Who decides by what he has read locks the
 * feeds of the homes first (`lockHomes`).
 */

/** Keeps other writes from these homes until this one ends, in the order of their feeds. */
export async function lockHomes(tx: Writer, homes: readonly FilesHome[]): Promise<void> {
  await lockFeeds(
    tx,
    homes.map(({ feedId }) => feedId),
  )
}

/** Where a node is to be. The name is free, or taken by what is given as `existing` or `replaced`. */
export interface NodePlace {
  readonly home: FilesHome
  /** A living folder of the home, or `top`. */
  readonly parentId: NodeId
  readonly name: string
}

/** The octets of a file, stored and claimed. */
export interface FileContent {
  readonly blobId: BlobId
  readonly size: number
  readonly etag: string
  readonly mediaType: string | null
}

export interface NewNode {
  readonly place: NodePlace
  readonly resourceId: string
  readonly origin: Origin
  /** Octets the owner may keep: see `addUsage`. */
  readonly quota?: number | undefined
  /** For one that keeps the times of the original. */
  readonly createdAt?: number | undefined
  readonly modifiedAt?: number | undefined
}

export async function createFolder(tx: Writer, made: NewNode): Promise<NodeRow> {
  const { place, origin } = made
  const state = { ...made, kind: 'folder', blobId: null, size: 0, etag: '', mediaType: null } as const
  return await insertNode(tx, place, state, origin)
}

export async function createFile(tx: Writer, made: NewNode & { content: FileContent }): Promise<NodeRow> {
  const { place, origin, content, quota } = made
  await lockFeed(tx, place.home.feedId)
  await addUsage(tx, place.home.principalId, content.size, quota)
  return await insertNode(tx, place, { ...made, kind: 'file', ...content }, origin)
}

/**
 * Makes a file anew that another one was moved onto, by its id, with the history it had: that of the other one goes on
 * without it.
 */
export async function reviveFile(
  tx: Writer,
  id: NodeId,
  made: NewNode & { content: FileContent },
): Promise<NodeRow> {
  const { place, origin, content, quota } = made
  await lockFeed(tx, place.home.feedId)
  await addUsage(tx, place.home.principalId, content.size, quota)
  await partHistory(tx, id)
  return await insertNode(tx, place, { ...made, kind: 'file', ...content, id }, origin)
}

/** Gives a file other octets; the old ones stay in its revisions. The same again change nothing, not even a number. */
export async function updateFile(
  tx: Writer,
  home: FilesHome,
  file: NodeRow,
  content: FileContent,
  origin: Origin,
  quota?: number,
): Promise<NodeRow> {
  if (file.etag === content.etag && file.mediaType === content.mediaType) return file
  const change = await nextChange(tx, home.feedId)
  const { blobId, size, etag, mediaType } = content
  await addUsage(tx, home.principalId, size - file.size, quota)
  const updated = await tx.sql.run(
    `UPDATE nodes SET blob_id = $3, size = $4, etag = $5, media_type = $6, change = $7, modified_at = $8
     WHERE id = $1 AND change = $2 AND deleted_root IS NULL`,
    [file.id, file.change, blobId, size, etag, mediaType, change, tx.now],
  )
  if (updated === 0) throw new WriteConflictError('The file has changed.')
  return await written(tx, home, file.id, 'updated', origin)
}

/** Tells those who sync that the properties of a node have changed. */
export async function touchNode(tx: Writer, home: FilesHome, node: NodeRow): Promise<void> {
  const change = await nextChange(tx, home.feedId)
  const touched = await tx.sql.run(
    'UPDATE nodes SET change = $3 WHERE id = $1 AND change = $2 AND deleted_root IS NULL',
    [node.id, node.change, change],
  )
  if (touched === 0) throw new WriteConflictError('The node has changed.')
}

/** Takes a node into the trash with all that lies below it; its name leaves a tombstone, that of a folder for all of it. */
export async function deleteNode(tx: Writer, home: FilesHome, node: NodeRow, origin: Origin): Promise<void> {
  const change = await nextChange(tx, home.feedId)
  const { bytes } = await subtreeTotals(tx, node)
  await addUsage(tx, home.principalId, -bytes)
  const marked = await tx.sql.run(
    `WITH RECURSIVE ${subtree('$1', '$2')} UPDATE nodes SET deleted_root = $1 WHERE id IN (SELECT id FROM sub)
       AND deleted_root IS NULL`,
    [node.id, home.id],
  )
  if (marked === 0) throw new WriteConflictError('The node is gone.')
  await tx.sql.run('UPDATE nodes SET deleted_at = $2 WHERE id = $1', [node.id, tx.now])
  tx.touchedNodes.add(node.id)
  await addNodeRevision(tx, { ...node, change }, 'deleted', origin)
  await leaveTombstone(tx, node, change)
  await tell(tx, home, node, 'node-deleted', origin)
}

/**
 * Gives a node another name, another folder, or another home. Ids, octets and history stay; what lies below it comes along,
 * with new numbers, since its URLs are others now. `replaced` is the file that had the new name, where a file takes it: its
 * history goes on in that of the moved one.
 */
export async function moveNode(
  tx: Writer,
  from: FilesHome,
  node: NodeRow,
  to: NodePlace,
  origin: Origin,
  replaced?: NodeRow,
): Promise<NodeRow> {
  const { nodes, bytes } = await subtreeTotals(tx, node)
  const { left, arrived } = await numbersOfMove(tx, from, to.home, nodes)
  await checkParent(tx, to.home, to.parentId)
  await passUsage(tx, from.principalId, to.home.principalId, bytes)
  if (replaced !== undefined) await joinHistory(tx, replaced, node, origin)
  await renumber(tx, node, to.home, arrived - nodes)
  await tx.sql.run('UPDATE nodes SET parent_id = $2, name = $3, folded_name = $4 WHERE id = $1', [
    node.id,
    to.parentId,
    to.name,
    foldNodeName(to.name),
  ])
  await leaveTombstone(tx, node, left)
  await tell(tx, from, node, 'node-deleted', origin)
  return await written(tx, to.home, node.id, 'moved', origin)
}

/** Brings a node back out of the trash with all that went with it, under a name that is free. */
export async function restoreNode(
  tx: Writer,
  node: NodeRow,
  to: NodePlace,
  origin: Origin,
): Promise<NodeRow> {
  const { home } = to
  await claimTrashed(tx, node, to)
  const { nodes, bytes } = await trashedTotals(tx, node)
  const last = await nextChanges(tx, home.feedId, nodes)
  await checkParent(tx, home, to.parentId)
  await addUsage(tx, home.principalId, bytes)
  await tx.sql.run(
    `UPDATE nodes SET deleted_root = NULL, home_id = $2, principal_id = $3, change = $4 + numbered.place
     FROM (SELECT id, row_number() OVER (ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END, id) AS place
           FROM nodes WHERE deleted_root = $1) numbered
     WHERE nodes.id = numbered.id`,
    [node.id, home.id, home.principalId, last - nodes],
  )
  return await written(tx, home, node.id, 'restored', origin)
}

/** First of all, so that a purge that runs beside waits, and then leaves alone what is restored. */
async function claimTrashed(tx: Writer, { id }: NodeRow, { parentId, name }: NodePlace): Promise<void> {
  const claimed = await tx.sql.run(
    `UPDATE nodes SET parent_id = $2, name = $3, folded_name = $4, deleted_at = NULL
     WHERE id = $1 AND deleted_at > 0`,
    [id, parentId, name, foldNodeName(name)],
  )
  if (claimed === 0) throw new WriteConflictError('The node was restored or purged meanwhile.')
}

interface NodeState extends Omit<FileContent, 'blobId'> {
  /** Of one that was there before. */
  readonly id?: NodeId
  readonly kind: NodeRow['kind']
  readonly blobId: BlobId | null
  readonly resourceId: string
  readonly createdAt?: number | undefined
  readonly modifiedAt?: number | undefined
}

async function insertNode(
  tx: Writer,
  { home, parentId, name }: NodePlace,
  state: NodeState,
  origin: Origin,
): Promise<NodeRow> {
  const change = await nextChange(tx, home.feedId)
  await checkParent(tx, home, parentId)
  const row = await tx.sql.first<{ id: NodeId }>(
    `INSERT INTO nodes (home_id, principal_id, parent_id, kind, name, folded_name, blob_id, size, media_type, etag, change,
       resource_id, created_at, modified_at${state.id === undefined ? '' : ', id'})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14${state.id === undefined ? '' : ', $15'})
     RETURNING id`,
    [
      home.id,
      home.principalId,
      parentId,
      state.kind,
      name,
      foldNodeName(name),
      state.blobId,
      state.size,
      state.mediaType,
      state.etag,
      change,
      state.resourceId,
      state.createdAt ?? tx.now,
      state.modifiedAt ?? tx.now,
      ...(state.id === undefined ? [] : [state.id]),
    ],
  )
  if (row === undefined) throw new Error('The node was not stored.')
  return await written(tx, home, row.id, state.id === undefined ? 'created' : 'restored', origin)
}

/** On PostgreSQL the folder may have gone, or gone elsewhere, before the home's feed was locked. */
async function checkParent(tx: Writer, home: FilesHome, parentId: NodeId): Promise<void> {
  if (parentId === top || tx.sql.dialect === 'sqlite') return
  const parent = await findNodeById(tx, parentId)
  if (parent?.kind !== 'folder' || parent.homeId !== home.id) {
    throw new WriteConflictError('The folder is gone.')
  }
}

/** What follows every new state of a node. */
async function written(
  tx: Writer,
  home: FilesHome,
  id: NodeId,
  kind: NodeRevisionRow['kind'],
  origin: Origin,
): Promise<NodeRow> {
  const node = await findNodeById(tx, id)
  if (node === undefined) throw new WriteConflictError('The node is gone.')
  if (kind !== 'updated') tx.touchedNodes.add(id)
  await forgetTombstone(tx, node)
  await addNodeRevision(tx, node, kind, origin)
  await tell(tx, home, node, 'node-put', origin)
  return node
}

function tell(
  tx: Writer,
  { principalId, feedId }: FilesHome,
  { id, name }: NodeRow,
  kind: 'node-put' | 'node-deleted',
  origin: Origin,
): Promise<void> {
  return addEvent(tx, { principalId, feedId, kind, objectId: id, name }, origin)
}

/** Feeds are locked in the order of their ids, so that two moves in opposite directions do not wait for each other. */
async function numbersOfMove(
  tx: Writer,
  from: FilesHome,
  to: FilesHome,
  nodes: number,
): Promise<{ left: number; arrived: number }> {
  const first = from.feedId <= to.feedId ? await nextChange(tx, from.feedId) : undefined
  const arrived = await nextChanges(tx, to.feedId, nodes)
  return { left: first ?? (await nextChange(tx, from.feedId)), arrived }
}

/** New numbers for a node and all below it, which may be in another home now. */
async function renumber(tx: Writer, node: NodeRow, home: FilesHome, after: number): Promise<void> {
  const moved = await tx.sql.run(
    `WITH RECURSIVE ${subtree('$1', '$2')}
     UPDATE nodes SET home_id = $3, principal_id = $4, change = $5 + numbered.place
     FROM (SELECT id, row_number() OVER (ORDER BY depth, id) AS place FROM sub) numbered
     WHERE nodes.id = numbered.id AND nodes.id IN (SELECT id FROM sub)`,
    [node.id, node.homeId, home.id, home.principalId, after],
  )
  if (moved === 0) throw new WriteConflictError('The node is gone.')
}

async function joinHistory(tx: Writer, replaced: NodeRow, by: NodeRow, origin: Origin): Promise<void> {
  await addUsage(tx, replaced.principalId, -replaced.size)
  await addNodeRevision(tx, replaced, 'replaced', origin, by.id)
  await tx.sql.run(
    'UPDATE node_revisions SET node_id = $2, former_id = coalesce(former_id, $1) WHERE node_id = $1',
    [replaced.id, by.id],
  )
  await tx.sql.run("DELETE FROM dead_properties WHERE target_kind = 'node' AND target_id = $1", [replaced.id])
  tx.touchedNodes.add(replaced.id)
  const gone = await tx.sql.run('DELETE FROM nodes WHERE id = $1 AND deleted_root IS NULL', [replaced.id])
  if (gone === 0) throw new WriteConflictError('The file has changed.')
}

/** Takes back `joinHistory`: with what had been replaced by this one before. */
async function partHistory(tx: Writer, id: NodeId): Promise<void> {
  const joined = await tx.sql.all<{ formerId: NodeId; intoId: NodeId }>(
    `SELECT r.former_id AS "formerId", r.into_id AS "intoId" FROM node_revisions r
     WHERE r.kind = 'replaced' AND r.former_id IS NOT NULL
       AND r.node_id IN (SELECT own.node_id FROM node_revisions own WHERE own.former_id = $1)`,
    [id],
  )
  const all = new Set([id])
  for (const one of all)
    for (const { formerId, intoId } of joined) if (intoId === one && formerId !== id) all.add(formerId)
  await tx.sql.run(
    `UPDATE node_revisions SET node_id = $1, former_id = CASE WHEN former_id = $1 THEN NULL ELSE former_id END
     WHERE ${inList(tx.sql.dialect, 'former_id', '$2', 'bigint')}`,
    [id, [...all]],
  )
}

async function leaveTombstone(tx: Writer, node: NodeRow, change: number): Promise<void> {
  await tx.sql.run(
    `INSERT INTO node_tombstones (home_id, parent_id, folded_name, kind, name, node_id, change, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (home_id, parent_id, folded_name, kind) DO UPDATE SET name = excluded.name,
       node_id = excluded.node_id, change = excluded.change, at = excluded.at`,
    [node.homeId, node.parentId, foldNodeName(node.name), node.kind, node.name, node.id, change, tx.now],
  )
}

/** That of a folder stays: whoever syncs with all below must hear that what was in it is gone. */
async function forgetTombstone(tx: Writer, { homeId, parentId, kind, name }: NodeRow): Promise<void> {
  if (kind === 'folder') return
  await tx.sql.run(
    `DELETE FROM node_tombstones WHERE home_id = $1 AND parent_id = $2 AND folded_name = $3 AND kind = 'file'`,
    [homeId, parentId, foldNodeName(name)],
  )
}
