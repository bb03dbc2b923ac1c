import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What searches look at. The trigrams (`search_grams`) are in a table that each database has in its own way: see the migration. */
export const searchTables: Tables = {
  search_documents: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      scope: int,
      object_id: nullable(int),
      source: nullable(text),
      source_id: nullable(int),
      party_id: nullable(int),
      title: text,
      texts: text,
      entries: text,
      grams: text,
      pending: withDefault(int, 1),
    },
    indexes: [
      ['search_documents_object', 'object_id', { unique: true, where: 'object_id IS NOT NULL' }],
      ['search_documents_source', 'source, source_id', { unique: true, where: 'source IS NOT NULL' }],
      ['search_documents_pending', 'id', { where: 'pending = 1' }],
    ],
    foreign: [['search_documents_object', 'object_id', 'objects', 'CASCADE']],
  }),
  search_entries: ({ dialect, int, text }) => ({
    columns: {
      scope: primary(int),
      // By octets: what begins alike is one range.
      entry: primary(dialect === 'postgres' ? { ...text, collation: 'C' } : text),
      document_id: primary(int),
    },
    clustered: true,
  }),
  search_removed: ({ int, text }) => ({
    columns: { document_id: primary(int), scope: int, entries: text },
  }),
}
