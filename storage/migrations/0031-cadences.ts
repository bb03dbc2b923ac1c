import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** How often somebody wants to be in touch with a person, and the task that reminds him. */
export class Cadences0000000000031 implements MigrationInterface {
  name = 'Cadences0000000000031'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      table(
        'cadences',
        [
          '"party_id" @int NOT NULL',
          '"principal_id" @int NOT NULL',
          '"every_days" @int NOT NULL',
          '"began_at" @int NOT NULL',
          '"task_id" @int',
          '"task_at" @int',
          '"version" @int NOT NULL',
        ],
        {
          foreign: [
            foreign('cadences_party', 'party_id', 'parties', 'CASCADE'),
            foreign('cadences_principal', 'principal_id', 'principals', 'CASCADE'),
          ],
        },
      ),
      unique('cadences_party', 'cadences', 'party_id, principal_id'),
      index('cadences_principal', 'cadences', 'principal_id'),
      index('cadences_task', 'cadences', 'task_id', 'task_id IS NOT NULL'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
