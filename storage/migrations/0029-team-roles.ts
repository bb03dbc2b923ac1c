import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** What those who work together may do beside reading and writing: by roles. */
export class TeamRoles0000000000029 implements MigrationInterface {
  name = 'TeamRoles0000000000029'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  table('team_roles', [
    '"name" text NOT NULL',
    '"capabilities" text NOT NULL',
    '"built_in" text',
    '"version" @int NOT NULL',
    '"created_at" @int NOT NULL',
    '"changed_at" @int NOT NULL',
  ]),
  table('team_role_holders', ['"role_id" @int NOT NULL', '"principal_id" @int NOT NULL'], {
    key: ['role_id', 'principal_id'],
    foreign: [
      foreign('team_role_holders_role', 'role_id', 'team_roles', 'CASCADE'),
      foreign('team_role_holders_principal', 'principal_id', 'principals', 'CASCADE'),
    ],
  }),
  unique('team_roles_name', 'team_roles', 'name'),
  index('team_role_holders_principal', 'team_role_holders', 'principal_id'),
  `INSERT INTO team_roles (name, capabilities, built_in, version, created_at, changed_at) VALUES
     ('everyone', 'define-fields define-labels merge import export', 'everyone', 1, 0, 0),
     ('administrators', 'administer define-fields define-labels merge import export erase', 'administrators', 1, 0, 0)`,
]
