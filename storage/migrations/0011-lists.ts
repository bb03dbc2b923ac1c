import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table } from './statements.ts'

const ofObject = (name: string): string => foreign(name, 'object_id', 'objects', 'CASCADE')

/** Lists of people, as cards and as CATEGORIES. */
export class Lists0000000000011 implements MigrationInterface {
  name = 'Lists0000000000011'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "feeds" ADD COLUMN "lists_since" @int',
      'ALTER TABLE "tombstones" ADD COLUMN "made" @int',
      'ALTER TABLE "tombstones" ADD COLUMN "group_since" @int',
      table(
        'list_faces',
        [
          '"object_id" @int NOT NULL',
          '"collection_id" @int NOT NULL',
          '"kind" text NOT NULL',
          '"name" text',
          '"bare_etag" text NOT NULL',
          '"bare_size" @int NOT NULL',
          '"bare_change" @int NOT NULL',
          '"made" @int NOT NULL',
          '"group_since" @int',
        ],
        { key: ['object_id'], foreign: [ofObject('list_faces_object')] },
      ),
      index('list_faces_change', 'list_faces', 'collection_id, bare_change'),
      index('list_faces_name', 'list_faces', 'collection_id, name', 'name IS NOT NULL'),
      clustered(
        table(
          'card_labels',
          ['"object_id" @int NOT NULL', '"label" text NOT NULL', '"collection_id" @int NOT NULL'],
          {
            key: ['object_id', 'label'],
            foreign: [ofObject('card_labels_object')],
          },
        ),
      ),
      clustered(
        table(
          'list_members',
          ['"object_id" @int NOT NULL', '"uid_key" text NOT NULL', '"collection_id" @int NOT NULL'],
          {
            key: ['object_id', 'uid_key'],
            foreign: [ofObject('list_members_object')],
          },
        ),
      ),
      index('list_members_uid', 'list_members', 'collection_id, uid_key'),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
