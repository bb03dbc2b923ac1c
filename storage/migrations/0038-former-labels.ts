import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** A label that is shared keeps what it was called before, while some cards still have that name. */
export class FormerLabels0000000000038 implements MigrationInterface {
  name = 'FormerLabels0000000000038'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "grants" ADD COLUMN "former_labels" text NOT NULL DEFAULT '[]'`,
    ])
  }

  async down(): Promise<void> {
    throw new Error('Columns are not taken away again.')
  }
}
