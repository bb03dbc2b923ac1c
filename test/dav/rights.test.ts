import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { privilegeSet } from '../../protocol/dav/privileges.ts'
import { type AceTarget, replaceAces } from '../../storage/aces.ts'
import { addGroupMember } from '../../storage/groups.ts'
import { listHomes } from '../../storage/homes.ts'
import { acceptMount, createMount } from '../../storage/mount-writes.ts'
import { listMountsOf } from '../../storage/mounts.ts'
import { insertPrincipal } from '../../storage/principals.ts'
import { setShare } from '../../storage/shares.ts'
import { privilegesOf } from './acls.ts'
import { multigetBody, preconditionsOf } from './client.ts'
import { event } from './objects.ts'
import { placesOf } from './places.ts'
import { useServer } from './server.ts'

const server = useServer()

async function grant(target: AceTarget, principalId: number, ...names: string[]): Promise<void> {
  const privileges = names.reduce((sum, name) => sum | (privilegeSet(dav(name)) ?? 0), 0)
  await server.services.store.write((tx) =>
    replaceAces(tx, target, [{ subject: 'principal', principalId, isGrant: 1, privileges }]),
  )
}

describe('RFC 3744 §6 what a grant on a calendar opens to another account', () => {
  it('reading its members, and nothing beside it; the home stays closed', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await grant((await placesOf(server, alice)).calendar, (await placesOf(server, bob)).id, 'read')
    expect((await bob.get(`${alice.calendar}a.ics`)).text).toBe(event('a'))
    expect((await bob.sync(alice.calendar, '')).hrefs).toEqual([`${alice.calendar}a.ics`])
    for (const path of [alice.calendars, alice.tasks, `${alice.calendars}none/`]) {
      const answer = await bob.request('PROPFIND', path, { headers: { Depth: '0' } })
      expect([path, answer.status, preconditionsOf(answer)]).toEqual([path, 403, [dav('need-privileges')]])
      expect(answer.text).toContain(`<d:href>${alice.calendars}</d:href>`)
    }
    expect(await privilegesOf(bob, alice.calendar)).not.toContain('write-content')
    const put = await bob.put(`${alice.calendar}b.ics`, event('b'))
    expect([put.status, preconditionsOf(put)]).toEqual([403, [dav('need-privileges')]])
    expect((await bob.delete(`${alice.calendar}a.ics`)).status).toBe(403)
    expect((await bob.delete(alice.calendar)).status).toBe(403)
  })

  it('read-free-busy: no member by any report, asked for by its href or not (RFC 4791 §6.1.1)', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const { calendar } = await placesOf(server, alice)
    const privileges = 1 << 1
    const { id: bobId } = await placesOf(server, bob)
    await server.services.store.write((tx) =>
      replaceAces(tx, calendar, [{ subject: 'principal', principalId: bobId, isGrant: 1, privileges }]),
    )
    const path = `${alice.calendar}a.ics`
    for (const at of [bob.calendar, bob.calendars]) {
      const answer = await bob.report(at, multigetBody('calendar', [path]))
      expect([at, answer.of(path).status, answer.text.includes('Event a')]).toEqual([at, 404, false])
    }
    const at = { headers: { Depth: '1' }, body: multigetBody('calendar', [path]) }
    expect((await bob.request('REPORT', alice.calendar, at)).status).toBe(403)
    const range =
      '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range start="20260115T000000Z" end="20260116T000000Z"/></C:free-busy-query>'
    const periods = await bob.request('REPORT', alice.calendar, { headers: { Depth: '1' }, body: range })
    expect([periods.status, periods.text.includes('20260115T100000Z/20260115T110000Z')]).toEqual([200, true])
  })

  it('in a readable home what may not be read is not there', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const { home, calendar } = await placesOf(server, alice)
    await grant(home, (await placesOf(server, bob)).id, 'read')
    expect((await bob.propfind(alice.calendars, 1, [dav('owner')])).hrefs).toContain(alice.calendar)
    await server.services.store.write((tx) =>
      replaceAces(tx, calendar, [{ subject: 'all', principalId: null, isGrant: 0, privileges: 1023 }]),
    )
    expect((await bob.propfind(alice.calendars, 1, [dav('owner')])).hrefs).not.toContain(alice.calendar)
    expect((await bob.get(alice.calendar)).status).toBe(404)
    expect((await bob.get(`${alice.calendars}none/`)).status).toBe(404)
    expect((await alice.get(alice.calendar)).status).toBe(200)
  })

  it('through a group, however deep', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const [outer, inner] = await server.services.store.write(async (tx) => {
      const made = []
      for (const name of ['outer', 'inner'])
        made.push(await insertPrincipal(tx, { kind: 'group', name, segment: name, displayName: name }))
      return made
    })
    const bobId = (await placesOf(server, bob)).id
    await server.services.store.write(async (tx) => {
      await addGroupMember(tx, outer ?? 0, inner ?? 0)
      await addGroupMember(tx, inner ?? 0, bobId)
    })
    await grant((await placesOf(server, alice)).calendar, outer ?? 0, 'read', 'bind')
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(201)
    expect((await bob.put(`${alice.calendar}b.ics`, event('b', ['SUMMARY:x']))).status).toBe(403)
  })
})

describe('RFC 4918 §9.8.4, RFC 3744 appendix B a collection that COPY replaces', () => {
  it('goes from its home as by DELETE: to write in it is not enough', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const [{ home, calendar }, { id }] = [await placesOf(server, alice), await placesOf(server, bob)]
    await alice.request('MKCALENDAR', `${alice.calendars}another/`)
    const over = () => bob.request('COPY', bob.calendar, { headers: { Destination: alice.calendar } })
    await grant(calendar, id, 'read', 'write')
    for (const more of [[], ['bind'], ['unbind']]) {
      await grant(home, id, 'read', ...more)
      const answer = await over()
      expect([more, answer.status, preconditionsOf(answer)]).toEqual([more, 403, [dav('need-privileges')]])
      expect((await alice.get(`${alice.calendar}a.ics`)).status).toBe(200)
    }
    await grant(home, id, 'read', 'bind', 'unbind')
    expect((await over()).status).toBe(204)
  })
})

describe('a calendar that is mounted in the home of a sharee', () => {
  it('is listed, read and written there as one of his own', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const { calendar } = await placesOf(server, alice)
    const [bobId, before] = [(await placesOf(server, bob)).id, await bob.sync(bob.calendars, '')]
    await server.services.store.write(async (tx) => {
      const [homes] = [await listHomes(tx, bobId)]
      const homeId = homes.find(({ kind }) => kind === 'calendars')?.id ?? 0
      const shared = { collectionId: calendar.id, principalId: bobId }
      await setShare(tx, { ...shared, access: 'read-write', summary: null })
      await createMount(tx, {
        ...shared,
        homeId,
        name: 'shared',
        view: 'personal',
        access: 'read-write',
        inviteUid: 'x',
        displayname: null,
      })
      for (const { mount } of await listMountsOf(tx, bobId)) await acceptMount(tx, mount, { kind: 'web' })
    })
    const href = `${bob.calendars}shared/`
    expect((await bob.sync(bob.calendars, before.syncToken ?? '')).hrefs).toEqual([href])
    expect((await bob.put(`${href}b.ics`, event('b'))).status).toBe(201)
    expect((await alice.get(`${alice.calendar}b.ics`)).text).toBe(event('b'))
    const { changed, token } = await bob.syncAll(href, '')
    expect(changed).toEqual([`${href}b.ics`])
    await alice.delete(`${alice.calendar}b.ics`)
    expect((await bob.syncAll(href, token)).removed).toEqual([`${href}b.ics`])
    expect((await bob.propfind(href, 0, [dav('owner')])).of(href).text(dav('owner'))).toBe(alice.principal)
    expect((await bob.delete(href)).status).toBe(204)
    expect((await bob.get(href)).status).toBe(404)
    expect((await alice.get(alice.calendar)).status).toBe(200)
  })
})
