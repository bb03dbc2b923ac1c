import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/**
 * Photos and the like are kept once, beside the bodies that have them. What was stored before stays as it is, with its media
 * in it: a body with `media_bytes` 0 is whole.
 */
export class Media0000000000012 implements MigrationInterface {
  name = 'Media0000000000012'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE "bodies" ADD COLUMN "media_bytes" @int NOT NULL DEFAULT 0',
      media,
      clustered(bodyMedia),
      scaledMedia,
      ...indexes,
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const media = table('media', ['"hash" text NOT NULL', '"bytes" @bytes NOT NULL'])

const bodyMedia = table(
  'body_media',
  [
    '"body_id" @int NOT NULL',
    '"position" @int NOT NULL',
    '"media_id" @int NOT NULL',
    '"text_bytes" @int NOT NULL',
    '"first_width" @int NOT NULL',
    '"next_width" @int NOT NULL',
    '"fold" text NOT NULL',
  ],
  {
    key: ['body_id', 'position'],
    foreign: [
      foreign('body_media_body', 'body_id', 'bodies', 'CASCADE'),
      foreign('body_media_media', 'media_id', 'media', 'NO ACTION'),
    ],
  },
)

/** By the hash of the original, which may be in a body of old; null where the original serves as it is. */
const scaledMedia = table(
  'scaled_media',
  [
    '"hash" text NOT NULL',
    '"size_class" text NOT NULL',
    '"scaled_hash" text',
    '"bytes" @bytes',
    '"media_type" text',
    '"width" @int NOT NULL',
    '"height" @int NOT NULL',
    '"original_width" @int NOT NULL',
    '"original_height" @int NOT NULL',
    '"made_at" @int NOT NULL',
  ],
  { key: ['hash', 'size_class'] },
)

const indexes = [
  unique('media_hash', 'media', 'hash'),
  index('body_media_media', 'body_media', 'media_id'),
  index('scaled_media_made', 'scaled_media', 'made_at'),
]
