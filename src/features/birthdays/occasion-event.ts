import { civilDate, dayNumber } from '../../../protocol/ical/gregorian.ts'
import { escapeTextValue } from '../../../protocol/text/content-lines.ts'
import { writeLine } from '../../../protocol/text/write-line.ts'
import type { Occasion } from '../../../protocol/vcard/occasions.ts'
import { uuidFrom } from '../content-uid.ts'
import { type Reminder, triggerOf } from './alarms.ts'
import { titleOf, type Words } from './words.ts'

/** How the events of a calendar are written; the same card gives the same octets with the same style. */
export interface EventStyle {
  readonly words: Words
  /** Where 29 February goes in years that have none. */
  readonly leapDay: 'february' | 'march'
  readonly reminders: readonly Reminder[]
  /** Where the card is, for people to open; undefined where the server does not know its own address. */
  readonly urlOf: (cardName: string) => string | undefined
}

/** What an event is made from. */
export interface EventOf {
  readonly uid: string
  readonly name: string
  readonly cardName: string
  readonly occasion: Occasion
}

/**
 * A day that comes every year, as an event that leaves everybody free. Nothing in it tells when it was written: made
 * again from the same card it is the same, and phones fetch nothing.
 * @see RFC 5545 §3.6.1
 */
export function occasionEvent({ uid, name, cardName, occasion }: EventOf, style: EventStyle): string {
  const { words, leapDay, reminders, urlOf } = style
  const title = escapeTextValue(titleOf(name, occasion, words))
  const url = urlOf(cardName)
  const category = occasion.kind === 'other' ? words.other : words[occasion.kind]
  const lines: readonly (readonly [name: string, value: string])[] = [
    ['BEGIN', 'VCALENDAR'],
    ['VERSION', '2.0'],
    ['PRODID', '-//Farley//EN'],
    ['BEGIN', 'VEVENT'],
    ['UID', uid],
    ['DTSTAMP', '19700101T000000Z'],
    ['SUMMARY', title],
    ...daysOf(occasion),
    ['RRULE', ruleOf(occasion, leapDay)],
    ['TRANSP', 'TRANSPARENT'],
    ['CLASS', 'PUBLIC'],
    ['CATEGORIES', escapeTextValue(category)],
    ...(url === undefined ? [] : [['URL', url] as const]),
    ...reminders.flatMap((reminder) => alarm(uid, reminder, title)),
    ['END', 'VEVENT'],
    ['END', 'VCALENDAR'],
  ]
  return lines.map(([property, value]) => line(property, value)).join('')
}

/** A leap year that every client counts from. */
const anyYear = 1972

function daysOf({ year = anyYear, month, day }: Occasion): (readonly [string, string])[] {
  const next = civilDate(dayNumber(year, month, day) + 1)
  return [
    ['DTSTART;VALUE=DATE', dateText({ year, month, day })],
    ['DTEND;VALUE=DATE', dateText(next)],
  ]
}

/** The last day of February, or the 60th of the year: both are 29 February where there is one, and no year is left out. */
function ruleOf({ month, day }: Occasion, leapDay: EventStyle['leapDay']): string {
  if (month !== 2 || day !== 29) return 'FREQ=YEARLY'
  return leapDay === 'february' ? 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1' : 'FREQ=YEARLY;BYYEARDAY=60'
}

function alarm(uid: string, reminder: Reminder, title: string): (readonly [string, string])[] {
  const trigger = triggerOf(reminder)
  return [
    ['BEGIN', 'VALARM'],
    ['UID', uuidFrom([uid, trigger])],
    ['ACTION', 'DISPLAY'],
    ['DESCRIPTION', title],
    ['TRIGGER', trigger],
    ['END', 'VALARM'],
  ]
}

function line(property: string, value: string): string {
  const [name = '', parameter] = property.split(';')
  const [key = '', given = ''] = parameter?.split('=') ?? []
  return writeLine(name, parameter === undefined ? [] : [{ name: key, values: [given] }], value)
}

function dateText({ year, month, day }: { year: number; month: number; day: number }): string {
  const [y, m, d] = [String(year).padStart(4, '0'), String(month), String(day)]
  return `${y}${m.padStart(2, '0')}${d.padStart(2, '0')}`
}
