import { splitValue } from '../../text/content-lines.ts'

/** The zone that a vCalendar says its local times are in. */
export interface LegacyZone {
  readonly id: string
  /** A VTIMEZONE, with CRLF. */
  readonly text: string
}

/**
 * A zone from `TZ:-05` and, for each summer, `DAYLIGHT:TRUE;-04;19960407T025959;19961027T010000;EST;EDT`.
 * @returns undefined where TZ is none: then local times have no zone
 * @see vCalendar 1.0 §2.2.1, §2.2.6
 */
export function readLegacyZone(tz: string | undefined, daylight: readonly string[]): LegacyZone | undefined {
  const standard = offsetOf(tz ?? '')
  if (standard === undefined) return undefined
  const summers = daylight.flatMap((value) => summerOf(value) ?? [])
  const id = `vCalendar ${standard}${summers.length > 0 ? ' with daylight saving time' : ''}`
  const observances = [
    observance('STANDARD', '19700101T000000', standard, standard, undefined),
    ...summers.flatMap(({ offset, begin, end, names }) => [
      observance('DAYLIGHT', begin, standard, offset, names[1]),
      observance('STANDARD', end, offset, standard, names[0]),
    ]),
  ]
  return { id, text: `BEGIN:VTIMEZONE\r\nTZID:${id}\r\n${observances.join('')}END:VTIMEZONE\r\n` }
}

interface Summer {
  readonly offset: string
  readonly begin: string
  readonly end: string
  readonly names: readonly string[]
}

function summerOf(value: string): Summer | undefined {
  const [flag = '', offset = '', begin = '', end = '', ...names] = splitValue(value, ';').map((part) =>
    part.trim(),
  )
  const there = offsetOf(offset)
  const isTime = (text: string): boolean => /^\d{8}T\d{6}Z?$/.test(text)
  if (flag.toUpperCase() !== 'TRUE' || there === undefined || !isTime(begin) || !isTime(end)) return undefined
  return { offset: there, begin: begin.replace(/Z$/, ''), end: end.replace(/Z$/, ''), names }
}

/** `-05`, `+0530`, `+05:30`, `-5`. */
function offsetOf(text: string): string | undefined {
  const match = /^\s*([+-])(\d{1,2})(?::?(\d\d))?\s*$/.exec(text)
  if (!match || Number(match[2]) > 14) return undefined
  return `${match[1]}${(match[2] ?? '').padStart(2, '0')}${match[3] ?? '00'}`
}

function observance(kind: string, start: string, from: string, to: string, name: string | undefined): string {
  const shown =
    name === undefined || name === '' ? '' : `TZNAME:${name.replace(/[^\x20-\x7e]|[;,\\:]/g, '')}\r\n`
  return `BEGIN:${kind}\r\nDTSTART:${start}\r\nTZOFFSETFROM:${from}\r\nTZOFFSETTO:${to}\r\n${shown}END:${kind}\r\n`
}
