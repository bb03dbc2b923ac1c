import { describe, expect, it } from 'vitest'
import { caldav, dav, ical } from '../../../protocol/dav/names.ts'
import { elements } from '../../../protocol/dav/xml-read.ts'
import { mustSetAcl } from '../acls.ts'
import { calendarQueryBody, multigetBody, preconditionsOf } from '../client.ts'
import { event } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import { callApi, eventsIn, putCard, switchedOn, titlesIn } from './birthdays.ts'

const server = useServer()

async function privilegesOn(account: Account, path: string): Promise<string[]> {
  const name = dav('current-user-privilege-set')
  const found = (await account.propfind(path, 0, [name])).of(path).props.get(name)
  return found ? elements(found).flatMap((privilege) => elements(privilege).map((one) => one.name)) : []
}

const patch = (account: Account, path: string, set: string) =>
  account.request('PROPPATCH', path, {
    body: `<d:propertyupdate xmlns:d="DAV:" xmlns:i="http://apple.com/ns/ical/"><d:set><d:prop>${set}</d:prop></d:set></d:propertyupdate>`,
  })

describe('a calendar of the birthdays in a book', () => {
  it('is there once somebody wants it, and looks like any calendar (MIN-18)', async () => {
    const alice = await server.account()
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const before = (await alice.propfind(alice.calendars, 1, [dav('displayname')])).hrefs
    const path = await switchedOn(alice)
    const names = [
      dav('displayname'),
      dav('resourcetype'),
      ical('calendar-color'),
      ical('calendar-order'),
      caldav('supported-calendar-component-set'),
      caldav('schedule-calendar-transp'),
      dav('supported-report-set'),
    ]
    const home = await alice.propfind(alice.calendars, 1, names)
    expect(home.hrefs.filter((href) => !before.includes(href))).toEqual([path])
    const [shown, other] = [home.of(path), home.of(alice.calendar)]
    expect(shown.text(dav('displayname'))).toBe('Birthdays')
    expect(shown.text(ical('calendar-color'))).toMatch(/^#[\dA-F]{8}$/)
    const of = (response: typeof shown, name: string) =>
      elements(response.props.get(name) ?? { ...shown.element }).map((one) => one.name)
    expect(of(shown, dav('resourcetype'))).toEqual([dav('collection'), caldav('calendar')])
    expect(of(shown, caldav('schedule-calendar-transp'))).toEqual([caldav('transparent')])
    expect(shown.props.get(dav('supported-report-set'))).toEqual(other.props.get(dav('supported-report-set')))
    expect(await titlesIn(alice, path)).toEqual(['Jane Doe: birthday (1980)'])
  })

  it('is read only: privileges say so, and whatever writes into it is refused (RFC 3744 §5.4, §7.1.1)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const [href = ''] = (await alice.syncAll(path, '')).changed
    for (const place of [path, href]) {
      const privileges = await privilegesOn(alice, place)
      expect(privileges).toEqual(expect.arrayContaining([dav('read'), dav('write-properties')]))
      expect(privileges).not.toEqual(expect.arrayContaining([dav('write-content')]))
      for (const name of ['all', 'write', 'write-content', 'bind', 'unbind'])
        expect(privileges).not.toContain(dav(name))
    }
    const elsewhere = { headers: { Destination: `${alice.calendar}moved.ics` } }
    const refused = [
      await alice.put(`${path}new.ics`, event('new')),
      await alice.put(href, event('new')),
      await alice.delete(href),
      await alice.request('MOVE', href, elsewhere),
      await alice.request('POST', path, { headers: { 'Content-Type': 'text/calendar' }, body: event('n') }),
      await alice.request('LOCK', href, {
        body: '<d:lockinfo xmlns:d="DAV:"><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>',
      }),
    ]
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    for (const method of ['COPY', 'MOVE']) {
      const into = { headers: { Destination: `${path}e.ics` } }
      refused.push(await alice.request(method, `${alice.calendar}e.ics`, into))
    }
    for (const answer of refused)
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('need-privileges')]])
    expect((await alice.syncAll(path, '')).changed).toEqual([href])
  })

  it('lets its events be copied, and itself: copies are calendars as any other (RFC 4918 §9.8)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const [href = ''] = (await alice.syncAll(path, '')).changed
    const to = (name: string) => ({ headers: { Destination: `${alice.calendars}${name}` } })
    expect((await alice.request('COPY', href, to('calendar/a.ics'))).status).toBe(201)
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toContain('SUMMARY:Jane Doe: birthday (1980)')
    expect((await alice.request('COPY', path, to('mine/'))).status).toBe(201)
    expect((await alice.put(`${alice.calendars}mine/x.ics`, event('x'))).status).toBe(201)
    await putCard(alice, 'b', ['BDAY:1990-03-22'], 'Bob')
    expect(await titlesIn(alice, `${alice.calendars}mine/`)).not.toContain('Bob: birthday (1990)')
  })

  it('can be called, coloured and ordered otherwise by its owner, and renamed, and goes on (MIN-18)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    const set =
      '<d:displayname>Feste</d:displayname><i:calendar-color>#FF0000FF</i:calendar-color><i:calendar-order>7</i:calendar-order>'
    expect((await patch(alice, path, set)).status).toBe(207)
    const moved = `${alice.calendars}feste/`
    expect((await alice.request('MOVE', path, { headers: { Destination: moved } })).status).toBe(201)
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const names = [dav('displayname'), ical('calendar-color'), ical('calendar-order')]
    const shown = (await alice.propfind(moved, 0, names)).of(moved)
    expect(names.map((name) => shown.text(name))).toEqual(['Feste', '#FF0000FF', '7'])
    expect(await titlesIn(alice, moved)).toEqual(['Jane Doe: birthday (1980)'])
    expect(await switchedOn(alice)).toBe(moved)
  })

  it('is switched off by DELETE, leaves nothing in the trash, and comes back with the same URLs and UIDs', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const before = await eventsIn(alice, path)
    expect((await alice.delete(path)).status).toBe(204)
    expect((await alice.propfind(alice.calendars, 1, [dav('displayname')])).hrefs).not.toContain(path)
    await putCard(alice, 'a', ['BDAY:1980-03-22', 'NOTE:x'])
    expect(JSON.parse((await callApi(alice, 'GET', '/birthdays')).text)).toEqual({ birthdays: [] })
    expect(await switchedOn(alice)).toBe(path)
    expect(await eventsIn(alice, path)).toEqual(before)
  })

  it('is no default: the last calendar for events stays (RFC 6638 §4.2)', async () => {
    const alice = await server.account()
    await switchedOn(alice)
    const answer = await alice.delete(alice.calendar)
    expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('default-calendar-needed')]])
  })

  it('answers queries by time and multigets, and takes no time in free-busy (RFC 4791 §7.8–7.10)', async () => {
    const alice = await server.account()
    const path = await switchedOn(alice)
    await putCard(alice, 'a', ['BDAY:1980-01-20'])
    await putCard(alice, 'b', ['BDAY:--07-01'], 'Bob')
    const range =
      '<c:comp-filter name="VEVENT"><c:time-range start="20260118T000000Z" end="20260125T000000Z"/></c:comp-filter>'
    const found = await alice.report(path, calendarQueryBody(range, '<d:getetag/><c:calendar-data/>'))
    expect(found.hrefs).toHaveLength(1)
    expect(found.responses[0]?.text(caldav('calendar-data'))).toContain('Jane Doe')
    const { changed } = await alice.syncAll(path, '')
    const got = await alice.report(path, multigetBody('calendar', changed))
    expect(got.responses.map(({ status }) => status)).toEqual([undefined, undefined])
    const busy = await alice.request('REPORT', path, {
      headers: { Depth: '1' },
      body: '<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="20260118T000000Z" end="20260125T000000Z"/></c:free-busy-query>',
    })
    expect(busy.text).not.toContain('FREEBUSY:')
    expect(busy.text).not.toMatch(/^FREEBUSY;/m)
  })

  it('can be shared for reading, and by an access control list; nobody writes into it (RFC 3744)', async () => {
    const [alice, bob, carl] = [await server.account(), await server.account(), await server.account()]
    const path = await switchedOn(alice)
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    await callApi(alice, 'POST', '/shares', { collection: 'birthdays', with: bob.name, access: 'read-write' })
    const [invite] = JSON.parse((await callApi(bob, 'GET', '/invites')).text).invites
    const accepted = JSON.parse((await callApi(bob, 'POST', `/invites/${invite.id}/accept`)).text)
    const mounted = `${bob.calendars}${accepted.name}/`
    expect(await titlesIn(bob, mounted)).toEqual(['Jane Doe: birthday (1980)'])
    const [href = ''] = (await bob.syncAll(mounted, '')).changed
    for (const name of ['write-content', 'bind', 'unbind'])
      expect(await privilegesOn(bob, mounted)).not.toContain(dav(name))
    for (const answer of [await bob.put(`${mounted}n.ics`, event('n')), await bob.delete(href)])
      expect(answer.status).toBe(403)
    const { token } = await bob.syncAll(mounted, '')
    await putCard(alice, 'b', ['BDAY:1990-03-22'], 'Bob')
    expect((await bob.syncAll(mounted, token)).changed).toHaveLength(1)
    await mustSetAcl(alice, path, [{ who: carl.principal, grant: ['all'] }])
    expect(await titlesIn(carl, path)).toHaveLength(2)
    expect((await carl.delete(href.replace(mounted, path))).status).toBe(403)
  })

  it('is not counted for its owner (RFC 4331)', async () => {
    const alice = await server.account()
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const used = async () =>
      (await alice.propfind(alice.books, 0, [dav('quota-used-bytes')]))
        .of(alice.books)
        .text(dav('quota-used-bytes'))
    const before = await used()
    const path = await switchedOn(alice)
    expect(await titlesIn(alice, path)).toHaveLength(1)
    expect(await used()).toBe(before)
    await alice.delete(path)
    expect(await used()).toBe(before)
  })
})
