import { nullable, primary, type Tables } from '../columns.ts'

/** What those who work together may do beside reading and writing. */
export const teamRolesTables: Tables = {
  team_roles: ({ id, int, text }) => ({
    columns: {
      id,
      name: text,
      capabilities: text,
      built_in: nullable(text),
      version: int,
      created_at: int,
      changed_at: int,
    },
    indexes: [['team_roles_name', 'name', { unique: true }]],
  }),
  team_role_holders: ({ int }) => ({
    columns: { role_id: primary(int), principal_id: primary(int) },
    indexes: [['team_role_holders_principal', 'principal_id']],
    foreign: [
      ['team_role_holders_role', 'role_id', 'team_roles', 'CASCADE'],
      ['team_role_holders_principal', 'principal_id', 'principals', 'CASCADE'],
    ],
  }),
}
