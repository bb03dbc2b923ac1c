import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Address books whose cards are copies of others, and what is not seen in them. */
export class VirtualBooks0000000000023 implements MigrationInterface {
  name = 'VirtualBooks0000000000023'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const masks = table('masks', [
  '"name" text NOT NULL',
  '"rules" text NOT NULL',
  '"created_at" @int NOT NULL',
  '"changed_at" @int NOT NULL',
])

const holders = table('mask_holders', ['"mask_id" @int NOT NULL', '"principal_id" @int NOT NULL'], {
  key: ['mask_id', 'principal_id'],
  foreign: [
    foreign('mask_holders_mask', 'mask_id', 'masks', 'CASCADE'),
    foreign('mask_holders_principal', 'principal_id', 'principals', 'CASCADE'),
  ],
})

const books = table(
  'virtual_books',
  [
    '"collection_id" @int NOT NULL',
    '"kind" text NOT NULL',
    '"definition" text NOT NULL',
    '"source_id" @int',
    '"owner_id" @int NOT NULL',
    '"twin_of" @int',
    '"masks" text NOT NULL DEFAULT \'[]\'',
    '"mask_key" text NOT NULL DEFAULT \'\'',
    '"write_through" text NOT NULL',
    '"through" @int',
  ],
  {
    key: ['collection_id'],
    foreign: [
      foreign('virtual_books_collection', 'collection_id', 'collections', 'CASCADE'),
      foreign('virtual_books_owner', 'owner_id', 'principals', 'CASCADE'),
    ],
  },
)

const members = table(
  'virtual_members',
  [
    '"collection_id" @int NOT NULL',
    '"source_id" @int NOT NULL',
    '"member_id" @int',
    '"name" text NOT NULL',
    '"uid" text',
  ],
  {
    key: ['collection_id', 'source_id'],
    foreign: [foreign('virtual_members_collection', 'collection_id', 'collections', 'CASCADE')],
  },
)

const people = table('virtual_people', ['"collection_id" @int NOT NULL', '"party_id" @int NOT NULL'], {
  key: ['collection_id', 'party_id'],
  foreign: [
    foreign('virtual_people_collection', 'collection_id', 'collections', 'CASCADE'),
    foreign('virtual_people_party', 'party_id', 'parties', 'CASCADE'),
  ],
})

const statements = [
  masks,
  unique('masks_name', 'masks', 'name'),
  holders,
  index('mask_holders_principal', 'mask_holders', 'principal_id'),
  books,
  index('virtual_books_source', 'virtual_books', 'kind, source_id'),
  unique('virtual_books_twin', 'virtual_books', 'twin_of, mask_key'),
  index('virtual_books_owner', 'virtual_books', 'owner_id'),
  people,
  index('virtual_people_party', 'virtual_people', 'party_id'),
  members,
  index('virtual_members_source', 'virtual_members', 'source_id'),
  index('virtual_members_member', 'virtual_members', 'member_id'),
  index('virtual_members_uid', 'virtual_members', 'collection_id, uid'),
]
