import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Public links that were withdrawn, until they are brought back or their time is over: none of them leads anywhere. */
export class EndedLinks0000000000048 implements MigrationInterface {
  name = 'EndedLinks0000000000048'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      ended,
      unique('ended_links_collection', 'ended_links', 'collection_id, link_id', 'collection_id IS NOT NULL'),
      unique('ended_links_node', 'ended_links', 'node_id, link_id', 'node_id IS NOT NULL'),
      index('ended_links_ended', 'ended_links', 'ended_at'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const ended = table(
  'ended_links',
  [
    '"link_id" @int NOT NULL',
    '"collection_id" @int',
    '"node_id" @int',
    '"token" text NOT NULL',
    '"label" text NOT NULL',
    '"expires_at" @int',
    '"created_at" @int NOT NULL',
    '"last_used_at" @int',
    '"ended_at" @int NOT NULL',
  ],
  {
    foreign: [
      foreign('ended_links_collection', 'collection_id', 'collections', 'CASCADE'),
      foreign('ended_links_node', 'node_id', 'nodes', 'CASCADE'),
    ],
  },
)
