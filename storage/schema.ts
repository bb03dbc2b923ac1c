import type { EntitySchema } from 'typeorm'
import {
  type Columns,
  columnsOf,
  entity,
  nullable,
  primary,
  type TableShape,
  withDefault,
} from './columns.ts'
import type { Dialect } from './database.ts'

/**
 * Every table as TypeORM describes it. The migrations make the tables; a test asserts that both say the same.
 * Law 2: only the write path touches objects, bodies, revisions, tombstones, events and the index tables.
 */
export function entities(dialect: Dialect): EntitySchema[] {
  const columns = columnsOf(dialect)
  return Object.entries(tables).map(([name, shape]) => entity(name, shape(columns)))
}

/** PostgreSQL's indexes take no text without limit. */
const contactFieldsIndex = {
  sqlite: 'collection_id, kind, folded, object_id',
  postgres: 'collection_id, kind, object_id',
} as const

const tables: Record<string, (columns: Columns) => TableShape> = {
  meta: ({ text }) => ({
    columns: {
      key: primary(text),
      value: text,
    },
  }),
  principals: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      name: text,
      segment: text,
      display_name: text,
      email: nullable(text),
      password_hash: nullable(text),
      stamp: withDefault(int, 1),
      created_at: int,
      changed_at: int,
    },
    indexes: [
      ['principals_name', 'name', { unique: true }],
      ['principals_segment', 'segment', { unique: true }],
    ],
  }),
  reserved_segments: ({ int, text }) => ({
    columns: {
      segment: primary(text),
      at: int,
    },
  }),
  app_passwords: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      label: text,
      secret_hash: text,
      scope: text,
      client_kind: nullable(text),
      created_at: int,
      last_used_at: nullable(int),
      revoked_at: nullable(int),
    },
    indexes: [
      ['app_passwords_secret', 'secret_hash', { unique: true }],
      ['app_passwords_principal', 'principal_id'],
    ],
    foreign: [['app_passwords_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  throttle: ({ int, text }) => ({
    columns: {
      key: primary(text),
      failures: int,
      window_started_at: int,
      blocked_until: int,
    },
  }),
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
  bodies: ({ bytes, id }) => ({
    columns: {
      id,
      bytes,
    },
  }),
  objects: ({ id, int, text }) => ({
    columns: {
      id,
      collection_id: int,
      name: text,
      uid: nullable(text),
      component: text,
      media_type: nullable(text),
      version: nullable(text),
      etag: text,
      schedule_tag: nullable(text),
      size: int,
      change: int,
      body_id: int,
      created_at: int,
      modified_at: int,
    },
    indexes: [
      ['objects_name', 'collection_id, name', { unique: true }],
      ['objects_uid', 'collection_id, uid', { unique: true, where: 'uid IS NOT NULL' }],
      ['objects_sync', 'collection_id, change, name, etag, component, media_type, id, size, modified_at'],
      ['objects_list', 'collection_id, id, name, etag, component, media_type, size, modified_at, change'],
    ],
    foreign: [['objects_collection', 'collection_id', 'collections', 'NO ACTION']],
  }),
  revisions: ({ id, int, text }) => ({
    columns: {
      id,
      object_id: int,
      collection_id: int,
      principal_id: int,
      kind: text,
      name: text,
      uid: nullable(text),
      component: text,
      etag: text,
      body_id: nullable(int),
      change: int,
      at: int,
      origin: text,
      author_id: nullable(int),
      device_id: nullable(int),
      client_kind: nullable(text),
      request_id: nullable(text),
      restored_at: nullable(int),
    },
    indexes: [
      ['revisions_object', 'object_id, etag'],
      ['revisions_trash', 'principal_id, id', { where: "kind = 'deleted'" }],
      ['revisions_device', 'device_id, at', { where: 'device_id IS NOT NULL' }],
    ],
  }),
  tombstones: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      name: primary(text),
      object_id: int,
      uid: nullable(text),
      change: int,
      at: int,
    },
    indexes: [
      ['tombstones_change', 'collection_id, change'],
      ['tombstones_at', 'at'],
    ],
    foreign: [['tombstones_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
  events: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      feed_id: int,
      kind: text,
      object_id: nullable(int),
      name: nullable(text),
      device_id: nullable(int),
      request_id: nullable(text),
      at: int,
    },
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
  calendar_objects: ({ int, text }) => ({
    columns: {
      object_id: primary(int),
      collection_id: int,
      component: text,
      earliest: nullable(int),
      latest: nullable(int),
      first_at: int,
      until_at: int,
      longest_ms: int,
      expanded_from: int,
      expanded_until: int,
      exact: int,
      reach: int,
    },
    indexes: [
      [
        'calendar_objects_until',
        'collection_id, component, until_at, first_at, exact, longest_ms, object_id',
      ],
      ['calendar_objects_reach', 'collection_id, reach, expanded_until'],
      ['calendar_objects_expanded', 'expanded_until'],
    ],
    foreign: [['calendar_objects_object', 'object_id', 'objects', 'CASCADE']],
  }),
  calendar_instances: ({ int, text }) => ({
    columns: {
      object_id: primary(int),
      start_at: primary(int),
      number: primary(int),
      end_at: int,
      all_day: int,
      floating: int,
      transparent: int,
      status: nullable(text),
    },
    foreign: [['calendar_instances_object', 'object_id', 'objects', 'CASCADE']],
    clustered: true,
  }),
  contact_fields: ({ dialect, id, int, text }) => ({
    columns: {
      id,
      object_id: int,
      collection_id: int,
      kind: text,
      value: text,
      folded: text,
    },
    indexes: [
      ['contact_fields_kind', contactFieldsIndex[dialect]],
      ['contact_fields_object', 'object_id'],
    ],
    foreign: [['contact_fields_object', 'object_id', 'objects', 'CASCADE']],
  }),
  jobs: ({ int, text }) => ({
    columns: {
      key: primary(text),
      next_at: int,
      last_at: nullable(int),
      attempts: withDefault(int, 0),
      last_error: nullable(text),
    },
  }),
}
