import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareObjects } from '../../../protocol/text/differences.ts'

const card = (...lines: string[]): string =>
  ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n')
const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const differences = (one: string, other: string) => {
  const compared = compareObjects(one, other)
  return compared.kind === 'differing' ? compared.differences : compared.kind
}

describe('two texts of an object', () => {
  it('are identical whatever their line ends, their byte order mark and the blank lines at their end', () => {
    const text = card('FN:Ada', 'N:Lovelace;Ada;;;')
    expect(differences(text, text)).toBe('identical')
    expect(differences(text, `\ufeff${text.replaceAll('\r\n', '\n')}\n\n`)).toBe('identical')
  })

  it('are rewritten where lines are folded, ordered or spelt in another way', () => {
    const text = card('FN:Ada Lovelace', 'TEL;TYPE=home,voice:1', 'TEL;TYPE=work:2')
    const again = card('TEL;TYPE=WORK:2', 'tel;type=VOICE;type=HOME:1', 'FN:Ada Love\r\n lace')
    expect(differences(text, again)).toBe('rewritten')
  })

  it('differ by property: missing, added, changed', () => {
    expect(differences(card('FN:Ada', 'NOTE:one'), card('FN:Ada K', 'X-NEW:1'))).toEqual([
      { path: 'VCARD/FN', one: 'FN:Ada', other: 'FN:Ada K' },
      { path: 'VCARD/NOTE', one: 'NOTE:one', other: undefined },
      { path: 'VCARD/X-NEW', one: undefined, other: 'X-NEW:1' },
    ])
  })

  it('differ where a line stands twice in one of them', () => {
    expect(differences(card('NOTE:a', 'NOTE:a'), card('NOTE:a'))).toEqual([
      { path: 'VCARD/NOTE', one: 'NOTE:a', other: undefined },
    ])
  })

  it('are compared override by override and zone by zone, in any order', () => {
    const master = ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:all', 'END:VEVENT']
    const override = (summary: string) => [
      ...['BEGIN:VEVENT', 'UID:1', 'RECURRENCE-ID:20260102T090000Z', `SUMMARY:${summary}`, 'END:VEVENT'],
    ]
    const zone = ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'END:VTIMEZONE']
    const one = calendar(...zone, ...master, ...override('one'))
    expect(differences(one, calendar(...override('one'), ...master, ...zone))).toBe('rewritten')
    expect(differences(one, calendar(...override('other'), ...master, ...zone))).toEqual([
      { path: 'VCALENDAR/VEVENT/SUMMARY', one: 'SUMMARY:one', other: 'SUMMARY:other' },
    ])
    expect(differences(one, calendar(...master, ...override('one')))).toEqual([
      { path: 'VCALENDAR/VTIMEZONE Europe/Berlin', one: 'BEGIN:VTIMEZONE', other: undefined },
    ])
  })

  it('are not taken for equal when two alarms swap a line', () => {
    const alarm = (trigger: string, action: string) => [
      ...['BEGIN:VALARM', `TRIGGER:${trigger}`, `ACTION:${action}`, 'END:VALARM'],
    ]
    const event = (...alarms: string[]) => calendar('BEGIN:VEVENT', 'UID:1', ...alarms, 'END:VEVENT')
    const one = event(...alarm('-PT5M', 'AUDIO'), ...alarm('-PT1H', 'DISPLAY'))
    const other = event(...alarm('-PT5M', 'DISPLAY'), ...alarm('-PT1H', 'AUDIO'))
    expect(differences(one, other)).toHaveLength(2)
  })

  it('may be anything, and deeply nested', () => {
    const nested = 'BEGIN:X\r\n'.repeat(20_000)
    expect(differences(nested, `${nested}NOTE:1\r\n`)).toHaveLength(1)
    const line = fc.constantFrom(
      'BEGIN:A',
      'END:A',
      'X;P="a:1',
      'Y:1',
      ' more',
      '',
      'BEGIN:B',
      'END:B',
      'Y:2',
    )
    const texts = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\r\n'))
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(compareObjects(one, one).kind).toBe('identical')
        const there = compareObjects(one, other)
        const back = compareObjects(other, one)
        expect(back.kind).toBe(there.kind)
        if (there.kind === 'differing' && back.kind === 'differing')
          expect(back.differences.length).toBe(there.differences.length)
      }),
    )
  })
})
