import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Who may sign in, and with what; how much each keeps. */
export const accountsTables: Tables = {
  principals: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      name: text,
      segment: text,
      display_name: text,
      email: nullable(text),
      password_hash: nullable(text),
      stamp: withDefault(int, 1),
      created_at: int,
      changed_at: int,
      language: nullable(text),
      time_zone: nullable(text),
      request_limit: nullable(int),
      locked_at: nullable(int),
      description: nullable(text),
      place: nullable(text),
      capacity: nullable(int),
      removed_at: nullable(int),
    },
    indexes: [
      ['principals_name', 'name', { unique: true, where: 'removed_at IS NULL' }],
      ['principals_segment', 'segment', { unique: true }],
    ],
  }),
  removed_principals: ({ int, text }) => ({
    columns: {
      principal_id: primary(int),
      removed_at: int,
      author_id: nullable(int),
      heir_id: nullable(int),
      given: text,
      people: text,
    },
    indexes: [['removed_principals_removed', 'removed_at']],
    foreign: [['removed_principals_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  set_aside: ({ id, int, text }) => ({
    columns: { id, principal_id: int, kind: text, kept: text },
    indexes: [['set_aside_principal', 'principal_id, id']],
    foreign: [['set_aside_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  quotas: ({ int }) => ({
    columns: {
      principal_id: primary(int),
      used_bytes: withDefault(int, 0),
      limit_bytes: nullable(int),
    },
    foreign: [['quotas_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  reserved_segments: ({ int, text }) => ({
    columns: {
      segment: primary(text),
      at: int,
    },
  }),
  app_passwords: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      label: text,
      secret_hash: text,
      scope: text,
      client_kind: nullable(text),
      suggested_kind: nullable(text),
      merge: nullable(int),
      created_at: int,
      last_used_at: nullable(int),
      revoked_at: nullable(int),
      last_address: nullable(text),
      last_agent: nullable(text),
    },
    indexes: [
      ['app_passwords_secret', 'secret_hash', { unique: true }],
      ['app_passwords_principal', 'principal_id'],
    ],
    foreign: [['app_passwords_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  setup_links: ({ id, int, text }) => ({
    columns: { id, device_id: int, secret_hash: text, sealed: text, expires_at: int },
    indexes: [
      ['setup_links_secret', 'secret_hash', { unique: true }],
      ['setup_links_device', 'device_id', { unique: true }],
    ],
    foreign: [['setup_links_device', 'device_id', 'app_passwords', 'CASCADE']],
  }),
  sign_ins: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      key: text,
      way: text,
      device_id: nullable(int),
      address: text,
      agent: text,
      outcome: text,
      count: int,
      at: int,
      last_at: int,
    },
    indexes: [
      ['sign_ins_key', 'principal_id, key', { unique: true }],
      ['sign_ins_last', 'principal_id, last_at'],
      ['sign_ins_at', 'last_at'],
      ['sign_ins_device', 'device_id', { where: 'device_id IS NOT NULL' }],
    ],
    foreign: [
      ['sign_ins_principal', 'principal_id', 'principals', 'CASCADE'],
      ['sign_ins_device', 'device_id', 'app_passwords', 'CASCADE'],
    ],
  }),
  throttle: ({ int, text }) => ({
    columns: {
      key: primary(text),
      failures: int,
      window_started_at: int,
      blocked_until: int,
    },
  }),
}
