import { type ContentLine, type Parameter, parameter } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'

const partstats: Readonly<Record<string, string>> = {
  ACCEPTED: 'ACCEPTED',
  CONFIRMED: 'ACCEPTED',
  DECLINED: 'DECLINED',
  TENTATIVE: 'TENTATIVE',
  DELEGATED: 'DELEGATED',
  'NEEDS ACTION': 'NEEDS-ACTION',
  SENT: 'NEEDS-ACTION',
}
const expectations: Readonly<Record<string, string>> = {
  FYI: 'NON-PARTICIPANT',
  REQUEST: 'OPT-PARTICIPANT',
  REQUIRE: 'REQ-PARTICIPANT',
  IMMEDIATE: 'REQ-PARTICIPANT',
}

/** Nobody's name and mail address are longer; what is, is not searched for them. */
const longestAttendee = 1_000

/**
 * `ATTENDEE;ROLE=OWNER;STATUS=ACCEPTED:Ada <ada@example.org>` in the words of iCalendar. Who is no mail address is kept
 * under X-, as nobody could be sent anything.
 * @see vCalendar 1.0 §2.3.6, RFC 5545 §3.8.4.1
 */
export function legacyAttendee(line: ContentLine, value: string): string {
  const match =
    value.length <= longestAttendee && /^(?:([^<]*)<)?(?:mailto:)?([^\s<>]+@[^\s<>]+)>?$/i.exec(value.trim())
  if (!match) return writeLine('X-LEGACY-ATTENDEE', [], value.replace(/[\\;,]/g, '\\$&'))
  const [, called = '', mail = ''] = match
  const name = called.replaceAll('"', '').trim()
  const cn: Parameter[] = name === '' ? [] : [{ name: 'CN', values: [name] }]
  const role = parameter(line, 'ROLE')?.toUpperCase()
  if (role === 'OWNER' || role === 'ORGANIZER') return writeLine('ORGANIZER', cn, `mailto:${mail}`)
  const partstat = partstats[parameter(line, 'STATUS')?.toUpperCase() ?? '']
  const expected = expectations[parameter(line, 'EXPECT')?.toUpperCase() ?? '']
  const rsvp = parameter(line, 'RSVP')?.toUpperCase() === 'YES'
  const parameters: Parameter[] = [
    ...cn,
    ...(expected === undefined ? [] : [{ name: 'ROLE', values: [expected] }]),
    ...(partstat === undefined ? [] : [{ name: 'PARTSTAT', values: [partstat] }]),
    ...(rsvp ? [{ name: 'RSVP', values: ['TRUE'] }] : []),
  ]
  return writeLine('ATTENDEE', parameters, `mailto:${mail}`)
}
