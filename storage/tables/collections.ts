import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Homes, the collections in them, and their feeds. */
export const collectionsTables: Tables = {
  feeds: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      principal_id: int,
      collection_id: nullable(int),
      change: withDefault(int, 0),
      floor: withDefault(int, 0),
      closed: withDefault(int, 0),
    },
    indexes: [['feeds_principal', 'principal_id']],
  }),
  homes: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      kind: text,
      feed_id: int,
    },
    indexes: [['homes_principal_kind', 'principal_id, kind', { unique: true }]],
    foreign: [['homes_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  collections: ({ id, int, text }) => ({
    columns: {
      id,
      home_id: int,
      principal_id: int,
      kind: text,
      name: text,
      feed_id: int,
      home_change: int,
      resource_id: text,
      displayname: nullable(text),
      description: nullable(text),
      color: nullable(text),
      sort_order: nullable(int),
      components: nullable(text),
      timezone: nullable(text),
      timezone_id: nullable(text),
      transparent: withDefault(int, 0),
      is_default: withDefault(int, 0),
      created_at: int,
      changed_at: int,
      deleted_at: nullable(int),
      deleted_change: nullable(int),
      source: nullable(text),
      subscribed: withDefault(int, 0),
      refresh_rate: nullable(text),
      strip_alarms: withDefault(int, 0),
      strip_attachments: withDefault(int, 0),
      strip_todos: withDefault(int, 0),
    },
    indexes: [
      ['collections_name', 'home_id, name', { unique: true, where: 'deleted_at IS NULL' }],
      ['collections_change', 'home_id, home_change'],
      ['collections_principal', 'principal_id'],
      ['collections_deleted', 'deleted_at'],
    ],
    foreign: [['collections_home', 'home_id', 'homes', 'CASCADE']],
  }),
  collection_tombstones: ({ int, text }) => ({
    columns: {
      home_id: primary(int),
      name: primary(text),
      collection_id: int,
      change: int,
      at: int,
    },
    indexes: [
      ['collection_tombstones_change', 'home_id, change'],
      ['collection_tombstones_at', 'at'],
    ],
    foreign: [['collection_tombstones_home', 'home_id', 'homes', 'CASCADE']],
  }),
  dead_properties: ({ id, int, text }) => ({
    columns: {
      id,
      target_kind: text,
      target_id: int,
      name: text,
      xml: text,
    },
    indexes: [['dead_properties_target', 'target_kind, target_id, name', { unique: true }]],
  }),
}
