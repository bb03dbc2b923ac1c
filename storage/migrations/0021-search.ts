import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/** What people, events, notes and documents are found by. Those that were stored before are found once `farley reindex` has run. */
export class Search0000000000021 implements MigrationInterface {
  name = 'Search0000000000021'

  async up(runner: QueryRunner): Promise<void> {
    const own = runner.dataSource.options.type === 'postgres' ? postgresOnly : sqliteOnly
    await runStatements(runner, [...statements, ...own])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  table(
    'search_documents',
    [
      '"kind" text NOT NULL',
      '"scope" @int NOT NULL',
      '"object_id" @int',
      '"source" text',
      '"source_id" @int',
      '"party_id" @int',
      '"title" text NOT NULL',
      '"texts" text NOT NULL',
      '"entries" text NOT NULL',
      '"grams" text NOT NULL',
      '"pending" @int NOT NULL DEFAULT 1',
    ],
    { foreign: [foreign('search_documents_object', 'object_id', 'objects', 'CASCADE')] },
  ),
  unique('search_documents_object', 'search_documents', 'object_id', 'object_id IS NOT NULL'),
  unique('search_documents_source', 'search_documents', 'source, source_id', 'source IS NOT NULL'),
  index('search_documents_pending', 'search_documents', 'id', 'pending = 1'),
  clustered(
    table(
      'search_entries',
      ['"scope" @int NOT NULL', '"entry" @octets NOT NULL', '"document_id" @int NOT NULL'],
      { key: ['scope', 'entry', 'document_id'] },
    ),
  ),
  table(
    'search_removed',
    ['"document_id" @int NOT NULL', '"scope" @int NOT NULL', '"entries" text NOT NULL'],
    { key: ['document_id'] },
  ),
]

/** Without positions, and without the texts themselves, which are in `search_documents`. */
const sqliteOnly = [
  `CREATE VIRTUAL TABLE search_grams USING fts5(grams, tokenize = 'trigram case_sensitive 1', content = '',
     contentless_delete = 1, detail = none)`,
  `CREATE TRIGGER search_documents_gone AFTER DELETE ON search_documents WHEN OLD.pending = 0 BEGIN
     INSERT INTO search_removed (document_id, scope, entries) VALUES (OLD.id, OLD.scope, OLD.entries);
   END`,
]

/** The list of what waits to be brought into the index is kept short: every search reads it. */
const postgresOnly = [
  'CREATE TABLE search_grams (rowid bigint NOT NULL PRIMARY KEY, grams int[] NOT NULL)',
  'CREATE INDEX search_grams_grams ON search_grams USING gin (grams) WITH (gin_pending_list_limit = 256)',
  `CREATE FUNCTION search_document_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO search_removed (document_id, scope, entries) VALUES (OLD.id, OLD.scope, OLD.entries);
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER search_documents_gone AFTER DELETE ON search_documents FOR EACH ROW WHEN (OLD.pending = 0)
     EXECUTE FUNCTION search_document_gone()`,
]
