import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Folders, files and their octets; every account gets a home for them. */
export class Documents0000000000005 implements MigrationInterface {
  name = 'Documents0000000000005'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...tables, ...indexes, ...homes])
  }

  async down(): Promise<void> {
    throw new Error('The tables of documents are not taken away again.')
  }
}

const tables = [
  table('blobs', [
    '"hash" text NOT NULL',
    '"size" @int NOT NULL',
    '"created_at" @int NOT NULL',
    '"claimed_at" @int NOT NULL',
  ]),
  table(
    'nodes',
    [
      '"home_id" @int NOT NULL',
      '"principal_id" @int NOT NULL',
      '"parent_id" @int NOT NULL DEFAULT 0',
      '"kind" text NOT NULL',
      '"name" text NOT NULL',
      '"folded_name" text NOT NULL',
      '"blob_id" @int',
      '"size" @int NOT NULL DEFAULT 0',
      '"media_type" text',
      '"etag" text NOT NULL',
      '"change" @int NOT NULL',
      '"resource_id" text NOT NULL',
      '"created_at" @int NOT NULL',
      '"modified_at" @int NOT NULL',
      '"deleted_root" @int',
      '"deleted_at" @int',
    ],
    {
      foreign: [
        foreign('nodes_home', 'home_id', 'homes', 'NO ACTION'),
        foreign('nodes_blob', 'blob_id', 'blobs', 'NO ACTION'),
      ],
    },
  ),
  table(
    'node_revisions',
    [
      '"node_id" @int NOT NULL',
      '"principal_id" @int NOT NULL',
      '"kind" text NOT NULL',
      '"name" text NOT NULL',
      '"blob_id" @int',
      '"size" @int NOT NULL',
      '"media_type" text',
      '"etag" text NOT NULL',
      '"change" @int NOT NULL',
      '"at" @int NOT NULL',
      '"origin" text NOT NULL',
      '"author_id" @int',
      '"device_id" @int',
      '"client_kind" text',
      '"request_id" text',
    ],
    { foreign: [foreign('node_revisions_blob', 'blob_id', 'blobs', 'NO ACTION')] },
  ),
  table(
    'node_tombstones',
    [
      '"home_id" @int NOT NULL',
      '"parent_id" @int NOT NULL',
      '"folded_name" text NOT NULL',
      '"name" text NOT NULL',
      '"node_id" @int NOT NULL',
      '"kind" text NOT NULL',
      '"change" @int NOT NULL',
      '"at" @int NOT NULL',
    ],
    {
      key: ['home_id', 'parent_id', 'folded_name'],
      foreign: [foreign('node_tombstones_home', 'home_id', 'homes', 'CASCADE')],
    },
  ),
]

const alive = 'deleted_root IS NULL'
const indexes = [
  unique('blobs_hash', 'blobs', 'hash'),
  unique('nodes_name', 'nodes', 'home_id, parent_id, folded_name', alive),
  index('nodes_change', 'nodes', 'home_id, change, parent_id', alive),
  index('nodes_folders', 'nodes', 'home_id, kind, id', alive),
  index('nodes_deleted', 'nodes', 'deleted_root, id', 'deleted_root IS NOT NULL'),
  index('nodes_trash', 'nodes', 'principal_id, deleted_at', 'deleted_at IS NOT NULL'),
  index('nodes_blob', 'nodes', 'blob_id', 'blob_id IS NOT NULL'),
  index('node_revisions_node', 'node_revisions', 'node_id, id'),
  index('node_revisions_principal', 'node_revisions', 'principal_id'),
  index('node_revisions_blob', 'node_revisions', 'blob_id', 'blob_id IS NOT NULL'),
  index('node_tombstones_change', 'node_tombstones', 'home_id, change'),
  index('node_tombstones_at', 'node_tombstones', 'at'),
]

/** A feed without a home is one that was made here. */
const homes = [
  `INSERT INTO feeds (kind, principal_id)
   SELECT 'home', p.id FROM principals p
   WHERE p.kind IN ('user', 'group')
     AND NOT EXISTS (SELECT 1 FROM homes h WHERE h.principal_id = p.id AND h.kind = 'files')`,
  `INSERT INTO homes (principal_id, kind, feed_id)
   SELECT f.principal_id, 'files', f.id FROM feeds f
   WHERE f.kind = 'home' AND NOT EXISTS (SELECT 1 FROM homes h WHERE h.feed_id = f.id)`,
]
