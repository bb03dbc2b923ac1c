import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/**
 * People and organisations, and the cards that describe them. Cards that are there already are of one person where they
 * have the same UID in the books of the same owner; `farley reindex` sorts them, and tells companies and lists from people.
 */
export class People0000000000018 implements MigrationInterface {
  name = 'People0000000000018'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...tables, placed, parties, placements])
    if (runner.dataSource.options.type === 'postgres')
      await runner.query("SELECT setval('parties_id_seq', greatest((SELECT max(id) FROM parties), 1))")
    await runStatements(runner, ['DROP TABLE "placed"', ...indexes])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const tables = [
  table(
    'parties',
    [
      '"owner_id" @int',
      '"merged_into" @int',
      '"version" @int NOT NULL',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    {
      foreign: [
        foreign('parties_owner', 'owner_id', 'principals', 'SET NULL'),
        foreign('parties_merged', 'merged_into', 'parties', 'CASCADE'),
      ],
    },
  ),
  table(
    'placements',
    [
      '"object_id" @int NOT NULL',
      '"party_id" @int NOT NULL',
      '"collection_id" @int NOT NULL',
      '"uid_key" text',
      '"kind" text NOT NULL',
      '"name" text NOT NULL',
      '"sort_key" @octets NOT NULL',
      '"removed_at" @int',
    ],
    {
      key: ['object_id'],
      foreign: [
        foreign('placements_party', 'party_id', 'parties', 'CASCADE'),
        foreign('placements_collection', 'collection_id', 'collections', 'CASCADE'),
      ],
    },
  ),
]

const indexes = [
  index('parties_owner', 'parties', 'owner_id'),
  index('parties_merged', 'parties', 'merged_into', 'merged_into IS NOT NULL'),
  index('placements_party', 'placements', 'party_id'),
  index('placements_uid', 'placements', 'uid_key', 'uid_key IS NOT NULL'),
  index('placements_sorted', 'placements', 'collection_id, sort_key, object_id', 'removed_at IS NULL'),
]

/** The person of a card is known by the first of the cards that are his. */
const placed = `CREATE TABLE "placed" AS
  SELECT o.id AS object_id, o.collection_id, o.uid,
    min(o.id) OVER (PARTITION BY c.principal_id, coalesce(o.uid, '#' || o.id)) AS party_id,
    coalesce((SELECT min(f.value) FROM contact_fields f WHERE f.object_id = o.id AND f.kind = 'fn'), '') AS name,
    coalesce((SELECT min(f.folded) FROM contact_fields f WHERE f.object_id = o.id AND f.kind = 'fn'), '') AS sort_key
  FROM objects o JOIN collections c ON c.id = o.collection_id
  WHERE o.component = 'VCARD' AND c.generated IS NULL
    AND NOT EXISTS (SELECT 1 FROM list_faces l WHERE l.object_id = o.id AND l.kind = 'group')`

const parties = `INSERT INTO "parties" ("id", "version", "created_at", "changed_at")
  SELECT p.party_id, 1, min(o.created_at), min(o.created_at) FROM "placed" p JOIN objects o ON o.id = p.party_id
  GROUP BY p.party_id`

const placements = `INSERT INTO "placements" ("object_id", "party_id", "collection_id", "uid_key", "kind", "name", "sort_key")
  SELECT object_id, party_id, collection_id, uid, 'person', name, substr(sort_key, 1, 200) FROM "placed"`
