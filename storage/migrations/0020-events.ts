import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Events that can be read on from where one was, facts among them; webhooks, and the outbox of what leaves the server. */
export class Events0000000000020 implements MigrationInterface {
  name = 'Events0000000000020'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...columns, webhooks, outbox, ...indexes])
    // What is there already is older than every transaction to come.
    if (runner.dataSource.options.type === 'postgres') await runStatements(runner, ordered)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const columns = [
  'ALTER TABLE "events" ADD COLUMN "xact" @int NOT NULL DEFAULT 0',
  'ALTER TABLE "events" ADD COLUMN "party_id" @int',
  'ALTER TABLE "events" ADD COLUMN "ref_kind" text',
  'ALTER TABLE "events" ADD COLUMN "ref_id" @int',
]

const ordered = [
  'ALTER TABLE "events" ALTER COLUMN "xact" SET DEFAULT txid_current()',
  index('events_order', 'events', 'xact, id'),
]

const webhooks = table(
  'webhooks',
  [
    '"principal_id" @int NOT NULL',
    '"url" text NOT NULL',
    '"description" text NOT NULL',
    '"kinds" text',
    '"collections" text',
    '"parties" text',
    '"secret" text NOT NULL',
    '"old_secret" text',
    '"old_until" @int',
    '"is_active" @int NOT NULL',
    '"disabled_at" @int',
    '"disabled_reason" text',
    '"failing_since" @int',
    '"cursor_xact" @int NOT NULL',
    '"cursor_id" @int NOT NULL',
    '"version" @int NOT NULL',
    '"created_at" @int NOT NULL',
    '"changed_at" @int NOT NULL',
  ],
  { foreign: [foreign('webhooks_principal', 'principal_id', 'principals', 'CASCADE')] },
)

const outbox = table(
  'outbox',
  [
    '"kind" text NOT NULL',
    '"target" text NOT NULL',
    '"key" text NOT NULL',
    '"principal_id" @int NOT NULL',
    '"payload" text NOT NULL',
    '"state" text NOT NULL',
    '"attempts" @int NOT NULL DEFAULT 0',
    '"next_at" @int NOT NULL',
    '"last_error" text',
    '"answer_status" @int',
    '"answer" text',
    '"created_at" @int NOT NULL',
    '"ended_at" @int',
  ],
  { foreign: [foreign('outbox_principal', 'principal_id', 'principals', 'CASCADE')] },
)

const indexes = [
  index('webhooks_principal', 'webhooks', 'principal_id'),
  unique('outbox_key', 'outbox', 'kind, key'),
  index('outbox_due', 'outbox', 'next_at', "state = 'waiting'"),
  index('outbox_target', 'outbox', 'kind, target, id'),
  index('outbox_principal', 'outbox', 'principal_id'),
]
