import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { look, type Route } from '../../api/route.ts'
import { changesAfter } from './changes.ts'
import { asking, changes, listening } from './schema.ts'
import { readingOf } from './sight.ts'
import { openStream } from './streams.ts'

/** What happens: as it happens, or from time to time. */
export const changeRoutes: readonly Route[] = [
  look(
    {
      method: 'GET',
      path: '/events',
      scope: 'none',
      summary: 'What happens, as server-sent events; Last-Event-ID goes on from there',
    },
    { query: listening, gives: ['text/event-stream'] },
    async (call) => {
      const { store, session, query } = call
      const reading = await store.read((reader) => readingOf(reader, session))
      if (query.collection?.some((id) => !reading.collections.has(id)))
        throw refuseStatus(404, 'There is no such collection.')
      const filter = { kinds: query.kind, collections: query.collection, parties: query.party }
      const after = call.lastEventId ?? query.after
      // A proxy in front is not to keep anything back.
      const headers = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' }
      return { headers, body: openStream(call, { session, reading, after, filter }) }
    },
  ),
  look(
    { method: 'GET', path: '/changes', scope: 'none', summary: 'What happened after a place in the log' },
    { query: asking, reply: changes },
    async ({ store, session, query }) => {
      const { after, limit, kind: kinds, collection: collections, party: parties } = query
      const filter = { kinds, collections, parties }
      return { body: await changesAfter(store, session, { after, limit, filter }) }
    },
  ),
]
