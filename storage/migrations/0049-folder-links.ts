import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Addresses under which whoever knows them reads a folder. */
export class FolderLinks0000000000049 implements MigrationInterface {
  name = 'FolderLinks0000000000049'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      links,
      unique('folder_links_token', 'folder_links', 'token'),
      index('folder_links_node', 'folder_links', 'node_id'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const links = table(
  'folder_links',
  [
    '"node_id" @int NOT NULL',
    '"token" text NOT NULL',
    '"expires_at" @int',
    '"created_at" @int NOT NULL',
    '"last_used_at" @int',
  ],
  { foreign: [foreign('folder_links_node', 'node_id', 'nodes', 'CASCADE')] },
)
