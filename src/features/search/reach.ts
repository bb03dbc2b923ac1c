import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import { type Scope, scopeOf } from '../../../storage/search/scopes.ts'
import type { ActivityReader } from '../../../storage/timeline/activities.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { fileScopes } from '../documents/found-files.ts'
import { type Reach, reachOf } from '../people/reach.ts'
import { askerOf } from '../rights/rights.ts'
import { allows } from '../tokens/tokens.ts'
import { readyOwnBooks, readyTwins, seenBooks } from '../virtual/virtual.ts'

/** What a session may find, and whom it sees. */
export interface Findable {
  readonly session: Session
  readonly reach: Reach
  /** Books as the session sees them: of one that it does not see whole, what stands for it. */
  readonly books: readonly CollectionId[]
  /** Books of copies of others' cards, that are its own. */
  readonly virtual: readonly CollectionId[]
  readonly calendars: readonly CollectionId[]
  /** His own notes, those of his teams, and those about people in these books. */
  readonly notes: readonly Scope[]
  /** What is known beside the cards of the people in these books. */
  readonly values: readonly Scope[]
  /** Files in these homes and folders. */
  readonly files: readonly Scope[]
  /** Who asks, for notes. */
  readonly asking: ActivityReader
}

/** What somebody may search: what he reads over DAV, as he sees it there. */
export async function findable(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'newId'>,
  session: Session,
): Promise<Findable> {
  const { store } = services
  const reach = await store.read((reader) => reachOf(reader, session))
  const rows = reach.books.flatMap(({ row }) => (row.generated === null ? [row] : []))
  await readyTwins(services, session, rows)
  if (reach.virtual.length > 0) await readyOwnBooks(services, session)
  // A token may be for people alone.
  const mayRead = (area: 'calendars' | 'files'): boolean =>
    !session.token || allows(session.token.scopes, area, 'read')
  return store.read(async (reader) => {
    const seen = await seenBooks(reader, session, rows)
    const idsOf = (row: CollectionRow): CollectionId[] => {
      const book = seen(row)
      return book === 'whole' ? [row.id] : book ? [book.collectionId] : []
    }
    const { principals } = await askerOf(reader, session)
    const owners = new Set(reach.books.map(({ row, givenBy }) => givenBy ?? row.principalId))
    const values = [...owners].map(scopeOf.parties)
    return {
      ...{ session, reach, values },
      notes: [...[...principals].map(scopeOf.own), ...values],
      files: mayRead('files') ? await fileScopes(reader, session) : [],
      asking: { principalId: session.principal.id, principals },
      books: rows.flatMap(idsOf),
      virtual: reach.virtual.map(({ row }) => row.id),
      calendars: !mayRead('calendars')
        ? []
        : reach.calendars.flatMap(({ row }) => (row.generated === 'birthdays' ? [] : [row.id])),
    }
  })
}

/** Where things of these kinds are. */
export function scopesOf(
  { books, virtual, calendars, values, notes, files }: Findable,
  kinds: ReadonlySet<string>,
): Scope[] {
  const people = kinds.has('person') || kinds.has('org')
  const collections = [...(people ? [...books, ...virtual] : []), ...(kinds.has('event') ? calendars : [])]
  const beside = kinds.has('note') ? notes : kinds.has('value') ? values : []
  return [...collections.map(scopeOf.collection), ...beside, ...(kinds.has('document') ? files : [])]
}
