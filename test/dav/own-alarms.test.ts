import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { createAppPassword } from '../../src/features/accounts/accounts.ts'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import { useShares } from '../features/shares.ts'
import { collect, rowOf } from '../features/world.ts'
import { calendarQueryBody, createClient, multigetBody, preconditionsOf, syncBody } from './client.ts'
import { facesOf, facesWith } from './faces.ts'
import { event, todo } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer({ limits: { layerBytes: 4_000 } })
const shares = useShares(server)

const times = ['DTSTART:20260115T100000Z', 'DTEND:20260115T110000Z']
const alarm = (text: string) => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  'TRIGGER:-PT15M',
  `DESCRIPTION:${text}`,
  'END:VALARM',
]
/** An event with an alarm of somebody. */
const withAlarm = (uid: string, who: string, extra: readonly string[] = []): string =>
  event(uid, [...times, ...extra, ...alarm(who)])

/** A calendar of one account in the home of another. */
async function shared(access: 'read' | 'read-write' = 'read') {
  const alice = await server.account()
  const bob = await server.account()
  await shares.share(alice.calendar, bob, access)
  const [href = ''] = await shares.accept(bob)
  return { alice, bob, href }
}

/** Where everything stands that moves when something is written. */
async function standing(...accounts: readonly Account[]): Promise<unknown> {
  const rows = await server.services.store.read(({ sql }) =>
    sql.all('SELECT (SELECT max(id) FROM revisions) AS revision, (SELECT sum(change) FROM feeds) AS changes'),
  )
  const tokens = accounts.map(async (account) => (await account.sync(account.calendars, '')).syncToken)
  return [rows, await Promise.all(tokens)]
}

describe('alarms of one’s own on a shared calendar: what the sharee sees', () => {
  it('nobody else’s alarm, nor what was noted on it, by whatever way he asks', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const calendar = `${alice.calendars}any/`
    await alice.request('MKCALENDAR', calendar)
    await shares.share(calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    await alice.put(`${calendar}a.ics`, withAlarm('a', 'ALICES', ['X-MOZ-LASTACK:20260115T094500Z']))
    await alice.put(`${calendar}t.ics`, todo('t', alarm('ALICES')))
    const faces = await facesOf(bob, href)
    expect(facesWith(faces, /ALICES|VALARM|LASTACK/)).toEqual([])
    expect(facesWith(faces, 'Event a')).toContain('GET of all')
    expect((await bob.get(`${href}a.ics`)).text).toBe(event('a', times))
    expect((await bob.get(`${href}t.ics`)).text).toBe(todo('t'))
    const asked = [dav('getcontentlength')]
    const size = (await bob.propfind(href, 1, asked)).of(`${href}a.ics`).text(dav('getcontentlength'))
    expect(size).toBe(String(Buffer.byteLength(event('a', times))))
    expect(facesWith(await facesOf(alice, calendar), 'ALICES')).toContain('multiget')
  })

  it('a filter finds his alarms, and not those of others (RFC 4791 §9.7.1)', async () => {
    const { alice, bob, href } = await shared()
    await alice.put(`${alice.calendar}a.ics`, withAlarm('a', 'alice'))
    await alice.put(`${alice.calendar}b.ics`, event('b', times))
    await bob.put(`${href}b.ics`, withAlarm('b', 'bob'))
    const found = async (account: Account, at: string, inner: string) =>
      (await account.report(at, calendarQueryBody(`<c:comp-filter name="VEVENT">${inner}</c:comp-filter>`)))
        .hrefs
    const any = '<c:comp-filter name="VALARM"/>'
    const range =
      '<c:comp-filter name="VALARM"><c:time-range start="20260115T090000Z" end="20260115T100000Z"/></c:comp-filter>'
    const none = '<c:comp-filter name="VALARM"><c:is-not-defined/></c:comp-filter>'
    expect(await found(bob, href, any)).toEqual([`${href}b.ics`])
    expect(await found(bob, href, range)).toEqual([`${href}b.ics`])
    expect(await found(bob, href, none)).toEqual([`${href}a.ics`])
    expect(await found(alice, alice.calendar, any)).toEqual([`${alice.calendar}a.ics`])
  })

  it('one entity tag for each state of what he sees, by whatever way he asks; the owner’s is not touched', async () => {
    const { alice, bob, href } = await shared()
    await alice.put(`${alice.calendar}a.ics`, event('a', times))
    const path = `${href}a.ics`
    const seen = async () => {
      const data = await bob.report(href, multigetBody('calendar', [path]))
      const etags = [
        (await bob.get(path)).headers.etag,
        (await bob.propfind(href, 1, [dav('getetag')])).of(path).text(dav('getetag')),
        (await bob.propfind(path, 0, [dav('getetag')])).of(path).text(dav('getetag')),
        (await bob.sync(href, '')).of(path).text(dav('getetag')),
        data.of(path).text(dav('getetag')),
        (await bob.report(href, calendarQueryBody('<c:comp-filter name="VEVENT"/>')))
          .of(path)
          .text(dav('getetag')),
      ]
      return [...new Set(etags)]
    }
    const [plain, ...others] = await seen()
    const put = await bob.put(path, withAlarm('a', 'bob'), { 'If-Match': plain ?? '' })
    expect([others, put.status]).toEqual([[], 204])
    expect(await seen()).toEqual([put.headers.etag])
    expect((await bob.get(path, { 'If-None-Match': put.headers.etag ?? '' })).status).toBe(304)
    const late = await bob.put(path, event('a', times), { 'If-Match': plain ?? '' })
    expect([late.status, late.headers.etag]).toEqual([412, put.headers.etag])
    const other = await bob.put(path, event('a', times), { If: `<${path}> (["${'x'}"])` })
    expect(other.status).toBe(412)
    const again = await bob.put(path, event('a', times), {
      If: `(["${(put.headers.etag ?? '').slice(1, -1)}"])`,
    })
    expect([again.status, again.headers.etag]).toEqual([204, plain])
    expect((await alice.get(`${alice.calendar}a.ics`)).headers.etag).toBe(plain)
  })
})

describe('alarms of one’s own on a shared calendar: what the sharee writes', () => {
  it('who may only read sets his alarms, and nothing else', async () => {
    const { alice, bob, href } = await shared('read')
    await alice.put(`${alice.calendar}a.ics`, withAlarm('a', 'alice'))
    const path = `${href}a.ics`
    const refused = await bob.put(path, withAlarm('a', 'bob', ['LOCATION:elsewhere']))
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('need-privileges')]])
    expect((await bob.put(`${href}b.ics`, event('b'))).status).toBe(403)
    const moved = withAlarm('a', 'bob', ['SEQUENCE:3', 'LAST-MODIFIED:20260116T000000Z', 'X-PROGRAM:1'])
    const accepted = await bob.put(path, moved)
    expect([accepted.status, accepted.headers.etag]).toEqual([204, undefined])
    expect((await bob.get(path)).text).toBe(withAlarm('a', 'bob'))
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toBe(withAlarm('a', 'alice'))
    expect((await bob.delete(path)).status).toBe(403)
    const privileges = caldav('supported-calendar-component-set')
    expect((await bob.propfind(href, 0, [privileges])).of(href).props.size).toBe(1)
  })

  it('a change of what is shared keeps the owner’s alarms and those of the others', async () => {
    const { alice, bob, href } = await shared('read-write')
    const carol = await server.account()
    await shares.share(alice.calendar, carol, 'read')
    const [hers = ''] = await shares.accept(carol)
    await alice.put(`${alice.calendar}a.ics`, withAlarm('a', 'alice', ['X-MOZ-LASTACK:20260115T094500Z']))
    await carol.put(`${hers}a.ics`, withAlarm('a', 'carol'))
    const changed = withAlarm('a', 'bob', ['LOCATION:here'])
    const put = await bob.put(`${href}a.ics`, changed)
    expect((await bob.get(`${href}a.ics`)).text).toBe(changed)
    expect(put.headers.etag).toBe((await bob.get(`${href}a.ics`)).headers.etag)
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toBe(
      event('a', [...times, 'LOCATION:here', 'X-MOZ-LASTACK:20260115T094500Z', ...alarm('alice')]),
    )
    expect((await carol.get(`${hers}a.ics`)).text).toBe(withAlarm('a', 'carol', ['LOCATION:here']))
  })

  it('an object that he makes: his alarms are his, all else is everybody’s', async () => {
    const { alice, bob, href } = await shared('read-write')
    const sent = withAlarm('n', 'bob', ['TRANSP:TRANSPARENT'])
    const put = await bob.put(`${href}n.ics`, sent)
    expect([put.status, (await bob.get(`${href}n.ics`)).text]).toEqual([201, sent])
    expect((await alice.get(`${alice.calendar}n.ics`)).text).toBe(
      event('n', [...times, 'TRANSP:TRANSPARENT']),
    )
    expect(put.headers.etag).toBe((await bob.get(`${href}n.ics`)).headers.etag)
    const plain = Buffer.from(`\ufeff${event('p', times)}`)
    expect((await bob.put(`${href}p.ics`, plain)).status).toBe(201)
    expect((await alice.get(`${alice.calendar}p.ics`)).body.equals(plain)).toBe(true)
  })

  it('TRANSP: busy for the owner, free for the sharee', async () => {
    const { alice, bob, href } = await shared('read')
    await alice.put(`${alice.calendar}a.ics`, event('a', [...times, 'TRANSP:OPAQUE', 'LOCATION:here']))
    const free = event('a', [...times, 'TRANSP:TRANSPARENT', 'LOCATION:here'])
    const put = await bob.put(`${href}a.ics`, free)
    expect([put.status, (await bob.get(`${href}a.ics`)).text]).toEqual([204, free])
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toContain('TRANSP:OPAQUE')
    const range = '<c:time-range start="20260115T000000Z" end="20260116T000000Z"/>'
    const body = `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav">${range}</c:free-busy-query>`
    const asked = async (account: Account, at: string) =>
      (await account.request('REPORT', at, { headers: { Depth: '1' }, body })).text.includes('FREEBUSY;')
    expect([await asked(alice, alice.calendar), await asked(bob, href)]).toEqual([true, false])
    await alice.put(`${alice.calendar}a.ics`, free)
    await bob.put(`${href}a.ics`, free.replace('TRANSPARENT', 'OPAQUE'))
    expect([await asked(alice, alice.calendar), await asked(bob, href)]).toEqual([false, true])
  })

  it('what is got and put back changes nothing anywhere', async () => {
    const { alice, bob, href } = await shared('read-write')
    await alice.put(
      `${alice.calendar}a.ics`,
      withAlarm('a', 'alice', ['TRANSP:OPAQUE']).replaceAll('\r\n', '\n'),
    )
    await alice.put(`${alice.calendar}b.ics`, event('b', times))
    await bob.put(`${href}b.ics`, withAlarm('b', 'bob', ['TRANSP:TRANSPARENT']))
    const before = await standing(alice, bob)
    for (const name of ['a', 'b']) {
      const got = await bob.get(`${href}${name}.ics`)
      const put = await bob.put(`${href}${name}.ics`, got.body, { 'If-Match': got.headers.etag ?? '' })
      expect([put.status, put.headers.etag]).toEqual([204, got.headers.etag])
    }
    expect(await standing(alice, bob)).toEqual(before)
  })

  it('not more than a layer may hold, and not with an app password that only reads', async () => {
    const { alice, bob, href } = await shared('read')
    await alice.put(`${alice.calendar}a.ics`, event('a', times))
    const large = withAlarm('a', 'x'.repeat(5_000))
    expect(preconditionsOf(await bob.put(`${href}a.ics`, large))).toEqual([caldav('max-resource-size')])
    const { store } = server.services
    const account = await rowOf(server, bob)
    const { secret } = await store.write((tx) =>
      createAppPassword(tx, account, { label: 'Wall', scope: 'read' }),
    )
    const wall = createClient(server.url, { name: bob.name, password: secret })
    expect((await wall.get(`${href}a.ics`)).text).toBe(event('a', times))
    const refused = await wall.put(`${href}a.ics`, withAlarm('a', 'wall'))
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('need-privileges')]])
    expect((await bob.get(`${href}a.ics`)).text).toBe(event('a', times))
  })
})

describe('RFC 6578 sync of a calendar with alarms of one’s own', () => {
  it('tells the sharee’s other devices, and nobody else', async () => {
    const { alice, bob, href } = await shared('read')
    const carol = await server.account()
    await shares.share(alice.calendar, carol, 'read')
    const [hers = ''] = await shares.accept(carol)
    await alice.put(`${alice.calendar}a.ics`, event('a', times))
    const [of, home] = [await bob.syncAll(href, ''), await bob.sync(bob.calendars, '')]
    const others = [await alice.syncAll(alice.calendar, ''), await carol.syncAll(hers, '')]
    const homes = [await alice.sync(alice.calendars, ''), await carol.sync(carol.calendars, '')]
    await bob.put(`${href}a.ics`, withAlarm('a', 'bob'))
    const next = await bob.syncAll(href, of.token)
    expect([next.changed, next.removed]).toEqual([[`${href}a.ics`], []])
    expect((await bob.sync(bob.calendars, home.syncToken ?? '')).hrefs).toEqual([href])
    const infinite = syncBody(home.syncToken ?? '').replace('level>1<', 'level>infinite<')
    expect((await bob.report(bob.calendars, infinite)).hrefs).toEqual([href, `${href}a.ics`])
    expect((await alice.sync(alice.calendar, others[0]?.token ?? '')).hrefs).toEqual([])
    expect((await carol.sync(hers, others[1]?.token ?? '')).hrefs).toEqual([])
    expect((await alice.sync(alice.calendars, homes[0]?.syncToken ?? '')).hrefs).toEqual([])
    expect((await carol.sync(carol.calendars, homes[1]?.syncToken ?? '')).hrefs).toEqual([])
    await bob.put(`${href}a.ics`, event('a', times))
    expect((await bob.syncAll(href, next.token)).changed).toEqual([`${href}a.ics`])
  })

  it('§3.6 is cut where the client wants, and goes on there: first what is shared, then what is his', async () => {
    const { alice, bob, href } = await shared('read-write')
    const names = Array.from({ length: 7 }, (_, at) => `e${at}`)
    for (const name of names) await alice.put(`${alice.calendar}${name}.ics`, event(name, times))
    const first = await bob.syncAll(href, '', 2)
    expect(first.changed).toHaveLength(7)
    for (const name of names.slice(0, 5)) await bob.put(`${href}${name}.ics`, withAlarm(name, 'bob'))
    await alice.put(`${alice.calendar}e5.ics`, event('e5', [...times, 'LOCATION:new']))
    await alice.put(`${alice.calendar}e0.ics`, event('e0', [...times, 'LOCATION:new']))
    await alice.delete(`${alice.calendar}e1.ics`)
    for (const limit of [1, 2, 3, 100]) {
      const { changed, removed, token } = await bob.syncAll(href, first.token, limit)
      expect([...new Set(changed)]).toEqual(
        ['e5', 'e0', 'e2', 'e3', 'e4'].map((name) => `${href}${name}.ics`),
      )
      expect([removed, (await bob.sync(href, token)).hrefs]).toEqual([[`${href}e1.ics`], []])
    }
  })
})

describe('alarms of one’s own and what becomes of the object', () => {
  it('they come back with an object that is restored, and are gone with one that is made anew', async () => {
    const { alice, bob, href } = await shared('read')
    await alice.put(`${alice.calendar}a.ics`, event('a', times))
    await bob.put(`${href}a.ics`, withAlarm('a', 'bob'))
    await alice.delete(`${alice.calendar}a.ics`)
    expect((await bob.get(`${href}a.ics`)).status).toBe(404)
    const { services } = server
    const account = await rowOf(server, alice)
    const [entry] = await collect(listTrashEntries(services.store, account))
    await services.store.write((tx) => restoreFromTrash(tx, account, entry?.id ?? '', services))
    expect((await bob.get(`${href}a.ics`)).text).toBe(withAlarm('a', 'bob'))
    await alice.delete(`${alice.calendar}a.ics`)
    await alice.put(`${alice.calendar}a.ics`, event('a', times))
    expect((await bob.get(`${href}a.ics`)).text).toBe(event('a', times))
  })

  it('RFC 4918 §9.8, §9.9: what goes into a calendar of his own is what he sees, with his alarms', async () => {
    const { alice, bob, href } = await shared('read-write')
    for (const name of ['a', 'b']) {
      await alice.put(`${alice.calendar}${name}.ics`, withAlarm(name, 'alice'))
      await bob.put(`${href}${name}.ics`, withAlarm(name, 'bob'))
    }
    const to = (name: string) => ({ Destination: `${bob.calendar}${name}.ics` })
    expect((await bob.request('COPY', `${href}a.ics`, { headers: to('a') })).status).toBe(201)
    expect((await bob.request('MOVE', `${href}b.ics`, { headers: to('b') })).status).toBe(201)
    for (const name of ['a', 'b'])
      expect((await bob.get(`${bob.calendar}${name}.ics`)).text).toBe(withAlarm(name, 'bob'))
    expect((await alice.get(`${alice.calendar}a.ics`)).text).toBe(withAlarm('a', 'alice'))
    expect((await alice.get(`${alice.calendar}b.ics`)).status).toBe(404)
    const back = { Destination: `${href}c.ics` }
    expect((await bob.request('MOVE', `${bob.calendar}b.ics`, { headers: back })).status).toBe(201)
    expect((await bob.get(`${href}c.ics`)).text).toBe(withAlarm('b', 'bob'))
    expect((await alice.get(`${alice.calendar}c.ics`)).text).toBe(event('b', times))
    const renamed = { Destination: `${href}d.ics` }
    expect((await bob.request('MOVE', `${href}c.ics`, { headers: renamed })).status).toBe(201)
    expect((await bob.get(`${href}d.ics`)).text).toBe(withAlarm('b', 'bob'))
  })

  it('a copy of the whole calendar is what he sees of it', async () => {
    const { alice, bob, href } = await shared('read')
    await alice.put(`${alice.calendar}a.ics`, withAlarm('a', 'ALICES'))
    await alice.put(`${alice.calendar}b.ics`, event('b', times))
    await bob.put(`${href}b.ics`, withAlarm('b', 'bob'))
    const headers = { Destination: `${bob.calendars}copy/` }
    expect((await bob.request('COPY', href, { headers })).status).toBe(201)
    expect((await bob.get(`${bob.calendars}copy/a.ics`)).text).toBe(event('a', times))
    expect((await bob.get(`${bob.calendars}copy/b.ics`)).text).toBe(withAlarm('b', 'bob'))
  })

  it('they go along with an object that its owner moves to another calendar that both have', async () => {
    const { alice, bob, href } = await shared('read')
    const other = `${alice.calendars}other/`
    await alice.request('MKCALENDAR', other)
    await shares.share(other, bob, 'read')
    const there = (await shares.accept(bob)).find((path) => path !== href) ?? ''
    await alice.put(`${alice.calendar}a.ics`, withAlarm('a', 'alice'))
    await bob.put(`${href}a.ics`, withAlarm('a', 'bob'))
    const { token } = await bob.syncAll(there, '')
    const headers = { Destination: `${other}a.ics` }
    expect((await alice.request('MOVE', `${alice.calendar}a.ics`, { headers })).status).toBe(201)
    expect((await bob.syncAll(there, token)).changed).toEqual([`${there}a.ics`])
    expect((await bob.get(`${there}a.ics`)).text).toBe(withAlarm('a', 'bob'))
    expect((await alice.get(`${other}a.ics`)).text).toBe(withAlarm('a', 'alice'))
  })
})
