import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Collections that are made from something else. */
export const generatedTables: Tables = {
  birthday_calendars: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      book_id: int,
      through: withDefault(int, 0),
      made_by: withDefault(text, ''),
      alarms: withDefault(text, ''),
      other_dates: withDefault(int, 0),
    },
    indexes: [['birthday_calendars_book', 'book_id', { unique: true }]],
    foreign: [
      ['birthday_calendars_collection', 'collection_id', 'collections', 'CASCADE'],
      ['birthday_calendars_book', 'book_id', 'collections', 'CASCADE'],
    ],
  }),
  directory_books: ({ int, text }) => ({
    columns: {
      principal_id: primary(int),
      collection_id: nullable(int),
      made_by: withDefault(text, ''),
      is_off: withDefault(int, 0),
    },
    foreign: [['directory_books_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  generated_members: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      name: primary(text),
      source_name: text,
    },
    indexes: [['generated_members_source', 'collection_id, source_name']],
    foreign: [['generated_members_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
}
