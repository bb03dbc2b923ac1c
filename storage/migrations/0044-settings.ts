import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, runStatements, table } from './statements.ts'

/**
 * Settings that are changed while the server runs, and who has changed them; what a room is like; and what became of edits
 * that were refused.
 */
export class Settings0000000000044 implements MigrationInterface {
  name = 'Settings0000000000044'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      settings,
      changes,
      'ALTER TABLE "principals" ADD COLUMN "description" text',
      'ALTER TABLE "principals" ADD COLUMN "place" text',
      'ALTER TABLE "principals" ADD COLUMN "capacity" @int',
      'ALTER TABLE "held_edits" ADD COLUMN "settled_at" @int',
      'ALTER TABLE "held_edits" ADD COLUMN "settled_as" text',
      'ALTER TABLE "held_edits" ADD COLUMN "settled_by" @int',
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const settings = table(
  'server_settings',
  ['"key" text NOT NULL', '"value" text NOT NULL', '"changed_at" @int NOT NULL', '"author_id" @int'],
  {
    key: ['key'],
    foreign: [foreign('server_settings_author', 'author_id', 'principals', 'SET NULL')],
  },
)

const changes = table(
  'setting_changes',
  [
    '"key" text NOT NULL',
    '"before" text',
    '"after" text',
    '"at" @int NOT NULL',
    '"author_id" @int',
    '"author" text NOT NULL',
    '"request_id" text',
  ],
  { foreign: [foreign('setting_changes_author', 'author_id', 'principals', 'SET NULL')] },
)
