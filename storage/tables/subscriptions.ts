import { nullable, primary, type Tables, withDefault } from '../columns.ts'

/** What was fetched last for a calendar with a source. */
export const subscriptionsTables: Tables = {
  subscriptions: ({ int, text }) => ({
    columns: {
      collection_id: primary(int),
      etag: nullable(text),
      last_modified: nullable(text),
      digest: nullable(text),
      published_ms: nullable(int),
      fetched_at: nullable(int),
      skipped: withDefault(int, 0),
    },
    foreign: [['subscriptions_collection', 'collection_id', 'collections', 'CASCADE']],
  }),
}
