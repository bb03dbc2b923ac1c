import { nullable, primary, type Tables } from '../columns.ts'

/** What people have done with each other, and what is linked to them. */
export const timelineTables: Tables = {
  activities: ({ id, int, text }) => ({
    columns: {
      id,
      kind: text,
      at: int,
      author_id: nullable(int),
      visibility: text,
      team_id: nullable(int),
      html: text,
      text,
      direction: nullable(text),
      outcome: nullable(text),
      minutes: nullable(int),
      pinned_at: nullable(int),
      object_id: nullable(int),
      version: int,
      created_at: int,
      changed_at: int,
      author_name: nullable(text),
    },
    indexes: [
      ['activities_author', 'author_id, at'],
      ['activities_team', 'team_id, at', { where: 'team_id IS NOT NULL' }],
    ],
    foreign: [
      ['activities_author', 'author_id', 'principals', 'SET NULL'],
      ['activities_team', 'team_id', 'principals', 'SET NULL'],
    ],
  }),
  activity_parties: ({ int }) => ({
    columns: { party_id: primary(int), activity_id: primary(int), at: int },
    indexes: [
      ['activity_parties_at', 'party_id, at'],
      ['activity_parties_activity', 'activity_id'],
    ],
    foreign: [
      ['activity_parties_party', 'party_id', 'parties', 'CASCADE'],
      ['activity_parties_activity', 'activity_id', 'activities', 'CASCADE'],
    ],
    clustered: true,
  }),
  activity_mentions: ({ int }) => ({
    columns: { activity_id: primary(int), principal_id: primary(int) },
    indexes: [['activity_mentions_principal', 'principal_id']],
    foreign: [
      ['activity_mentions_activity', 'activity_id', 'activities', 'CASCADE'],
      ['activity_mentions_principal', 'principal_id', 'principals', 'CASCADE'],
    ],
    clustered: true,
  }),
  party_links: ({ id, int, text }) => ({
    columns: { id, party_id: int, kind: text, target_id: int, author_id: nullable(int), at: int },
    indexes: [
      ['party_links_party', 'party_id, kind, target_id', { unique: true }],
      ['party_links_target', 'kind, target_id'],
    ],
    foreign: [
      ['party_links_party', 'party_id', 'parties', 'CASCADE'],
      ['party_links_author', 'author_id', 'principals', 'SET NULL'],
    ],
  }),
  event_people: ({ int, text }) => ({
    columns: { object_id: primary(int), mail: primary(text), collection_id: int },
    indexes: [['event_people_mail', 'mail, collection_id']],
    foreign: [['event_people_object', 'object_id', 'objects', 'CASCADE']],
    clustered: true,
  }),
  cadences: ({ id, int }) => ({
    columns: {
      id,
      party_id: int,
      principal_id: int,
      every_days: int,
      began_at: int,
      task_id: nullable(int),
      task_at: nullable(int),
      version: int,
    },
    indexes: [
      ['cadences_party', 'party_id, principal_id', { unique: true }],
      ['cadences_principal', 'principal_id'],
      ['cadences_task', 'task_id', { where: 'task_id IS NOT NULL' }],
    ],
    foreign: [
      ['cadences_party', 'party_id', 'parties', 'CASCADE'],
      ['cadences_principal', 'principal_id', 'principals', 'CASCADE'],
    ],
  }),
}
