import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/** What people have agreed to, and the proofs that some of them were erased. */
export class Privacy0000000000030 implements MigrationInterface {
  name = 'Privacy0000000000030'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  table(
    'consents',
    [
      '"party_id" @int NOT NULL',
      '"channel" text NOT NULL',
      '"purpose" text NOT NULL',
      '"purpose_key" text NOT NULL',
      '"state" text NOT NULL',
      `"source" text NOT NULL DEFAULT ''`,
      '"given_on" text NOT NULL',
      '"expires_on" text',
      `"note" text NOT NULL DEFAULT ''`,
      '"evidence_kind" text',
      '"evidence_id" @int',
    ],
    { foreign: [foreign('consents_party', 'party_id', 'parties', 'CASCADE')] },
  ),
  unique('consents_party', 'consents', 'party_id, channel, purpose_key'),
  index('consents_expires', 'consents', 'expires_on', 'expires_on IS NOT NULL'),
  table('erasures', [
    '"proof_id" text NOT NULL',
    '"at" @int NOT NULL',
    '"author_id" @int',
    '"reason" text NOT NULL',
    '"counts" text NOT NULL',
    '"signature" text NOT NULL',
  ]),
  unique('erasures_proof', 'erasures', 'proof_id'),
  clustered(
    table('erasure_marks', ['"hash" text NOT NULL', '"erasure_id" @int NOT NULL', '"kind" text NOT NULL'], {
      key: ['hash', 'erasure_id'],
      foreign: [foreign('erasure_marks_erasure', 'erasure_id', 'erasures', 'CASCADE')],
    }),
  ),
  index('erasure_marks_erasure', 'erasure_marks', 'erasure_id'),
]
