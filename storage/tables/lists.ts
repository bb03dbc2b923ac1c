import { nullable, primary, type Tables } from '../columns.ts'

/** Lists of people, derived from CATEGORIES and group cards. */
export const listsTables: Tables = {
  list_faces: ({ int, text }) => ({
    columns: {
      object_id: primary(int),
      collection_id: int,
      kind: text,
      name: nullable(text),
      bare_etag: text,
      bare_size: int,
      bare_change: int,
      made: int,
      group_since: nullable(int),
    },
    indexes: [
      ['list_faces_change', 'collection_id, bare_change'],
      ['list_faces_name', 'collection_id, name', { where: 'name IS NOT NULL' }],
    ],
    foreign: [['list_faces_object', 'object_id', 'objects', 'CASCADE']],
  }),
  card_labels: ({ int, text }) => ({
    columns: {
      object_id: primary(int),
      label: primary(text),
      collection_id: int,
    },
    indexes: [['card_labels_book', 'collection_id, label']],
    foreign: [['card_labels_object', 'object_id', 'objects', 'CASCADE']],
    clustered: true,
  }),
  list_members: ({ int, text }) => ({
    columns: {
      object_id: primary(int),
      uid_key: primary(text),
      collection_id: int,
    },
    indexes: [['list_members_uid', 'collection_id, uid_key']],
    foreign: [['list_members_object', 'object_id', 'objects', 'CASCADE']],
    clustered: true,
  }),
}
