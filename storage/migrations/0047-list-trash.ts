import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements, unique } from './statements.ts'

/** Lists that were removed, with whom they were shared, until they are brought back or their time is over. */
export class ListTrash0000000000047 implements MigrationInterface {
  name = 'ListTrash0000000000047'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "smart_lists" ADD COLUMN "deleted_at" @int',
      'ALTER TABLE "smart_lists" ADD COLUMN "kept" text',
      'DROP INDEX "smart_lists_name"',
      unique('smart_lists_name', 'smart_lists', 'principal_id, name', 'deleted_at IS NULL'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Columns are not taken away again.')
  }
}
