import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { type SplitObject, type SplitRefusal, splitCalendar } from '../../../protocol/ical/split.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { calendarText, lines } from './objects.ts'

function split(text: string): (SplitObject | SplitRefusal)[] {
  return [...splitCalendar(text, (slice) => `made-${slice.length}`)]
}

function objects(text: string): SplitObject[] {
  return split(text).flatMap((item) => (item.kind === 'object' ? [item] : []))
}

function refusals(text: string): [string, string][] {
  return split(text).flatMap((item) =>
    item.kind === 'refused' ? [[item.reason, text.slice(item.start, item.end)] as [string, string]] : [],
  )
}

const event = (uid: string, ...properties: string[]) => lines('VEVENT', `UID:${uid}`, ...properties)
const zone = (tzid: string) => lines('VTIMEZONE', `TZID:${tzid}`)
const joined = (...all: string[][]) =>
  all
    .flat()
    .map((line) => `${line}\r\n`)
    .join('')

describe('RFC 4791 §4.1 one object for each UID and type', () => {
  it('takes each component as a slice, with the zones it names', () => {
    const a = event('a', 'DTSTART;TZID=Here:20260101T090000')
    const b = event('b', 'SUMMARY:odd', '  fold')
    const text = calendarText(...zone('There'), ...a, ...b, ...zone('Here'))
    expect(split(text).map((item) => item.kind)).toEqual(['object', 'object'])
    const [first, second] = objects(text)
    expect(first?.text).toBe(calendarText(...zone('Here'), ...a))
    expect(second?.text).toBe(calendarText(...b))
    expect(first).toMatchObject({ uid: 'a', component: 'VEVENT', notes: [] })
    expect(second?.source.map(({ start, end }) => text.slice(start, end))).toEqual([joined(b)])
  })

  it('keeps overrides with their master, from several VCALENDARs', () => {
    const override = event('a', 'RECURRENCE-ID:20260102T090000Z')
    const text = calendarText(...override, ...event('b')) + calendarText(...event('a', 'RRULE:FREQ=DAILY'))
    const [first] = objects(text)
    expect(first?.text).toBe(calendarText(...override, ...event('a', 'RRULE:FREQ=DAILY')))
    expect(objects(text)).toHaveLength(2)
  })

  it('an event and a to-do of one UID are two objects', () => {
    const found = objects(calendarText(...event('a'), ...lines('VTODO', 'UID:a')))
    expect(found.map(({ component }) => component)).toEqual(['VEVENT', 'VTODO'])
  })

  it('strips METHOD and says so', () => {
    const [found] = objects(calendarText('METHOD:PUBLISH', 'X-WR-CALNAME:Mine', ...event('a')))
    expect(found?.text).toBe(calendarText(...event('a')))
    expect(found?.notes).toEqual(['method removed'])
  })

  it('gives a UID to what has none and says so', () => {
    const [found] = objects(calendarText('BEGIN:VEVENT', 'SUMMARY:x', 'END:VEVENT'))
    expect(found).toMatchObject({ uid: 'made-37', notes: ['uid added'] })
    expect(found?.text).toContain('BEGIN:VEVENT\r\nUID:made-37\r\nSUMMARY:x\r\nEND:VEVENT\r\n')
  })

  it('adds VERSION and PRODID where they lack, and keeps the line ends of the file', () => {
    const [found] = objects('BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR')
    expect(found?.text).toBe(
      'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Farley//Import//EN\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR\n',
    )
  })
})

describe('RFC 5545 §3.4 what an import refuses', () => {
  it('rubbish between calendars, not what follows it', () => {
    const text = `rubbish\r\nmore: of it\r\n${calendarText(...event('a'))}tail`
    expect(refusals(text)).toEqual([
      ['It stands outside any VCALENDAR.', 'rubbish\r\nmore: of it\r\n'],
      ['It stands outside any VCALENDAR.', 'tail'],
    ])
    expect(objects(text)).toHaveLength(1)
  })

  it('a component cut short, not its neighbours', () => {
    const cut = ['BEGIN:VEVENT', 'UID:cut', 'BEGIN:VALARM']
    for (const text of [
      calendarText(...event('a'), ...cut, ...event('b')),
      calendarText(...event('a'), ...cut) + calendarText(...event('b')),
      calendarText(...event('a')) + joined(['BEGIN:VCALENDAR', ...cut]) + calendarText(...event('b')),
      calendarText(...event('a'), ...cut, 'END:VEVENT', ...event('b')),
    ]) {
      expect(objects(text).map(({ uid }) => uid)).toEqual(['a', 'b'])
      expect(refusals(text).map(([reason]) => reason)).toEqual(['The VEVENT is cut short.'])
    }
    const open = joined(['BEGIN:VCALENDAR', ...event('a'), 'BEGIN:VEVENT', 'UID:b'])
    expect(objects(open)).toHaveLength(1)
    expect(refusals(open)).toEqual([['The VEVENT is cut short.', 'BEGIN:VEVENT\r\nUID:b\r\n']])
  })

  it('an unknown component and vCalendar 1.0', () => {
    expect(refusals(calendarText(...lines('VPOLL')))[0]?.[0]).toBe('A VPOLL is not supported.')
    const old = calendarText(...event('a')).replace('VERSION:2.0', 'VERSION:1.0')
    expect(refusals(old)[0]?.[0]).toBe('It is vCalendar 1.0, not iCalendar.')
  })

  it('an object that PUT refuses, with the reason', () => {
    const text = calendarText(...event('a', 'RRULE:FREQ=NEVER'), ...event('b'))
    expect(refusals(text)[0]?.[0]).toContain('RRULE')
    expect(objects(text).map(({ uid }) => uid)).toEqual(['b'])
  })

  it('of two masters the one with the lower SEQUENCE', () => {
    const text = calendarText(
      ...event('a', 'SUMMARY:old'),
      ...event('a', 'SEQUENCE:2'),
      ...event('a', 'SEQUENCE:1'),
    )
    expect(objects(text).map((own) => own.text)).toEqual([calendarText(...event('a', 'SEQUENCE:2'))])
    expect(refusals(text).map(([, slice]) => slice)).toEqual([
      joined(event('a', 'SUMMARY:old')),
      joined(event('a', 'SEQUENCE:1')),
    ])
  })

  it('joined files with a byte order mark between', () => {
    const text = `${calendarText(...event('a'))}\ufeff${calendarText(...event('b'))}`
    expect(objects(text)).toHaveLength(2)
    expect(refusals(text)).toEqual([])
  })
})

describe('RFC 5545 §3.4 any text', () => {
  const names = ['VCALENDAR', 'VEVENT', 'VTODO', 'VALARM', 'VTIMEZONE', 'X-A']
  const line = fc.oneof(
    fc.constantFrom(...names.flatMap((name) => [`BEGIN:${name}`, `END:${name}`])),
    fc.constantFrom(
      'UID:a',
      'UID:b',
      'METHOD:X',
      'RECURRENCE-ID:20260101T000000Z',
      'rubbish',
      'RRULE:x',
      'TZID:Z',
      '',
    ),
  )

  it('splits into objects that can be stored and pieces that do not overlap', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom('\r\n', '\n'), (all, eol) => {
        const text = all.join(eol)
        const spans: { start: number; end: number }[] = []
        for (const item of split(text)) {
          if (item.kind === 'refused') spans.push(item)
          else {
            spans.push(...item.source)
            const calendar = readCalendar(item.text)
            expect(validateCalendarObject(calendar)).toEqual({ uid: item.uid, component: item.component })
          }
        }
        spans.sort((a, b) => a.start - b.start)
        spans.forEach((span, index) => {
          expect(span.start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0)
        })
      }),
      { seed: 4, numRuns: 1000 },
    )
  })
})
