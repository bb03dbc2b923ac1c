import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, runStatements, table } from './statements.ts'

/** The directory of colleagues as an address book of each account. */
export class DirectoryBooks0000000000017 implements MigrationInterface {
  name = 'DirectoryBooks0000000000017'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [books])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const books = table(
  'directory_books',
  [
    '"principal_id" @int NOT NULL',
    '"collection_id" @int',
    '"made_by" text NOT NULL DEFAULT \'\'',
    '"is_off" @int NOT NULL DEFAULT 0',
  ],
  {
    key: ['principal_id'],
    foreign: [foreign('directory_books_principal', 'principal_id', 'principals', 'CASCADE')],
  },
)
