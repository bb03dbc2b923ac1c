import { type CollectionRow, collectionColumns } from '../collections.ts'
import { inList } from '../database.ts'
import { followFeed } from '../feeds.ts'
import type { CollectionId, FeedId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A calendar that is made from the dates on the cards of an address book. */
export interface BirthdayRow {
  readonly collectionId: CollectionId
  readonly bookId: CollectionId
  /** The change number of the book up to which the calendar has been made; below 0 where it was taken away, see `forgetBirthdays`. */
  readonly through: number
  /** With which settings, in short: with others all of it is made anew. */
  readonly madeBy: string
  /** When people are reminded, as `readAlarms` has it; empty: never. */
  readonly alarms: string
  /** 1 when dates beside birthdays and anniversaries have events too. */
  readonly otherDates: number
}

/** The calendar's row with both collections, which may be in the trash. */
export interface Birthdays extends BirthdayRow {
  readonly calendar: Kept
  readonly book: Kept
}

export type Kept = CollectionRow & { readonly deletedAt: number | null }

const fields = ['collectionId', 'bookId', 'through', 'madeBy', 'alarms', 'otherDates'] as const
const columns = selectList<BirthdayRow>('y', fields)

/** Whether a row is of a calendar that follows its book still. */
const isFollowing = 'y.through >= 0'

/** Those that follow these feeds, in the order of their own feeds, in which every write locks them. */
export async function birthdaysFollowing(
  reader: Reader,
  feeds: readonly FeedId[],
): Promise<readonly Birthdays[]> {
  const condition = inList(reader.sql.dialect, 'b.feed_id', '$1', 'bigint')
  const rows = await reader.sql.all<BirthdayRow>(
    `SELECT ${columns} FROM birthday_calendars y JOIN collections b ON b.id = y.book_id
       JOIN collections c ON c.id = y.collection_id WHERE ${condition} AND ${isFollowing} ORDER BY c.feed_id`,
    [[...feeds]],
  )
  return withCollections(reader, rows)
}

/** The one of a book. */
export async function birthdaysOfBook(reader: Reader, bookId: CollectionId): Promise<Birthdays | undefined> {
  const text = `SELECT ${columns} FROM birthday_calendars y WHERE y.book_id = $1 AND ${isFollowing}`
  const [found] = await withCollections(reader, await reader.sql.all<BirthdayRow>(text, [bookId]))
  return found
}

/** Those of an account that are not in the trash. */
export async function birthdaysOf(reader: Reader, principalId: PrincipalId): Promise<readonly Birthdays[]> {
  const rows = await reader.sql.all<BirthdayRow>(
    `SELECT ${columns} FROM birthday_calendars y JOIN collections c ON c.id = y.collection_id
     WHERE c.principal_id = $1 AND c.deleted_at IS NULL AND ${isFollowing} ORDER BY y.collection_id`,
    [principalId],
  )
  return withCollections(reader, rows)
}

/** The one that was made of a book last and was taken away, until it is purged. */
export async function findTakenAway(
  { sql }: Reader,
  book: Pick<CollectionRow, 'id' | 'principalId'>,
  id: number,
): Promise<CollectionRow | undefined> {
  const [found] = await sql.all<CollectionRow>(
    `SELECT ${collectionColumns()} FROM collections c JOIN feeds f ON f.id = c.feed_id
     JOIN birthday_calendars y ON y.collection_id = c.id AND NOT (${isFollowing})
     WHERE c.id = $1 AND c.principal_id = $2 AND y.book_id = $3 AND c.deleted_at IS NOT NULL`,
    [id, book.principalId, book.id],
  )
  return found
}

/** The books that have one, in pages, by id. */
export async function booksWithBirthdays(
  { sql }: Reader,
  after: CollectionId,
  limit: number,
): Promise<readonly CollectionId[]> {
  const text = `SELECT y.book_id AS id FROM birthday_calendars y WHERE y.book_id > $1 AND ${isFollowing}
    ORDER BY y.book_id LIMIT $2`
  return (await sql.all<{ id: CollectionId }>(text, [after, limit])).map(({ id }) => id)
}

async function withCollections(reader: Reader, rows: readonly BirthdayRow[]): Promise<readonly Birthdays[]> {
  if (rows.length === 0) return []
  const ids = rows.flatMap(({ collectionId, bookId }) => [collectionId, bookId])
  const found = await reader.sql.all<Kept>(
    `SELECT ${collectionColumns()}, c.deleted_at AS "deletedAt" FROM collections c
     JOIN feeds f ON f.id = c.feed_id WHERE ${inList(reader.sql.dialect, 'c.id', '$1', 'bigint')}`,
    [ids],
  )
  const byId = new Map(found.map((row) => [row.id, row]))
  return rows.flatMap((row) => {
    const [calendar, book] = [byId.get(row.collectionId), byId.get(row.bookId)]
    return calendar && book ? [{ ...row, calendar, book }] : []
  })
}

/** Makes a calendar follow a book, in place of one that was taken away; nothing of it has been made yet. */
export async function addBirthdays(
  tx: Writer,
  { calendar, book }: { readonly calendar: CollectionRow; readonly book: CollectionRow },
  options: Pick<BirthdayRow, 'alarms' | 'otherDates'>,
): Promise<void> {
  await tx.sql.run('DELETE FROM birthday_calendars WHERE book_id = $1 AND through < 0', [book.id])
  await tx.sql.run(
    'INSERT INTO birthday_calendars (collection_id, book_id, alarms, other_dates) VALUES ($1, $2, $3, $4)',
    [calendar.id, book.id, options.alarms, options.otherDates],
  )
  await followFeed(tx, book.feedId, true)
  tx.followed.add(book.feedId)
}

/** Ends it; the calendar stays to be deleted, by the caller. What it was made of is known still, for it to come back. */
export async function forgetBirthdays(tx: Writer, calendarId: CollectionId): Promise<void> {
  await tx.sql.run('UPDATE birthday_calendars SET through = -1 WHERE collection_id = $1', [calendarId])
}

export async function setBirthdayOptions(
  tx: Writer,
  { collectionId, book }: Pick<Birthdays, 'collectionId' | 'book'>,
  { alarms, otherDates }: Pick<BirthdayRow, 'alarms' | 'otherDates'>,
): Promise<void> {
  const text = 'UPDATE birthday_calendars SET alarms = $2, other_dates = $3 WHERE collection_id = $1'
  await tx.sql.run(text, [collectionId, alarms, otherDates])
  tx.followed.add(book.feedId)
}

/** Remembers how far a calendar has been made, and with which settings. */
export async function saveProgress(
  tx: Writer,
  { collectionId, through, madeBy }: Pick<BirthdayRow, 'collectionId' | 'through' | 'madeBy'>,
): Promise<void> {
  const text = 'UPDATE birthday_calendars SET through = $2, made_by = $3 WHERE collection_id = $1'
  await tx.sql.run(text, [collectionId, through, madeBy])
}
