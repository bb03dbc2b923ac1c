import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/** States of folders and files say where they lay and whose they were, so that all that a device did is undone. */
export class NodePlaces0000000000039 implements MigrationInterface {
  name = 'NodePlaces0000000000039'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      ...['parent_id', 'former_id', 'into_id'].map(
        (column) => `ALTER TABLE "node_revisions" ADD COLUMN "${column}" @int`,
      ),
      // Of older ones it is not known.
      `UPDATE node_revisions SET parent_id = (SELECT n.parent_id FROM nodes n WHERE n.id = node_revisions.node_id)
       WHERE id IN (SELECT max(last.id) FROM node_revisions last GROUP BY last.node_id)`,
      index('node_revisions_former', 'node_revisions', 'former_id, id', 'former_id IS NOT NULL'),
      index('node_revisions_device', 'node_revisions', 'device_id, at', 'device_id IS NOT NULL'),
      index('node_revisions_request', 'node_revisions', 'request_id', ofRequests),
    ])
  }

  async down(): Promise<void> {
    throw new Error('What states say is not taken away again.')
  }
}

const ofRequests = "(origin = 'web') OR (origin = 'restore') OR (origin = 'move') OR (origin = 'copy')"
