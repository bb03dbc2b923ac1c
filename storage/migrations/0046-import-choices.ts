import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** What items of a batch are called, and whether they meet what is there already. */
export class ImportChoices0000000000046 implements MigrationInterface {
  name = 'ImportChoices0000000000046'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "batch_items" ADD COLUMN "title" text',
      'ALTER TABLE "batch_items" ADD COLUMN "meets" text',
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
