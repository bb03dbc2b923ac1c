import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { patchCollection } from '../../../storage/collection-writes.ts'
import { type CollectionRow, isGenerated } from '../../../storage/collections.ts'
import { lockFeed, lockHome } from '../../../storage/feeds.ts'
import {
  addBirthdays,
  type Birthdays,
  birthdaysOfBook,
  findTakenAway,
  setBirthdayOptions,
} from '../../../storage/generated/birthdays.ts'
import { listHomes } from '../../../storage/homes.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { AccountError } from '../accounts/account-error.ts'
import { countWithRoom, makeCollection, removeCollection } from '../collections.ts'
import { freeMountName, type Sharing } from '../sharing/sharing.ts'
import { readAlarms, writeAlarms } from './alarms.ts'
import { bringBack } from './follow.ts'
import { languageFor, wordsIn } from './words.ts'

export { birthdaysJob, followBooks } from './follow.ts'

/** How somebody wants the birthdays of a book; what is undefined stays as it is. */
export interface BirthdayOptions {
  /** What the calendar is called. */
  readonly displayname?: string | undefined
  /** See `readAlarms`. */
  readonly alarms?: string | undefined
  /** Whether the dates beside birthday and anniversary have events too. */
  readonly otherDates?: boolean | undefined
  /** The one that was made of this book and was taken away, to be brought back rather than another one made. */
  readonly calendar?: number | undefined
}

/**
 * Makes a calendar of the birthdays and anniversaries in a book, in its owner's home, or changes the one there is. Its
 * events are made at the end of the write, those of very many cards by a job.
 * @throws AccountError for alarms that cannot be read, and for what is no book of cards; 404 for what is no calendar
 *   that was made of this book last and taken away; 409 where the book has another one by now; max-collections
 */
export async function switchOn(
  tx: Writer,
  book: CollectionRow,
  options: BirthdayOptions,
  making: Sharing,
): Promise<Birthdays> {
  if (book.kind !== 'addressbook' || isGenerated(book)) {
    throw new AccountError(`"${book.name}" is no address book of its own: birthdays are those of one.`)
  }
  const { displayname } = options
  await lockFeed(tx, book.feedId)
  const known = await birthdaysOfBook(tx, book.id)
  if (known && options.calendar !== undefined && options.calendar !== known.collectionId)
    throw refuseStatus(409, `The birthdays of "${book.name}" have another calendar by now.`)
  const alarms = options.alarms === undefined ? (known?.alarms ?? '') : alarmsIn(options.alarms)
  const otherDates = (options.otherDates ?? known?.otherDates === 1) ? 1 : 0
  if (!known) {
    const calendar =
      options.calendar === undefined
        ? await makeCalendar(tx, book, displayname, making)
        : await takeBack(tx, book, options.calendar, making)
    await addBirthdays(tx, { calendar, book }, { alarms, otherDates })
  } else {
    await setBirthdayOptions(tx, known, { alarms, otherDates })
    if (displayname !== undefined) await patchCollection(tx, known.calendar, { displayname }, making.origin)
  }
  const found = await birthdaysOfBook(tx, book.id)
  if (!found) throw new Error('The calendar of birthdays was not made.')
  return found
}

/** @throws AccountError where the book has none */
export async function findBirthdays(reader: Reader, { id, name }: CollectionRow): Promise<Birthdays> {
  const found = await birthdaysOfBook(reader, id)
  if (found) return found
  throw new AccountError(`The birthdays of "${name}" have no calendar.`)
}

/** Takes the calendar away; nothing of it is in the trash, for it can be made again. */
export async function switchOff(tx: Writer, { calendar }: Birthdays, making: Sharing): Promise<void> {
  await removeCollection(tx, calendar, making.origin, making.settings)
}

async function makeCalendar(
  tx: Writer,
  book: CollectionRow,
  wish: string | undefined,
  { origin, settings, newId }: Sharing,
): Promise<CollectionRow> {
  const home = (await listHomes(tx, book.principalId)).find(({ kind }) => kind === 'calendars')
  if (!home) throw new AccountError('Whoever has the book has no calendars.')
  const owner = await findPrincipalById(tx, book.principalId)
  const { calendar: word } = wordsIn(languageFor(owner?.language, settings.birthdays.language))
  const displayname = wish ?? (book.isDefault === 1 ? word : `${word} (${book.displayname || book.name})`)
  const made = {
    kind: 'calendar',
    name: await freeMountName(tx, home.id, 'birthdays'),
    resourceId: newId(),
    displayname,
    components: 'VEVENT',
    transparent: 1,
    generated: 'birthdays',
  } as const
  return makeCollection(tx, home.id, made, origin, settings)
}

/** @throws 404, max-collections */
async function takeBack(
  tx: Writer,
  book: CollectionRow,
  id: number,
  sharing: Sharing,
): Promise<CollectionRow> {
  const kept = await findTakenAway(tx, book, id)
  if (!kept) throw refuseStatus(404, 'There is nothing at this address.')
  await lockHome(tx, kept.homeId)
  await countWithRoom(tx, kept.homeId, sharing.settings)
  return bringBack(tx, kept, sharing)
}

function alarmsIn(text: string): string {
  const alarms = readAlarms(text)
  if (alarms) return writeAlarms(alarms)
  throw new AccountError(
    `Say when to remind as 09:00 (on the day), or 1d 18:00 (the day before), up to five with commas between, not "${text}".`,
  )
}
