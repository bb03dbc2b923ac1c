import type { MigrationInterface, QueryRunner } from 'typeorm'
import { foreign, index, runStatements, table, unique } from './statements.ts'

/** Groups, delegates, access control lists, shares and their mounts, notifications and public links. */
export class Rights0000000000002 implements MigrationInterface {
  name = 'Rights0000000000002'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...tables, ...indexes])
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const cascade = (name: string, column: string, target: string): string =>
  foreign(name, column, target, 'CASCADE')

const tables = [
  table('group_members', ['"group_id" @int NOT NULL', '"member_id" @int NOT NULL'], {
    key: ['group_id', 'member_id'],
    foreign: [
      cascade('group_members_group', 'group_id', 'principals'),
      cascade('group_members_member', 'member_id', 'principals'),
    ],
  }),
  table('proxies', ['"owner_id" @int NOT NULL', '"proxy_id" @int NOT NULL', '"mode" text NOT NULL'], {
    key: ['owner_id', 'proxy_id'],
    foreign: [
      cascade('proxies_owner', 'owner_id', 'principals'),
      cascade('proxies_proxy', 'proxy_id', 'principals'),
    ],
  }),
  table(
    'aces',
    [
      '"target_kind" text NOT NULL',
      '"target_id" @int NOT NULL',
      '"position" @int NOT NULL',
      '"subject" text NOT NULL',
      '"principal_id" @int',
      '"is_grant" @int NOT NULL',
      '"privileges" @int NOT NULL',
    ],
    { foreign: [cascade('aces_principal', 'principal_id', 'principals')] },
  ),
  table(
    'shares',
    [
      '"collection_id" @int NOT NULL',
      '"principal_id" @int NOT NULL',
      '"access" text NOT NULL',
      '"summary" text',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    {
      foreign: [
        cascade('shares_collection', 'collection_id', 'collections'),
        cascade('shares_principal', 'principal_id', 'principals'),
      ],
    },
  ),
  table(
    'mounts',
    [
      '"collection_id" @int NOT NULL',
      '"principal_id" @int NOT NULL',
      '"home_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"state" text NOT NULL',
      '"view" text NOT NULL',
      '"feed_id" @int NOT NULL',
      '"home_change" @int NOT NULL',
      '"invite_uid" text NOT NULL',
      '"displayname" text',
      '"description" text',
      '"color" text',
      '"sort_order" @int',
      '"timezone" text',
      '"timezone_id" text',
      '"transparent" @int',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    {
      foreign: [
        cascade('mounts_collection', 'collection_id', 'collections'),
        cascade('mounts_principal', 'principal_id', 'principals'),
        cascade('mounts_home', 'home_id', 'homes'),
      ],
    },
  ),
  table(
    'member_layers',
    [
      '"object_id" @int NOT NULL',
      '"principal_id" @int NOT NULL',
      '"collection_id" @int NOT NULL',
      '"change" @int NOT NULL',
      '"layer" text NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    {
      key: ['object_id', 'principal_id'],
      foreign: [cascade('member_layers_principal', 'principal_id', 'principals')],
    },
  ),
  table(
    'notifications',
    [
      '"principal_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"kind" text NOT NULL',
      '"xml" text NOT NULL',
      '"etag" text NOT NULL',
      '"change" @int NOT NULL',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
      '"deleted_at" @int',
    ],
    { foreign: [cascade('notifications_principal', 'principal_id', 'principals')] },
  ),
  table(
    'public_links',
    [
      '"collection_id" @int NOT NULL',
      '"token" text NOT NULL',
      '"label" text NOT NULL',
      '"created_at" @int NOT NULL',
      '"last_used_at" @int',
    ],
    { foreign: [cascade('public_links_collection', 'collection_id', 'collections')] },
  ),
]

const indexes = [
  index('group_members_member', 'group_members', 'member_id, group_id'),
  index('proxies_proxy', 'proxies', 'proxy_id'),
  index('aces_target', 'aces', 'target_kind, target_id, position'),
  index('aces_principal', 'aces', 'principal_id'),
  unique('shares_collection', 'shares', 'collection_id, principal_id'),
  index('shares_principal', 'shares', 'principal_id'),
  unique('mounts_collection', 'mounts', 'collection_id, principal_id'),
  unique('mounts_name', 'mounts', 'home_id, name'),
  index('mounts_principal', 'mounts', 'principal_id'),
  index('member_layers_change', 'member_layers', 'principal_id, collection_id, change'),
  unique('notifications_name', 'notifications', 'principal_id, name'),
  index('notifications_change', 'notifications', 'principal_id, change'),
  unique('public_links_token', 'public_links', 'token'),
  index('public_links_collection', 'public_links', 'collection_id'),
]
