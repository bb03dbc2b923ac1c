import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav, ical } from '../../protocol/dav/names.ts'
import { useShares } from '../features/shares.ts'
import { card, event } from './objects.ts'
import { fixture, hrefsIn, multistatus, namesIn, privilegesIn } from './replays/exchange.ts'
import { useServer } from './server.ts'
import { postReply } from './sharing.ts'

const server = useServer()
const shares = useShares(server)

/** What is shared, as clients see it that know nothing of sharing: one of the collections of the only home. */
describe('a shared calendar in the home of a sharee', () => {
  it('has a name that says whose it is, an owner and privileges, for DAVx⁵ (DVX-13)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await shares.share(alice.calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const headers = {
      'Content-Type': 'application/xml; charset=utf-8',
      Depth: '1',
      'User-Agent': 'DAVx5/4.5-ose',
    }
    const home = await multistatus(
      bob,
      'PROPFIND',
      bob.calendars,
      headers,
      fixture('davx5/calendar-home.xml'),
    )
    const seen = home.of(href)
    expect(seen.text(dav('displayname'))).toBe(`Calendar (${alice.name})`)
    expect(hrefsIn(seen.props.get(dav('owner')))).toEqual([alice.principal])
    expect(namesIn(seen.props.get(dav('resourcetype')))).toContain(caldav('calendar'))
    const privileges = privilegesIn(seen.props.get(dav('current-user-privilege-set')))
    expect(privileges).toEqual(expect.arrayContaining(['read', 'read-current-user-privilege-set']))
    for (const name of ['write', 'write-content', 'write-properties', 'bind', 'unbind', 'all'])
      expect(privileges).not.toContain(name)
    const state = await multistatus(bob, 'REPORT', href, headers, fixture('davx5/sync.xml', { T: '' }))
    expect(state.hrefs).toEqual([`${href}a.ics`])
  })

  it('is written at, and coloured and renamed by PROPPATCH, for Thunderbird', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read-write')
    const [href = ''] = await shares.accept(bob)
    const headers = {
      'Content-Type': 'text/xml; charset=utf-8',
      Depth: '1',
      'User-Agent': 'Thunderbird/128.0',
    }
    const home = await multistatus(
      bob,
      'PROPFIND',
      bob.calendars,
      headers,
      fixture('thunderbird/calendar-home.xml'),
    )
    expect(privilegesIn(home.of(href).props.get(dav('current-user-privilege-set')))).toContain('write')
    expect((await bob.put(`${href}b.ics`, event('b'), { 'If-None-Match': '*' })).status).toBe(201)
    const color = ical('calendar-color')
    const owners = (await alice.propfind(alice.calendar, 0, [color])).of(alice.calendar).text(color)
    await bob.request('PROPPATCH', href, {
      body: '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><c:calendar-color xmlns:c="http://apple.com/ns/ical/">#FF0000FF</c:calendar-color></d:prop></d:set></d:propertyupdate>',
    })
    expect((await bob.propfind(href, 0, [color])).of(href).text(color)).toBe('#FF0000FF')
    expect((await alice.propfind(alice.calendar, 0, [color])).of(alice.calendar).text(color)).toBe(owners)
  })

  it('is no default calendar: the sharee’s own stays', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read-write')
    const [href = ''] = await shares.accept(bob)
    expect((await bob.propfind(bob.calendars, 1, [dav('owner')])).hrefs).toEqual([
      bob.calendars,
      bob.calendar,
      bob.tasks,
      href,
    ])
    // What is shared does not stand in for the last one of his own.
    expect((await bob.delete(bob.calendar)).status).toBe(403)
  })

  it('is a book for Evolution', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await shares.share(alice.contacts, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const headers = {
      'Content-Type': 'application/xml; charset="utf-8"',
      Depth: '1',
      'User-Agent': 'Evolution/3.52.3',
    }
    const home = await multistatus(bob, 'PROPFIND', bob.books, headers, fixture('evolution/home.xml'))
    const seen = home.of(href)
    expect(namesIn(seen.props.get(dav('resourcetype')))).toContain(carddav('addressbook'))
    expect(seen.text(dav('displayname'))).toBe(`Contacts (${alice.name})`)
    expect((await bob.put(`${href}b.vcf`, card('b'))).status).toBe(403)
    expect((await bob.get(`${href}a.vcf`)).text).toBe(card('a'))
  })
})

describe('what happens at the same time', () => {
  it('taking back while the sharee syncs: he has it whole, or not at all', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    for (let n = 0; n < 20; n += 1) await alice.put(`${alice.calendar}${n}.ics`, event(`e${n}`))
    for (let round = 0; round < 5; round += 1) {
      await shares.share(alice.calendar, bob, 'read-write')
      const [href = ''] = await shares.accept(bob)
      const { syncToken = '' } = await bob.sync(bob.calendars, '')
      const syncs = Array.from({ length: 6 }, () =>
        bob.request('REPORT', href, {
          headers: { 'Content-Type': 'application/xml', Depth: '1' },
          body: '<d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>',
        }),
      )
      const [answers] = await Promise.all([Promise.all(syncs), shares.unshare(alice.calendar, bob)])
      for (const { status, text } of answers) {
        expect([207, 404]).toContain(status)
        if (status === 207) expect(text.match(/<d:response>/g)).toHaveLength(20)
      }
      expect((await bob.get(href)).status).toBe(404)
      expect((await bob.put(`${href}late.ics`, event('late'))).status).toBe(409)
      expect((await bob.sync(bob.calendars, syncToken)).of(href).status).toBe(404)
    }
  })

  it('accepting what is taken back: who has seen it hears that it is gone', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const replica = new Set<string>()
    let token = (await bob.sync(bob.calendars, '')).syncToken ?? ''
    const pull = async () => {
      const answer = await bob.sync(bob.calendars, token)
      token = answer.syncToken ?? ''
      for (const { href, status } of answer.responses) {
        if (status === 404) replica.delete(href)
        else replica.add(href)
      }
    }
    for (let round = 0; round < 8; round += 1) {
      await shares.share(alice.calendar, bob, 'read')
      const uid = (await shares.mounts(bob))[0]?.mount.inviteUid ?? ''
      const accepted = postReply(bob, bob.calendars, uid, 'accepted')
      const [answer] = await Promise.all([accepted, pull(), shares.unshare(alice.calendar, bob)])
      expect([200, 403, 409]).toContain(answer.status)
      await pull()
      expect([...replica]).toEqual([])
    }
  })

  it('accepting at the name of a calendar that is being made: each has its own', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [alice, bob] = [await server.account(), await server.account()]
      await shares.share(alice.calendar, bob, 'read')
      const wanted = `${bob.calendars}${alice.segment}-calendar/`
      const [[mounted = ''], made] = await Promise.all([
        shares.accept(bob),
        bob.request('MKCALENDAR', wanted),
      ])
      expect(made.status).toBe(mounted === wanted ? 403 : 201)
      const { hrefs } = await bob.propfind(bob.calendars, 1, [dav('owner')])
      expect(hrefs).toEqual(expect.arrayContaining([wanted, mounted]))
      expect(new Set(hrefs).size).toBe(hrefs.length)
    }
  })

  it('sharing with a group while somebody joins it: nobody is forgotten', async () => {
    const alice = await server.account()
    const people = await Promise.all(Array.from({ length: 4 }, () => server.account()))
    const group = await shares.group()
    await Promise.all([
      ...people.map((person) => shares.join(group, person)),
      shares.share(alice.calendar, group, 'read'),
      shares.share(alice.tasks, group, 'read'),
    ])
    for (const person of people) expect(await shares.mounts(person)).toHaveLength(2)
    await Promise.all([
      ...people.map((person) => shares.leave(group, person)),
      shares.share(alice.calendar, group, 'read-write'),
    ])
    for (const person of people) expect(await shares.mounts(person)).toEqual([])
  })

  it('two invitations to one home get two names', async () => {
    const bob = await server.account()
    const owners = await Promise.all(Array.from({ length: 3 }, () => server.account()))
    await Promise.all(
      owners.flatMap((owner) => [owner.calendar, owner.tasks].map((path) => shares.share(path, bob, 'read'))),
    )
    const paths = await shares.accept(bob)
    expect(new Set(paths).size).toBe(6)
  })
})
