import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { useShares } from '../features/shares.ts'
import { privilegesOf } from './acls.ts'
import { calendarQueryBody, multigetBody, preconditionsOf } from './client.ts'
import { facesOf, facesWith } from './faces.ts'
import { lockBody } from './locking.ts'
import { event, todo } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer()
const shares = useShares(server)

const times = ['DTSTART:20260115T100000Z', 'DTEND:20260115T110000Z']
const free = [...times, 'TRANSP:TRANSPARENT']
const text = (extra: string): string[] => [...times, `DESCRIPTION:${extra}`]

/** A calendar that takes everything, of one account, as blocks of time in the home of another. */
async function shared() {
  const alice = await server.account()
  const bob = await server.account()
  const calendar = `${alice.calendars}all/`
  await alice.request('MKCALENDAR', calendar)
  await shares.share(calendar, bob, 'free-busy')
  const [href = ''] = await shares.accept(bob)
  const put = (name: string, body: string) => alice.put(`${calendar}${name}.ics`, body)
  return { alice, bob, calendar, href, put }
}

/** The members of a calendar with their entity tags. */
async function listing(account: Account, href: string): Promise<Map<string, string | undefined>> {
  const { responses } = await account.propfind(href, 1, [dav('getetag')])
  return new Map(
    responses.filter((one) => one.href !== href).map((one) => [one.href, one.text(dav('getetag'))]),
  )
}

describe('RFC 4791 §6.1.1 a calendar of which somebody sees when its owner is busy', () => {
  it('shows blocks of time and nothing else, by whatever way he asks', async () => {
    const { alice, bob, calendar, href, put } = await shared()
    const secrets = [
      'SUMMARY;X-P=marker:marker',
      'LOCATION:marker',
      'X-MARKER:marker',
      'CLASS:PRIVATE',
      'CATEGORIES:marker',
      'ATTENDEE;CN=marker:mailto:marker@example.org',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'TRIGGER:-PT5M',
      'DESCRIPTION:marker',
      'END:VALARM',
    ]
    await put('marker', event('marker', [...times, ...secrets]).replaceAll('Event marker', 'marker'))
    await put('free', event('free-marker', free).replaceAll('Event', 'marker'))
    await put('task', todo('task-marker', ['SUMMARY:marker', 'DUE:20260115T100000Z']))
    const set = (props: string) =>
      `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop>${props}</d:prop></d:set></d:propertyupdate>`
    const dead = '<m:marker xmlns:m="urn:marker">marker</m:marker>'
    await alice.request('PROPPATCH', `${calendar}marker.ics`, { body: set(dead) })
    const described =
      '<c:calendar-description xmlns:c="urn:ietf:params:xml:ns:caldav">marker</c:calendar-description>'
    await alice.request('PROPPATCH', calendar, { body: set(dead + described) })
    const headers = { Depth: 'infinity', Timeout: 'Second-600' }
    await alice.request('LOCK', calendar, { headers, body: lockBody({ owner: 'marker' }) })
    const faces = await facesOf(bob, href)
    expect(facesWith(faces, /marker/i)).toEqual([])
    expect(facesWith(faces, 'SUMMARY:Busy')).toContain('multiget')
    const [block = ''] = (await listing(bob, href)).keys()
    const got = await bob.get(block)
    expect(got.text.split('\r\n').filter((line) => !line.startsWith('UID:'))).toEqual([
      ...[
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//Farley//EN',
        'BEGIN:VEVENT',
        'DTSTAMP:20000101T000000Z',
      ],
      ...[...times, 'SUMMARY:Busy', 'TRANSP:OPAQUE', 'END:VEVENT', 'END:VCALENDAR', ''],
    ])
    expect((await listing(bob, href)).size).toBe(1)
    expect(facesWith(await facesOf(alice, calendar), 'marker')).toContain('PROPFIND of all properties')
  })

  it('is found by what is shown, and by nothing else (§9.7)', async () => {
    const { bob, href, put } = await shared()
    await put('a', event('secret', [...text('secret'), 'CATEGORIES:secret']))
    await put('b', event('free', free))
    await put('t', todo('task'))
    const found = async (inner: string): Promise<number> =>
      (await bob.report(href, calendarQueryBody(inner))).hrefs.length
    const prop = (name: string, condition: string) =>
      `<c:comp-filter name="VEVENT"><c:prop-filter name="${name}">${condition}</c:prop-filter></c:comp-filter>`
    const match = (value: string) => `<c:text-match>${value}</c:text-match>`
    const range = (start: string, end: string) =>
      `<c:comp-filter name="VEVENT"><c:time-range start="${start}" end="${end}"/></c:comp-filter>`
    for (const name of ['SUMMARY', 'DESCRIPTION', 'CATEGORIES', 'UID'])
      expect([name, await found(prop(name, match('secret')))]).toEqual([name, 0])
    expect(await found(prop('DESCRIPTION', '<c:is-not-defined/>'))).toBe(1)
    expect(await found(prop('SUMMARY', match('busy')))).toBe(1)
    expect(await found('<c:comp-filter name="VEVENT"/>')).toBe(1)
    expect(await found('<c:comp-filter name="VTODO"/>')).toBe(0)
    expect(await found('<c:comp-filter name="VTODO"><c:is-not-defined/></c:comp-filter>')).toBe(1)
    expect(await found(range('20260115T000000Z', '20260116T000000Z'))).toBe(1)
    expect(await found(range('20260116T000000Z', '20260117T000000Z'))).toBe(0)
  })

  it('lets nothing be changed, and says so (MIN-19)', async () => {
    const { bob, href, put } = await shared()
    await put('a', event('a', times))
    const [block = ''] = (await listing(bob, href)).keys()
    const privileges = await privilegesOf(bob, href)
    expect(privileges.sort()).toEqual(['read', 'read-current-user-privilege-set', 'read-free-busy'])
    const set =
      '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><m:x xmlns:m="urn:m">1</m:x></d:prop></d:set></d:propertyupdate>'
    const answers = [
      await bob.put(block, (await bob.get(block)).body),
      await bob.put(`${href}new.ics`, event('new')),
      await bob.delete(block),
      await bob.request('PROPPATCH', block, { body: set }),
      await bob.request('POST', href, { headers: { 'Content-Type': 'text/calendar' }, body: event('new') }),
      await bob.request('MOVE', block, { headers: { Destination: `${bob.calendar}a.ics` } }),
      await bob.request('LOCK', block, { body: lockBody() }),
    ]
    for (const answer of answers)
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('need-privileges')]])
    const listed = await bob.propfind(href, 0, [caldav('supported-calendar-component-set')])
    expect(listed.text.match(/name="\w+"/g)).toEqual(['name="VEVENT"'])
  })

  it('a copy of a block is an event that says no more (RFC 4918 §9.8)', async () => {
    const { bob, href, put } = await shared()
    await put('a', event('a', text('secret')))
    await put('b', event('b', free))
    const [block = ''] = (await listing(bob, href)).keys()
    const copied = { headers: { Destination: `${bob.calendar}copy.ics` } }
    expect((await bob.request('COPY', block, copied)).status).toBe(201)
    expect((await bob.get(`${bob.calendar}copy.ics`)).text).toBe((await bob.get(block)).text)
    const whole = { headers: { Destination: `${bob.calendars}copy/` } }
    expect((await bob.request('COPY', href, whole)).status).toBe(201)
    const faces = await facesOf(bob, `${bob.calendars}copy/`)
    expect([facesWith(faces, 'secret'), (await listing(bob, `${bob.calendars}copy/`)).size]).toEqual([[], 1])
  })

  it('names tell nothing: others for everybody, the same each time, and none but these are there', async () => {
    const { alice, bob, calendar, href, put } = await shared()
    const carol = await server.account()
    await shares.share(calendar, carol, 'free-busy')
    const [hers = ''] = await shares.accept(carol)
    await put('a', event('a', times))
    await put('b', event('b', times))
    const [bobs, carols] = [[...(await listing(bob, href)).keys()], [...(await listing(carol, hers)).keys()]]
    const names = [
      ...bobs.map((path) => path.slice(href.length)),
      ...carols.map((path) => path.slice(hers.length)),
    ]
    expect(new Set(names).size).toBe(4)
    for (const name of names) expect(name).toMatch(/^[\w-]{86}\.ics$/)
    expect([...(await listing(bob, href)).keys()]).toEqual(bobs)
    const others = [
      `${href}a.ics`,
      ...carols.map((path) => href + path.slice(hers.length)),
      `${href}${'A'.repeat(86)}.ics`,
    ]
    for (const path of others) expect([path, (await bob.get(path)).status]).toEqual([path, 404])
    const asked = await bob.report(href, multigetBody('calendar', [...others, ...bobs]))
    expect(asked.responses.map(({ status }) => status)).toEqual([
      ...others.map(() => 404),
      undefined,
      undefined,
    ])
    const uids = await Promise.all(
      bobs.map(async (path) => /UID:(\S+)/.exec((await bob.get(path)).text)?.[1]),
    )
    expect(new Set([...uids, 'a', 'b']).size).toBe(4)
    expect((await alice.get(`${calendar}a.ics`)).status).toBe(200)
  })

  it('free-busy-query tells the same (§7.10)', async () => {
    const { bob, href, put } = await shared()
    await put('a', event('a', [...text('secret'), 'STATUS:TENTATIVE']))
    const body =
      '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range start="20260115T000000Z" end="20260116T000000Z"/></C:free-busy-query>'
    const answer = await bob.request('REPORT', href, { headers: { Depth: '1' }, body })
    expect(answer.text).toContain('FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260115T100000Z/20260115T110000Z')
    expect(answer.text).not.toContain('secret')
  })
})

describe('RFC 6578 sync of blocks of time', () => {
  const sync = async (bob: Account, href: string, token: string, limit?: number) => {
    const { changed, removed, token: next } = await bob.syncAll(href, token, limit)
    return { changed, removed, next }
  }

  it('at first only what is there, however it is cut', async () => {
    const { alice, bob, calendar, href, put } = await shared()
    for (const name of ['a', 'b', 'c']) {
      await put(name, event(name, times))
      await put(`${name}-free`, event(`${name}-free`, free))
      await put(`${name}-task`, todo(`${name}-task`))
    }
    await alice.delete(`${calendar}a-free.ics`)
    const blocks = [...(await listing(bob, href)).keys()].sort()
    for (const limit of [undefined, 1, 2, 4]) {
      const { changed, removed } = await sync(bob, href, '', limit)
      expect([changed.sort(), removed]).toEqual([blocks, []])
    }
  })

  it('tells of times that change, of what takes no time any more, and of nothing else', async () => {
    const { alice, bob, calendar, href, put } = await shared()
    for (const name of ['text', 'time', 'freed', 'gone']) await put(name, event(name, text('before')))
    await put('was-free', event('was-free', free))
    await put('still-free', event('still-free', free))
    await put('task', todo('task'))
    const before = await listing(bob, href)
    const { next } = await sync(bob, href, '')
    const step = async (change: () => Promise<unknown>, token: string) => {
      await change()
      return sync(bob, href, token)
    }
    const silent = async () => {
      await put('text', event('text', [...text('after'), 'SUMMARY:after']))
      await put('text', event('text', text('again')))
      await put('still-free', event('still-free', [...free, 'SUMMARY:x']))
      await put('task', todo('task', ['SUMMARY:x']))
      await alice.delete(`${calendar}still-free.ics`)
    }
    const first = await step(silent, next)
    expect([first.changed, first.removed]).toEqual([[], []])
    expect(await listing(bob, href)).toEqual(before)
    const timed = await step(
      () => put('time', event('time', ['DTSTART:20260115T100000Z', 'DTEND:20260115T120000Z'])),
      first.next,
    )
    expect([timed.changed.length, timed.removed]).toEqual([1, []])
    const freed = await step(() => put('freed', event('freed', free)), timed.next)
    expect([freed.changed, freed.removed.length]).toEqual([[], 1])
    const gone = await step(() => alice.delete(`${calendar}gone.ics`), freed.next)
    expect([gone.changed, gone.removed.length]).toEqual([[], 1])
    const busy = await step(() => put('was-free', event('was-free', times)), gone.next)
    expect([busy.changed.length, busy.removed]).toEqual([1, []])
    const back = await step(() => put('gone', event('gone-again', times)), busy.next)
    expect([back.changed, back.removed]).toEqual([gone.removed, []])
    const all = await sync(bob, href, next)
    expect([all.changed.sort(), all.removed]).toEqual([
      [...timed.changed, ...busy.changed, ...back.changed].sort(),
      freed.removed,
    ])
    expect([...(await listing(bob, href)).keys()].sort()).toEqual(
      [...before.keys(), ...busy.changed].filter((path) => !freed.removed.includes(path)).sort(),
    )
  })

  it('what changed and changed back in between is told, since somebody may have looked', async () => {
    const { bob, href, put } = await shared()
    await put('a', event('a', times))
    const { next } = await sync(bob, href, '')
    await put('a', event('a', free))
    await put('a', event('a', times))
    expect((await sync(bob, href, next)).changed).toHaveLength(1)
  })

  it('a time that changed before an answer was cut is told after it (§3.6)', async () => {
    const { bob, href, put } = await shared()
    const later = ['DTSTART:20260115T120000Z', 'DTEND:20260115T130000Z']
    for (const name of ['a', 'b']) await put(name, event(name, times))
    const { next } = await sync(bob, href, '')
    for (const name of ['a', 'b']) await put(name, event(name, later))
    await put('a', event('a', [...later, 'LOCATION:here']))
    expect((await sync(bob, href, next, 1)).changed).toHaveLength(2)
  })
})
