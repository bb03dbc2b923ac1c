import { nullable, primary, type Tables } from '../columns.ts'

/** What devices have been given, and what they sent in vain. */
export const heldTables: Tables = {
  device_positions: ({ int }) => ({
    columns: {
      device_id: primary(int),
      collection_id: primary(int),
      change: int,
      at: int,
    },
    indexes: [['device_positions_collection', 'collection_id']],
    foreign: [
      ['device_positions_device', 'device_id', 'app_passwords', 'CASCADE'],
      ['device_positions_collection', 'collection_id', 'collections', 'CASCADE'],
    ],
    clustered: true,
  }),
  device_windows: ({ int }) => ({
    columns: {
      device_id: primary(int),
      collection_id: primary(int),
      change: int,
      from_at: nullable(int),
      until_at: nullable(int),
      at: int,
    },
    indexes: [['device_windows_collection', 'collection_id']],
    foreign: [
      ['device_windows_device', 'device_id', 'app_passwords', 'CASCADE'],
      ['device_windows_collection', 'collection_id', 'collections', 'CASCADE'],
    ],
  }),
  held_edits: ({ bytes, id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      collection_id: int,
      name: text,
      device_id: nullable(int),
      client_kind: nullable(text),
      status: int,
      reason: text,
      base_etag: nullable(text),
      etag: text,
      size: int,
      body: bytes,
      at: int,
      settled_at: nullable(int),
      settled_as: nullable(text),
      settled_by: nullable(int),
    },
    indexes: [
      ['held_edits_principal', 'principal_id, id'],
      ['held_edits_collection', 'collection_id, name'],
      ['held_edits_at', 'at'],
    ],
    foreign: [
      ['held_edits_principal', 'principal_id', 'principals', 'CASCADE'],
      ['held_edits_collection', 'collection_id', 'collections', 'CASCADE'],
    ],
  }),
}
