import { legacyObjects } from '../../../../protocol/ical/legacy.ts'
import { convertLegacyCard } from '../../../../protocol/vcard/legacy.ts'
import { contentUid } from '../../content-uid.ts'
import { type ImportPiece, type PieceOptions, prepared } from './pieces.ts'

/**
 * A vCard 2.1 as the 3.0 it becomes, with the octets it was; one without UID gets one from them.
 * @param slice  a character an octet
 */
export function legacyCardPiece(slice: string, at: number, options: PieceOptions): ImportPiece {
  const { text, notes } = convertLegacyCard(slice, options.charset)
  const original = Buffer.from(slice, 'latin1')
  const hasUid = /^(?:[\w-]+\.)?UID[;:]/im.test(text)
  const whole = hasUid ? text : text.replace(/END:VCARD\r\n$/, `UID:${contentUid(original)}\r\nEND:VCARD\r\n`)
  const all = ['converted from vCard 2.1', ...notes, ...(hasUid ? [] : ['uid added'])]
  return { ...prepared(Buffer.from(whole), at, all, options), original }
}

/** The components of a vCalendar 1.0, each with the octets it was. @param source  a character an octet */
export function* legacyCalendarPieces(source: string, options: PieceOptions): Generator<ImportPiece> {
  const newUid = (slice: string): string => contentUid(Buffer.from(slice, 'latin1'))
  for (const { text, start, end, notes } of legacyObjects(source, newUid, options.charset)) {
    const all = ['converted from vCalendar 1.0', ...notes]
    const frame = ['BEGIN:VCALENDAR\r\nVERSION:1.0\r\n', 'END:VCALENDAR\r\n']
    const original = Buffer.from(`${frame[0]}${source.slice(start, end)}${frame[1]}`, 'latin1')
    yield { ...prepared(Buffer.from(text), start, all, options), original }
  }
}
