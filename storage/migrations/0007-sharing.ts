import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** What each sharee was last told that he may do. */
export class Sharing0000000000007 implements MigrationInterface {
  name = 'Sharing0000000000007'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "mounts" ADD COLUMN "access" text NOT NULL DEFAULT 'read'`])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
