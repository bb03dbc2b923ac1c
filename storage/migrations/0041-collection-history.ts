import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** What calendars and address books were called, and how they looked, before somebody changed it. */
export class CollectionHistory0000000000041 implements MigrationInterface {
  name = 'CollectionHistory0000000000041'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      table(
        'collection_revisions',
        [
          '"collection_id" @int NOT NULL',
          '"before_json" text NOT NULL',
          '"after_json" text NOT NULL',
          '"at" @int NOT NULL',
          '"origin" text NOT NULL',
          '"author_id" @int',
          '"device_id" @int',
          '"client_kind" text',
          '"request_id" text',
        ],
        { foreign: [foreign('collection_revisions_collection', 'collection_id', 'collections', 'CASCADE')] },
      ),
      index('collection_revisions_collection', 'collection_revisions', 'collection_id, id'),
      index('collection_revisions_device', 'collection_revisions', 'device_id, at', 'device_id IS NOT NULL'),
      index('collection_revisions_request', 'collection_revisions', 'request_id', 'request_id IS NOT NULL'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
