import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Who lets whom see some people of his, and what roles do not see of the cards of others. */
export class Grants0000000000033 implements MigrationInterface {
  name = 'Grants0000000000033'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const grants = table(
  'grants',
  [
    '"giver_id" @int NOT NULL',
    '"receiver_id" @int NOT NULL',
    '"kind" text NOT NULL',
    '"party_id" @int',
    '"source_id" @int',
    '"label" text',
    '"access" text NOT NULL',
    '"masks" text NOT NULL DEFAULT \'[]\'',
    '"name" text',
    '"version" @int NOT NULL',
    '"created_at" @int NOT NULL',
    '"changed_at" @int NOT NULL',
  ],
  {
    foreign: [
      foreign('grants_giver', 'giver_id', 'principals', 'CASCADE'),
      foreign('grants_receiver', 'receiver_id', 'principals', 'CASCADE'),
      foreign('grants_party', 'party_id', 'parties', 'CASCADE'),
    ],
  },
)

const books = table(
  'grant_books',
  [
    '"collection_id" @int NOT NULL',
    '"giver_id" @int NOT NULL',
    '"viewer_id" @int NOT NULL',
    '"slot" text NOT NULL',
    '"access" text NOT NULL',
    '"name" text',
  ],
  {
    key: ['collection_id'],
    foreign: [
      foreign('grant_books_giver', 'giver_id', 'principals', 'CASCADE'),
      foreign('grant_books_viewer', 'viewer_id', 'principals', 'CASCADE'),
    ],
  },
)

const roleMasks = table('team_role_masks', ['"role_id" @int NOT NULL', '"mask_id" @int NOT NULL'], {
  key: ['role_id', 'mask_id'],
  foreign: [
    foreign('team_role_masks_role', 'role_id', 'team_roles', 'CASCADE'),
    foreign('team_role_masks_mask', 'mask_id', 'masks', 'CASCADE'),
  ],
})

const statements = [
  grants,
  unique('grants_person', 'grants', 'giver_id, receiver_id, party_id'),
  index('grants_receiver', 'grants', 'receiver_id'),
  index('grants_party', 'grants', 'party_id'),
  books,
  index('grant_books_giver', 'grant_books', 'giver_id'),
  index('grant_books_viewer', 'grant_books', 'viewer_id'),
  roleMasks,
  index('team_role_masks_mask', 'team_role_masks', 'mask_id'),
]
