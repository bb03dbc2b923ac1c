import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** Imports that were tried and wait to be done: their file, which is kept for them, and what is wished of them. */
export class WaitingImports0000000000051 implements MigrationInterface {
  name = 'WaitingImports0000000000051'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "batches" ADD COLUMN "blob_id" @int',
      'ALTER TABLE "batches" ADD COLUMN "wish" text',
      index('batches_blob', 'batches', 'blob_id', 'blob_id IS NOT NULL'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
