import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** Who wrote something stays to be read when his account is gone. */
export class Authors0000000000036 implements MigrationInterface {
  name = 'Authors0000000000036'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE "activities" ADD COLUMN "author_name" text'])
  }

  async down(): Promise<void> {
    throw new Error('Columns are not taken away again.')
  }
}
