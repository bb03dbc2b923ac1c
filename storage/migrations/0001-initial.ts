import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table, unique } from './statements.ts'

/**
 * The first tables, on either database. PostgreSQL's indexes take no more than 2704 octets a row: there the text of a
 * contact's field, which has no limit, stays out of them.
 */
export class Initial0000000000001 implements MigrationInterface {
  name = 'Initial0000000000001'

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres'
    const fields = postgres ? 'collection_id, kind, object_id' : 'collection_id, kind, folded, object_id'
    const contacts = index('contact_fields_kind', 'contact_fields', fields)
    await runStatements(runner, [...tables, ...indexes, contacts])
    if (postgres) await runner.query('CREATE SEQUENCE farley_writes')
  }

  async down(): Promise<void> {
    throw new Error('The first tables are not taken away again.')
  }
}

/** Tables as they are written out for each of the two databases: see `table`. */
const tables = [
  table('meta', ['"key" text NOT NULL', '"value" text NOT NULL'], { key: ['key'] }),
  table('principals', [
    '"kind" text NOT NULL',
    '"name" text NOT NULL',
    '"segment" text NOT NULL',
    '"display_name" text NOT NULL',
    '"email" text',
    '"password_hash" text',
    '"stamp" @int NOT NULL DEFAULT 1',
    '"created_at" @int NOT NULL',
    '"changed_at" @int NOT NULL',
  ]),
  table('reserved_segments', ['"segment" text NOT NULL', '"at" @int NOT NULL'], { key: ['segment'] }),
  table(
    'app_passwords',
    [
      '"principal_id" @int NOT NULL',
      '"label" text NOT NULL',
      '"secret_hash" text NOT NULL',
      '"scope" text NOT NULL',
      '"client_kind" text',
      '"created_at" @int NOT NULL',
      '"last_used_at" @int',
      '"revoked_at" @int',
    ],
    { foreign: [foreign('app_passwords_principal', 'principal_id', 'principals', 'CASCADE')] },
  ),
  table(
    'throttle',
    [
      '"key" text NOT NULL',
      '"failures" @int NOT NULL',
      '"window_started_at" @int NOT NULL',
      '"blocked_until" @int NOT NULL',
    ],
    { key: ['key'] },
  ),
  table('feeds', [
    '"kind" text NOT NULL',
    '"principal_id" @int NOT NULL',
    '"collection_id" @int',
    '"change" @int NOT NULL DEFAULT 0',
    '"floor" @int NOT NULL DEFAULT 0',
    '"closed" @int NOT NULL DEFAULT 0',
  ]),
  table('homes', ['"principal_id" @int NOT NULL', '"kind" text NOT NULL', '"feed_id" @int NOT NULL'], {
    foreign: [foreign('homes_principal', 'principal_id', 'principals', 'CASCADE')],
  }),
  table(
    'collections',
    [
      '"home_id" @int NOT NULL',
      '"principal_id" @int NOT NULL',
      '"kind" text NOT NULL',
      '"name" text NOT NULL',
      '"feed_id" @int NOT NULL',
      '"home_change" @int NOT NULL',
      '"resource_id" text NOT NULL',
      '"displayname" text',
      '"description" text',
      '"color" text',
      '"sort_order" @int',
      '"components" text',
      '"timezone" text',
      '"timezone_id" text',
      '"transparent" @int NOT NULL DEFAULT 0',
      '"is_default" @int NOT NULL DEFAULT 0',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
      '"deleted_at" @int',
      '"deleted_change" @int',
    ],
    { foreign: [foreign('collections_home', 'home_id', 'homes', 'CASCADE')] },
  ),
  table(
    'collection_tombstones',
    [
      '"home_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"collection_id" @int NOT NULL',
      '"change" @int NOT NULL',
      '"at" @int NOT NULL',
    ],
    {
      key: ['home_id', 'name'],
      foreign: [foreign('collection_tombstones_home', 'home_id', 'homes', 'CASCADE')],
    },
  ),
  table('bodies', ['"bytes" @bytes NOT NULL']),
  table(
    'objects',
    [
      '"collection_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"uid" text',
      '"component" text NOT NULL',
      '"media_type" text',
      '"version" text',
      '"etag" text NOT NULL',
      '"schedule_tag" text',
      '"size" @int NOT NULL',
      '"change" @int NOT NULL',
      '"body_id" @int NOT NULL',
      '"created_at" @int NOT NULL',
      '"modified_at" @int NOT NULL',
    ],
    {
      foreign: [foreign('objects_collection', 'collection_id', 'collections', 'NO ACTION')],
    },
  ),
  table('revisions', [
    '"object_id" @int NOT NULL',
    '"collection_id" @int NOT NULL',
    '"principal_id" @int NOT NULL',
    '"kind" text NOT NULL',
    '"name" text NOT NULL',
    '"uid" text',
    '"component" text NOT NULL',
    '"etag" text NOT NULL',
    '"body_id" @int',
    '"change" @int NOT NULL',
    '"at" @int NOT NULL',
    '"origin" text NOT NULL',
    '"author_id" @int',
    '"device_id" @int',
    '"client_kind" text',
    '"request_id" text',
    '"restored_at" @int',
  ]),
  table(
    'tombstones',
    [
      '"collection_id" @int NOT NULL',
      '"name" text NOT NULL',
      '"object_id" @int NOT NULL',
      '"uid" text',
      '"change" @int NOT NULL',
      '"at" @int NOT NULL',
    ],
    {
      key: ['collection_id', 'name'],
      foreign: [foreign('tombstones_collection', 'collection_id', 'collections', 'CASCADE')],
    },
  ),
  table('events', [
    '"principal_id" @int NOT NULL',
    '"feed_id" @int NOT NULL',
    '"kind" text NOT NULL',
    '"object_id" @int',
    '"name" text',
    '"device_id" @int',
    '"request_id" text',
    '"at" @int NOT NULL',
  ]),
  table('dead_properties', [
    '"target_kind" text NOT NULL',
    '"target_id" @int NOT NULL',
    '"name" text NOT NULL',
    '"xml" text NOT NULL',
  ]),
  table(
    'calendar_objects',
    [
      '"object_id" @int NOT NULL',
      '"collection_id" @int NOT NULL',
      '"component" text NOT NULL',
      '"earliest" @int',
      '"latest" @int',
      '"first_at" @int NOT NULL',
      '"until_at" @int NOT NULL',
      '"longest_ms" @int NOT NULL',
      '"expanded_from" @int NOT NULL',
      '"expanded_until" @int NOT NULL',
      '"exact" @int NOT NULL',
      '"reach" @int NOT NULL',
    ],
    { key: ['object_id'], foreign: [foreign('calendar_objects_object', 'object_id', 'objects', 'CASCADE')] },
  ),
  clustered(
    table(
      'calendar_instances',
      [
        '"object_id" @int NOT NULL',
        '"start_at" @int NOT NULL',
        '"number" @int NOT NULL',
        '"end_at" @int NOT NULL',
        '"all_day" @int NOT NULL',
        '"floating" @int NOT NULL',
        '"transparent" @int NOT NULL',
        '"status" text',
      ],
      {
        key: ['object_id', 'start_at', 'number'],
        foreign: [foreign('calendar_instances_object', 'object_id', 'objects', 'CASCADE')],
      },
    ),
  ),
  table(
    'contact_fields',
    [
      '"object_id" @int NOT NULL',
      '"collection_id" @int NOT NULL',
      '"kind" text NOT NULL',
      '"value" text NOT NULL',
      '"folded" text NOT NULL',
    ],
    { foreign: [foreign('contact_fields_object', 'object_id', 'objects', 'CASCADE')] },
  ),
  table(
    'jobs',
    [
      '"key" text NOT NULL',
      '"next_at" @int NOT NULL',
      '"last_at" @int',
      '"attempts" @int NOT NULL DEFAULT 0',
      '"last_error" text',
    ],
    { key: ['key'] },
  ),
]

const indexes = [
  unique('principals_name', 'principals', 'name'),
  unique('principals_segment', 'principals', 'segment'),
  unique('app_passwords_secret', 'app_passwords', 'secret_hash'),
  index('app_passwords_principal', 'app_passwords', 'principal_id'),
  index('feeds_principal', 'feeds', 'principal_id'),
  unique('homes_principal_kind', 'homes', 'principal_id, kind'),
  unique('collections_name', 'collections', 'home_id, name', 'deleted_at IS NULL'),
  index('collections_change', 'collections', 'home_id, home_change'),
  index('collections_principal', 'collections', 'principal_id'),
  index('collections_deleted', 'collections', 'deleted_at'),
  index('collection_tombstones_change', 'collection_tombstones', 'home_id, change'),
  unique('objects_name', 'objects', 'collection_id, name'),
  unique('objects_uid', 'objects', 'collection_id, uid', 'uid IS NOT NULL'),
  index(
    'objects_sync',
    'objects',
    'collection_id, change, name, etag, component, media_type, id, size, modified_at',
  ),
  index(
    'objects_list',
    'objects',
    'collection_id, id, name, etag, component, media_type, size, modified_at, change',
  ),
  index('revisions_object', 'revisions', 'object_id, etag'),
  index('revisions_trash', 'revisions', 'principal_id, id', "kind = 'deleted'"),
  index('revisions_device', 'revisions', 'device_id, at', 'device_id IS NOT NULL'),
  index('tombstones_change', 'tombstones', 'collection_id, change'),
  index('tombstones_at', 'tombstones', 'at'),
  index('collection_tombstones_at', 'collection_tombstones', 'at'),
  unique('dead_properties_target', 'dead_properties', 'target_kind, target_id, name'),
  index('calendar_objects_reach', 'calendar_objects', 'collection_id, reach, expanded_until'),
  index('calendar_objects_expanded', 'calendar_objects', 'expanded_until'),
  index(
    'calendar_objects_until',
    'calendar_objects',
    'collection_id, component, until_at, first_at, exact, longest_ms, object_id',
  ),
  index('contact_fields_object', 'contact_fields', 'object_id'),
]
