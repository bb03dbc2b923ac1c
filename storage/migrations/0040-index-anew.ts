import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** What was stored before there was all that the index has now is derived anew by a job, which says how far it is. */
export class IndexAnew0000000000040 implements MigrationInterface {
  name = 'IndexAnew0000000000040'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE "jobs" ADD COLUMN "progress" text'])
    await indexAnew(runner)
  }

  async down(): Promise<void> {
    throw new Error('Columns are not taken away again.')
  }
}

/** For a migration after which rows have to be derived from octets again: the server does it once it runs. */
export async function indexAnew(runner: QueryRunner): Promise<void> {
  await runStatements(runner, [
    `INSERT INTO jobs (key, next_at) SELECT 'reindex', 0 WHERE EXISTS (SELECT 1 FROM objects)
     ON CONFLICT (key) DO UPDATE SET next_at = 0, attempts = 0, progress = NULL`,
  ])
}
