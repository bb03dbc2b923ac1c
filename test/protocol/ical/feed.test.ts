import { describe, expect, it } from 'vitest'
import {
  essence,
  isWholeFeed,
  readFeedHeader,
  readInterval,
  stripObject,
} from '../../../protocol/ical/feed.ts'
import { calendar, event } from '../../dav/objects.ts'

describe('RFC 7986 §5 what a published calendar says of itself', () => {
  it('is read before the first component, the standard’s names before older ones', () => {
    const old = ['X-WR-CALNAME:Old\\, but good', 'X-PUBLISHED-TTL:PT1H']
    const standard = ['NAME;LANGUAGE=en:New', 'REFRESH-INTERVAL;VALUE=DURATION:P1W']
    const inside = ['BEGIN:VEVENT', 'NAME:Inside', 'X-PUBLISHED-TTL:PT1M', 'END:VEVENT']
    expect(readFeedHeader(calendar([...old, ...inside]))).toEqual({
      name: 'Old, but good',
      refreshMs: 3_600_000,
    })
    expect(readFeedHeader(calendar([...old, ...standard]))).toEqual({ name: 'New', refreshMs: 604_800_000 })
    expect(readFeedHeader(calendar([...inside, ...old]))).toEqual({ name: undefined, refreshMs: undefined })
    expect(readFeedHeader('')).toEqual({ name: undefined, refreshMs: undefined })
  })

  it('how often to fetch is a duration above nothing', () => {
    expect(['PT15M', 'p1d', 'P1W', 'PT90S'].map(readInterval)).toEqual([
      900_000, 86_400_000, 604_800_000, 90_000,
    ])
    expect(['PT0S', '-PT1H', 'hourly', '', '3600', 'P'].map(readInterval)).toEqual(Array(6).fill(undefined))
  })
})

describe('whether a published calendar is whole', () => {
  const whole = event('a')
  it.each([
    [
      'with any line ends',
      [whole, whole.replaceAll('\r\n', '\n'), whole.replaceAll('\r\n', '\r'), whole.trim()],
      true,
    ],
    [
      'with blank lines around, in small letters, several in one',
      [`\n\n${whole}\n\n`, whole.toLowerCase(), whole + whole],
      true,
    ],
    [
      'not a web page, another format or nothing',
      ['<!doctype html>', 'BEGIN:VCARD\r\nEND:VCARD', '', whole.slice(20)],
      false,
    ],
    ['not cut short', [whole.slice(0, -6), whole.slice(0, 80), `${whole}BEGIN:VEVENT\r\n`], false],
  ])('%s', (_what, texts, isWhole) => {
    expect(texts.map(isWholeFeed)).toEqual(texts.map(() => isWhole))
  })
})

describe('an object without what is not wanted', () => {
  const alarm = ['BEGIN:VALARM', 'ACTION:AUDIO', 'ATTACH:https://example.org/s.aud', 'END:VALARM']
  const text = calendar([
    ...[
      'BEGIN:VEVENT',
      'UID:a',
      ...alarm,
      'ATTACH;FMTTYPE=text/plain:https://example.',
      ' org/a.txt',
      'END:VEVENT',
    ],
    ...['BEGIN:VEVENT', 'UID:a', 'RECURRENCE-ID:20260101T000000Z', 'SUMMARY:x', ...alarm, 'END:VEVENT'],
  ])

  it('has no alarms, or no attachments, in any of its components', () => {
    expect(stripObject(text, { alarms: false, attachments: false })).toBe(text)
    const silent = stripObject(text, { alarms: true, attachments: false })
    expect(silent).not.toContain('VALARM')
    expect(silent).toContain('org/a.txt')
    const light = stripObject(text, { alarms: false, attachments: true })
    expect(light).not.toContain('a.txt')
    expect(light.match(/VALARM/g)).toHaveLength(4)
    const both = [
      'BEGIN:VEVENT',
      'UID:a',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:a',
      'RECURRENCE-ID:20260101T000000Z',
    ]
    const bare = calendar([...both, 'SUMMARY:x', 'END:VEVENT'])
    expect(stripObject(text, { alarms: true, attachments: true })).toBe(bare)
  })
})

describe('what two texts of one object have in common', () => {
  const of = (lines: readonly string[]) => essence(calendar(['BEGIN:VEVENT', ...lines, 'END:VEVENT']))
  const same = of(['UID:a', 'DTSTAMP:20260101T000000Z', 'SUMMARY:A long title'])

  it('is all but what publishers make up anew, however it is folded', () => {
    const stamps = ['DTSTAMP:20270101T000000Z', 'CREATED:20270101T000000Z', 'LAST-MODIFIED:20270101T000000Z']
    expect(of(['UID:b', ...stamps, 'SUMMARY:A lo', '\tng title'])).toBe(same)
    expect(same).toBe(of(['SUMMARY:A long title']).replaceAll('\r\n', '\n'))
  })

  it('is nothing less', () => {
    const others = [
      'SUMMARY:A long  title',
      'SUMMARY;LANGUAGE=en:A long title',
      'summary:A long title',
      'SUMMARY:A',
    ]
    for (const other of others) expect(of(['UID:a', other])).not.toBe(same)
    expect(of(['UID:a', 'SUMMARY:A long title', 'SEQUENCE:1'])).not.toBe(same)
  })
})
