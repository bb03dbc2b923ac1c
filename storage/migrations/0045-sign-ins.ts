import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Who has signed in from where, links that set a device up, and what part of a calendar a device asks for. */
export class SignIns0000000000045 implements MigrationInterface {
  name = 'SignIns0000000000045'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "principals" ADD COLUMN "locked_at" @int',
      'ALTER TABLE "app_passwords" ADD COLUMN "last_address" text',
      'ALTER TABLE "app_passwords" ADD COLUMN "last_agent" text',
      signIns,
      unique('sign_ins_key', 'sign_ins', 'principal_id, key'),
      index('sign_ins_last', 'sign_ins', 'principal_id, last_at'),
      index('sign_ins_at', 'sign_ins', 'last_at'),
      index('sign_ins_device', 'sign_ins', 'device_id', 'device_id IS NOT NULL'),
      links,
      unique('setup_links_secret', 'setup_links', 'secret_hash'),
      unique('setup_links_device', 'setup_links', 'device_id'),
      windows,
      index('device_windows_collection', 'device_windows', 'collection_id'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const signIns = table(
  'sign_ins',
  [
    '"principal_id" @int NOT NULL',
    '"key" text NOT NULL',
    '"way" text NOT NULL',
    '"device_id" @int',
    '"address" text NOT NULL',
    '"agent" text NOT NULL',
    '"outcome" text NOT NULL',
    '"count" @int NOT NULL',
    '"at" @int NOT NULL',
    '"last_at" @int NOT NULL',
  ],
  {
    foreign: [
      foreign('sign_ins_principal', 'principal_id', 'principals', 'CASCADE'),
      foreign('sign_ins_device', 'device_id', 'app_passwords', 'CASCADE'),
    ],
  },
)

const links = table(
  'setup_links',
  [
    '"device_id" @int NOT NULL',
    '"secret_hash" text NOT NULL',
    '"sealed" text NOT NULL',
    '"expires_at" @int NOT NULL',
  ],
  { foreign: [foreign('setup_links_device', 'device_id', 'app_passwords', 'CASCADE')] },
)

const windows = table(
  'device_windows',
  [
    '"device_id" @int NOT NULL',
    '"collection_id" @int NOT NULL',
    '"change" @int NOT NULL',
    '"from_at" @int',
    '"until_at" @int',
    '"at" @int NOT NULL',
  ],
  {
    key: ['device_id', 'collection_id'],
    foreign: [
      foreign('device_windows_device', 'device_id', 'app_passwords', 'CASCADE'),
      foreign('device_windows_collection', 'collection_id', 'collections', 'CASCADE'),
    ],
  },
)
