import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** Locks of WebDAV, and for PostgreSQL the question every write asks about them. */
export class Locks0000000000004 implements MigrationInterface {
  name = 'Locks0000000000004'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [locks, ...indexes])
    if (runner.dataSource.options.type === 'postgres') await runner.query(locksForWrite)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const locks = table(
  'locks',
  [
    '"token" text NOT NULL',
    '"path" @octets NOT NULL',
    '"folder" @int NOT NULL',
    '"tree_id" @int NOT NULL',
    '"principal_id" @int NOT NULL',
    '"device_id" @int',
    '"scope" text NOT NULL',
    '"deep" @int NOT NULL',
    '"owner" text',
    '"seconds" @int NOT NULL',
    '"created_at" @int NOT NULL',
    '"expires_at" @int NOT NULL',
  ],
  {
    foreign: [
      foreign('locks_tree', 'tree_id', 'principals', 'CASCADE'),
      foreign('locks_principal', 'principal_id', 'principals', 'CASCADE'),
    ],
  },
)

const indexes = [
  index('locks_path', 'locks', 'path'),
  index('locks_tree', 'locks', 'tree_id'),
  index('locks_principal', 'locks', 'principal_id'),
  index('locks_expires', 'locks', 'expires_at'),
]

/**
 * The locks at some paths and inside of some ranges, for one who is about to write there. Until his transaction ends
 * nobody takes a lock in these trees, and who is taking one is waited for; being volatile, the function then sees it.
 */
const locksForWrite = `
  CREATE FUNCTION farley_locks_for_write(trees bigint[], paths text[], starts text[], ends text[], moment bigint)
  RETURNS SETOF locks LANGUAGE plpgsql VOLATILE AS $body$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(1279345483, id::int)
      FROM (SELECT DISTINCT id FROM unnest(trees) AS t(id) ORDER BY id) AS in_order;
    RETURN QUERY SELECT l.* FROM locks l WHERE l.path = ANY (paths) AND l.expires_at > moment
      UNION SELECT l.* FROM unnest(starts, ends) AS r(low, high)
        JOIN locks l ON l.path > r.low COLLATE "C" AND l.path < r.high COLLATE "C" WHERE l.expires_at > moment;
  END $body$`
