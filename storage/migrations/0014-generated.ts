import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Collections that are made from something else: the birthdays of an address book as a calendar. */
export class Generated0000000000014 implements MigrationInterface {
  name = 'Generated0000000000014'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const calendar = 'birthday_calendars'
const events = 'generated_members'

const statements = [
  'ALTER TABLE "collections" ADD COLUMN "generated" text',
  'ALTER TABLE "feeds" ADD COLUMN "followed" @int NOT NULL DEFAULT 0',
  table(
    calendar,
    [
      '"collection_id" @int NOT NULL',
      '"book_id" @int NOT NULL',
      '"through" @int NOT NULL DEFAULT 0',
      '"made_by" text NOT NULL DEFAULT \'\'',
      '"alarms" text NOT NULL DEFAULT \'\'',
      '"other_dates" @int NOT NULL DEFAULT 0',
    ],
    {
      key: ['collection_id'],
      foreign: [
        foreign('birthday_calendars_collection', 'collection_id', 'collections', 'CASCADE'),
        foreign('birthday_calendars_book', 'book_id', 'collections', 'CASCADE'),
      ],
    },
  ),
  unique('birthday_calendars_book', calendar, 'book_id'),
  table(events, ['"collection_id" @int NOT NULL', '"name" text NOT NULL', '"source_name" text NOT NULL'], {
    key: ['collection_id', 'name'],
    foreign: [foreign('generated_members_collection', 'collection_id', 'collections', 'CASCADE')],
  }),
  index('generated_members_source', events, 'collection_id, source_name'),
]
