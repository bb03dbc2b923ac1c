import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** Locks that clients hold on resources. */
export class Locks0000000000004 implements MigrationInterface {
  name = 'Locks0000000000004'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [locks, ...indexes])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const locks = table(
  'locks',
  [
    '"token" text NOT NULL',
    '"path" @octets NOT NULL',
    '"folder" @int NOT NULL',
    '"tree_id" @int NOT NULL',
    '"principal_id" @int NOT NULL',
    '"device_id" @int',
    '"scope" text NOT NULL',
    '"deep" @int NOT NULL',
    '"owner" text',
    '"seconds" @int NOT NULL',
    '"created_at" @int NOT NULL',
    '"expires_at" @int NOT NULL',
  ],
  {
    foreign: [
      foreign('locks_tree', 'tree_id', 'principals', 'CASCADE'),
      foreign('locks_principal', 'principal_id', 'principals', 'CASCADE'),
    ],
  },
)

const indexes = [
  index('locks_path', 'locks', 'path'),
  index('locks_tree', 'locks', 'tree_id'),
  index('locks_principal', 'locks', 'principal_id'),
  index('locks_expires', 'locks', 'expires_at'),
]
