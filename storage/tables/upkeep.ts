import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What the server notes for itself. */
export const upkeepTables: Tables = {
  meta: ({ text }) => ({
    columns: {
      key: primary(text),
      value: text,
    },
  }),
  jobs: ({ int, text }) => ({
    columns: {
      key: primary(text),
      next_at: int,
      last_at: nullable(int),
      attempts: withDefault(int, 0),
      last_error: nullable(text),
      lease: nullable(text),
      leased_until: withDefault(int, 0),
      progress: nullable(text),
    },
    indexes: [['jobs_next', 'next_at']],
  }),
}
