import type { Settings } from '../../../config/defaults.ts'
import { deleteCollection, restoreCollection } from '../../../storage/collection-writes.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { followFeed, lockFeed } from '../../../storage/feeds.ts'
import {
  type Birthdays,
  birthdaysFollowing,
  forgetBirthdays,
  saveProgress,
} from '../../../storage/generated/birthdays.ts'
import type { FeedId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { freeMountName, hideMounts, reconcileMounts, type Sharing, showMounts } from '../sharing/sharing.ts'
import { readAlarms } from './alarms.ts'
import { type Making, makeEvents } from './make-events.ts'
import { languageFor, wordsIn } from './words.ts'

/** What following needs to know of the rest. */
export interface Following {
  readonly settings: Settings
  readonly newId: () => string
  /** Where a card is; undefined where the server does not know its own address. */
  readonly cardUrl: (segment: string, book: string, card: string) => string | undefined
}

/** The key of the job that makes what a write has left over. */
export const birthdaysJob = 'birthdays'

/** Changed in what is written, so that all events are made anew. */
const generation = 1

/**
 * Brings the calendars that are made from these books up to date, in the write that has changed them, so that whoever
 * syncs finds both. Of very many cards at once some are left to a job.
 */
export async function followBooks(
  tx: Writer,
  feeds: ReadonlySet<FeedId>,
  following: Following,
): Promise<void> {
  const all = await birthdaysFollowing(tx, [...feeds])
  const followed = new Set(all.map(({ book }) => book.feedId))
  for (const feed of feeds) if (!followed.has(feed)) await followFeed(tx, feed, false)
  for (const { book } of all) {
    // Another write may follow the same book, without having changed it.
    await lockFeed(tx, book.feedId)
  }
  for (const one of await birthdaysFollowing(tx, [...followed])) {
    if (await follow(tx, one, following)) await scheduleJob(tx, birthdaysJob, tx.now)
  }
}

/** @returns whether there is more to do */
async function follow(tx: Writer, birthdays: Birthdays, following: Following): Promise<boolean> {
  const { book, calendar } = birthdays
  const sharing: Sharing = { ...following, origin: { kind: 'job', requestId: following.newId() } }
  if (book.deletedAt !== null || book.principalId !== calendar.principalId) {
    await letGo(tx, birthdays, sharing)
    return false
  }
  if (calendar.deletedAt !== null) await bringBack(tx, calendar, sharing)
  const made = await makeEvents(tx, await making(tx, birthdays, following, sharing.origin))
  await saveProgress(tx, { ...birthdays, ...made })
  return made.through < book.feedChange
}

/** With its book, which may come back out of the trash; a book that somebody else has now is his, and not its birthdays. */
async function letGo(tx: Writer, { book, calendar }: Birthdays, sharing: Sharing): Promise<void> {
  if (calendar.deletedAt === null) {
    await hideMounts(tx, calendar.id, sharing)
    await deleteCollection(tx, calendar, sharing.origin)
  }
  if (book.deletedAt === null) await forgetBirthdays(tx, calendar.id)
}

/** Has a calendar that was taken away again: at its address while that is free, and for all who had it. */
export async function bringBack(
  tx: Writer,
  calendar: CollectionRow,
  sharing: Sharing,
): Promise<CollectionRow> {
  const name = await freeMountName(tx, calendar.homeId, calendar.name)
  const back = await restoreCollection(tx, calendar, name, sharing.origin)
  await reconcileMounts(tx, [calendar.id], sharing)
  await showMounts(tx, calendar.id, sharing)
  return back
}

async function making(
  tx: Writer,
  birthdays: Birthdays,
  { settings, cardUrl }: Following,
  origin: Origin,
): Promise<Making> {
  const { book, alarms, otherDates } = birthdays
  const { leapDay, datesPerCard } = settings.birthdays
  const owner = await findPrincipalById(tx, book.principalId)
  const language = languageFor(owner?.language, settings.birthdays.language)
  const segment = owner?.segment ?? ''
  const urlOf = (card: string): string | undefined => cardUrl(segment, book.name, card)
  const style = {
    words: wordsIn(language),
    leapDay: leapDay === 'march' ? ('march' as const) : ('february' as const),
    reminders: readAlarms(alarms) ?? [],
    urlOf,
  }
  const madeBy = [generation, language, leapDay, datesPerCard, alarms, otherDates, urlOf('') ?? '']
  const calendar = (await findCollectionById(tx, birthdays.calendar.id)) ?? birthdays.calendar
  return { birthdays: { ...birthdays, calendar }, style, madeBy: JSON.stringify(madeBy), origin, settings }
}
