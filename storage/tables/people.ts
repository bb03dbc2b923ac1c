import { nullable, primary, type Tables } from '../columns.ts'

/** People and organisations. What is known of them beside their cards hangs on `parties`. */
export const peopleTables: Tables = {
  parties: ({ id, int }) => ({
    columns: {
      id,
      owner_id: nullable(int),
      merged_into: nullable(int),
      version: int,
      created_at: int,
      changed_at: int,
    },
    indexes: [
      ['parties_owner', 'owner_id'],
      ['parties_merged', 'merged_into', { where: 'merged_into IS NOT NULL' }],
    ],
    foreign: [
      ['parties_owner', 'owner_id', 'principals', 'SET NULL'],
      ['parties_merged', 'merged_into', 'parties', 'CASCADE'],
    ],
  }),
  placements: ({ dialect, int, text }) => ({
    columns: {
      object_id: primary(int),
      party_id: int,
      collection_id: int,
      uid_key: nullable(text),
      kind: text,
      name: text,
      // By octets, as lists are read on.
      sort_key: dialect === 'postgres' ? { ...text, collation: 'C' } : text,
      removed_at: nullable(int),
    },
    indexes: [
      ['placements_party', 'party_id'],
      ['placements_uid', 'uid_key', { where: 'uid_key IS NOT NULL' }],
      ['placements_orgs', 'collection_id, object_id', { where: "kind = 'org'" }],
      ['placements_sorted', 'collection_id, sort_key, object_id', { where: 'removed_at IS NULL' }],
    ],
    foreign: [
      ['placements_party', 'party_id', 'parties', 'CASCADE'],
      ['placements_collection', 'collection_id', 'collections', 'CASCADE'],
    ],
  }),
}
