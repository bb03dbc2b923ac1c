import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** What labels, lists, fields and what is shared of people were, before somebody changed them. */
export class ThingHistory0000000000052 implements MigrationInterface {
  name = 'ThingHistory0000000000052'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      table(
        'thing_revisions',
        [
          '"kind" text NOT NULL',
          '"key" text NOT NULL',
          '"owner_id" @int',
          '"party_id" @int',
          '"before_json" text',
          '"after_json" text',
          '"at" @int NOT NULL',
          '"origin" text NOT NULL',
          '"author_id" @int',
          '"device_id" @int',
          '"client_kind" text',
          '"request_id" text',
        ],
        { foreign: [foreign('thing_revisions_owner', 'owner_id', 'principals', 'CASCADE')] },
      ),
      index('thing_revisions_thing', 'thing_revisions', 'kind, key, id'),
      index('thing_revisions_device', 'thing_revisions', 'device_id, at', 'device_id IS NOT NULL'),
      index('thing_revisions_party', 'thing_revisions', 'party_id', 'party_id IS NOT NULL'),
      index('thing_revisions_request', 'thing_revisions', 'request_id', 'request_id IS NOT NULL'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
