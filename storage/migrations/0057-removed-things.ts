import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** What of somebody was removed lately is found without looking at what others removed. */
export class RemovedThings0000000000057 implements MigrationInterface {
  name = 'RemovedThings0000000000057'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      index('thing_revisions_removed', 'thing_revisions', 'kind, owner_id, id', 'after_json IS NULL'),
    ])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP INDEX "thing_revisions_removed"'])
  }
}
