import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What people have agreed to, and the proofs that some of them were erased. */
export const privacyTables: Tables = {
  consents: ({ id, int, text }) => ({
    columns: {
      id,
      party_id: int,
      channel: text,
      purpose: text,
      purpose_key: text,
      state: text,
      source: withDefault(text, ''),
      given_on: text,
      expires_on: nullable(text),
      note: withDefault(text, ''),
      evidence_kind: nullable(text),
      evidence_id: nullable(int),
    },
    indexes: [
      ['consents_party', 'party_id, channel, purpose_key', { unique: true }],
      ['consents_expires', 'expires_on', { where: 'expires_on IS NOT NULL' }],
    ],
    foreign: [['consents_party', 'party_id', 'parties', 'CASCADE']],
  }),
  erasures: ({ id, int, text }) => ({
    columns: {
      id,
      proof_id: text,
      at: int,
      author_id: nullable(int),
      reason: text,
      counts: text,
      signature: text,
    },
    indexes: [['erasures_proof', 'proof_id', { unique: true }]],
  }),
  erasure_marks: ({ int, text }) => ({
    columns: { hash: primary(text), erasure_id: primary(int), kind: text },
    indexes: [['erasure_marks_erasure', 'erasure_id']],
    foreign: [['erasure_marks_erasure', 'erasure_id', 'erasures', 'CASCADE']],
    clustered: true,
  }),
  retention_rules: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      days: int,
      action: text,
      role: nullable(text),
      book_id: nullable(int),
      author_id: nullable(int),
      version: int,
      changed_at: int,
    },
    indexes: [
      ['retention_rules_book', 'book_id', { where: 'book_id IS NOT NULL' }],
      ['retention_rules_author', 'author_id'],
    ],
    foreign: [
      ['retention_rules_book', 'book_id', 'collections', 'CASCADE'],
      ['retention_rules_author', 'author_id', 'principals', 'SET NULL'],
    ],
  }),
  retention_log: ({ id, int, text }) => ({
    columns: { id, rule_id: int, kind: text, days: int, action: text, at: int, found: int, done: int },
  }),
}
