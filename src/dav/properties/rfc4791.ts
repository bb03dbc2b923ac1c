import { caldav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { child, textOf } from '../../../protocol/dav/xml-read.ts'
import { element, escapeAttribute, escapeText, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { calendarTimezone, readCalendarTimezone, zoneIdOf } from '../../features/calendars/timezone.ts'
import { homePath, principalPath } from '../paths.ts'
import { calendarData } from './calendar-data.ts'
import { live, type Property } from './property.ts'

const collations = ['i;ascii-casemap', 'i;unicode-casemap', 'i;octet']

/** A DAV:supported-…-set of text collations. @see RFC 4791 §7.5.1, RFC 6352 §8.3.1 */
export const collationSet = (name: (local: string) => string): string =>
  collations.map((collation) => element(name('supported-collation'), collation)).join('')

/** Calendars. */
export const rfc4791: readonly Property[] = [
  live(caldav('calendar-home-set'), {
    rfc: 'RFC 4791 §6.2.1',
    on: ['principal'],
    // Groups have no calendars.
    get: ({ principal }) =>
      principal.kind === 'group' ? undefined : hrefElement(homePath('calendars', principal.segment)),
  }),
  // First, last and preferred address are the same, since clients choose differently (MIN-33).
  live(caldav('calendar-user-address-set'), {
    rfc: 'RFC 6638 §2.4.1',
    on: ['principal'],
    get: ({ principal }) => {
      const path = hrefElement(principalPath(principal.segment))
      if (principal.email === null) return path
      const mail = `<d:href preferred="1">${escapeText(`mailto:${principal.email}`)}</d:href>`
      return mail + path + mail
    },
  }),
  live(caldav('calendar-description'), {
    rfc: 'RFC 4791 §5.2.1',
    on: ['calendar'],
    get: ({ row }) => (row.description === null ? undefined : escapeText(row.description)),
    set: (value) => ({ description: value ? textOf(value) : null }),
  }),
  live(caldav('calendar-timezone'), {
    rfc: 'RFC 4791 §5.2.2',
    on: ['calendar'],
    get: ({ row }) => {
      const text = calendarTimezone(row)
      return text === undefined ? undefined : escapeText(text)
    },
    set: (value) => {
      if (!value) return { timezone: null, timezoneId: null }
      const text = textOf(value)
      return { timezone: text, timezoneId: readCalendarTimezone(text) ?? null }
    },
  }),
  live(caldav('calendar-timezone-id'), {
    rfc: 'RFC 7809 §5.2',
    on: ['calendar'],
    get: ({ row }) => (row.timezoneId === null ? undefined : escapeText(row.timezoneId)),
    // Both say the same: a VTIMEZONE stays only if it comes with the name, and else is made from it.
    set: (value, { timezone = null }) => {
      if (!value) return { timezone: null, timezoneId: null }
      const id = zoneIdOf(textOf(value).trim())
      if (id === undefined) throw refuse('valid-timezone', { message: 'The time zone is not known.' })
      return { timezone, timezoneId: id }
    },
  }),
  live(caldav('supported-calendar-component-set'), {
    rfc: 'RFC 4791 §5.2.3',
    on: ['calendar'],
    get: ({ row }) =>
      (row.components ?? 'VEVENT,VTODO,VJOURNAL')
        .split(',')
        .map((name) => `<c:comp name="${escapeAttribute(name)}"/>`)
        .join(''),
  }),
  live(caldav('supported-calendar-data'), {
    rfc: 'RFC 4791 §5.2.4',
    on: ['calendar'],
    get: () =>
      '<c:calendar-data content-type="text/calendar" version="2.0"/>' +
      '<c:calendar-data content-type="application/calendar+json" version="2.0"/>',
  }),
  live(caldav('supported-collation-set'), {
    rfc: 'RFC 4791 §7.5.1',
    on: ['calendar'],
    get: () => collationSet(caldav),
  }),
  live(caldav('max-resource-size'), {
    rfc: 'RFC 4791 §5.2.5',
    on: ['calendar'],
    get: (_, { settings }) => String(settings.limits.bodyBytes),
  }),
  live(caldav('max-attendees-per-instance'), {
    rfc: 'RFC 4791 §5.2.9',
    on: ['calendar'],
    get: (_, { settings }) => String(settings.limits.attendees),
  }),
  live(caldav('schedule-calendar-transp'), {
    rfc: 'RFC 6638 §9.1',
    on: ['calendar'],
    get: ({ row }) => element(caldav(row.transparent ? 'transparent' : 'opaque')),
    set: (value) => ({ transparent: value && child(value, caldav('transparent')) ? 1 : 0 }),
  }),
  // Given once the server schedules; known, so that it is never looked for among dead properties.
  live(caldav('schedule-tag'), {
    rfc: 'RFC 6638 §3.2.10',
    on: ['event'],
    needs: ['row'],
    get: ({ full }) => full?.scheduleTag ?? undefined,
  }),
  calendarData,
]
