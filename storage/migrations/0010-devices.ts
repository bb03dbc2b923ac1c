import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** What an app password's client seems to be by what it sends. */
export class Devices0000000000010 implements MigrationInterface {
  name = 'Devices0000000000010'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE "app_passwords" ADD COLUMN "suggested_kind" text'])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
