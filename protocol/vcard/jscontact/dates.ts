import { parameterValues, unescapeText } from '../../text/content-lines.ts'
import { type CardLine, hasWord } from '../convert/line.ts'
import { addEntry, type Convert, type Properties, setOnce } from './draft.ts'

/** Birthday, wedding and death; the place of a birth or a death belongs to it. @see RFC 9555 §2.5.1, §2.5.5, RFC 6474 */
export function anniversary(kind: 'birth' | 'wedding' | 'death'): Convert {
  return (line, draft) => {
    if (hasWord(line, 'VALUE', 'text')) return false
    const date = dateOf(line)
    if (date === undefined) return false
    const known = draft.known.get(kind)?.entry
    if (known !== undefined) return setOnce(known, 'date', date)
    addEntry(draft, 'anniversaries', line, { kind, date }, { parameters: ['CALSCALE'] }, kind)
    return true
  }
}

/** @see RFC 6474 §2.1–2.2, RFC 9555 §2.5.1 */
export function anniversaryPlace(kind: 'birth' | 'death'): Convert {
  return (line, draft) => {
    const isUri = hasWord(line, 'VALUE', 'uri')
    if (isUri && !/^geo:/i.test(line.value)) return false
    const place = isUri ? { coordinates: line.value } : { full: unescapeText(line.value) }
    const known = draft.known.get(kind)?.entry
    if (known !== undefined) return setOnce(known, 'place', place)
    addEntry(draft, 'anniversaries', line, { kind, place }, {}, kind)
    return true
  }
}

/** A moment of 4.0 as JSContact has it. @returns undefined when it is none. @see RFC 9553 §1.4.5 */
export function utcDateTime(value: string): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z|[+-]\d\d(?:\d\d)?)?$/i.exec(value.trim())
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, zone = 'Z'] = match
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3) || '00'}`
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace('.000Z', 'Z')
}

/** @see RFC 9553 §2.8.1 PartialDate, Timestamp */
function dateOf(line: CardLine): Properties | undefined {
  const [scale] = parameterValues(line, 'CALSCALE')
  const utc = utcDateTime(line.value)
  if (utc !== undefined && /(?:Z|[+-]\d{4})$/i.test(line.value)) return { '@type': 'Timestamp', utc }
  const [, y1, m1, d1, y2, m2, y3, m4, d4, m5, d6] =
    /^(?:(\d{4})(\d\d)(\d\d)|(\d{4})-(\d\d)|(\d{4})|--(\d\d)(\d\d)|--(\d\d)|---(\d\d))(?:T.*)?$/.exec(
      line.value,
    ) ?? []
  const [year, month, day] = [y1 ?? y2 ?? y3, m1 ?? m2 ?? m4 ?? m5, d1 ?? d4 ?? d6]
  if (year === undefined && month === undefined && day === undefined) return undefined
  return {
    '@type': 'PartialDate',
    ...(year !== undefined && { year: Number(year) }),
    ...(month !== undefined && { month: Number(month) }),
    ...(day !== undefined && { day: Number(day) }),
    ...(scale !== undefined && { calendarScale: scale.toLowerCase() }),
  }
}
