import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { InvalidObjectError } from '../../protocol/text/invalid-object.ts'
import { readOccasions } from '../../protocol/vcard/occasions.ts'
import { readAlarms } from '../../src/features/birthdays/alarms.ts'
import { occasionEvent } from '../../src/features/birthdays/occasion-event.ts'
import { wordsIn } from '../../src/features/birthdays/words.ts'
import { prepareObject } from '../../src/features/objects.ts'
import { lines } from '../dav/objects.ts'
import { cardText, escapeText } from '../protocol/vcard/arbitraries.ts'

const style = {
  words: wordsIn('de'),
  leapDay: 'march' as const,
  reminders: readAlarms('1d 18:00') ?? [],
  urlOf: (card: string) => `https://dav.example.org/${encodeURIComponent(card)}`,
}

const digit = fc.constantFrom(...'0123456789-')
const date = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    )
    .map(([year, month, day]) => {
      const [m, d] = [month, day].map((part) => String(part).padStart(2, '0'))
      return `${String(year).padStart(4, '0')}-${m}-${d}`
    }),
  fc
    .tuple(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
    .map(([month, day]) => `--${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`),
  fc.string({ unit: digit, maxLength: 12 }),
  cardText.map(escapeText),
)
const property = fc.constantFrom(
  'BDAY',
  'bday',
  'item1.BDAY',
  'BDAY;VALUE=date',
  'BDAY;VALUE=text',
  'BDAY;X-APPLE-OMIT-YEAR=1604',
  'X-BDAY',
  'ANNIVERSARY',
  'X-ANNIVERSARY',
  'item1.X-ABDATE',
  'item2.X-ABDATE;type=pref',
  'X-ABDATE',
)
const line = fc.oneof(
  fc.tuple(property, date).map(([name, value]) => `${name}:${value}`),
  fc
    .tuple(
      fc.constantFrom('item1', 'item2'),
      fc.oneof(fc.constant('_$!<Anniversary>!$_'), cardText.map(escapeText)),
    )
    .map(([group, label]) => `${group}.X-ABLabel:${label}`),
)
const cards = fc
  .tuple(fc.constantFrom('3.0', '4.0'), cardText, fc.array(line, { maxLength: 6 }))
  .map(([version, name, extra]) =>
    lines([
      'BEGIN:VCARD',
      `VERSION:${version}`,
      `FN:${escapeText(name)}`,
      'N:;;;;',
      ...extra.map((one) => one.replaceAll('\n', '')),
      'END:VCARD',
    ]),
  )

describe('whatever stands on a card', () => {
  it('has days that are days, and events that any calendar takes', () => {
    let events = 0
    fc.assert(
      fc.property(cards, (text) => {
        for (const occasion of daysOf(text)) {
          const { year = 1972, month, day } = occasion
          const real = new Date(Date.UTC(2000, month - 1, day))
          real.setUTCFullYear(year)
          expect([real.getUTCMonth() + 1, real.getUTCDate()]).toEqual([month, day])
          const event = occasionEvent({ uid: 'u', name: 'x', cardName: text.slice(0, 9), occasion }, style)
          const prepared = prepareObject('calendar', Buffer.from(event), defaults, Date.UTC(2026, 0, 1))
          expect([prepared.uid, prepared.component]).toEqual(['u', 'VEVENT'])
          if (year < 2026) expect(prepared.index.calendar?.instances.length).toBeGreaterThanOrEqual(2)
          events += 1
        }
      }),
      { numRuns: 1_500, seed: 4 },
    )
    expect(events).toBeGreaterThan(500)
  })
})

function daysOf(text: string): ReturnType<typeof readOccasions>['occasions'] {
  try {
    return readOccasions(text).occasions
  } catch (error) {
    if (error instanceof InvalidObjectError) return []
    throw error
  }
}
