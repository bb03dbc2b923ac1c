import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { removeAccount } from '../../src/features/accounts/accounts.ts'
import { removeGroup } from '../../src/features/accounts/groups.ts'
import { readNotice } from '../../src/features/sharing/sharing.ts'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { purgeWithdrawn } from '../../storage/mount-writes.ts'
import { findNotificationFeed, listNotifications, purgeNotifications } from '../../storage/notifications.ts'
import { event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './history/world.ts'
import { useShares } from './shares.ts'
import { rowOf } from './world.ts'

const server = useServer()
const shares = useShares(server)

const remove = (name: string) =>
  server.services.store.write((tx) => removeAccount(tx, name, { purge: true }, server.services))

describe('a share with a person', () => {
  it('shows in his home once he accepts, under a name of unreserved characters', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const odd = `${alice.calendars}B%C3%BCro%20%26%20Co/`
    expect((await alice.request('MKCALENDAR', odd)).status).toBe(201)
    await shares.share(odd, bob, 'read')
    const before = await bob.sync(bob.calendars, '')
    expect(before.hrefs).toEqual([bob.calendar, bob.tasks])
    expect(await shares.accept(bob)).toEqual([`${bob.calendars}${alice.segment}-Buro-Co/`])
    const after = await bob.sync(bob.calendars, before.syncToken ?? '')
    expect(after.hrefs).toEqual([`${bob.calendars}${alice.segment}-Buro-Co/`])
  })

  it('gives what it says: reading, writing, writing without deleting', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await shares.share(alice.calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const tries = async () => [
      (await bob.put(`${href}b.ics`, event('b'))).status,
      (await bob.put(`${href}a.ics`, event('a', ['SUMMARY:by bob']))).status,
      (await bob.delete(`${href}a.ics`)).status,
    ]
    expect(await tries()).toEqual([403, 403, 403])
    await shares.share(alice.calendar, bob, 'no-delete')
    expect(await tries()).toEqual([201, 204, 403])
    await shares.share(alice.calendar, bob, 'read-write')
    expect(await tries()).toEqual([204, 204, 204])
  })

  it('tells the home of a changed right, and keeps what was synced', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const { syncToken: home = '' } = await bob.sync(bob.calendars, '')
    const { syncToken: inside = '' } = await bob.sync(href, '')
    await shares.share(alice.calendar, bob, 'read-write')
    expect((await bob.sync(bob.calendars, home)).hrefs).toEqual([href])
    expect((await bob.sync(href, inside)).hrefs).toEqual([])
  })

  it('starts the view afresh when what may be seen changes', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const { syncToken: inside = '' } = await bob.sync(href, '')
    await shares.share(alice.calendar, bob, 'free-busy')
    expect((await shares.mounts(bob)).map(({ mount }) => [mount.view, mount.access])).toEqual([
      ['busy', 'free-busy'],
    ])
    await shares.share(alice.calendar, bob, 'read')
    const again = await bob.request('REPORT', href, {
      headers: { Depth: '1', 'Content-Type': 'application/xml' },
      body: `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${inside}</d:sync-token><d:sync-level>1</d:sync-level><d:prop/></d:sync-collection>`,
    })
    expect([again.status, again.text.includes('valid-sync-token')]).toEqual([403, true])
  })

  it('goes from his home at once when it is taken back', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.contacts, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const { syncToken = '' } = await bob.sync(bob.books, '')
    expect(await shares.unshare(alice.contacts, bob)).toBe(true)
    const gone = await bob.sync(bob.books, syncToken)
    expect(gone.of(href).status).toBe(404)
    expect((await bob.get(href)).status).toBe(404)
    expect(await shares.unshare(alice.contacts, bob)).toBe(false)
    expect(await shares.mounts(bob)).toEqual([])
  })

  it('is refused with the owner, with rooms, and of a book as free and busy times', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await expect(shares.share(alice.calendar, alice, 'read')).rejects.toMatchObject({ status: 403 })
    await expect(shares.share(alice.contacts, bob, 'free-busy')).rejects.toMatchObject({ status: 403 })
    const room = { ...(await shares.group()), kind: 'room' as const }
    await expect(shares.share(alice.calendar, room, 'read')).rejects.toMatchObject({ status: 403 })
  })

  it('that is declined is gone; inviting again invites again, inviting twice does not', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read', 'Team')
    const [href = ''] = await shares.accept(bob)
    const { syncToken = '' } = await bob.sync(bob.calendars, '')
    await shares.decline(bob)
    expect((await bob.sync(bob.calendars, syncToken)).of(href).status).toBe(404)
    expect((await shares.mounts(bob)).map(({ mount }) => mount.state)).toEqual(['declined'])
    await shares.share(alice.calendar, bob, 'read')
    const [again] = await shares.mounts(bob)
    expect([again?.mount.state, again?.mount.displayname]).toEqual(['invited', 'Team'])
    await shares.share(alice.calendar, bob, 'read')
    expect((await shares.mounts(bob)).map(({ mount }) => mount.inviteUid)).toEqual([again?.mount.inviteUid])
    expect(await shares.accept(bob)).toEqual([href])
    expect((await bob.propfind(href, 0, [dav('displayname')])).of(href).text(dav('displayname'))).toBe('Team')
  })
})

describe('the name of a mount', () => {
  it('gives way to a collection that was made meanwhile', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    const taken = `${bob.calendars}${alice.segment}-calendar/`
    expect((await bob.request('MKCALENDAR', taken)).status).toBe(201)
    expect(await shares.accept(bob)).toEqual([`${taken.slice(0, -1)}-2/`])
  })

  it('is free for something else, and what was there is declined', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const moved = await bob.request('MOVE', bob.tasks, { headers: { Destination: href } })
    expect(moved.status).toBe(204)
    expect((await shares.mounts(bob)).map(({ mount }) => mount.state)).toEqual(['declined'])
    expect(await shares.accept(bob)).toEqual([`${href.slice(0, -1)}-2/`])
  })

  it('can be changed to that of an invitation, which nobody sees', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    await shares.share(alice.calendar, carol, 'read')
    const [href = ''] = await shares.accept(carol)
    await shares.share(bob.calendar, carol, 'read')
    const to = `${carol.calendars}${bob.segment}-calendar/`
    const moved = await carol.request('MOVE', href, { headers: { Destination: to } })
    expect(moved.status).toBe(201)
    const [first, second = ''] = await shares.accept(carol)
    expect(first).toBe(to)
    expect(second).not.toBe(to)
    expect((await carol.get(second)).status).toBe(200)
  })
})

describe('a share with a group', () => {
  it('follows its members, however deep', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const inner = await shares.group(bob, alice)
    const outer = await shares.group(inner)
    await shares.share(alice.calendar, outer, 'read')
    const [atBob = ''] = await shares.accept(bob)
    expect(await shares.mounts(alice)).toEqual([])
    await shares.join(inner, carol)
    const [atCarol = ''] = await shares.accept(carol)
    expect((await carol.get(atCarol)).status).toBe(200)
    await shares.leave(inner, bob)
    expect((await bob.get(atBob)).status).toBe(404)
    await shares.leave(outer, inner)
    expect((await carol.get(atCarol)).status).toBe(404)
  })

  it('counts beside one by name: the strongest holds, and stays when the other goes', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const group = await shares.group(bob)
    await shares.share(alice.calendar, group, 'read-write')
    await shares.share(alice.calendar, bob, 'free-busy')
    const [href = ''] = await shares.accept(bob)
    expect((await bob.put(`${href}b.ics`, event('b'))).status).toBe(201)
    await shares.leave(group, bob)
    expect((await shares.mounts(bob)).map(({ mount }) => mount.access)).toEqual(['free-busy'])
    await shares.join(group, bob)
    expect(await shares.unshare(alice.calendar, bob)).toBe(true)
    expect((await shares.mounts(bob)).map(({ mount }) => mount.state)).toEqual(['accepted'])
  })

  it('ends when the group is removed', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const group = await shares.group(bob)
    await shares.share(alice.calendar, group, 'read')
    const [href = ''] = await shares.accept(bob)
    const sharing = { ...server.services, origin: { kind: 'job' } } as const
    await server.services.store.write((tx) => removeGroup(tx, group.name, sharing))
    expect((await bob.get(href)).status).toBe(404)
  })
})

describe('an account that is removed', () => {
  it('is no sharee any more', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    await shares.accept(bob)
    await remove(bob.name)
    expect((await alice.get(alice.calendar)).status).toBe(200)
  })
})

describe('a collection that is deleted and restored', () => {
  it('comes back to those who still may see it', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const made = `${alice.calendars}made/`
    await alice.request('MKCALENDAR', made)
    await shares.share(made, bob, 'read')
    await shares.share(made, carol, 'read')
    const { id } = await shares.at(made)
    const [atBob = ''] = await shares.accept(bob)
    const [atCarol = ''] = await shares.accept(carol)
    await alice.delete(made)
    expect((await bob.get(atBob)).status).toBe(404)
    expect((await bob.request('MKCALENDAR', atBob)).status).toBe(201)
    await server.services.store.write((tx) =>
      tx.sql.run(
        'DELETE FROM shares WHERE collection_id = $1 AND principal_id = (SELECT id FROM principals WHERE name = $2)',
        [id, carol.name],
      ),
    )
    const account = await rowOf(server, alice)
    const outcome = await server.services.store.write((tx) =>
      restoreFromTrash(tx, account, `c${id}`, server.services),
    )
    expect(outcome.kind).toBe('restored')
    expect((await bob.get(`${atBob.slice(0, -1)}-2/`)).status).toBe(200)
    expect((await carol.get(atCarol)).status).toBe(404)
  })
})

describe('the limits', () => {
  const small = useServer({ limits: { sharees: 2, mounts: 1, notifications: 2 } })
  const few = useShares(small)

  it('of what an account is told: the oldest goes', async () => {
    const alice = await small.account()
    const people = [await small.account(), await small.account(), await small.account()]
    const group = await few.group(...people)
    await few.share(alice.calendar, group, 'read')
    for (const person of people) await few.accept(person)
    const { id } = await rowOf(small, alice)
    const rows = await small.services.store.read((reader) => listNotifications(reader, id))
    const names = rows.map((row) => {
      const said = readNotice(row)
      return said?.kind === 'reply' ? said.sharee.segment : ''
    })
    expect(names).toEqual(people.slice(1).map(({ segment }) => segment))
  })

  it('of sharees and of mounts', async () => {
    const [alice, bob, carol, dora] = [
      await small.account(),
      await small.account(),
      await small.account(),
      await small.account(),
    ]
    await few.share(alice.calendar, bob, 'read')
    await expect(few.share(alice.tasks, bob, 'read')).rejects.toMatchObject({ status: 403 })
    await few.share(alice.contacts, bob, 'read')
    await few.share(alice.calendar, carol, 'read')
    await expect(few.share(alice.calendar, dora, 'read')).rejects.toMatchObject({ status: 403 })
    await few.share(alice.calendar, carol, 'read-write')
  })

  it('of mounts do not count what was declined: nobody fills a home up for good', async () => {
    const [alice, bob, carol] = [await small.account(), await small.account(), await small.account()]
    await few.share(alice.calendar, bob, 'read')
    await few.decline(bob)
    await few.share(carol.calendar, bob, 'read')
    await expect(few.share(alice.calendar, bob, 'read')).rejects.toMatchObject({ status: 403 })
    const { invites } = JSON.parse((await bob.get('/api/invites')).text)
    const accept = ({ id }: { id: number }) => bob.request('POST', `/api/invites/${id}/accept`)
    expect((await accept(invites[0])).status).toBe(403)
    expect((await accept(invites[1])).status).toBe(200)
  })
})

describe('what is told about a share', () => {
  const told = async (account: Account) => {
    const { id } = await rowOf(server, account)
    const rows = await server.services.store.read((reader) => listNotifications(reader, id))
    return rows.map((row) => {
      const said = readNotice(row)
      return said?.kind === 'invite'
        ? `${said.state} ${said.access} by ${said.owner.segment}`
        : `${said?.sharee.segment} ${said?.isAccepted ? 'accepts' : 'declines'}`
    })
  }

  it('is the invitation, and the answer to its owner', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    expect(await told(bob)).toEqual([`invited read by ${alice.segment}`])
    await shares.share(alice.calendar, bob, 'read-write')
    expect(await told(bob)).toEqual([`invited read-write by ${alice.segment}`])
    await shares.accept(bob)
    expect([await told(bob), await told(alice)]).toEqual([[], [`${bob.segment} accepts`]])
    await shares.share(alice.calendar, bob, 'read')
    expect(await told(bob)).toEqual([`accepted read by ${alice.segment}`])
    await shares.decline(bob)
    expect([await told(bob), await told(alice)]).toEqual([[], [`${bob.segment} declines`]])
  })

  it('is that it ended, to who had it; an invitation without answer just goes', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const group = await shares.group(bob, carol)
    await shares.share(alice.calendar, group, 'read')
    await shares.accept(bob)
    await shares.unshare(alice.calendar, group)
    expect(await told(bob)).toEqual([`deleted read by ${alice.segment}`])
    expect(await told(carol)).toEqual([])
  })

  it('ends and comes back with a collection that is deleted and restored', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const made = `${alice.calendars}made/`
    await alice.request('MKCALENDAR', made)
    await shares.share(made, bob, 'read')
    await shares.accept(bob)
    await shares.share(made, carol, 'read')
    const { id } = await shares.at(made)
    await alice.delete(made)
    expect([await told(bob), await told(carol)]).toEqual([[`deleted read by ${alice.segment}`], []])
    const account = await rowOf(server, alice)
    await server.services.store.write((tx) => restoreFromTrash(tx, account, `c${id}`, server.services))
    expect([await told(bob), await told(carol)]).toEqual([[], [`invited read by ${alice.segment}`]])
  })

  it('is forgotten after its time, tombstones last', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    const purge = async (days: { notice: number; tombstone: number }) => {
      const ago = (count: number) => server.clock.now - count * 86_400_000
      const range = { before: ago(days.notice), tombstonesBefore: ago(days.tombstone), batch: 100 }
      return server.services.store.write((tx) => purgeNotifications(tx, range))
    }
    expect(await purge({ notice: 1, tombstone: 1 })).toBe(0)
    expect(await told(bob)).toHaveLength(1)
    expect(await purge({ notice: -1, tombstone: 1 })).toBeGreaterThan(0)
    expect(await told(bob)).toEqual([])
    const { id } = await rowOf(server, bob)
    const feed = () => server.services.store.read((reader) => findNotificationFeed(reader, id))
    expect(await feed()).toMatchObject({ feedChange: 2, feedFloor: 0 })
    await purge({ notice: 1, tombstone: -1 })
    expect(await feed()).toMatchObject({ feedChange: 2, feedFloor: 2 })
  })
})

describe('a share that is taken back, and given again', () => {
  const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n'
  const personal = async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await shares.share(alice.calendar, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const [mounted] = await shares.mounts(bob)
    const id = mounted?.collection.id
    const looks = { title: 'Of Alice', color: '#112233' }
    expect((await call(bob, 'PATCH', `/calendars/${id}`, looks)).status).toBe(200)
    const text = (await bob.get(`${href}a.ics`)).text.replace('END:VEVENT', `${alarm}END:VEVENT`)
    expect((await bob.put(`${href}a.ics`, text)).status).toBeLessThan(300)
    return { alice, bob, href, id, looks }
  }
  const shareOf = async (alice: Account) => (await call(alice, 'GET', '/shares')).json.shares[0]

  it('is as it was for who had it: its address, its looks and his own alarms; meanwhile it is nowhere', async () => {
    const { alice, bob, href, id, looks } = await personal()
    const before = await bob.get(`${href}a.ics`)
    expect(before.text).toContain('BEGIN:VALARM')
    const { id: given } = await shareOf(alice)
    expect((await call(alice, 'DELETE', `/shares/${given}`)).status).toBe(204)
    expect((await bob.get(`${href}a.ics`)).status).toBe(404)
    expect((await call(bob, 'GET', '/invites')).json.invites).toEqual([])
    expect((await call(alice, 'GET', '/shares')).json.shares).toEqual([])
    const again = { collection: 'calendar', with: bob.name, access: 'read' }
    expect((await call(alice, 'POST', '/shares', again)).json.state).toBe('accepted')
    const after = await bob.get(`${href}a.ics`)
    expect([after.text, after.headers.etag]).toEqual([before.text, before.headers.etag])
    const { calendars } = (await call(bob, 'GET', '/calendars')).json
    expect(calendars.find((one: { id: number }) => one.id === id)).toMatchObject(looks)
  })

  it('is left and had again by its invitation', async () => {
    const { bob, href, id } = await personal()
    const before = (await bob.get(`${href}a.ics`)).text
    expect((await call(bob, 'DELETE', `/calendars/${id}`)).status).toBe(204)
    const { invites } = (await call(bob, 'GET', '/invites')).json
    expect(invites).toMatchObject([{ state: 'declined', collection: { id } }])
    expect((await call(bob, 'POST', `/invites/${invites[0].id}/accept`)).status).toBe(200)
    expect((await bob.get(`${href}a.ics`)).text).toBe(before)
  })

  it('is asked for anew when it was long ago', async () => {
    const { alice, bob, href } = await personal()
    await shares.unshare(alice.calendar, bob)
    const { store } = server.services
    expect(await store.write((tx) => purgeWithdrawn(tx, tx.now, 500))).toBe(0)
    expect(await store.write((tx) => purgeWithdrawn(tx, tx.now + 1, 500))).toBeGreaterThan(0)
    await shares.share(alice.calendar, bob, 'read')
    expect((await shares.mounts(bob)).map(({ mount }) => mount.state)).toEqual(['invited'])
    await shares.accept(bob)
    expect((await bob.get(`${href}a.ics`)).text).not.toContain('VALARM')
  })

  it('comes back with a calendar that was deleted', async () => {
    const { alice, bob, href } = await personal()
    const own = `${alice.calendars}more/`
    expect((await alice.request('MKCALENDAR', own)).status).toBe(201)
    await alice.put(`${own}b.ics`, event('b'))
    await shares.share(own, bob, 'read')
    const paths = await shares.accept(bob)
    const theirs = paths.find((path) => path !== href) ?? ''
    const { etag } = (await alice.get(`${own}b.ics`)).headers
    const { id } = (await call(alice, 'GET', '/calendars')).json.calendars.find(
      ({ name }: { name: string }) => name === 'more',
    )
    expect((await call(alice, 'DELETE', `/calendars/${id}`)).status).toBe(204)
    expect((await bob.get(`${theirs}b.ics`)).status).toBe(404)
    expect((await call(alice, 'POST', `/trash/c${id}/restore`)).status).toBe(200)
    expect((await alice.get(`${own}b.ics`)).headers.etag).toBe(etag)
    expect((await bob.get(`${theirs}b.ics`)).headers.etag).toBe(etag)
  })
})
