import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Fields of one's own, and their values. */
export const customFieldsTables: Tables = {
  custom_fields: ({ id, int, text }) => ({
    columns: {
      id,
      collection_id: nullable(int),
      key: text,
      label: text,
      former_labels: text,
      type: text,
      options: text,
      position: int,
      retired_at: nullable(int),
      stale_after: nullable(int),
      version: int,
      created_at: int,
      changed_at: int,
    },
    indexes: [
      ['custom_fields_key', 'key', { unique: true }],
      ['custom_fields_collection', 'collection_id'],
    ],
    foreign: [['custom_fields_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
  custom_values: ({ dialect, int, text }) => ({
    columns: {
      field_id: primary(int),
      party_id: primary(int),
      value: text,
      folded: text,
      amount: nullable(int),
      sort_key: withDefault(dialect === 'postgres' ? { ...text, collation: 'C' } : text, ''),
    },
    indexes: [
      ['custom_values_party', 'party_id'],
      ['custom_values_sorted', 'field_id, sort_key, party_id'],
    ],
    foreign: [
      ['custom_values_field', 'field_id', 'custom_fields', 'CASCADE'],
      ['custom_values_party', 'party_id', 'parties', 'CASCADE'],
    ],
  }),
  labelled_values: ({ dialect, id, int, text }) => ({
    columns: {
      ...{ id, object_id: int, collection_id: int, list: text, label: text, value: text, folded: text },
      sort_key: withDefault(dialect === 'postgres' ? { ...text, collation: 'C' } : text, ''),
    },
    indexes: [
      ['labelled_values_object', 'object_id'],
      ['labelled_values_sorted', 'list, label, collection_id, sort_key, object_id'],
    ],
    foreign: [['labelled_values_object', 'object_id', 'objects', 'CASCADE']],
  }),
}
