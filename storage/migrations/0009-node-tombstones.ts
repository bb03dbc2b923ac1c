import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** A folder and a file of the same name have other URLs, and so tombstones of their own. Nothing was deleted before. */
export class NodeTombstones0000000000009 implements MigrationInterface {
  name = 'NodeTombstones0000000000009'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  'DROP TABLE "node_tombstones"',
  table(
    'node_tombstones',
    [
      '"home_id" @int NOT NULL',
      '"parent_id" @int NOT NULL',
      '"folded_name" text NOT NULL',
      '"kind" text NOT NULL',
      '"name" text NOT NULL',
      '"node_id" @int NOT NULL',
      '"change" @int NOT NULL',
      '"at" @int NOT NULL',
    ],
    {
      key: ['home_id', 'parent_id', 'folded_name', 'kind'],
      foreign: [foreign('node_tombstones_home', 'home_id', 'homes', 'CASCADE')],
    },
  ),
  index('node_tombstones_change', 'node_tombstones', 'home_id, change'),
  index('node_tombstones_at', 'node_tombstones', 'at'),
]
