import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** What one request over the API has moved and copied is found by it too. */
export class Moves0000000000043 implements MigrationInterface {
  name = 'Moves0000000000043'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'DROP INDEX "revisions_request"',
      index('revisions_request', 'revisions', 'request_id', ofRequests),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Indexes are not taken away again.')
  }
}

const ofRequests = "(origin = 'web') OR (origin = 'restore') OR (origin = 'move') OR (origin = 'copy')"
