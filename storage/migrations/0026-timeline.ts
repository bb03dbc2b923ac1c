import type { MigrationInterface, QueryRunner } from 'typeorm'
import { clustered, foreign, index, runStatements, table } from './statements.ts'

/**
 * What people have done with each other: notes, calls, visits, and what links events, tasks and documents to somebody. Of
 * events that are there already the index of their people is made by `farley reindex`.
 */
export class Timeline0000000000026 implements MigrationInterface {
  name = 'Timeline0000000000026'

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, statements)
  }

  async down(): Promise<void> {
    throw new Error('Tables are not taken away again.')
  }
}

const statements = [
  table(
    'activities',
    [
      '"kind" text NOT NULL',
      '"at" @int NOT NULL',
      '"author_id" @int',
      '"visibility" text NOT NULL',
      '"team_id" @int',
      '"html" text NOT NULL',
      '"text" text NOT NULL',
      '"direction" text',
      '"outcome" text',
      '"minutes" @int',
      '"pinned_at" @int',
      '"object_id" @int',
      '"version" @int NOT NULL',
      '"created_at" @int NOT NULL',
      '"changed_at" @int NOT NULL',
    ],
    {
      foreign: [
        foreign('activities_author', 'author_id', 'principals', 'SET NULL'),
        foreign('activities_team', 'team_id', 'principals', 'SET NULL'),
      ],
    },
  ),
  index('activities_author', 'activities', 'author_id, at'),
  index('activities_team', 'activities', 'team_id, at', 'team_id IS NOT NULL'),
  clustered(
    table(
      'activity_parties',
      ['"party_id" @int NOT NULL', '"activity_id" @int NOT NULL', '"at" @int NOT NULL'],
      {
        key: ['party_id', 'activity_id'],
        foreign: [
          foreign('activity_parties_party', 'party_id', 'parties', 'CASCADE'),
          foreign('activity_parties_activity', 'activity_id', 'activities', 'CASCADE'),
        ],
      },
    ),
  ),
  index('activity_parties_at', 'activity_parties', 'party_id, at'),
  index('activity_parties_activity', 'activity_parties', 'activity_id'),
  clustered(
    table('activity_mentions', ['"activity_id" @int NOT NULL', '"principal_id" @int NOT NULL'], {
      key: ['activity_id', 'principal_id'],
      foreign: [
        foreign('activity_mentions_activity', 'activity_id', 'activities', 'CASCADE'),
        foreign('activity_mentions_principal', 'principal_id', 'principals', 'CASCADE'),
      ],
    }),
  ),
  index('activity_mentions_principal', 'activity_mentions', 'principal_id'),
  table(
    'party_links',
    [
      '"party_id" @int NOT NULL',
      '"kind" text NOT NULL',
      '"target_id" @int NOT NULL',
      '"author_id" @int',
      '"at" @int NOT NULL',
    ],
    {
      foreign: [
        foreign('party_links_party', 'party_id', 'parties', 'CASCADE'),
        foreign('party_links_author', 'author_id', 'principals', 'SET NULL'),
      ],
    },
  ),
  index('party_links_party', 'party_links', 'party_id, kind, target_id').replace(
    'CREATE INDEX',
    'CREATE UNIQUE INDEX',
  ),
  index('party_links_target', 'party_links', 'kind, target_id'),
  clustered(
    table(
      'event_people',
      ['"object_id" @int NOT NULL', '"mail" text NOT NULL', '"collection_id" @int NOT NULL'],
      {
        key: ['object_id', 'mail'],
        foreign: [foreign('event_people_object', 'object_id', 'objects', 'CASCADE')],
      },
    ),
  ),
  index('event_people_mail', 'event_people', 'mail, collection_id'),
]
