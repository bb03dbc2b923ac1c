import type { Settings } from '../../../config/defaults.ts'
import { unlessRefused } from '../../../protocol/dav/preconditions.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { type Occasion, readOccasions } from '../../../protocol/vcard/occasions.ts'
import { type ChangeRow, changesSince } from '../../../storage/changes.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { Birthdays } from '../../../storage/generated/birthdays.ts'
import {
  forgetMember,
  type GeneratedMember,
  membersLeftOver,
  membersMadeFrom,
  saveMember,
} from '../../../storage/generated/members.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { findObjectsByNames, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { forgetHistory } from '../../../storage/purge.ts'
import { readsWithin, type Writer } from '../../../storage/store.ts'
import { deleteObject, putObject } from '../../../storage/write-path.ts'
import { uuidFrom } from '../content-uid.ts'
import { fullRows } from '../full-rows.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { inParts } from '../parts.ts'
import { readObjectTexts } from '../texts.ts'
import { type EventStyle, occasionEvent } from './occasion-event.ts'

/** What the events of a calendar are made from, and how. */
export interface Making {
  readonly birthdays: Pick<Birthdays, 'through' | 'madeBy' | 'otherDates'> & {
    readonly calendar: CollectionRow
    readonly book: CollectionRow
  }
  readonly style: EventStyle
  /** The style and all else that decides what is written, in short. */
  readonly madeBy: string
  readonly origin: Origin
  readonly settings: Settings
}

/** Cards of one write at most, so that others can write in between. */
const cardsAtOnce = 250

/**
 * Makes the events of the cards that have changed since the calendar was last made; of all of them where it is to be
 * written otherwise now, or where it is not known any more what was deleted. An event that would say the same stays
 * as it is, with its entity tag.
 * @returns how far it has come
 */
export async function makeEvents(
  tx: Writer,
  making: Making,
): Promise<{ readonly through: number; readonly madeBy: string }> {
  const { book, through, madeBy } = making.birthdays
  const isAnew = madeBy !== making.madeBy || through < book.feedFloor
  const since = isAnew ? 0 : through
  const gone = since === 0 ? await leftOver(tx, making) : []
  const changes = await changedCards(tx, making, since)
  const wanted = await eventsOf(tx, making, changes)
  const made = await membersMadeFrom(
    tx,
    making.birthdays.calendar.id,
    changes.map(({ name }) => name),
  )
  await apply(tx, making, wanted, [...gone, ...made])
  const last = changes.at(-1)
  const isAll = changes.length < cardsAtOnce && gone.length < cardsAtOnce
  if (gone.length >= cardsAtOnce) return { through: 0, madeBy: making.madeBy }
  return { through: isAll || !last ? book.feedChange : last.change, madeBy: making.madeBy }
}

function leftOver(tx: Writer, { birthdays: { calendar, book } }: Making): Promise<GeneratedMember[]> {
  return membersLeftOver(tx, calendar.id, book.id, cardsAtOnce)
}

async function changedCards(
  tx: Writer,
  { birthdays: { book } }: Making,
  since: number,
): Promise<readonly ChangeRow[]> {
  const within = readsWithin(tx)
  const range = { since, upTo: book.feedChange, limit: cardsAtOnce, initial: since === 0 }
  const changes: ChangeRow[] = []
  for await (const page of changesSince(within, book.id, range)) changes.push(...page)
  return changes
}

/** An event as it is to be. */
interface Wanted extends GeneratedMember {
  readonly object: PreparedObject
}

async function eventsOf(
  tx: Writer,
  making: Making,
  changes: readonly ChangeRow[],
): Promise<ReadonlyMap<string, Wanted>> {
  const wanted = new Map<string, Wanted>()
  const members = changes.filter((change) => change.kind === 'member')
  for (const part of inParts(members)) {
    const cards = await fullRows(tx, making.birthdays.book.id, part)
    const texts = await readObjectTexts(tx, cards, { withMedia: false })
    for (const card of cards) {
      const text = texts.get(card.id)
      if (text === undefined) continue
      for (const event of eventsOfCard(making, card, text, tx.now)) wanted.set(event.name, event)
    }
  }
  return wanted
}

function eventsOfCard(making: Making, card: ObjectRow, text: string, now: number): Wanted[] {
  const { birthdays, style, settings } = making
  const { name, occasions } = celebrated(text)
  const meant = occasions.filter(({ kind }) => kind !== 'other' || birthdays.otherDates === 1)
  const seen = new Map<string, number>()
  return meant.slice(0, settings.birthdays.datesPerCard).flatMap((occasion) => {
    const key = `${occasion.kind}:${occasion.label}`
    const number = (seen.get(key) ?? 0) + 1
    seen.set(key, number)
    const identity = card.uid === null ? `#${card.id}` : `uid:${card.uid}`
    const uid = uuidFrom([birthdays.book.resourceId, identity, key, String(number)])
    const event = occasionEvent({ uid, name, cardName: card.name, occasion }, style)
    const object = prepare(event, settings, now)
    return object ? [{ name: `${uid}.ics`, sourceName: card.name, object }] : []
  })
}

/** A card that cannot be read has no days (law 9). */
function celebrated(text: string): { readonly name: string; readonly occasions: readonly Occasion[] } {
  try {
    return readOccasions(text)
  } catch (error) {
    if (error instanceof InvalidObjectError) return { name: '', occasions: [] }
    throw error
  }
}

/** What a name on a card may do to an event keeps nobody from storing the card. */
function prepare(event: string, settings: Settings, now: number): PreparedObject | undefined {
  return unlessRefused(() => prepareObject('calendar', Buffer.from(event), settings, now))
}

/** Writes what is wanted, and takes away what was made from the same cards before and is not wanted any more. */
async function apply(
  tx: Writer,
  { birthdays: { calendar }, origin }: Making,
  wanted: ReadonlyMap<string, Wanted>,
  made: readonly GeneratedMember[],
): Promise<void> {
  const before = new Map(made.map((member) => [member.name, member]))
  const names = new Set([...wanted.keys(), ...before.keys()])
  const stored = await findObjectsByNames(tx, calendar.id, [...names])
  const rows = new Map(stored.map((row) => [row.name, row]))
  const changed: ObjectId[] = []
  for (const { name } of made.filter((member) => !wanted.has(member.name))) {
    const row = rows.get(name)
    if (row) changed.push(await removeEvent(tx, calendar, row, origin))
    await forgetMember(tx, calendar.id, name)
  }
  for (const event of wanted.values()) {
    const row = rows.get(event.name)
    changed.push(...(await putEvent(tx, calendar, event, row, origin)))
    if (before.get(event.name)?.sourceName !== event.sourceName) await saveMember(tx, calendar.id, event)
  }
  await forgetHistory(tx, changed)
}

async function removeEvent(
  tx: Writer,
  calendar: CollectionRow,
  row: ObjectRow,
  origin: Origin,
): Promise<ObjectId> {
  await deleteObject(tx, calendar, row, origin)
  return row.id
}

/** @returns the id of an event that was there and said something else */
async function putEvent(
  tx: Writer,
  calendar: CollectionRow,
  { name, object }: Wanted,
  existing: ObjectRow | undefined,
  origin: Origin,
): Promise<readonly ObjectId[]> {
  const size = object.body.byteLength
  const { kind, objectId } = await putObject(tx, {
    ...object,
    collection: calendar,
    name,
    size,
    origin,
    existing,
  })
  return kind === 'updated' ? [objectId] : []
}
