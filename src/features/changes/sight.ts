import type { Sight } from '../../../storage/events/read-events.ts'
import type { CollectionId, FeedId } from '../../../storage/ids.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { reachOf } from '../people/reach.ts'

/** What a session reads at the moment, as events are judged. */
export interface Reading extends Sight {
  readonly feedSet: ReadonlySet<FeedId>
  /** Every collection, his own too. */
  readonly collections: ReadonlySet<CollectionId>
}

/** What a session reads now: who belongs to what is looked up anew each time. */
export async function readingOf(reader: Reader, session: Session): Promise<Reading> {
  const { books, bookIds, calendars } = await reachOf(reader, { ...session })
  const rows = [...books, ...calendars].map(({ row }) => row)
  const { id: principalId } = session.principal
  const feeds = rows.filter((row) => row.principalId !== principalId).map(({ feedId }) => feedId)
  return {
    principalId,
    feeds,
    feedSet: new Set(feeds),
    books: bookIds,
    collections: new Set(rows.map(({ id }) => id)),
  }
}

/** The same for a session that goes on; undefined once its credentials are to be judged again. */
export async function stillReading(reader: Reader, session: Session): Promise<Reading | undefined> {
  const { id, stamp } = session.principal
  const principal = await findPrincipalById(reader, id)
  return principal?.stamp === stamp ? readingOf(reader, session) : undefined
}
