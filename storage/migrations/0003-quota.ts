import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, runStatements, table } from './statements.ts'

/** What an account keeps, and how much it may. */
export class Quota0000000000003 implements MigrationInterface {
  name = 'Quota0000000000003'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [quotas, present])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const quotas = table(
  'quotas',
  ['"principal_id" @int NOT NULL', '"used_bytes" @int NOT NULL DEFAULT 0', '"limit_bytes" @int'],
  {
    key: ['principal_id'],
    foreign: [foreign('quotas_principal', 'principal_id', 'principals', 'CASCADE')],
  },
)

const present = `INSERT INTO quotas (principal_id, used_bytes)
  SELECT c.principal_id, sum(o.size) FROM objects o JOIN collections c ON c.id = o.collection_id
  WHERE c.deleted_at IS NULL GROUP BY c.principal_id`
