import type { MigrationInterface, QueryRunner } from 'typeorm'
import { runStatements } from './statements.ts'

/** Each account has a feed of what it is told; a notification keeps what it says, not how it is written. */
export class Notifications0000000000008 implements MigrationInterface {
  name = 'Notifications0000000000008'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "notifications" RENAME COLUMN "xml" TO "content"`,
      `INSERT INTO "feeds" ("kind", "principal_id")
         SELECT 'notifications', p."id" FROM "principals" p WHERE p."kind" = 'user' ORDER BY p."id"`,
    ])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}
