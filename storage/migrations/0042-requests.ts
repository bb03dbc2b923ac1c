import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** What one request over the API changed is found by it, so that it can be undone: writes of clients pay nothing. */
export class Requests0000000000042 implements MigrationInterface {
  name = 'Requests0000000000042'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      index('revisions_request', 'revisions', 'request_id', ofRequests),
      index('fact_revisions_request', 'fact_revisions', 'request_id', ofRequests),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Indexes are not taken away again.')
  }
}

const ofRequests = "(origin = 'web') OR (origin = 'restore')"
