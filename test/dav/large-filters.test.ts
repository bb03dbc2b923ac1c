import { describe, expect, it } from 'vitest'
import { calendarQueryBody, preconditionsOf } from './client.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

const matches = (count: number): string =>
  Array.from({ length: count }, (_, n) => `<c:text-match>${n}</c:text-match>`).join('')

describe('RFC 6352 §8.6, RFC 4791 §7.8 filters that a client could grow (law 10)', () => {
  const server = useServer()
  const query = (conditions: number): string =>
    `<c:addressbook-query xmlns:c="urn:ietf:params:xml:ns:carddav" xmlns:d="DAV:"><d:prop><d:getetag/></d:prop>
     <c:filter><c:prop-filter name="FN">${matches(conditions)}</c:prop-filter></c:filter></c:addressbook-query>`

  it('are answered with a hundred conditions, and refused with thousands', async () => {
    const user = await server.account()
    await user.put(`${user.contacts}a.vcf`, card('a', 'Agent 99'))
    expect((await user.report(user.contacts, query(100))).hrefs).toEqual([`${user.contacts}a.vcf`])
    for (const count of [300, 40_000]) {
      const answer = await user.request('REPORT', user.contacts, {
        body: query(count),
        headers: { Depth: '1' },
      })
      expect(answer.status).toBe(403)
      expect(preconditionsOf(answer)).toEqual(['{urn:ietf:params:xml:ns:carddav}supported-filter'])
    }
  })

  it('of calendars too', async () => {
    const user = await server.account()
    await user.put(`${user.calendar}a.ics`, event('a'))
    const filter = `<c:comp-filter name="VEVENT">${'<c:prop-filter name="SUMMARY"/>'.repeat(5000)}</c:comp-filter>`
    const answer = await user.request('REPORT', user.calendar, { body: calendarQueryBody(filter) })
    expect([answer.status, ...preconditionsOf(answer)]).toEqual([
      403,
      '{urn:ietf:params:xml:ns:caldav}valid-filter',
    ])
  })
})

describe('answers of many pages', () => {
  const server = useServer()

  it('a query with more matches than a page has gives each once, in order', async () => {
    const user = await server.account()
    const names = Array.from({ length: 1203 }, (_, n) => String(n).padStart(4, '0'))
    for (let from = 0; from < names.length; from += 50) {
      const some = names.slice(from, from + 50)
      await Promise.all(some.map((name) => user.put(`${user.calendar}${name}.ics`, event(name))))
    }
    const range = '<c:comp-filter name="VEVENT"><c:time-range start="20260101T000000Z"/></c:comp-filter>'
    const found = await user.report(user.calendar, calendarQueryBody(range))
    expect(found.hrefs.toSorted()).toEqual(names.map((name) => `${user.calendar}${name}.ics`))
  })
})
