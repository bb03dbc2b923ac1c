import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** Jobs are claimed for a time; calendars that follow what somebody else publishes. */
export class Subscriptions0000000000006 implements MigrationInterface {
  name = 'Subscriptions0000000000006'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...columns, subscriptions, index('jobs_next', 'jobs', 'next_at')])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const column = (name: string, definition: string): string => `ALTER TABLE "${name}" ADD COLUMN ${definition}`

const columns = [
  column('jobs', '"lease" text'),
  column('jobs', '"leased_until" @int NOT NULL DEFAULT 0'),
  column('collections', '"source" text'),
  column('collections', '"subscribed" @int NOT NULL DEFAULT 0'),
  column('collections', '"refresh_rate" text'),
  column('collections', '"strip_alarms" @int NOT NULL DEFAULT 0'),
  column('collections', '"strip_attachments" @int NOT NULL DEFAULT 0'),
  column('collections', '"strip_todos" @int NOT NULL DEFAULT 0'),
]

const subscriptions = table(
  'subscriptions',
  [
    '"collection_id" @int NOT NULL',
    '"etag" text',
    '"last_modified" text',
    '"digest" text',
    '"published_ms" @int',
    '"fetched_at" @int',
    '"skipped" @int NOT NULL DEFAULT 0',
  ],
  {
    key: ['collection_id'],
    foreign: [foreign('subscriptions_collection', 'collection_id', 'collections', 'CASCADE')],
  },
)
