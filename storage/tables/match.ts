import { nullable, primary, type Tables } from '../columns.ts'

/** Who may be whom: what cards have in common, and what somebody has said of it. */
export const matchTables: Tables = {
  match_keys: ({ int }) => ({
    columns: { key: primary(int), collection_id: primary(int), object_id: primary(int) },
    clustered: true,
    indexes: [['match_keys_object', 'object_id']],
    foreign: [['match_keys_object', 'object_id', 'objects', 'CASCADE']],
  }),
  match_pending: ({ int }) => ({
    columns: { object_id: primary(int), collection_id: int },
    indexes: [['match_pending_collection', 'collection_id, object_id']],
    foreign: [['match_pending_object', 'object_id', 'objects', 'CASCADE']],
  }),
  duplicate_pairs: ({ id, int, text }) => ({
    columns: {
      id,
      party_a: int,
      party_b: int,
      score: int,
      level: text,
      state: text,
      found_at: int,
      decided_at: nullable(int),
      decided_by: nullable(int),
    },
    indexes: [
      ['duplicate_pairs_parties', 'party_a, party_b', { unique: true }],
      ['duplicate_pairs_b', 'party_b'],
      ['duplicate_pairs_best', 'score, id', { where: "state = 'open'" }],
    ],
    foreign: [
      ['duplicate_pairs_a', 'party_a', 'parties', 'CASCADE'],
      ['duplicate_pairs_b', 'party_b', 'parties', 'CASCADE'],
      ['duplicate_pairs_decider', 'decided_by', 'principals', 'SET NULL'],
    ],
  }),
  merges: ({ id, int, text }) => ({
    columns: {
      id,
      survivor_id: int,
      loser_id: int,
      name: text,
      author_id: nullable(int),
      at: int,
      undone_at: nullable(int),
      undone_by: nullable(int),
    },
    indexes: [
      ['merges_survivor', 'survivor_id, id'],
      ['merges_loser', 'loser_id, id'],
    ],
    foreign: [
      ['merges_survivor', 'survivor_id', 'parties', 'CASCADE'],
      ['merges_loser', 'loser_id', 'parties', 'CASCADE'],
      ['merges_author', 'author_id', 'principals', 'SET NULL'],
      ['merges_undone', 'undone_by', 'principals', 'SET NULL'],
    ],
  }),
  merge_items: ({ int, text }) => ({
    columns: { merge_id: primary(int), number: primary(int), kind: text, data: text },
    clustered: true,
    foreign: [['merge_items_merge', 'merge_id', 'merges', 'CASCADE']],
  }),
  aliases: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      name: primary(text),
      uid_key: nullable(text),
      object_id: int,
      loser_object_id: int,
      merge_id: int,
    },
    indexes: [
      ['aliases_uid', 'collection_id, uid_key', { where: 'uid_key IS NOT NULL' }],
      ['aliases_merge', 'merge_id'],
      ['aliases_object', 'object_id'],
    ],
    foreign: [
      ['aliases_collection', 'collection_id', 'collections', 'CASCADE'],
      ['aliases_merge', 'merge_id', 'merges', 'CASCADE'],
    ],
  }),
}
