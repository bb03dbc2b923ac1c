import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/**
 * Accounts, groups, rooms and resources that were removed, until they are brought back or their time is over: what they hold stays
 * where it is, and what tied them to others is set aside. Their names are free.
 */
export class RemovedPrincipals0000000000054 implements MigrationInterface {
  name = 'RemovedPrincipals0000000000054'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "principals" ADD COLUMN "removed_at" @int',
      'DROP INDEX "principals_name"',
      unique('principals_name', 'principals', 'name', 'removed_at IS NULL'),
      removed,
      index('removed_principals_removed', 'removed_principals', 'removed_at'),
      aside,
      index('set_aside_principal', 'set_aside', 'principal_id, id'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Columns are not taken away again.')
  }
}

const removed = table(
  'removed_principals',
  [
    '"principal_id" @int NOT NULL',
    '"removed_at" @int NOT NULL',
    '"author_id" @int',
    '"heir_id" @int',
    '"given" text NOT NULL',
    '"people" text NOT NULL',
  ],
  {
    key: ['principal_id'],
    foreign: [foreign('removed_principals_principal', 'principal_id', 'principals', 'CASCADE')],
  },
)

const aside = table(
  'set_aside',
  ['"principal_id" @int NOT NULL', '"kind" text NOT NULL', '"kept" text NOT NULL'],
  { foreign: [foreign('set_aside_principal', 'principal_id', 'principals', 'CASCADE')] },
)
