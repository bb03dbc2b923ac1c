import { describe, expect, it } from 'vitest'
import { caldav, cs, dav, ical } from '../../protocol/dav/names.ts'
import { child, elements, textOf } from '../../protocol/dav/xml-read.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { findCollection } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { acceptMount, createMount } from '../../storage/mount-writes.ts'
import { listMountsOf } from '../../storage/mounts.ts'
import { setShare } from '../../storage/shares.ts'
import { useFolder } from '../features/folder.ts'
import { importAll, inShort, rowOf } from '../features/world.ts'
import { usePublisher } from '../publisher.ts'
import { mustSetAcl } from './acls.ts'
import { type Answer, preconditionsOf, type ResponseElement } from './client.ts'
import { event, todo } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer({ subscriptions: { privateNetworks: '127.0.0.0/8' } })
const publisher = usePublisher()

const namespaces =
  'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:i="http://apple.com/ns/ical/" xmlns:cs="http://calendarserver.org/ns/"'
const mkcalendar = (account: Account, path: string, props: string): Promise<Answer> =>
  account.request('MKCALENDAR', path, {
    body: `<c:mkcalendar ${namespaces}><d:set><d:prop>${props}</d:prop></d:set></c:mkcalendar>`,
  })
const mkcol = (account: Account, path: string, props: string): Promise<Answer> =>
  account.request('MKCOL', path, {
    body: `<d:mkcol ${namespaces}><d:set><d:prop>${props}</d:prop></d:set></d:mkcol>`,
  })
const patch = (account: Account, path: string, set: string, remove = ''): Promise<Answer> =>
  account.request('PROPPATCH', path, {
    body: `<d:propertyupdate ${namespaces}>${set && `<d:set><d:prop>${set}</d:prop></d:set>`}${remove && `<d:remove><d:prop>${remove}</d:prop></d:remove>`}</d:propertyupdate>`,
  })

const typeOf = (types: string): string => `<d:resourcetype><d:collection/>${types}</d:resourcetype>`
const sourceOf = (url: string): string => `<cs:source><d:href>${url}</d:href></cs:source>`
const never = new AbortController().signal

/** Does what is due, as the server does by itself. */
async function doJobs(): Promise<void> {
  while (await runNextJob(server.services, jobs, never)) {}
}

let names = 0

/** A subscription as macOS makes one since 10.9, fetched. */
async function subscribed(account: Account, body = event('a'), more = ''): Promise<string> {
  const path = `${account.calendars}${(names += 1)}/`
  const source = sourceOf(publisher.publish(`/${names}.ics`, body))
  const made = await mkcalendar(account, path, typeOf('<cs:subscribed/>') + source + more)
  expect([made.status, made.text]).toEqual([201, ''])
  await doJobs()
  return path
}

const show = async (account: Account, path: string, all: readonly string[]): Promise<ResponseElement> =>
  (await account.propfind(path, 0, all)).of(path)
const childNames = (response: ResponseElement, name: string): string[] => {
  const found = response.props.get(name)
  return found ? elements(found).map((one) => one.name) : []
}

async function hrefOf(account: Account, path: string): Promise<string | undefined> {
  const found = (await show(account, path, [cs('source')])).props.get(cs('source'))
  const href = found && child(found, dav('href'))
  return href && textOf(href)
}

async function privilegesOn(account: Account, path: string): Promise<string[]> {
  const name = dav('current-user-privilege-set')
  const found = (await show(account, path, [name])).props.get(name)
  return found ? elements(found).flatMap((privilege) => elements(privilege).map((one) => one.name)) : []
}

describe('CS:source: calendars that follow what somebody else publishes', () => {
  it('are made by MKCALENDAR with CS:subscribed, as macOS does since 10.9, and fetched', async () => {
    const alice = await server.account()
    const more = `<d:displayname>Team</d:displayname><i:calendar-color>#1BADF8FF</i:calendar-color><i:refreshrate>P1D</i:refreshrate><cs:subscribed-strip-alarms/><cs:subscribed-strip-todos/>`
    const path = await subscribed(alice, event('a'), more)
    const wanted = [
      dav('resourcetype'),
      dav('displayname'),
      ical('calendar-color'),
      ical('refreshrate'),
      cs('subscribed-strip-alarms'),
      cs('subscribed-strip-todos'),
      cs('subscribed-strip-attachments'),
      caldav('supported-calendar-component-set'),
      caldav('schedule-calendar-transp'),
    ]
    // As Apple lists a home (SEQ-02): what the home does not have is missing, not wrong.
    const shown = (await alice.propfind(alice.calendars, 1, [...wanted, cs('source')])).of(path)
    expect(childNames(shown, dav('resourcetype'))).toEqual([
      dav('collection'),
      caldav('calendar'),
      cs('subscribed'),
    ])
    expect(wanted.slice(1, 4).map((name) => shown.text(name))).toEqual(['Team', '#1BADF8FF', 'P1D'])
    expect([shown.text(wanted[4] ?? ''), shown.text(wanted[5] ?? '')]).toEqual(['', ''])
    expect(shown.namesWith(404)).toEqual([cs('subscribed-strip-attachments')])
    expect(childNames(shown, caldav('schedule-calendar-transp'))).toEqual([caldav('transparent')])
    expect(await hrefOf(alice, path)).toBe(`${publisher.url}/${names}.ics`)
    expect((await alice.sync(path, '')).hrefs).toHaveLength(1)
  })

  it('are made by extended MKCOL with CS:subscribed, as it did before (RFC 5689 §3)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}old/`
    const source = sourceOf(`webcal://127.0.0.1:${publisher.port}/old.ics`)
    publisher.publish('/old.ics', event('a'))
    expect((await mkcol(alice, path, typeOf('<cs:subscribed/>') + source)).status).toBe(201)
    await doJobs()
    expect((await alice.sync(path, '')).hrefs).toHaveLength(1)
    expect(await hrefOf(alice, path)).toBe(`webcal://127.0.0.1:${publisher.port}/old.ics`)
  })

  it('are plain calendars to all where only CALDAV:calendar is asked for (DVX-15)', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}plain/`
    const source = sourceOf(publisher.publish('/plain.ics', event('a')))
    expect((await mkcalendar(alice, path, source)).status).toBe(201)
    const shown = await show(alice, path, [dav('resourcetype')])
    expect(childNames(shown, dav('resourcetype'))).toEqual([dav('collection'), caldav('calendar')])
    await doJobs()
    expect((await alice.sync(path, '')).hrefs).toHaveLength(1)
  })

  it('need an address that can be one', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}none/`
    const without = await mkcalendar(alice, path, typeOf('<cs:subscribed/>'))
    expect([without.status, ...preconditionsOf(without)]).toEqual([403, dav('valid-resourcetype')])
    for (const address of [
      '',
      'file:///etc/passwd',
      '/relative.ics',
      `http://example.org/${'a'.repeat(2_000)}`,
    ]) {
      const answer = await mkcalendar(alice, path, typeOf('<cs:subscribed/>') + sourceOf(address))
      expect([answer.status, answer.text.includes('403 Forbidden')], address).toEqual([424, true])
    }
    expect((await alice.get(path)).status).toBe(404)
  })
})

describe('RFC 3744 §5.5 privileges on a calendar that follows a source', () => {
  it('are those to read it and to change its properties, also for its owner', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    const [member = ''] = (await alice.sync(path, '')).hrefs
    for (const where of [path, member]) {
      const privileges = await privilegesOn(alice, where)
      expect(privileges).toEqual(expect.arrayContaining([dav('read'), dav('write-properties')]))
      for (const name of ['all', 'write', 'write-content', 'bind', 'unbind']) {
        expect(privileges).not.toContain(dav(name))
      }
    }
  })

  it('so nothing is put, deleted, moved, copied or made there, and the 403 says why (DVX-13)', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    await alice.put(`${alice.calendar}own.ics`, event('own'))
    const token = (await alice.sync(path, '')).syncToken
    const [member = ''] = (await alice.sync(path, '')).hrefs
    const to = (href: string) => ({ headers: { Destination: server.url + href, Overwrite: 'T' } })
    const answers = [
      await alice.put(`${path}new.ics`, event('new')),
      await alice.put(member, event('a', ['DTSTART:20260101T000000Z'])),
      await alice.delete(member),
      await alice.request('MOVE', member, to(`${alice.calendar}moved.ics`)),
      await alice.request('MOVE', `${alice.calendar}own.ics`, to(`${path}own.ics`)),
      await alice.request('COPY', `${alice.calendar}own.ics`, to(`${path}own.ics`)),
      await alice.request('COPY', `${alice.calendar}own.ics`, to(member)),
    ]
    for (const answer of answers) {
      expect([answer.status, ...preconditionsOf(answer)]).toEqual([403, dav('need-privileges')])
    }
    expect((await alice.sync(path, token ?? '')).hrefs).toEqual([])
    expect((await alice.get(`${alice.calendar}own.ics`)).status).toBe(200)
  })

  it('an event is copied out of it, and the whole of it into a calendar of one’s own', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    const [member = ''] = (await alice.sync(path, '')).hrefs
    const to = (href: string) => ({ headers: { Destination: server.url + href } })
    expect((await alice.request('COPY', member, to(`${alice.calendar}a.ics`))).status).toBe(201)
    const copy = `${alice.calendars}copy/`
    expect((await alice.request('COPY', path, to(copy))).status).toBe(201)
    expect(await privilegesOn(alice, copy)).toContain(dav('all'))
    expect(await hrefOf(alice, copy)).toBeUndefined()
    expect((await alice.put(`${copy}b.ics`, event('b'))).status).toBe(201)
  })

  it('it is renamed and deleted whole by its owner', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    const moved = `${alice.calendars}moved/`
    const headers = { Destination: server.url + moved }
    expect((await alice.request('MOVE', path, { headers })).status).toBe(201)
    server.clock.now += 2 * 3_600_000
    publisher.publish(`/${names}.ics`, event('b'), 2)
    await doJobs()
    expect((await alice.get((await alice.sync(moved, '')).hrefs[0] ?? '')).text).toContain('Event b')
    expect((await alice.delete(moved)).status).toBe(204)
    expect((await alice.get(moved)).status).toBe(404)
  })

  it('those whom it is shared with may no more, and see neither the address nor the type', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = await subscribed(alice)
    const mounted = await share(alice, bob, path)
    for (const where of [path, mounted]) {
      expect(await privilegesOn(bob, where)).not.toContain(dav('write-content'))
      expect((await bob.put(`${where}x.ics`, event('x'))).status).toBe(403)
      expect(await hrefOf(bob, where)).toBeUndefined()
      expect((await bob.sync(where, '')).hrefs).toHaveLength(1)
      const shown = await show(bob, where, [dav('resourcetype')])
      expect(childNames(shown, dav('resourcetype'))).not.toContain(cs('subscribed'))
    }
    const own = await patch(bob, mounted, sourceOf('http://example.org/'))
    expect(own.text).toContain('cannot-modify-protected-property')
    expect(await hrefOf(alice, path)).toBe(`${publisher.url}/${names}.ics`)
  })

  /** Mounts a calendar in the home of another, who may read and write. @returns where */
  async function share(alice: Account, bob: Account, path: string): Promise<string> {
    const [aliceRow, bobRow] = [await rowOf(server, alice), await rowOf(server, bob)]
    const name = path.split('/').at(-2) ?? ''
    await server.services.store.write(async (tx) => {
      const homeOf = async (id: number) =>
        (await listHomes(tx, id)).find(({ kind }) => kind === 'calendars')?.id ?? 0
      const row = await findCollection(tx, await homeOf(aliceRow.id), name)
      const collectionId = row?.id ?? 0
      const shared = { collectionId, principalId: bobRow.id, access: 'read-write' } as const
      await setShare(tx, { ...shared, summary: null })
      const invited = {
        name: 'shared',
        view: 'whole',
        inviteUid: `${collectionId}`,
        displayname: null,
      } as const
      const homeId = await homeOf(bobRow.id)
      await createMount(tx, { ...shared, homeId, ...invited })
      for (const { mount } of await listMountsOf(tx, bobRow.id)) await acceptMount(tx, mount, { kind: 'web' })
    })
    return `${bob.calendars}shared/`
  }
})

describe('RFC 4918 §9.2 PROPPATCH on a calendar that follows a source', () => {
  const alarm = ['DTSTART:20260115T100000Z', 'BEGIN:VALARM', 'ACTION:AUDIO', 'TRIGGER:PT0S', 'END:VALARM']
  const textIn = async (account: Account, path: string) =>
    (await account.get((await account.sync(path, '')).hrefs[0] ?? '')).text

  it('of its colour and name fetches nothing', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    const props = '<i:calendar-color>#000000FF</i:calendar-color><d:displayname>X</d:displayname>'
    expect((await patch(alice, path, props)).status).toBe(207)
    await doJobs()
    expect(publisher.requests).toHaveLength(1)
  })

  it('of what is left out, or of the address, fetches all of it again, at once', async () => {
    const alice = await server.account()
    const path = await subscribed(alice, event('a', alarm))
    expect(await textIn(alice, path)).toContain('VALARM')
    expect((await patch(alice, path, '<cs:subscribed-strip-alarms/>')).text).toContain('200 OK')
    await doJobs()
    expect(await textIn(alice, path)).not.toContain('VALARM')
    expect((await patch(alice, path, '', '<cs:subscribed-strip-alarms/>')).text).toContain('200 OK')
    await doJobs()
    expect(await textIn(alice, path)).toContain('VALARM')
    const other = publisher.publish('/other.ics', event('b'))
    expect((await patch(alice, path, sourceOf(other))).text).toContain('200 OK')
    await doJobs()
    expect(await textIn(alice, path)).toContain('Event b')
    expect(await hrefOf(alice, path)).toBe(other)
  })

  it('is for its owner: who may change its properties leaves the address be', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = await subscribed(alice)
    await mustSetAcl(alice, path, [{ who: bob.principal, grant: ['read', 'write'] }])
    for (const prop of [sourceOf('https://elsewhere.example/x.ics'), '<cs:subscribed-strip-todos/>'])
      expect((await patch(bob, path, prop)).text).toContain('cannot-modify-protected-property')
    expect((await patch(bob, path, '<d:displayname>Ours</d:displayname>')).text).toContain('200 OK')
    expect((await patch(alice, path, '<cs:subscribed-strip-todos/>')).text).toContain('200 OK')
  })

  it('takes the address away from none, and gives one to no other calendar: it would lose what it holds', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    await alice.put(`${alice.calendar}own.ics`, event('own'))
    const refused = [
      await patch(alice, path, '', '<cs:source/>'),
      await patch(
        alice,
        alice.calendar,
        `<d:displayname>Y</d:displayname>${sourceOf('http://example.org/')}`,
      ),
    ]
    for (const answer of refused) expect(answer.text).toContain('cannot-modify-protected-property')
    expect(refused[1]?.text).toContain('424 Failed Dependency')
    await doJobs()
    expect((await alice.get(`${alice.calendar}own.ics`)).status).toBe(200)
    expect(await hrefOf(alice, path)).toBe(`${publisher.url}/${names}.ics`)
  })

  it('other calendars keep what Apple sets there (IOS-07)', async () => {
    const alice = await server.account()
    const props = '<i:refreshrate>PT15M</i:refreshrate><cs:subscribed-strip-attachments/>'
    expect((await patch(alice, alice.calendar, props)).text).toContain('200 OK')
    const names = [ical('refreshrate'), cs('subscribed-strip-attachments')]
    const shown = await show(alice, alice.calendar, names)
    expect(names.map((name) => shown.text(name))).toEqual(['PT15M', ''])
  })
})

describe('a calendar that follows a source, among others', () => {
  const folder = useFolder()

  it('is never the last that takes events, nor the default (RFC 6638 §4.2)', async () => {
    const alice = await server.account()
    await subscribed(alice)
    const answer = await alice.delete(alice.calendar)
    expect([answer.status, ...preconditionsOf(answer)]).toEqual([403, caldav('default-calendar-needed')])
  })

  it('is deleted though it is the only one with journals', async () => {
    const alice = await server.account()
    const path = await subscribed(alice, todo('t'))
    expect((await alice.delete(path)).status).toBe(204)
  })

  it('takes nothing that is imported', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    const name = path.split('/').at(-2) ?? ''
    const file = folder.write('a.ics', event('imported'))
    expect(inShort(await importAll(server, alice, [file], { into: name }))).toEqual([
      `refused 1 The collection "${name}" is not one that takes VEVENT.`,
    ])
  })

  it('names what it lacks when all properties are asked for by name', async () => {
    const alice = await server.account()
    const path = await subscribed(alice)
    const answer = await alice.request('PROPFIND', path, {
      headers: { Depth: '0' },
      body: '<d:propfind xmlns:d="DAV:"><d:propname/></d:propfind>',
    })
    expect(answer.text).toContain('<cs:source/>')
  })
})
