import { nullable, type Tables, withDefault } from '../columns.ts'

/** Accounts of other servers that are moved in: how far each collection got, and which of our objects is which of theirs. */
export const migrationSourcesTables: Tables = {
  migration_sources: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      url: text,
      user_name: text,
      batch_id: int,
      created_at: int,
      touched_at: int,
    },
    indexes: [['migration_sources_account', 'principal_id, url, user_name', { unique: true }]],
    foreign: [
      ['migration_sources_principal', 'principal_id', 'principals', 'CASCADE'],
      ['migration_sources_batch', 'batch_id', 'batches', 'CASCADE'],
    ],
  }),
  migration_collections: ({ id, int, text }) => ({
    columns: {
      id,
      source_id: int,
      url: text,
      kind: text,
      displayname: nullable(text),
      collection_id: int,
      token: nullable(text),
      ctag: nullable(text),
      held: withDefault(int, 0),
    },
    indexes: [['migration_collections_url', 'source_id, url', { unique: true }]],
    foreign: [['migration_collections_source', 'source_id', 'migration_sources', 'CASCADE']],
  }),
  migration_items: ({ id, int, text }) => ({
    columns: {
      id,
      migration_collection_id: int,
      path: text,
      href: text,
      remote_etag: text,
      outcome: text,
      object_id: nullable(int),
      etag: nullable(text),
      made: withDefault(int, 0),
      verdict: nullable(text),
      note: withDefault(text, ''),
    },
    indexes: [['migration_items_path', 'migration_collection_id, path', { unique: true }]],
    foreign: [['migration_items_collection', 'migration_collection_id', 'migration_collections', 'CASCADE']],
  }),
}
