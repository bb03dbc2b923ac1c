import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import { findListBook, placesOfBook, saveListBook } from '../../../storage/smart-lists/books.ts'
import { findSmartList } from '../../../storage/smart-lists/lists.ts'
import type { Filled } from '../../../storage/smart-lists/members.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { VirtualBook } from '../../../storage/virtual/books.ts'
import { questionsOf } from './compile.ts'
import { filterOf, type NamedFilter, type OpenFilter, openFilter } from './evaluate.ts'
import type { Question } from './schema.ts'
import { openSight, viewingOf } from './sight.ts'

/** A list as an address book is made of it. */
interface BookFilter extends OpenFilter {
  readonly named: NamedFilter
}

/** What a book is filled with; undefined for one whose list is gone, in which nobody is. */
export async function filledFor(tx: Looking, book: VirtualBook): Promise<Filled | undefined> {
  return (await openOnce(tx, book))?.filled
}

/** What is looked at with the time of the write. */
export type Looking = Reader & Pick<Writer, 'now'>

const opened = new WeakMap<Looking, Map<CollectionId, Promise<BookFilter | undefined>>>()

/** Looked up once in a write for each book: what somebody reads does not change while its consequences are worked out. */
function openOnce(tx: Looking, book: VirtualBook): Promise<BookFilter | undefined> {
  const here = opened.get(tx) ?? new Map<CollectionId, Promise<BookFilter | undefined>>()
  opened.set(tx, here)
  const known = here.get(book.collectionId) ?? openBook(tx, book, tx.now)
  here.set(book.collectionId, known)
  return known
}

async function openBook(reader: Reader, book: VirtualBook, now: number): Promise<BookFilter | undefined> {
  const list = await findSmartList(reader, book.sourceId ?? 0)
  const owner = list && (await findPrincipalById(reader, list.principalId))
  if (!list || !owner) return undefined
  const named = filterOf(list)
  return { named, ...(await openFilter(reader, await viewingOf(reader, book, owner), named, now)) }
}

const hourMs = 3_600_000

/** Writes down what a book is filled from, as all of it is looked at. */
export async function beginBook(tx: Writer, book: VirtualBook): Promise<void> {
  const open = await openBook(tx, book, tx.now)
  if (!open) return saveListBook(tx, { collectionId: book.collectionId, ...never }, [])
  const { named, calendar, sight } = open
  const asked = questionsOf(named.filter)
  const isByCalendar = asked.some(({ field }) => byCalendar.has(field))
  const midnight = asked.some(isByTime) ? calendar.startOf(calendar.today + 1) : null
  const row = {
    collectionId: book.collectionId,
    lookAt: isByCalendar ? Math.min(tx.now + hourMs, midnight ?? Number.MAX_SAFE_INTEGER) : midnight,
    byOrganisation: Number(asked.some(({ field }) => byOthers.has(field))),
    byCalendar: Number(isByCalendar),
  }
  await saveListBook(tx, row, placesOf(sight, isByCalendar))
}

/** Whether a book has to be looked at again before it is shown: its time has come, or its maker reads other books by now. */
export async function isBookStale(reader: Reader, book: VirtualBook, now: number): Promise<boolean> {
  const row = await findListBook(reader, book.collectionId)
  if (!row || (row.lookAt !== null && row.lookAt <= now)) return true
  const list = await findSmartList(reader, book.sourceId ?? 0)
  const owner = list && (await findPrincipalById(reader, list.principalId))
  if (!owner) return false
  const { sight } = await openSight(reader, await viewingOf(reader, book, owner))
  const places = placesOf(sight, row.byCalendar === 1)
  const known = new Set(await placesOfBook(reader, book.collectionId))
  return places.length !== known.size || places.some((id) => !known.has(id))
}

/** Books of which a book goes by what stands for them, where that is not there yet. */
export async function lackingFor(reader: Reader, book: VirtualBook): Promise<readonly CollectionRow[]> {
  const list = await findSmartList(reader, book.sourceId ?? 0)
  const owner = list && (await findPrincipalById(reader, list.principalId))
  return owner ? (await openSight(reader, await viewingOf(reader, book, owner))).lacking : []
}

const never = { lookAt: null, byOrganisation: 0, byCalendar: 0 } as const
const byCalendar: ReadonlySet<Question['field']> = new Set([
  'last-contact',
  'meeting',
  'open-task',
  'duplicate',
])
const byOthers: ReadonlySet<Question['field']> = new Set(['works-at', 'relation'])

function isByTime(question: Question): boolean {
  switch (question.field) {
    case 'works-at':
    case 'relation':
    case 'meeting':
    case 'last-contact':
      return true
    case 'created':
    case 'changed':
    case 'activity':
    case 'birthday':
      return question.days !== undefined
    default:
      return false
  }
}

function placesOf({ books, calendars }: OpenFilter['sight'], withCalendars: boolean): CollectionId[] {
  return [...books, ...(withCalendars ? calendars : [])]
}
