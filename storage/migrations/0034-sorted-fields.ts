import type { MigrationInterface, QueryRunner } from 'typeorm'
import { index, runStatements } from './statements.ts'

/**
 * What people are sorted by in lists: the begin of what stands in a field. How far the values of a field are derived anew
 * after the names of its answers have changed; those that are there already are derived by a job.
 */
export class SortedFields0000000000034 implements MigrationInterface {
  name = 'SortedFields0000000000034'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  'ALTER TABLE "custom_fields" ADD COLUMN "stale_after" @int',
  'UPDATE "custom_fields" SET "stale_after" = 0',
  `ALTER TABLE "custom_values" ADD COLUMN "sort_key" @octets NOT NULL DEFAULT ''`,
  `ALTER TABLE "labelled_values" ADD COLUMN "sort_key" @octets NOT NULL DEFAULT ''`,
  'UPDATE "labelled_values" SET "sort_key" = substr("folded", 1, 100)',
  'DROP INDEX "labelled_values_label"',
  index('labelled_values_sorted', 'labelled_values', 'list, label, collection_id, sort_key, object_id'),
  index('custom_values_sorted', 'custom_values', 'field_id, sort_key, party_id'),
]
