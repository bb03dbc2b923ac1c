import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** Organisations are few among many people, and are looked for with every employer. */
export class Organisations0000000000032 implements MigrationInterface {
  name = 'Organisations0000000000032'

  async up(runner: QueryRunner): Promise<void> {
    const orgs = "kind = 'org'"
    await runStatements(runner, [index('placements_orgs', 'placements', 'collection_id, object_id', orgs)])
  }

  async down(): Promise<void> {
    throw new Error('Indexes are not taken away again.')
  }
}
