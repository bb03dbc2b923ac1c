import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/** Lists of people by what they are, and labels that somebody has given a colour. */
export class SmartLists0000000000028 implements MigrationInterface {
  name = 'SmartLists0000000000028'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...lists, ...labels, ...tasks])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const lists = [
  table(
    'smart_lists',
    [
      '"principal_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"description" text NOT NULL',
      '"color" text',
      '"filter" text NOT NULL',
      '"principals" text NOT NULL',
      '"version" @int NOT NULL',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    { foreign: [foreign('smart_lists_principal', 'principal_id', 'principals', 'CASCADE')] },
  ),
  unique('smart_lists_name', 'smart_lists', 'principal_id, name'),
  table(
    'list_books',
    [
      '"collection_id" @int NOT NULL',
      '"look_at" @int',
      '"by_organisation" @int NOT NULL',
      '"by_calendar" @int NOT NULL',
    ],
    {
      key: ['collection_id'],
      foreign: [foreign('list_books_collection', 'collection_id', 'collections', 'CASCADE')],
    },
  ),
  index('list_books_look', 'list_books', 'look_at', 'look_at IS NOT NULL'),
  clustered(
    table('list_places', ['"collection_id" @int NOT NULL', '"place_id" @int NOT NULL'], {
      key: ['collection_id', 'place_id'],
      foreign: [foreign('list_places_collection', 'collection_id', 'collections', 'CASCADE')],
    }),
  ),
  index('list_places_place', 'list_places', 'place_id'),
]

const labels = [
  table(
    'labels',
    [
      '"principal_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"color" text',
      '"version" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    { foreign: [foreign('labels_principal', 'principal_id', 'principals', 'CASCADE')] },
  ),
  unique('labels_name', 'labels', 'principal_id, name'),
  index('card_labels_book', 'card_labels', 'collection_id, label'),
]

const tasks = [
  table('open_tasks', ['"object_id" @int NOT NULL', '"collection_id" @int NOT NULL'], {
    key: ['object_id'],
    foreign: [foreign('open_tasks_object', 'object_id', 'objects', 'CASCADE')],
  }),
  index('open_tasks_collection', 'open_tasks', 'collection_id'),
]
