import { describe, expect, it } from 'vitest'
import { cardOfRow } from '../../protocol/csv/card.ts'
import { readTableDate } from '../../protocol/csv/dates.ts'
import { mappingByNumber } from '../../protocol/csv/mapping.ts'
import { legacyAttendee } from '../../protocol/ical/legacy/attendee.ts'
import { foldDn } from '../../protocol/ldif/card.ts'
import { readLine } from '../../protocol/text/content-lines.ts'
import { convertLegacyCard } from '../../protocol/vcard/legacy.ts'

/** Where time grew with the square of the length, each of these took from ten seconds to hours. */
const length = 400_000
const blanks = ' '.repeat(length)

function rowOf(target: string, cell: string) {
  return () => cardOfRow([cell], mappingByNumber(1, { 1: target }))
}

function legacy(lines: string) {
  return () => convertLegacyCard(`BEGIN:VCARD\r\nVERSION:2.1\r\nN:a\r\n${lines}\r\nEND:VCARD\r\n`)
}

function attendee(value: string) {
  const line = readLine('ATTENDEE:', 0, 9)
  if ('broken' in line) throw new Error(line.broken)
  return () => legacyAttendee(line, value)
}

describe('OWASP ReDoS: texts of files that are imported are read in one go', () => {
  it.each<[string, () => unknown]>([
    ['a cell of T as a date', () => readTableDate('T'.repeat(length), true)],
    ['blanks in a cell of categories', rowOf('CATEGORIES', `a${blanks}b`)],
    ['blanks in a cell of mail addresses', rowOf('EMAIL', `a${blanks}b`)],
    ['blanks in a URL of vCard 2.1', legacy(`URL:a${blanks}a`)],
    ['line ends without number in vCard 2.1', legacy(`NOTE:${'\r'.repeat(length)}a`)],
    ['a guest of blanks in vCalendar 1.0', attendee(blanks)],
    ['a guest of @ in vCalendar 1.0', attendee(`${'@'.repeat(length)} x`)],
    ['blanks in the name of an entry', () => foldDn(`cn=a${blanks}b`)],
  ])('%s', (_, read) => {
    const start = performance.now()
    read()
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('what was read so is read so still', () => {
  it('several lines of a URL are one, blanks around separators are none', () => {
    expect(
      convertLegacyCard(
        'BEGIN:VCARD\r\nVERSION:2.1\r\nN:a\r\nURL;ENCODING=QUOTED-PRINTABLE:a =0D=0A =0A b\r\nEND:VCARD',
      ).text,
    ).toContain('URL:a b\r\n')
    expect(foldDn(' CN = Ada  L , , o=x + y')).toBe('cn=ada  l,,o=x+y')
  })
})
