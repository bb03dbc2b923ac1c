import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What is known of people beside their cards: whose they are, where they work, whom they know. */
export const factsTables: Tables = {
  party_roles: ({ int, text }) => ({
    columns: { party_id: primary(int), role: primary(text), at: int },
    indexes: [['party_roles_role', 'role, party_id']],
    foreign: [['party_roles_party', 'party_id', 'parties', 'CASCADE']],
    clustered: true,
  }),
  memberships: ({ id, int, text }) => ({
    columns: {
      id,
      party_id: int,
      org_id: nullable(int),
      org_name: text,
      department: text,
      title: text,
      role: text,
      from_on: nullable(text),
      until_on: nullable(text),
      is_primary: withDefault(int, 0),
    },
    indexes: [
      ['memberships_party', 'party_id'],
      ['memberships_org', 'org_id', { where: 'org_id IS NOT NULL' }],
    ],
    foreign: [
      ['memberships_party', 'party_id', 'parties', 'CASCADE'],
      ['memberships_org', 'org_id', 'parties', 'SET NULL'],
    ],
  }),
  relations: ({ id, int, text }) => ({
    columns: {
      id,
      party_id: int,
      other_id: nullable(int),
      type: text,
      inverse: text,
      name: text,
      other_name: text,
      since_on: nullable(text),
      until_on: nullable(text),
    },
    indexes: [
      ['relations_party', 'party_id'],
      ['relations_other', 'other_id', { where: 'other_id IS NOT NULL' }],
    ],
    foreign: [
      ['relations_party', 'party_id', 'parties', 'CASCADE'],
      ['relations_other', 'other_id', 'parties', 'CASCADE'],
    ],
  }),
  org_links: ({ id, int, text }) => ({
    columns: {
      id,
      party_id: int,
      parent_id: int,
      kind: text,
      from_on: nullable(text),
      until_on: nullable(text),
    },
    indexes: [
      ['org_links_party', 'party_id'],
      ['org_links_parent', 'parent_id'],
    ],
    foreign: [
      ['org_links_party', 'party_id', 'parties', 'CASCADE'],
      ['org_links_parent', 'parent_id', 'parties', 'CASCADE'],
    ],
  }),
  suggestions: ({ id, int, text }) => ({
    columns: {
      id,
      party_id: int,
      kind: text,
      key: text,
      data_json: text,
      created_at: int,
      dismissed_at: nullable(int),
    },
    indexes: [['suggestions_fact', 'party_id, kind, key', { unique: true }]],
    foreign: [['suggestions_party', 'party_id', 'parties', 'CASCADE']],
  }),
}
