import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** What an account is told in and when, tokens for the API, and its answers to requests that may come again. */
export class Api0000000000019 implements MigrationInterface {
  name = 'Api0000000000019'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "principals" ADD COLUMN "language" text',
      'ALTER TABLE "principals" ADD COLUMN "time_zone" text',
      'ALTER TABLE "principals" ADD COLUMN "request_limit" @int',
      tokens,
      unique('api_tokens_secret', 'api_tokens', 'secret_hash'),
      index('api_tokens_principal', 'api_tokens', 'principal_id'),
      answers,
      index('api_answers_principal', 'api_answers', 'principal_id, id'),
      unique('api_answers_key', 'api_answers', 'principal_id, key'),
      index('api_answers_at', 'api_answers', 'at'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const tokens = table(
  'api_tokens',
  [
    '"principal_id" @int NOT NULL',
    '"label" text NOT NULL',
    '"secret_hash" text NOT NULL',
    '"scopes" text NOT NULL',
    '"created_at" @int NOT NULL',
    '"expires_at" @int',
    '"last_used_at" @int',
  ],
  { foreign: [foreign('api_tokens_principal', 'principal_id', 'principals', 'CASCADE')] },
)

const answers = table(
  'api_answers',
  [
    '"principal_id" @int NOT NULL',
    '"key" text NOT NULL',
    '"request_hash" text NOT NULL',
    '"status" @int NOT NULL',
    '"etag" text',
    '"body" text',
    '"size" @int NOT NULL',
    '"at" @int NOT NULL',
  ],
  { foreign: [foreign('api_answers_principal', 'principal_id', 'principals', 'CASCADE')] },
)
