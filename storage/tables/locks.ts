import { nullable, type Tables } from '../columns.ts'

/** Locks that clients hold on resources. */
export const locksTables: Tables = {
  locks: ({ dialect, id, int, text }) => ({
    columns: {
      id,
      token: text,
      // By octets, so that all that is below a path is one range of the index.
      path: dialect === 'postgres' ? { ...text, collation: 'C' } : text,
      folder: int,
      tree_id: int,
      principal_id: int,
      device_id: nullable(int),
      scope: text,
      deep: int,
      owner: nullable(text),
      seconds: int,
      created_at: int,
      expires_at: int,
    },
    indexes: [
      ['locks_path', 'path'],
      ['locks_tree', 'tree_id'],
      ['locks_principal', 'principal_id'],
      ['locks_expires', 'expires_at'],
    ],
    foreign: [
      ['locks_tree', 'tree_id', 'principals', 'CASCADE'],
      ['locks_principal', 'principal_id', 'principals', 'CASCADE'],
    ],
  }),
}
