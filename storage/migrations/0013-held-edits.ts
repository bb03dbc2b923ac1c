import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table } from './statements.ts'

/** Protective merge: what was sent beside what was stored, how far a device has come; and edits that were refused. */
export class HeldEdits0000000000013 implements MigrationInterface {
  name = 'HeldEdits0000000000013'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "app_passwords" ADD COLUMN "merge" @int',
      'ALTER TABLE "revisions" ADD COLUMN "sent_body_id" @int',
      clustered(
        table(
          'device_positions',
          [
            '"device_id" @int NOT NULL',
            '"collection_id" @int NOT NULL',
            '"change" @int NOT NULL',
            '"at" @int NOT NULL',
          ],
          {
            key: ['device_id', 'collection_id'],
            foreign: [
              foreign('device_positions_device', 'device_id', 'app_passwords', 'CASCADE'),
              foreign('device_positions_collection', 'collection_id', 'collections', 'CASCADE'),
            ],
          },
        ),
      ),
      index('device_positions_collection', 'device_positions', 'collection_id'),
      table(
        'held_edits',
        [
          '"principal_id" @int NOT NULL',
          '"collection_id" @int NOT NULL',
          '"name" text NOT NULL',
          '"device_id" @int',
          '"client_kind" text',
          '"status" @int NOT NULL',
          '"reason" text NOT NULL',
          '"base_etag" text',
          '"etag" text NOT NULL',
          '"size" @int NOT NULL',
          '"body" @bytes NOT NULL',
          '"at" @int NOT NULL',
        ],
        {
          foreign: [
            foreign('held_edits_principal', 'principal_id', 'principals', 'CASCADE'),
            foreign('held_edits_collection', 'collection_id', 'collections', 'CASCADE'),
          ],
        },
      ),
      index('held_edits_principal', 'held_edits', 'principal_id, id'),
      index('held_edits_collection', 'held_edits', 'collection_id, name'),
      index('held_edits_at', 'held_edits', 'at'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
