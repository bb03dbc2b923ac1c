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
  server_settings: ({ int, text }) => ({
    columns: { key: primary(text), value: text, changed_at: int, author_id: nullable(int) },
    foreign: [['server_settings_author', 'author_id', 'principals', 'SET NULL']],
  }),
  setting_changes: ({ id, int, text }) => ({
    columns: {
      id,
      key: text,
      before: nullable(text),
      after: nullable(text),
      at: int,
      author_id: nullable(int),
      author: text,
      request_id: nullable(text),
    },
    foreign: [['setting_changes_author', 'author_id', 'principals', 'SET NULL']],
  }),
}
