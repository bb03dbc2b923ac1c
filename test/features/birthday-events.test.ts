import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import type { Occasion } from '../../protocol/vcard/occasions.ts'
import { readAlarms, triggerOf, writeAlarms } from '../../src/features/birthdays/alarms.ts'
import { type EventStyle, occasionEvent } from '../../src/features/birthdays/occasion-event.ts'
import { birthdayLanguages, wordsIn } from '../../src/features/birthdays/words.ts'
import { uuidFrom } from '../../src/features/content-uid.ts'
import { prepareObject } from '../../src/features/objects.ts'

const plain: EventStyle = {
  words: wordsIn('en'),
  leapDay: 'february',
  reminders: [],
  urlOf: () => undefined,
}
const birthday: Occasion = { kind: 'birthday', label: '', year: 1980, month: 3, day: 22 }

function written(occasion: Partial<Occasion>, style: Partial<EventStyle> = {}, name = 'Jane Doe'): string {
  const event = { uid: 'u', name, cardName: 'a.vcf', occasion: { ...birthday, ...occasion } }
  return occasionEvent(event, { ...plain, ...style }).replace(/\r\n[ \t]/g, '')
}
const lineOf = (text: string, property: string): string | undefined =>
  text.split('\r\n').find((line) => line.startsWith(property))

/** The days in these years, as the calendar index has them. */
function daysFrom(text: string, year: number): string[] {
  const { index } = prepareObject('calendar', Buffer.from(text), defaults, Date.UTC(year, 5, 1))
  const instances = index.calendar?.instances ?? []
  return instances.map(({ start }) => new Date(start).toISOString().slice(0, 10))
}

describe('RFC 5545 §3.6.1: a birthday as an event', () => {
  it('is an all-day event every year, which takes no time', () => {
    expect(written({}).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Farley//EN',
      'BEGIN:VEVENT',
      'UID:u',
      'DTSTAMP:19700101T000000Z',
      'SUMMARY:Jane Doe: birthday (1980)',
      'DTSTART;VALUE=DATE:19800322',
      'DTEND;VALUE=DATE:19800323',
      'RRULE:FREQ=YEARLY',
      'TRANSP:TRANSPARENT',
      'CLASS:PUBLIC',
      'CATEGORIES:birthday',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ])
  })

  it('without a year begins in a leap year, and tells none', () => {
    const text = written({ year: undefined, month: 12, day: 31 })
    expect(lineOf(text, 'DTSTART')).toBe('DTSTART;VALUE=DATE:19721231')
    expect(lineOf(text, 'DTEND')).toBe('DTEND;VALUE=DATE:19730101')
    expect(lineOf(text, 'SUMMARY')).toBe('SUMMARY:Jane Doe: birthday')
  })

  it('on 29 February is on a day of every year, by setting the last of February or the first of March', () => {
    const leap = { year: undefined, month: 2, day: 29 }
    for (const year of [1972, undefined]) {
      const february = written({ ...leap, year })
      expect(lineOf(february, 'DTSTART')).toBe('DTSTART;VALUE=DATE:19720229')
      expect(daysFrom(february, 2027)).toEqual(['2027-02-28', '2028-02-29', '2029-02-28'])
      const march = written({ ...leap, year }, { leapDay: 'march' })
      expect(daysFrom(march, 2027)).toEqual(['2027-03-01', '2028-02-29', '2029-03-01'])
    }
  })

  it('on 29 February comes once a year for ical.js too, which Thunderbird counts with', () => {
    for (const leapDay of ['february', 'march'] as const) {
      for (const year of [undefined, 1904, 2000]) {
        const text = written({ year, month: 2, day: 29 }, { leapDay })
        const event = new ICAL.Event(
          new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent') ?? undefined,
        )
        const iterator = event.iterator()
        for (let expected = year ?? 1972; expected < 2110; expected += 1) {
          const { year: found, month, day } = iterator.next()
          const isLeap = new Date(Date.UTC(expected, 1, 29)).getUTCDate() === 29
          const date = isLeap ? [2, 29] : leapDay === 'february' ? [2, 28] : [3, 1]
          expect([found, month, day]).toEqual([expected, ...date])
        }
      }
    }
  })

  it('escapes and folds names, whatever they hold', () => {
    const name = 'Größe, 🎂; \\ "Q"\nX'
    expect(lineOf(written({}, {}, name), 'SUMMARY')).toBe(
      'SUMMARY:Größe\\, 🎂\\; \\\\ "Q" X: birthday (1980)',
    )
    const long = occasionEvent({ uid: 'u', name: '🎂'.repeat(300), cardName: 'a', occasion: birthday }, plain)
    for (const line of long.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(lineOf(written({}, {}, '  '), 'SUMMARY')).toBe('SUMMARY:No name: birthday (1980)')
  })

  it('calls another date what the card calls it', () => {
    expect(lineOf(written({ kind: 'other', label: 'Contract' }), 'SUMMARY')).toBe(
      'SUMMARY:Jane Doe: Contract (1980)',
    )
    expect(lineOf(written({ kind: 'other', label: '' }), 'SUMMARY')).toBe('SUMMARY:Jane Doe: date (1980)')
  })

  it('speaks the languages of the settings', () => {
    expect(birthdayLanguages).toEqual(['en', 'de', 'fr', 'es', 'it', 'nl', 'ru', 'el'])
    expect(lineOf(written({}, { words: wordsIn('de') }), 'SUMMARY')).toBe(
      'SUMMARY:Jane Doe: Geburtstag (1980)',
    )
  })

  it('links to the card where the server knows its own address', () => {
    const text = written({}, { urlOf: (card) => `https://dav.example.org/${card}` })
    expect(lineOf(text, 'URL')).toBe('URL:https://dav.example.org/a.vcf')
  })
})

describe('RFC 5545 §3.8.6.3: alarms', () => {
  it('are so long before or after the midnight on which the day begins', () => {
    const triggers = (text: string) => readAlarms(text)?.map(triggerOf)
    expect(triggers('09:00')).toEqual(['PT9H'])
    expect(triggers('0:00, 9:30')).toEqual(['PT0S', 'PT9H30M'])
    expect(triggers('1d 18:00,2d 09:00, 7d 00:00')).toEqual(['-PT6H', '-P1DT15H', '-P7D'])
    expect(triggers('')).toEqual([])
  })

  it('are kept as they are read, and refused where they cannot be', () => {
    expect(writeAlarms(readAlarms(' 9:00 ,1d  18:05') ?? [])).toBe('09:00, 1d 18:05')
    for (const wrong of ['9', '24:00', '1d', '-1d 09:00', '09:00,', '100d 09:00', 'x', ',,,,']) {
      expect([wrong, readAlarms(wrong)]).toEqual([wrong, undefined])
    }
    expect(readAlarms(Array(6).fill('09:00').join(','))).toBeUndefined()
  })

  it('say who it is about', () => {
    const text = written({}, { reminders: readAlarms('09:00') ?? [] })
    const alarm = text.slice(text.indexOf('BEGIN:VALARM'), text.indexOf('END:VALARM'))
    expect(alarm).toContain('ACTION:DISPLAY\r\nDESCRIPTION:Jane Doe: birthday (1980)\r\nTRIGGER:PT9H\r\n')
  })
})

describe('RFC 9562 §5.8: UIDs from what they name', () => {
  it('are UUIDs of version 8, the same each time and others for other parts', () => {
    expect(uuidFrom(['a', 'b'])).toBe(uuidFrom(['a', 'b']))
    const many = new Set(
      Array.from({ length: 500 }, (_, at) => uuidFrom(['book', `uid:${at}`, 'birthday:', '1'])),
    )
    expect(many.size).toBe(500)
    for (const uuid of many)
      expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(uuidFrom(['a', 'bc'])).not.toBe(uuidFrom(['ab', 'c']))
  })
})
