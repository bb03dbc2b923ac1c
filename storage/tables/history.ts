import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What facts beside cards were before, and what devices have changed in bulk. */
export const historyTables: Tables = {
  fact_revisions: ({ id, int, text }) => ({
    columns: {
      id,
      party_id: int,
      other_id: nullable(int),
      kind: text,
      key: text,
      before_json: nullable(text),
      after_json: nullable(text),
      at: int,
      origin: text,
      author_id: nullable(int),
      device_id: nullable(int),
      client_kind: nullable(text),
      request_id: nullable(text),
    },
    indexes: [
      ['fact_revisions_party', 'party_id, id'],
      ['fact_revisions_other', 'other_id, id', { where: 'other_id IS NOT NULL' }],
      ['fact_revisions_device', 'device_id, at', { where: 'device_id IS NOT NULL' }],
      ['fact_revisions_request', 'request_id', { where: "(origin = 'web') OR (origin = 'restore')" }],
    ],
  }),
  collection_revisions: ({ id, int, text }) => ({
    columns: {
      id,
      collection_id: int,
      before_json: text,
      after_json: text,
      at: int,
      origin: text,
      author_id: nullable(int),
      device_id: nullable(int),
      client_kind: nullable(text),
      request_id: nullable(text),
    },
    indexes: [
      ['collection_revisions_collection', 'collection_id, id'],
      ['collection_revisions_device', 'device_id, at', { where: 'device_id IS NOT NULL' }],
      ['collection_revisions_request', 'request_id', { where: 'request_id IS NOT NULL' }],
    ],
    foreign: [['collection_revisions_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
  thing_revisions: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      key: text,
      owner_id: nullable(int),
      party_id: nullable(int),
      before_json: nullable(text),
      after_json: nullable(text),
      at: int,
      origin: text,
      author_id: nullable(int),
      device_id: nullable(int),
      client_kind: nullable(text),
      request_id: nullable(text),
    },
    indexes: [
      ['thing_revisions_thing', 'kind, key, id'],
      ['thing_revisions_device', 'device_id, at', { where: 'device_id IS NOT NULL' }],
      ['thing_revisions_party', 'party_id', { where: 'party_id IS NOT NULL' }],
      ['thing_revisions_request', 'request_id', { where: 'request_id IS NOT NULL' }],
    ],
    foreign: [['thing_revisions_owner', 'owner_id', 'principals', 'CASCADE']],
  }),
  device_counts: ({ int }) => ({
    columns: {
      device_id: primary(int),
      collection_id: primary(int),
      since_at: int,
      changes: int,
    },
    foreign: [
      ['device_counts_device', 'device_id', 'app_passwords', 'CASCADE'],
      ['device_counts_collection', 'collection_id', 'collections', 'CASCADE'],
    ],
  }),
  bursts: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      author_id: nullable(int),
      device_id: int,
      collection_id: int,
      from_at: int,
      until_at: int,
      deleted: withDefault(int, 0),
      changed: withDefault(int, 0),
      verdict: nullable(text),
      batch_id: nullable(int),
    },
    indexes: [
      ['bursts_principal', 'principal_id, id'],
      ['bursts_device', 'device_id, collection_id, until_at'],
    ],
    foreign: [['bursts_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
}
