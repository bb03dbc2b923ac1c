import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table } from './statements.ts'

/** How long people, notes and consents are kept, and what was done for it. */
export class Retention0000000000037 implements MigrationInterface {
  name = 'Retention0000000000037'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      table(
        'retention_rules',
        [
          '"kind" text NOT NULL',
          '"days" @int NOT NULL',
          '"action" text NOT NULL',
          '"role" text',
          '"book_id" @int',
          '"author_id" @int',
          '"version" @int NOT NULL',
          '"changed_at" @int NOT NULL',
        ],
        {
          foreign: [
            foreign('retention_rules_book', 'book_id', 'collections', 'CASCADE'),
            foreign('retention_rules_author', 'author_id', 'principals', 'SET NULL'),
          ],
        },
      ),
      index('retention_rules_book', 'retention_rules', 'book_id', 'book_id IS NOT NULL'),
      index('retention_rules_author', 'retention_rules', 'author_id'),
      table('retention_log', [
        '"rule_id" @int NOT NULL',
        '"kind" text NOT NULL',
        '"days" @int NOT NULL',
        '"action" text NOT NULL',
        '"at" @int NOT NULL',
        '"found" @int NOT NULL',
        '"done" @int NOT NULL',
      ]),
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
