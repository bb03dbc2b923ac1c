import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, runStatements, table, unique } from './statements.ts'

/** Accounts of other servers are moved in, collection by collection and item by item. */
export class MigrationSources0000000000016 implements MigrationInterface {
  name = 'MigrationSources0000000000016'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      table(
        'migration_sources',
        [
          '"principal_id" @int NOT NULL',
          '"url" text NOT NULL',
          '"user_name" text NOT NULL',
          '"batch_id" @int NOT NULL',
          '"created_at" @int NOT NULL',
          '"touched_at" @int NOT NULL',
        ],
        {
          foreign: [
            foreign('migration_sources_principal', 'principal_id', 'principals', 'CASCADE'),
            foreign('migration_sources_batch', 'batch_id', 'batches', 'CASCADE'),
          ],
        },
      ),
      unique('migration_sources_account', 'migration_sources', 'principal_id, url, user_name'),
      table(
        'migration_collections',
        [
          '"source_id" @int NOT NULL',
          '"url" text NOT NULL',
          '"kind" text NOT NULL',
          '"displayname" text',
          '"collection_id" @int NOT NULL',
          '"token" text',
          '"ctag" text',
          '"held" @int NOT NULL DEFAULT 0',
        ],
        { foreign: [foreign('migration_collections_source', 'source_id', 'migration_sources', 'CASCADE')] },
      ),
      unique('migration_collections_url', 'migration_collections', 'source_id, url'),
      table(
        'migration_items',
        [
          '"migration_collection_id" @int NOT NULL',
          '"path" text NOT NULL',
          '"href" text NOT NULL',
          '"remote_etag" text NOT NULL',
          '"outcome" text NOT NULL',
          '"object_id" @int',
          '"etag" text',
          '"made" @int NOT NULL DEFAULT 0',
          '"verdict" text',
          `"note" text NOT NULL DEFAULT ''`,
        ],
        {
          foreign: [
            foreign(
              'migration_items_collection',
              'migration_collection_id',
              'migration_collections',
              'CASCADE',
            ),
          ],
        },
      ),
      unique('migration_items_path', 'migration_items', 'migration_collection_id, path'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
