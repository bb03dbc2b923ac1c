import { type Index, nullable, primary, type Tables, withDefault } from '../columns.ts'
import type { Dialect } from '../database.ts'

/** PostgreSQL's indexes take no text without limit. */
const contactFieldsIndex = {
  sqlite: 'collection_id, kind, folded, object_id',
  postgres: 'collection_id, kind, object_id',
} as const

/** There a whole value is looked up in an index of its own. */
const contactFieldsWhole: Readonly<Record<Dialect, readonly Index[]>> = {
  sqlite: [],
  postgres: [['contact_fields_folded', 'collection_id, kind, folded', { where: 'length(folded) <= 500' }]],
}

/** What the API has changed: those of clients have a device that they are found by. */
const ofRequests = "(origin = 'web') OR (origin = 'restore') OR (origin = 'move') OR (origin = 'copy')"

/** Members of collections, their history, and the index derived from their octets. */
export const objectsTables: Tables = {
  bodies: ({ bytes, id, int }) => ({
    columns: {
      id,
      bytes,
      media_bytes: withDefault(int, 0),
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
      sent_body_id: nullable(int),
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
      ['revisions_request', 'request_id', { where: ofRequests }],
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
      made: nullable(int),
      group_since: nullable(int),
    },
    indexes: [
      ['tombstones_change', 'collection_id, change'],
      ['tombstones_at', 'at'],
    ],
    foreign: [['tombstones_collection', 'collection_id', 'collections', 'CASCADE']],
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
      ...contactFieldsWhole[dialect],
    ],
    foreign: [['contact_fields_object', 'object_id', 'objects', 'CASCADE']],
  }),
}
