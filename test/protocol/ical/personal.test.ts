import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Calendar, property, readCalendar } from '../../../protocol/ical/calendar.ts'
import {
  isSameLayer,
  mayBePersonal,
  type PersonalLayer,
  splitPersonalParts,
  withoutAlarmLines,
  withoutPersonalParts,
  withPersonalParts,
} from '../../../protocol/ical/personal.ts'
import { isSameShared } from '../../../protocol/ical/shared-part.ts'
import { calendarText, lines } from './objects.ts'

/** One component of an object: its RECURRENCE-ID (0 for the master), and what is on it. */
interface Part {
  readonly at: number
  readonly summary: string
  readonly transp: '' | 'TRANSPARENT' | 'OPAQUE'
  readonly alarms: readonly string[]
  readonly ack: boolean
  /** Where in the component the alarms stand. */
  readonly first: boolean
}

const part = (who: string, at: number): fc.Arbitrary<Part> =>
  fc.record({
    at: fc.constant(at),
    summary: fc.constantFrom(
      'Meeting',
      'Other',
      'A long one that has to be folded because it goes on and on and on',
    ),
    transp: fc.constantFrom('' as const, 'TRANSPARENT' as const, 'OPAQUE' as const),
    alarms: fc.array(
      fc.integer({ min: 1, max: 9 }).map((number) => `${who}-${number}`),
      { maxLength: 2 },
    ),
    ack: fc.boolean(),
    first: fc.boolean(),
  })

/** An object with a master and overrides, with alarms of this person. */
const object = (who: string): fc.Arbitrary<readonly Part[]> =>
  fc.subarray([1, 2, 3]).chain((overrides) => fc.tuple(part(who, 0), ...overrides.map((at) => part(who, at))))

const alarm = (name: string): string[] => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  'TRIGGER:-PT5M',
  `DESCRIPTION:${name}`,
  'END:VALARM',
]

function textOf(parts: readonly Part[], eol = '\r\n'): string {
  const all = parts.flatMap(({ at, summary, transp, alarms, ack, first }) => {
    const own = alarms.flatMap(alarm)
    return lines(
      'VEVENT',
      ...(first ? own : []),
      `DTSTART:202601${String(10 + at)}T100000Z`,
      ...(at === 0 ? ['RRULE:FREQ=DAILY'] : [`RECURRENCE-ID:202601${String(10 + at)}T100000Z`]),
      ...(ack ? [`X-MOZ-LASTACK:2026011${at}T095500Z`] : []),
      `SUMMARY:${summary}`,
      ...(transp === '' ? [] : [`TRANSP:${transp}`]),
      ...(first ? [] : own),
    )
  })
  return calendarText(...all).replaceAll('\r\n', eol)
}

const noLayer: PersonalLayer = new Map()
const read = (text: string): Calendar => readCalendar(text)
const namesIn = (text: string): string[] =>
  [...text.matchAll(/DESCRIPTION:(\S+)/g)].map(([, name = '']) => name)

/** What a person sees on each component: his alarms and whether the time is free. */
function personalOf(text: string): unknown[] {
  return read(text).root.components.map((component) => [
    property(component, 'RECURRENCE-ID')?.value,
    component.components.map(({ start, end }) => text.slice(start, end)),
    component.lines.filter(({ name }) => name === 'X-MOZ-LASTACK').map(({ value }) => value),
    property(component, 'TRANSP')?.value === 'TRANSPARENT',
  ])
}

describe('RFC 5545 §3.6.6 alarms of one’s own on an object that is shared', () => {
  it('without a layer nobody’s alarm is there, and every other line is as it was', () => {
    fc.assert(
      fc.property(object('owner'), fc.constantFrom('\r\n', '\n'), (parts, eol) => {
        const text = textOf(parts, eol)
        const seen = withPersonalParts(read(text), noLayer)
        expect(seen).not.toMatch(/VALARM|X-MOZ/)
        const bare = parts.map((one) => ({ ...one, alarms: [], ack: false }))
        expect(seen).toBe(textOf(bare, eol))
        expect(mayBePersonal(text) || seen === text).toBe(true)
      }),
    )
  })

  it('what is seen and put back changes nothing', () => {
    fc.assert(
      fc.property(object('owner'), object('mine'), (owner, mine) => {
        const stored = read(textOf(owner))
        const { layer } = splitPersonalParts(read(textOf(mine)), stored, noLayer)
        const seen = read(withPersonalParts(stored, layer))
        const again = splitPersonalParts(seen, stored, layer)
        expect(isSameLayer(again.layer, layer, seen)).toBe(true)
        expect(withoutPersonalParts(seen)).toBe(withoutPersonalParts(stored))
        expect(isSameShared(seen, stored, 'exact')).toBe(true)
      }),
    )
  })

  it('who puts sees his own alarms, and TRANSP as he had it; the others theirs, on each instance that is still there', () => {
    fc.assert(
      fc.property(object('owner'), object('other'), object('mine'), (owner, other, mine) => {
        const stored = read(textOf(owner))
        const theirs = splitPersonalParts(read(textOf(other)), stored, noLayer).layer
        const sent = textOf(mine)
        const { shared, layer } = splitPersonalParts(read(sent), stored, noLayer)
        const after = read(shared)
        expect(personalOf(withPersonalParts(after, layer))).toEqual(personalOf(sent))
        const masters = owner[0]?.alarms ?? []
        const kept = mine.map(({ at }) => owner.find((one) => one.at === at)?.alarms ?? masters)
        expect(namesIn(shared)).toEqual(kept.flat())
        expect(namesIn(withPersonalParts(after, theirs)).join()).not.toMatch(/owner|mine/)
        expect(isSameShared(after, read(sent), 'exact')).toBe(true)
      }),
    )
  })

  it('of a new object the alarms are his own, the TRANSP is everybody’s', () => {
    const sent = textOf([
      { at: 0, summary: 'New', transp: 'TRANSPARENT', alarms: ['mine'], ack: true, first: false },
    ])
    const { shared, layer } = splitPersonalParts(read(sent), undefined, noLayer)
    expect(shared).toContain('TRANSP:TRANSPARENT')
    expect(shared).not.toMatch(/VALARM|X-MOZ/)
    expect(personalOf(withPersonalParts(read(shared), layer))).toEqual(personalOf(sent))
  })

  it('an override that the owner makes later has the alarms that the sharee has on the series', () => {
    const plain = { at: 0, summary: 'Series', transp: '' as const, alarms: [], ack: false, first: false }
    const sent = read(textOf([{ ...plain, alarms: ['mine'] }]))
    const { layer } = splitPersonalParts(sent, read(textOf([plain])), noLayer)
    const later = read(textOf([plain, { ...plain, at: 1, summary: 'Moved', alarms: ['owner'] }]))
    expect(namesIn(withPersonalParts(later, layer))).toEqual(['mine', 'mine'])
  })

  it('a TRANSP of one’s own stays though the owner’s comes to say the same', () => {
    const plain = { at: 0, summary: 'One', transp: '' as const, alarms: [], ack: false, first: false }
    const free = textOf([{ ...plain, transp: 'TRANSPARENT' }])
    const { layer } = splitPersonalParts(read(free), read(textOf([plain])), noLayer)
    const again = splitPersonalParts(read(free), read(free), layer)
    expect(isSameLayer(again.layer, layer, read(free))).toBe(true)
    expect(withPersonalParts(read(textOf([plain])), again.layer)).toContain('TRANSP:TRANSPARENT')
  })

  it('alarms are found however they are written, and taken out of what is no object', () => {
    const folded = calendarText(
      'BEGIN:VEVENT',
      'UID:x',
      'BEGIN:VAL\r\n ARM',
      'TRIGGER:P1D',
      'end:valarm',
      'END:VEVENT',
    )
    expect(mayBePersonal(folded)).toBe(true)
    expect(withPersonalParts(read(folded), noLayer)).toBe(calendarText('BEGIN:VEVENT', 'UID:x', 'END:VEVENT'))
    const broken =
      'BEGIN:VEVENT\nBEGIN:VALARM\nDESCRIPTION:mine\nEND:VALARM\nX-MOZ-SNOOZE-TIME-12:x\nSUMMARY:y\n'
    expect(withoutAlarmLines(broken)).toBe('BEGIN:VEVENT\nSUMMARY:y\n')
  })
})

describe('what counts as a change of what is shared', () => {
  const zone = (...rules: string[]) => ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', ...rules, 'END:VTIMEZONE']
  const one = (...own: string[]) => read(calendarText(...lines('VEVENT', ...own)))
  const base = ['DTSTART;TZID=Europe/Berlin:20260115T100000', 'SUMMARY:Meeting', 'X-OURS:1']

  it('not the order of lines, nor what every program moves on, nor how a known zone is defined', () => {
    const stored = one(...base, 'SEQUENCE:1', 'LAST-MODIFIED:20260101T000000Z', ...alarm('owner'))
    const sent = read(
      calendarText(
        ...zone('BEGIN:STANDARD', 'DTSTART:19700101T000000', 'END:STANDARD'),
        ...lines('VEVENT', ...base.toReversed(), 'SEQUENCE:2', 'TRANSP:OPAQUE', 'X-MOZ-GENERATION:4'),
      ).replace('DTSTAMP:20260101', 'DTSTAMP:20260202'),
    )
    expect(isSameShared(stored, sent, 'exact')).toBe(true)
  })

  it('for whom may change it an X- property too, for the others not', () => {
    const stored = one(...base)
    const sent = one(...base, 'X-APPLE-CREATOR-IDENTITY:com.apple.mobilecal', 'CREATED:20260101T000000Z')
    expect(isSameShared(stored, sent, 'exact')).toBe(false)
    expect(isSameShared(stored, sent, 'visible')).toBe(true)
  })

  it.each([
    ['a text', ['SUMMARY:Other']],
    ['a time', ['DTSTART;TZID=Europe/Berlin:20260115T110000', 'SUMMARY:Meeting']],
    ['a zone', ['DTSTART;TZID=Europe/London:20260115T100000', 'SUMMARY:Meeting']],
    ['a parameter', ['DTSTART;TZID=Europe/Berlin:20260115T100000', 'SUMMARY;LANGUAGE=de:Meeting']],
    ['a line that is gone', ['DTSTART;TZID=Europe/Berlin:20260115T100000']],
    ['a line that comes twice', [...base, 'SUMMARY:Meeting']],
  ])('%s always', (_, changed) => {
    expect(isSameShared(one(...base), one(...changed), 'visible')).toBe(false)
  })

  it('a zone of one’s own making, where its rules change', () => {
    const custom = (offset: string) =>
      read(
        calendarText(
          'BEGIN:VTIMEZONE',
          'TZID:Our office',
          ...[
            'BEGIN:STANDARD',
            'DTSTART:19700101T000000',
            `TZOFFSETFROM:${offset}`,
            `TZOFFSETTO:${offset}`,
            'END:STANDARD',
          ],
          'END:VTIMEZONE',
          ...lines('VEVENT', 'DTSTART;TZID=Our office:20260115T100000'),
        ),
      )
    expect(isSameShared(custom('+0100'), custom('+0100'), 'visible')).toBe(true)
    expect(isSameShared(custom('+0100'), custom('+0200'), 'visible')).toBe(false)
  })
})
