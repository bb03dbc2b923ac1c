import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** What a sharee calls a shared collection, and how it looks to him, has a history of its own. */
export class MountHistory0000000000056 implements MigrationInterface {
  name = 'MountHistory0000000000056'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "collection_revisions" ADD COLUMN "mount_id" @int',
      index('collection_revisions_mount', 'collection_revisions', 'mount_id', 'mount_id IS NOT NULL'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Columns are not taken away again.')
  }
}
