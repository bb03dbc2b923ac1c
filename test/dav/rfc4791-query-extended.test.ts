import { describe, expect, it } from 'vitest'
import { caldav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, preconditionsOf } from './client.ts'
import { calendar, event, todo } from './objects.ts'
import {
  compFilter,
  found,
  inRange,
  isNotDefined,
  makeCalendar,
  propFilter,
  putAll,
  textMatch,
} from './queries.ts'
import { type Account, useServer } from './server.ts'

const every = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY']
const [before, after] = ['20260101T000000Z', '20260201T000000Z']
const january = `<c:time-range start="${before}" end="${after}"/>`
const anyOf = (name: string, ...inner: readonly string[]) =>
  `<c:comp-filter name="${name}" test="anyof">${inner.join('')}</c:comp-filter>`

/** A query whose outermost comp-filter is written out. */
async function foundBy(alice: Account, place: string, filter: string): Promise<string[]> {
  const whole = calendarQueryBody('').replace(/<c:filter>.*<\/c:filter>/, `<c:filter>${filter}</c:filter>`)
  const { hrefs } = await alice.report(place, whole)
  return hrefs.map((href) => href.slice(place.length, -4)).sort()
}

describe('draft-daboo-caldav-extensions §3 calendar-query-extended', () => {
  const server = useServer()

  it('is announced', async () => {
    const alice = await server.account()
    const { headers } = await alice.request('OPTIONS', alice.calendar)
    expect(String(headers.dav).split(', ')).toContain('calendar-query-extended')
  })

  it('events of a time, or to-dos that are open (the example of §3.4)', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'mixed', every)
    await putAll(alice, place, 'ics', {
      now: event('now', ['DTSTART:20260115T100000Z']),
      past: event('past', ['DTSTART:20200115T100000Z']),
      open: todo('open', ['STATUS:NEEDS-ACTION']),
      done: todo('done', ['STATUS:COMPLETED', 'COMPLETED:20260115T100000Z']),
      cancelled: todo('cancelled', ['STATUS:CANCELLED']),
    })
    const isOpen = compFilter(
      'VTODO',
      propFilter('COMPLETED', isNotDefined),
      propFilter('STATUS', textMatch('CANCELLED', { 'negate-condition': 'yes', 'match-type': 'equals' })),
    )
    const filter = anyOf('VCALENDAR', compFilter('VEVENT', january), isOpen)
    expect(await foundBy(alice, place, filter)).toEqual(['now', 'open'])
  })

  it('a time range is one condition among others, also where only another holds', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      now: event('now', ['DTSTART:20260115T100000Z']),
      named: event('named', ['DTSTART:20200115T100000Z', 'LOCATION:Bar']),
      neither: event('neither', ['DTSTART:20200115T100000Z']),
    })
    const either = anyOf('VEVENT', january, propFilter('LOCATION'))
    expect(await found(alice, alice.calendar, either)).toEqual(['named', 'now'])
    const alarmed = anyOf('VEVENT', january, compFilter('VALARM'))
    expect(await found(alice, alice.calendar, alarmed)).toEqual(['now'])
    expect(await found(alice, alice.calendar, anyOf('VEVENT', january))).toEqual(['now'])
  })

  it('a UID, or a parameter of it, whatever the column says', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      plain: event('plain'),
      marked: event('marked').replace('UID:', 'UID;X-BY=robot:'),
    })
    const filter = (test: string) =>
      compFilter(
        'VEVENT',
        `<c:prop-filter name="UID" test="${test}">${textMatch('plain')}<c:param-filter name="X-BY"/></c:prop-filter>`,
      )
    expect(await found(alice, alice.calendar, filter('anyof'))).toEqual(['marked', 'plain'])
    expect(await found(alice, alice.calendar, filter('allof'))).toEqual([])
  })

  it('a star is a component of any type, its time range that of its type', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'mixed', every)
    const alarm = ['BEGIN:VALARM', 'TRIGGER:-PT15M', 'END:VALARM']
    await putAll(alice, place, 'ics', {
      event: event('event', ['DTSTART:20260115T100000Z', ...alarm]),
      todo: todo('todo', ['DUE:20260115T100000Z', ...alarm]),
      late: todo('late', ['DUE:20270115T100000Z']),
      journal: calendar(['BEGIN:VJOURNAL', 'UID:j', 'SUMMARY:Event', 'END:VJOURNAL']),
      busy: calendar(['BEGIN:VFREEBUSY', 'UID:b', 'FREEBUSY:20260115T100000Z/PT1H', 'END:VFREEBUSY']),
    })
    expect(await found(alice, place, compFilter('*', compFilter('VALARM')))).toEqual(['event', 'todo'])
    expect(await found(alice, place, compFilter('*', january))).toEqual(['busy', 'event', 'todo'])
    const summary = propFilter('SUMMARY', textMatch('event'))
    expect(await found(alice, place, compFilter('*', summary))).toEqual(['event', 'journal'])
    const inside = compFilter('VEVENT', compFilter('*', isNotDefined))
    expect(await found(alice, place, inside)).toEqual([])
    expect(await found(alice, place, compFilter('VTODO', compFilter('*', isNotDefined)))).toEqual(['late'])
  })
})

describe('RFC 4791 §7.8 what a filter may ask', () => {
  const server = useServer()

  it('components beside the others of an object are found by their own name', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      with: calendar(['BEGIN:X-NOTE', 'END:X-NOTE', 'BEGIN:VEVENT', 'UID:w', 'END:VEVENT']),
      without: event('without'),
    })
    expect(await found(alice, alice.calendar, compFilter('X-NOTE'))).toEqual(['with'])
    expect(await found(alice, alice.calendar, compFilter('X-NOTE', isNotDefined))).toEqual(['without'])
  })

  it.each(['VTIMEZONE', 'PARTICIPANT', 'VLOCATION'])(
    'the time of a %s, which has none, is refused with supported-filter',
    async (name) => {
      const alice = await server.account()
      const filter =
        name === 'VTIMEZONE' ? inRange(name, before) : compFilter('VEVENT', inRange(name, before))
      const answer = await alice.request('REPORT', alice.calendar, { body: calendarQueryBody(filter) })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('supported-filter')]])
    },
  )

  it('any date there is: no first or last one, nor a number of instances, is announced (§5.2.6–5.2.8)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      first: event('first', ['DTSTART:00010101T000000Z']),
      last: event('last', ['DTSTART:99991231T235959Z']),
      endless: event('endless', ['DTSTART:19000101T000000Z', 'RRULE:FREQ=YEARLY']),
    })
    const at = (start: string, end: string) => found(alice, alice.calendar, inRange('VEVENT', start, end))
    expect(await at('00010101T000000Z', '00010102T000000Z')).toEqual(['first'])
    expect(await at('99991231T000000Z', '99991231T235960Z')).toEqual(['last'])
    expect(await at('99990101T000000Z', '99990102T000000Z')).toEqual(['endless'])
    const asked = ['min-date-time', 'max-date-time', 'max-instances'].map(caldav)
    const told = await alice.propfind(alice.calendar, 0, asked)
    expect(told.of(alice.calendar).namesWith(404)).toEqual(asked)
  })
})
