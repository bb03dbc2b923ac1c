import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Address books whose cards are copies of others, and what is not seen in them. */
export const virtualTables: Tables = {
  masks: ({ id, text, int }) => ({
    columns: { id, name: text, rules: text, created_at: int, changed_at: int },
    indexes: [['masks_name', 'name', { unique: true }]],
  }),
  mask_holders: ({ int }) => ({
    columns: { mask_id: primary(int), principal_id: primary(int) },
    indexes: [['mask_holders_principal', 'principal_id']],
    foreign: [
      ['mask_holders_mask', 'mask_id', 'masks', 'CASCADE'],
      ['mask_holders_principal', 'principal_id', 'principals', 'CASCADE'],
    ],
  }),
  virtual_books: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      kind: text,
      definition: text,
      source_id: nullable(int),
      owner_id: int,
      twin_of: nullable(int),
      masks: withDefault(text, '[]'),
      mask_key: withDefault(text, ''),
      write_through: text,
      through: nullable(int),
    },
    indexes: [
      ['virtual_books_source', 'kind, source_id'],
      ['virtual_books_twin', 'twin_of, mask_key', { unique: true }],
      ['virtual_books_owner', 'owner_id'],
    ],
    foreign: [
      ['virtual_books_collection', 'collection_id', 'collections', 'CASCADE'],
      ['virtual_books_owner', 'owner_id', 'principals', 'CASCADE'],
    ],
  }),
  virtual_people: ({ int }) => ({
    columns: { collection_id: primary(int), party_id: primary(int) },
    indexes: [['virtual_people_party', 'party_id']],
    foreign: [
      ['virtual_people_collection', 'collection_id', 'collections', 'CASCADE'],
      ['virtual_people_party', 'party_id', 'parties', 'CASCADE'],
    ],
  }),
  virtual_members: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      source_id: primary(int),
      member_id: nullable(int),
      name: text,
      uid: nullable(text),
    },
    indexes: [
      ['virtual_members_source', 'source_id'],
      ['virtual_members_member', 'member_id'],
      ['virtual_members_uid', 'collection_id, uid'],
    ],
    foreign: [['virtual_members_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
}
