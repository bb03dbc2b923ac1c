import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/**
 * Duplicates and merges. What cards have in common is derived from them: cards that are there already wait to be looked at
 * by the job that compares them.
 */
export class Match0000000000024 implements MigrationInterface {
  name = 'Match0000000000024'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...tables, ...indexes, waiting])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const ints = (...names: readonly string[]): string[] => names.map((name) => `"${name}" @int NOT NULL`)
const texts = (...names: readonly string[]): string[] => names.map((name) => `"${name}" text NOT NULL`)

const tables = [
  clustered(
    table('match_keys', ints('key', 'collection_id', 'object_id'), {
      key: ['key', 'collection_id', 'object_id'],
      foreign: [foreign('match_keys_object', 'object_id', 'objects', 'CASCADE')],
    }),
  ),
  table('match_pending', ints('object_id', 'collection_id'), {
    key: ['object_id'],
    foreign: [foreign('match_pending_object', 'object_id', 'objects', 'CASCADE')],
  }),
  table(
    'duplicate_pairs',
    [
      ...ints('party_a', 'party_b', 'score'),
      ...texts('level', 'state'),
      ...ints('found_at'),
      '"decided_at" @int',
      '"decided_by" @int',
    ],
    {
      foreign: [
        foreign('duplicate_pairs_a', 'party_a', 'parties', 'CASCADE'),
        foreign('duplicate_pairs_b', 'party_b', 'parties', 'CASCADE'),
        foreign('duplicate_pairs_decider', 'decided_by', 'principals', 'SET NULL'),
      ],
    },
  ),
  table(
    'merges',
    [
      ...ints('survivor_id', 'loser_id'),
      ...texts('name'),
      '"author_id" @int',
      ...ints('at'),
      '"undone_at" @int',
      '"undone_by" @int',
    ],
    {
      foreign: [
        foreign('merges_survivor', 'survivor_id', 'parties', 'CASCADE'),
        foreign('merges_loser', 'loser_id', 'parties', 'CASCADE'),
        foreign('merges_author', 'author_id', 'principals', 'SET NULL'),
        foreign('merges_undone', 'undone_by', 'principals', 'SET NULL'),
      ],
    },
  ),
  clustered(
    table('merge_items', [...ints('merge_id', 'number'), ...texts('kind', 'data')], {
      key: ['merge_id', 'number'],
      foreign: [foreign('merge_items_merge', 'merge_id', 'merges', 'CASCADE')],
    }),
  ),
  table(
    'aliases',
    [
      ...ints('collection_id'),
      ...texts('name'),
      '"uid_key" text',
      ...ints('object_id', 'loser_object_id', 'merge_id'),
    ],
    {
      key: ['collection_id', 'name'],
      foreign: [
        foreign('aliases_collection', 'collection_id', 'collections', 'CASCADE'),
        foreign('aliases_merge', 'merge_id', 'merges', 'CASCADE'),
      ],
    },
  ),
]

const indexes = [
  index('match_keys_object', 'match_keys', 'object_id'),
  index('match_pending_collection', 'match_pending', 'collection_id, object_id'),
  unique('duplicate_pairs_parties', 'duplicate_pairs', 'party_a, party_b'),
  index('duplicate_pairs_b', 'duplicate_pairs', 'party_b'),
  index('duplicate_pairs_best', 'duplicate_pairs', 'score, id', "state = 'open'"),
  index('merges_survivor', 'merges', 'survivor_id, id'),
  index('merges_loser', 'merges', 'loser_id, id'),
  index('aliases_uid', 'aliases', 'collection_id, uid_key', 'uid_key IS NOT NULL'),
  index('aliases_merge', 'aliases', 'merge_id'),
  index('aliases_object', 'aliases', 'object_id'),
]

const waiting = `INSERT INTO match_pending (object_id, collection_id)
  SELECT object_id, collection_id FROM placements WHERE removed_at IS NULL`
