import { nullable, primary, type Tables } from '../columns.ts'

/** Lists of people by what they are, the address books made of them, and the labels that somebody has given a colour. */
export const smartListsTables: Tables = {
  smart_lists: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      name: text,
      description: text,
      color: nullable(text),
      filter: text,
      principals: text,
      version: int,
      created_at: int,
      changed_at: int,
      deleted_at: nullable(int),
      kept: nullable(text),
    },
    indexes: [['smart_lists_name', 'principal_id, name', { unique: true, where: 'deleted_at IS NULL' }]],
    foreign: [['smart_lists_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  list_books: ({ int }) => ({
    columns: { collection_id: primary(int), look_at: nullable(int), by_organisation: int, by_calendar: int },
    indexes: [['list_books_look', 'look_at', { where: 'look_at IS NOT NULL' }]],
    foreign: [['list_books_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
  list_places: ({ int }) => ({
    columns: { collection_id: primary(int), place_id: primary(int) },
    indexes: [['list_places_place', 'place_id']],
    foreign: [['list_places_collection', 'collection_id', 'collections', 'CASCADE']],
    clustered: true,
  }),
  labels: ({ id, int, text }) => ({
    columns: { id, principal_id: int, name: text, color: nullable(text), version: int, changed_at: int },
    indexes: [['labels_name', 'principal_id, name', { unique: true }]],
    foreign: [['labels_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  open_tasks: ({ int }) => ({
    columns: { object_id: primary(int), collection_id: int },
    indexes: [['open_tasks_collection', 'collection_id']],
    foreign: [['open_tasks_object', 'object_id', 'objects', 'CASCADE']],
  }),
}
