import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Imports and migrations are batches, item by item; PostgreSQL finds cards by a whole value as SQLite does. */
export class ImportBatches0000000000015 implements MigrationInterface {
  name = 'ImportBatches0000000000015'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      table(
        'batches',
        [
          '"key" text NOT NULL',
          '"principal_id" @int NOT NULL',
          '"kind" text NOT NULL',
          '"trial" @int NOT NULL DEFAULT 0',
          '"state" text NOT NULL',
          '"runner" text',
          '"source" text NOT NULL',
          '"options" text NOT NULL',
          '"reached" text',
          ...['created', 'updated', 'unchanged', 'skipped', 'refused', 'undone', 'kept'].map(
            (count) => `"${count}" @int NOT NULL DEFAULT 0`,
          ),
          '"error" text',
          '"started_at" @int NOT NULL',
          '"touched_at" @int NOT NULL',
        ],
        { foreign: [foreign('batches_principal', 'principal_id', 'principals', 'CASCADE')] },
      ),
      index('batches_principal', 'batches', 'principal_id, id'),
      index('batches_touched', 'batches', 'touched_at'),
      table(
        'batch_items',
        [
          '"batch_id" @int NOT NULL',
          '"number" @int NOT NULL',
          '"place" text NOT NULL',
          '"outcome" text NOT NULL',
          `"note" text NOT NULL DEFAULT ''`,
          '"component" text',
          '"collection_id" @int',
          '"object_id" @int',
          '"name" text',
          '"uid" text',
          '"etag" text',
          '"change" @int',
          '"before_body_id" @int',
          '"before_etag" text',
          '"undo" text',
          '"undo_note" text',
        ],
        { foreign: [foreign('batch_items_batch', 'batch_id', 'batches', 'CASCADE')] },
      ),
      unique('batch_items_number', 'batch_items', 'batch_id, number'),
      index('batch_items_uid', 'batch_items', 'batch_id, uid', '"uid" IS NOT NULL'),
    ])
    if (runner.dataSource.options.type !== 'postgres') return
    await runStatements(runner, [
      index(
        'contact_fields_folded',
        'contact_fields',
        'collection_id, kind, folded',
        'length("folded") <= 500',
      ),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
