import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/** What is known of people beside their cards: roles, where they work, whom they know, which company belongs to which. */
export class Facts0000000000025 implements MigrationInterface {
  name = 'Facts0000000000025'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      roles,
      index('party_roles_role', 'party_roles', 'role, party_id'),
      memberships,
      index('memberships_party', 'memberships', 'party_id'),
      index('memberships_org', 'memberships', 'org_id', 'org_id IS NOT NULL'),
      relations,
      index('relations_party', 'relations', 'party_id'),
      index('relations_other', 'relations', 'other_id', 'other_id IS NOT NULL'),
      links,
      index('org_links_party', 'org_links', 'party_id'),
      index('org_links_parent', 'org_links', 'parent_id'),
      suggestions,
      unique('suggestions_fact', 'suggestions', 'party_id, kind, key'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const ofParty = (name: string): string => foreign(`${name}_party`, 'party_id', 'parties', 'CASCADE')

const roles = clustered(
  table('party_roles', ['"party_id" @int NOT NULL', '"role" text NOT NULL', '"at" @int NOT NULL'], {
    key: ['party_id', 'role'],
    foreign: [ofParty('party_roles')],
  }),
)

const memberships = table(
  'memberships',
  [
    '"party_id" @int NOT NULL',
    '"org_id" @int',
    '"org_name" text NOT NULL',
    '"department" text NOT NULL',
    '"title" text NOT NULL',
    '"role" text NOT NULL',
    '"from_on" text',
    '"until_on" text',
    '"is_primary" @int NOT NULL DEFAULT 0',
  ],
  { foreign: [ofParty('memberships'), foreign('memberships_org', 'org_id', 'parties', 'SET NULL')] },
)

const relations = table(
  'relations',
  [
    '"party_id" @int NOT NULL',
    '"other_id" @int',
    '"type" text NOT NULL',
    '"inverse" text NOT NULL',
    '"name" text NOT NULL',
    '"other_name" text NOT NULL',
    '"since_on" text',
    '"until_on" text',
  ],
  { foreign: [ofParty('relations'), foreign('relations_other', 'other_id', 'parties', 'CASCADE')] },
)

const links = table(
  'org_links',
  [
    '"party_id" @int NOT NULL',
    '"parent_id" @int NOT NULL',
    '"kind" text NOT NULL',
    '"from_on" text',
    '"until_on" text',
  ],
  { foreign: [ofParty('org_links'), foreign('org_links_parent', 'parent_id', 'parties', 'CASCADE')] },
)

const suggestions = table(
  'suggestions',
  [
    '"party_id" @int NOT NULL',
    '"kind" text NOT NULL',
    '"key" text NOT NULL',
    '"data_json" text NOT NULL',
    '"created_at" @int NOT NULL',
    '"dismissed_at" @int',
  ],
  { foreign: [ofParty('suggestions')] },
)
