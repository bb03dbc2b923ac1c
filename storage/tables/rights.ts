import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** Groups, delegates, access control lists, and what is shared with whom. */
export const rightsTables: Tables = {
  group_members: ({ int }) => ({
    columns: {
      group_id: primary(int),
      member_id: primary(int),
    },
    indexes: [['group_members_member', 'member_id, group_id']],
    foreign: [
      ['group_members_group', 'group_id', 'principals', 'CASCADE'],
      ['group_members_member', 'member_id', 'principals', 'CASCADE'],
    ],
  }),
  proxies: ({ int, text }) => ({
    columns: {
      owner_id: primary(int),
      proxy_id: primary(int),
      mode: text,
    },
    indexes: [['proxies_proxy', 'proxy_id']],
    foreign: [
      ['proxies_owner', 'owner_id', 'principals', 'CASCADE'],
      ['proxies_proxy', 'proxy_id', 'principals', 'CASCADE'],
    ],
  }),
  aces: ({ id, int, text }) => ({
    columns: {
      id,
      target_kind: text,
      target_id: int,
      position: int,
      subject: text,
      principal_id: nullable(int),
      is_grant: int,
      privileges: int,
    },
    indexes: [
      ['aces_target', 'target_kind, target_id, position'],
      ['aces_principal', 'principal_id'],
    ],
    foreign: [['aces_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  shares: ({ id, int, text }) => ({
    columns: {
      id,
      collection_id: int,
      principal_id: int,
      access: text,
      summary: nullable(text),
      created_at: int,
      changed_at: int,
    },
    indexes: [
      ['shares_collection', 'collection_id, principal_id', { unique: true }],
      ['shares_principal', 'principal_id'],
    ],
    foreign: [
      ['shares_collection', 'collection_id', 'collections', 'CASCADE'],
      ['shares_principal', 'principal_id', 'principals', 'CASCADE'],
    ],
  }),
  mounts: ({ id, int, text }) => ({
    columns: {
      id,
      collection_id: int,
      principal_id: int,
      home_id: int,
      name: text,
      state: text,
      view: text,
      feed_id: int,
      home_change: int,
      invite_uid: text,
      displayname: nullable(text),
      description: nullable(text),
      color: nullable(text),
      sort_order: nullable(int),
      timezone: nullable(text),
      timezone_id: nullable(text),
      transparent: nullable(int),
      created_at: int,
      changed_at: int,
      access: withDefault(text, 'read'),
    },
    indexes: [
      ['mounts_collection', 'collection_id, principal_id', { unique: true }],
      ['mounts_name', 'home_id, name', { unique: true }],
      ['mounts_principal', 'principal_id'],
    ],
    foreign: [
      ['mounts_collection', 'collection_id', 'collections', 'CASCADE'],
      ['mounts_principal', 'principal_id', 'principals', 'CASCADE'],
      ['mounts_home', 'home_id', 'homes', 'CASCADE'],
    ],
  }),
  member_layers: ({ int, text }) => ({
    columns: {
      object_id: primary(int),
      principal_id: primary(int),
      collection_id: int,
      change: int,
      layer: text,
      changed_at: int,
    },
    indexes: [['member_layers_change', 'principal_id, collection_id, change']],
    foreign: [['member_layers_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  notifications: ({ id, int, text }) => ({
    columns: {
      id,
      principal_id: int,
      name: text,
      kind: text,
      content: text,
      etag: text,
      change: int,
      created_at: int,
      changed_at: int,
      deleted_at: nullable(int),
    },
    indexes: [
      ['notifications_name', 'principal_id, name', { unique: true }],
      ['notifications_change', 'principal_id, change'],
    ],
    foreign: [['notifications_principal', 'principal_id', 'principals', 'CASCADE']],
  }),
  public_links: ({ id, int, text }) => ({
    columns: {
      id,
      collection_id: int,
      token: text,
      label: text,
      created_at: int,
      last_used_at: nullable(int),
    },
    indexes: [
      ['public_links_token', 'token', { unique: true }],
      ['public_links_collection', 'collection_id'],
    ],
    foreign: [['public_links_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
  ended_links: ({ id, int, text }) => ({
    columns: {
      id,
      link_id: int,
      collection_id: nullable(int),
      node_id: nullable(int),
      token: text,
      label: text,
      expires_at: nullable(int),
      created_at: int,
      last_used_at: nullable(int),
      ended_at: int,
    },
    indexes: [
      [
        'ended_links_collection',
        'collection_id, link_id',
        { unique: true, where: 'collection_id IS NOT NULL' },
      ],
      ['ended_links_node', 'node_id, link_id', { unique: true, where: 'node_id IS NOT NULL' }],
      ['ended_links_ended', 'ended_at'],
    ],
    foreign: [
      ['ended_links_collection', 'collection_id', 'collections', 'CASCADE'],
      ['ended_links_node', 'node_id', 'nodes', 'CASCADE'],
    ],
  }),
}
