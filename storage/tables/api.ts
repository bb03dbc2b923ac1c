import { nullable, type Tables } from '../columns.ts'

/** Who is signed in on the web page, tokens for the API, and its answers to requests that may come again. */
export const apiTables: Tables = {
  web_sessions: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      secret_hash: text,
      address: text,
      agent: text,
      created_at: int,
      last_used_at: int,
    },
    indexes: [
      ['web_sessions_secret', 'secret_hash', { unique: true }],
      ['web_sessions_principal', 'principal_id'],
      ['web_sessions_used', 'last_used_at'],
    ],
    foreign: [['web_sessions_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  password_links: ({ id, int, text }) => ({
    columns: { id, principal_id: int, secret_hash: text, expires_at: int },
    indexes: [
      ['password_links_secret', 'secret_hash', { unique: true }],
      ['password_links_principal', 'principal_id', { unique: true }],
    ],
    foreign: [['password_links_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  api_tokens: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      label: text,
      secret_hash: text,
      scopes: text,
      created_at: int,
      expires_at: nullable(int),
      last_used_at: nullable(int),
    },
    indexes: [
      ['api_tokens_secret', 'secret_hash', { unique: true }],
      ['api_tokens_principal', 'principal_id'],
    ],
    foreign: [['api_tokens_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  api_answers: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      key: text,
      request_hash: text,
      status: int,
      etag: nullable(text),
      body: nullable(text),
      size: int,
      at: int,
    },
    indexes: [
      ['api_answers_key', 'principal_id, key', { unique: true }],
      ['api_answers_principal', 'principal_id, id'],
      ['api_answers_at', 'at'],
    ],
    foreign: [['api_answers_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
}
