import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What is undone by its request. */
const ofRequests = "(origin = 'web') OR (origin = 'restore') OR (origin = 'move') OR (origin = 'copy')"
const alive = { where: 'deleted_root IS NULL' }

/** Folders and files, their history, and the octets they share. */
export const documentsTables: Tables = {
  blobs: ({ id, int, text }) => ({
    columns: {
      id,
      hash: text,
      size: int,
      created_at: int,
      claimed_at: int,
    },
    indexes: [['blobs_hash', 'hash', { unique: true }]],
  }),
  nodes: ({ id, int, text }) => ({
    columns: {
      id,
      home_id: int,
      principal_id: int,
      parent_id: withDefault(int, 0),
      kind: text,
      name: text,
      folded_name: text,
      blob_id: nullable(int),
      size: withDefault(int, 0),
      media_type: nullable(text),
      etag: text,
      change: int,
      resource_id: text,
      created_at: int,
      modified_at: int,
      deleted_root: nullable(int),
      deleted_at: nullable(int),
    },
    indexes: [
      ['nodes_name', 'home_id, parent_id, folded_name', { unique: true, ...alive }],
      ['nodes_change', 'home_id, change, parent_id', alive],
      ['nodes_folders', 'home_id, kind, id', alive],
      ['nodes_deleted', 'deleted_root, id', { where: 'deleted_root IS NOT NULL' }],
      ['nodes_trash', 'principal_id, deleted_at', { where: 'deleted_at IS NOT NULL' }],
      ['nodes_blob', 'blob_id', { where: 'blob_id IS NOT NULL' }],
    ],
    foreign: [
      ['nodes_home', 'home_id', 'homes', 'NO ACTION'],
      ['nodes_blob', 'blob_id', 'blobs', 'NO ACTION'],
    ],
  }),
  folder_links: ({ id, int, text }) => ({
    columns: {
      id,
      node_id: int,
      token: text,
      expires_at: nullable(int),
      created_at: int,
      last_used_at: nullable(int),
    },
    indexes: [
      ['folder_links_token', 'token', { unique: true }],
      ['folder_links_node', 'node_id'],
    ],
    foreign: [['folder_links_node', 'node_id', 'nodes', 'CASCADE']],
  }),
  node_revisions: ({ id, int, text }) => ({
    columns: {
      id,
      node_id: int,
      principal_id: int,
      kind: text,
      name: text,
      blob_id: nullable(int),
      size: int,
      media_type: nullable(text),
      etag: text,
      change: int,
      at: int,
      origin: text,
      author_id: nullable(int),
      device_id: nullable(int),
      client_kind: nullable(text),
      request_id: nullable(text),
      parent_id: nullable(int),
      former_id: nullable(int),
      into_id: nullable(int),
    },
    indexes: [
      ['node_revisions_node', 'node_id, id'],
      ['node_revisions_former', 'former_id, id', { where: 'former_id IS NOT NULL' }],
      ['node_revisions_device', 'device_id, at', { where: 'device_id IS NOT NULL' }],
      ['node_revisions_request', 'request_id', { where: ofRequests }],
      ['node_revisions_principal', 'principal_id'],
      ['node_revisions_blob', 'blob_id', { where: 'blob_id IS NOT NULL' }],
    ],
    foreign: [['node_revisions_blob', 'blob_id', 'blobs', 'NO ACTION']],
  }),
  node_tombstones: ({ int, text }) => ({
    columns: {
      home_id: primary(int),
      parent_id: primary(int),
      folded_name: primary(text),
      kind: primary(text),
      name: text,
      node_id: int,
      change: int,
      at: int,
    },
    indexes: [
      ['node_tombstones_change', 'home_id, change'],
      ['node_tombstones_at', 'at'],
    ],
    foreign: [['node_tombstones_home', 'home_id', 'homes', 'CASCADE']],
  }),
}
