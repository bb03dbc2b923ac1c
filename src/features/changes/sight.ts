import type { Settings } from '../../../config/defaults.ts'
import { listTokens } from '../../../storage/api/tokens.ts'
import { holdsWebSession, type SessionTimes } from '../../../storage/api/web-sessions.ts'
import type { EventArea, Sight } from '../../../storage/events/read-events.ts'
import type { CollectionId, FeedId } from '../../../storage/ids.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { reachOf } from '../people/reach.ts'
import { sessionTimes } from '../sessions/sessions.ts'
import { allows } from '../tokens/tokens.ts'

/** What a session reads at the moment, as events are judged. */
export interface Reading extends Sight {
  readonly feedSet: ReadonlySet<FeedId>
  /** Every collection, his own too. */
  readonly collections: ReadonlySet<CollectionId>
}

/** What a session reads now: who belongs to what is looked up anew each time. */
export async function readingOf(reader: Reader, session: Session): Promise<Reading> {
  const areas = areasOf(session)
  const { books, calendars } = await reachOf(reader, { ...session })
  const people = areas?.includes('people') === false ? [] : books
  const rows = [...people, ...(areas?.includes('calendars') === false ? [] : calendars)].map(({ row }) => row)
  const { id: principalId } = session.principal
  const feeds = rows.filter((row) => row.principalId !== principalId).map(({ feedId }) => feedId)
  return {
    principalId,
    feeds,
    feedSet: new Set(feeds),
    books: people.map(({ row }) => row.id),
    collections: new Set(rows.map(({ id }) => id)),
    areas,
  }
}

/** The same for a session that goes on; undefined once its credentials are to be judged again. */
export async function stillReading(
  reader: Reader,
  session: Session,
  { now, settings }: { readonly now: number; readonly settings: Pick<Settings, 'auth'> },
): Promise<Reading | undefined> {
  const { id, stamp } = session.principal
  const principal = await findPrincipalById(reader, id)
  const isValid =
    principal?.stamp === stamp &&
    (await hasToken(reader, session, now)) &&
    (await isSignedIn(reader, session, sessionTimes(now, settings)))
  return isValid ? readingOf(reader, session) : undefined
}

/** What the session's token is for; undefined where there is none, which is for all. */
function areasOf({ token }: Session): EventArea[] | undefined {
  return token && allAreas.filter((area) => allows(token.scopes, area, 'read'))
}

const allAreas: readonly EventArea[] = ['people', 'calendars', 'files']

async function hasToken(reader: Reader, { principal, token }: Session, now: number): Promise<boolean> {
  if (!token) return true
  const found = (await listTokens(reader, principal.id)).find(({ id }) => id === token.id)
  return found !== undefined && (found.expiresAt === null || found.expiresAt > now)
}

/** A browser is, until somebody signs it out, or it was idle for too long. */
async function isSignedIn(
  reader: Reader,
  { principal, browser }: Session,
  times: SessionTimes,
): Promise<boolean> {
  return browser === undefined || holdsWebSession(reader, principal.id, browser.id, times)
}
