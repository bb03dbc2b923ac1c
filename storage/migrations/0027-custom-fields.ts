import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/**
 * Fields of one's own, the values of those that have no form on a card, and an index of the values that cards label. Of
 * cards that are there already the index is made by `farley reindex`.
 */
export class CustomFields0000000000027 implements MigrationInterface {
  name = 'CustomFields0000000000027'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  table(
    'custom_fields',
    [
      '"collection_id" @int',
      '"key" text NOT NULL',
      '"label" text NOT NULL',
      '"former_labels" text NOT NULL',
      '"type" text NOT NULL',
      '"options" text NOT NULL',
      '"position" @int NOT NULL',
      '"retired_at" @int',
      '"version" @int NOT NULL',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    { foreign: [foreign('custom_fields_collection', 'collection_id', 'collections', 'CASCADE')] },
  ),
  unique('custom_fields_key', 'custom_fields', 'key'),
  index('custom_fields_collection', 'custom_fields', 'collection_id'),
  table(
    'custom_values',
    [
      '"field_id" @int NOT NULL',
      '"party_id" @int NOT NULL',
      '"value" text NOT NULL',
      '"folded" text NOT NULL',
      '"amount" @int',
    ],
    {
      key: ['field_id', 'party_id'],
      foreign: [
        foreign('custom_values_field', 'field_id', 'custom_fields', 'CASCADE'),
        foreign('custom_values_party', 'party_id', 'parties', 'CASCADE'),
      ],
    },
  ),
  index('custom_values_party', 'custom_values', 'party_id'),
  table(
    'labelled_values',
    [
      '"object_id" @int NOT NULL',
      '"collection_id" @int NOT NULL',
      '"list" text NOT NULL',
      '"label" text NOT NULL',
      '"value" text NOT NULL',
      '"folded" text NOT NULL',
    ],
    { foreign: [foreign('labelled_values_object', 'object_id', 'objects', 'CASCADE')] },
  ),
  index('labelled_values_object', 'labelled_values', 'object_id'),
  index('labelled_values_label', 'labelled_values', 'list, label, collection_id'),
]
