import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Who lets whom see some people of his, and what roles do not see of the cards of others. */
export const grantsTables: Tables = {
  grants: ({ id, int, text }) => ({
    columns: {
      id,
      giver_id: int,
      receiver_id: int,
      kind: text,
      party_id: nullable(int),
      source_id: nullable(int),
      label: nullable(text),
      former_labels: withDefault(text, '[]'),
      access: text,
      masks: withDefault(text, '[]'),
      name: nullable(text),
      version: int,
      created_at: int,
      changed_at: int,
    },
    indexes: [
      ['grants_person', 'giver_id, receiver_id, party_id', { unique: true }],
      ['grants_receiver', 'receiver_id'],
      ['grants_party', 'party_id'],
    ],
    foreign: [
      ['grants_giver', 'giver_id', 'principals', 'CASCADE'],
      ['grants_receiver', 'receiver_id', 'principals', 'CASCADE'],
      ['grants_party', 'party_id', 'parties', 'CASCADE'],
    ],
  }),
  grant_books: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      giver_id: int,
      viewer_id: int,
      slot: text,
      access: text,
      name: nullable(text),
    },
    indexes: [
      ['grant_books_giver', 'giver_id'],
      ['grant_books_viewer', 'viewer_id'],
    ],
    foreign: [
      ['grant_books_giver', 'giver_id', 'principals', 'CASCADE'],
      ['grant_books_viewer', 'viewer_id', 'principals', 'CASCADE'],
    ],
  }),
  team_role_masks: ({ int }) => ({
    columns: { role_id: primary(int), mask_id: primary(int) },
    indexes: [['team_role_masks_mask', 'mask_id']],
    foreign: [
      ['team_role_masks_role', 'role_id', 'team_roles', 'CASCADE'],
      ['team_role_masks_mask', 'mask_id', 'masks', 'CASCADE'],
    ],
  }),
}
