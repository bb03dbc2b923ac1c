import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Who is signed in on the web page, and links by which somebody chooses a new password. */
export class WebSessions0000000000035 implements MigrationInterface {
  name = 'WebSessions0000000000035'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      sessions,
      unique('web_sessions_secret', 'web_sessions', 'secret_hash'),
      index('web_sessions_principal', 'web_sessions', 'principal_id'),
      index('web_sessions_used', 'web_sessions', 'last_used_at'),
      links,
      unique('password_links_secret', 'password_links', 'secret_hash'),
      unique('password_links_principal', 'password_links', 'principal_id'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const sessions = table(
  'web_sessions',
  [
    '"principal_id" @int NOT NULL',
    '"secret_hash" text NOT NULL',
    '"address" text NOT NULL',
    '"agent" text NOT NULL',
    '"created_at" @int NOT NULL',
    '"last_used_at" @int NOT NULL',
  ],
  { foreign: [foreign('web_sessions_principal', 'principal_id', 'principals', 'CASCADE')] },
)

const links = table(
  'password_links',
  ['"principal_id" @int NOT NULL', '"secret_hash" text NOT NULL', '"expires_at" @int NOT NULL'],
  { foreign: [foreign('password_links_principal', 'principal_id', 'principals', 'CASCADE')] },
)
