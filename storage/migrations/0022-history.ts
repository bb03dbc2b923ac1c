import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** What facts beside cards were before; what devices change in bulk; batches that take things away. */
export class History0000000000022 implements MigrationInterface {
  name = 'History0000000000022'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      facts,
      index('fact_revisions_party', 'fact_revisions', 'party_id, id'),
      index('fact_revisions_other', 'fact_revisions', 'other_id, id', 'other_id IS NOT NULL'),
      index('fact_revisions_device', 'fact_revisions', 'device_id, at', 'device_id IS NOT NULL'),
      counts,
      bursts,
      index('bursts_principal', 'bursts', 'principal_id, id'),
      index('bursts_device', 'bursts', 'device_id, collection_id, until_at'),
      'ALTER TABLE "batches" ADD COLUMN "removed" @int NOT NULL DEFAULT 0',
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const facts = table('fact_revisions', [
  '"party_id" @int NOT NULL',
  '"other_id" @int',
  '"kind" text NOT NULL',
  '"key" text NOT NULL',
  '"before_json" text',
  '"after_json" text',
  '"at" @int NOT NULL',
  '"origin" text NOT NULL',
  '"author_id" @int',
  '"device_id" @int',
  '"client_kind" text',
  '"request_id" text',
])

const counts = table(
  'device_counts',
  [
    '"device_id" @int NOT NULL',
    '"collection_id" @int NOT NULL',
    '"since_at" @int NOT NULL',
    '"changes" @int NOT NULL',
  ],
  {
    key: ['device_id', 'collection_id'],
    foreign: [
      foreign('device_counts_device', 'device_id', 'app_passwords', 'CASCADE'),
      foreign('device_counts_collection', 'collection_id', 'collections', 'CASCADE'),
    ],
  },
)

const bursts = table(
  'bursts',
  [
    '"principal_id" @int NOT NULL',
    '"author_id" @int',
    '"device_id" @int NOT NULL',
    '"collection_id" @int NOT NULL',
    '"from_at" @int NOT NULL',
    '"until_at" @int NOT NULL',
    '"deleted" @int NOT NULL DEFAULT 0',
    '"changed" @int NOT NULL DEFAULT 0',
    '"verdict" text',
    '"batch_id" @int',
  ],
  { foreign: [foreign('bursts_principal', 'principal_id', 'principals', 'CASCADE')] },
)
