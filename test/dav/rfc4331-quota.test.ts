import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listDeletedCollections } from '../../storage/collections.ts'
import { setQuota } from '../../storage/quotas.ts'
import { listTrash } from '../../storage/revisions.ts'
import { mustSetAcl } from './acls.ts'
import { preconditionsOf } from './client.ts'
import { card, event } from './objects.ts'
import { type Account, type TestServer, useServer } from './server.ts'

const available = dav('quota-available-bytes')
const used = dav('quota-used-bytes')
const size = (body: string): number => Buffer.byteLength(body)

async function quota(account: Account, path = account.books): Promise<(number | undefined)[]> {
  const found = (await account.propfind(path, 0, [used, available])).of(path)
  return [used, available].map((name) =>
    found.text(name) === undefined ? undefined : Number(found.text(name)),
  )
}

async function limitTo(
  { services: { store } }: TestServer,
  { name }: Account,
  bytes: number | null,
): Promise<void> {
  await store.write(async (tx) => setQuota(tx, (await findAccount(tx, name)).id, bytes))
}

describe('RFC 4331 §3, §4 the quota properties', () => {
  const server = useServer({ limits: { quotaBytes: 10_000 } })

  it('are on homes and all that is below, the same number, and nowhere else (behaviours, FND-07)', async () => {
    const alice = await server.account()
    const [a, e] = [`${alice.contacts}a.vcf`, `${alice.calendar}e.ics`]
    await alice.put(a, card('a'))
    await alice.put(e, event('e'))
    const bytes = size(card('a')) + size(event('e'))
    for (const path of [alice.books, alice.calendars, alice.contacts, alice.calendar, alice.tasks, a, e]) {
      expect(await quota(alice, path), path).toEqual([bytes, 10_000 - bytes])
    }
    for (const path of ['/dav/', '/dav/principals/', '/dav/calendars/', alice.principal]) {
      const found = (await alice.propfind(path, 0, [used, available])).of(path)
      expect(found.namesWith(404), path).toEqual([used, available])
    }
    const listed = await alice.propfind(alice.calendars, 1, [used])
    expect(listed.responses.map((response) => response.text(used))).toEqual(Array(3).fill(String(bytes)))
    const members = await alice.propfind(alice.contacts, 1, [available])
    expect(members.of(a).text(available)).toBe(String(10_000 - bytes))
  })

  it('are named by propname, not given by allprop, and nobody sets them', async () => {
    const alice = await server.account()
    const ask = (inner: string) =>
      alice.request('PROPFIND', alice.contacts, {
        headers: { Depth: '0' },
        body: `<d:propfind xmlns:d="DAV:">${inner}</d:propfind>`,
      })
    expect((await ask('<d:propname/>')).text).toContain('quota-used-bytes')
    expect((await ask('<d:allprop/>')).text).not.toContain('quota-used-bytes')
    const body =
      '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:quota-available-bytes>1</d:quota-available-bytes></d:prop></d:set></d:propertyupdate>'
    const answer = await alice.request('PROPPATCH', alice.contacts, { body })
    expect(answer.text).toContain('cannot-modify-protected-property')
  })

  it('follow every change: PUT, COPY, MOVE, DELETE, of members and of collections', async () => {
    const alice = await server.account()
    const other = `${alice.calendars}other/`
    const [a, b] = [`${alice.calendar}a.ics`, `${other}a.ics`]
    const one = size(event('a'))
    const long = event('a', ['DTSTART:20260115T100000Z', 'DESCRIPTION:longer than it was before'])
    const usedBytes = async (): Promise<number | undefined> => (await quota(alice))[0]
    const send = async (method: string, from: string, to: string): Promise<void> => {
      expect((await alice.request(method, from, { headers: { Destination: to } })).status).toBeLessThan(300)
    }
    await alice.request('MKCALENDAR', other)
    await alice.put(a, event('a'))
    expect(await usedBytes()).toBe(one)
    await alice.put(a, event('a'))
    expect(await usedBytes()).toBe(one)
    await alice.put(a, long)
    expect(await usedBytes()).toBe(size(long))
    await send('COPY', a, b)
    expect(await usedBytes()).toBe(2 * size(long))
    await send('MOVE', a, b)
    expect(await usedBytes()).toBe(size(long))
    await send('COPY', other, `${alice.calendars}third/`)
    expect(await usedBytes()).toBe(2 * size(long))
    await send('MOVE', other, `${alice.calendars}fourth/`)
    expect(await usedBytes()).toBe(2 * size(long))
    await alice.delete(`${alice.calendars}third/a.ics`)
    expect(await usedBytes()).toBe(size(long))
    await alice.delete(`${alice.calendars}fourth/`)
    expect(await usedBytes()).toBe(0)
  })

  it('of two accounts have nothing to do with each other', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await limitTo(server, bob, 5)
    expect([await quota(alice), await quota(bob)]).toEqual([
      [size(card('a')), 10_000 - size(card('a'))],
      [0, 5],
    ])
  })
})

describe('RFC 4331 what others add', () => {
  const server = useServer({ limits: { quotaBytes: 10_000 } })

  it('counts for the owner, whose quota those see who may add', async () => {
    const [alice, bob, carl] = [await server.account(), await server.account(), await server.account()]
    await mustSetAcl(alice, alice.calendar, [
      { who: bob.principal, grant: ['read', 'write'] },
      { who: carl.principal, grant: ['read'] },
    ])
    const one = size(event('a'))
    const [mine, theirs] = [`${bob.calendar}a.ics`, `${alice.calendar}a.ics`]
    await bob.put(mine, event('a'))
    const send = (method: string, from: string, to: string) =>
      bob.request(method, from, { headers: { Destination: to } })
    expect((await send('MOVE', mine, theirs)).status).toBe(201)
    expect([(await quota(alice))[0], (await quota(bob))[0]]).toEqual([one, 0])
    expect(await quota(bob, alice.calendar)).toEqual([one, 10_000 - one])
    expect(await quota(carl, alice.calendar)).toEqual([undefined, undefined])
    await limitTo(server, alice, one)
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(507)
    await bob.put(mine, event('b'))
    expect((await send('COPY', mine, `${alice.calendar}b.ics`)).status).toBe(507)
    expect((await send('MOVE', mine, `${alice.calendar}b.ics`)).status).toBe(507)
    expect((await send('MOVE', theirs, `${bob.calendar}back.ics`)).status).toBe(201)
    expect([(await quota(alice))[0], (await quota(bob))[0]]).toEqual([0, one + size(event('b'))])
  })
})

describe('RFC 4331 §6 a full account', () => {
  const server = useServer()

  async function full(kept = ''): Promise<Account> {
    const alice = await server.account()
    if (kept !== '') await alice.put(`${alice.calendar}a.ics`, kept)
    await limitTo(server, alice, size(kept) + 10)
    return alice
  }

  const refused = { status: 507, names: [dav('quota-not-exceeded')] }
  const of = (answer: Parameters<typeof preconditionsOf>[0]) => ({
    status: answer.status,
    names: preconditionsOf(answer),
  })

  it('refuses a PUT that would go beyond, and writes nothing (DVX-13)', async () => {
    const alice = await full(event('a'))
    const [a, b] = [`${alice.calendar}a.ics`, `${alice.calendar}b.ics`]
    const token = (await alice.sync(alice.calendar, '')).syncToken
    const before = await quota(alice)
    expect(of(await alice.put(b, event('b')))).toEqual(refused)
    const longer = event('a', ['DTSTART:20260115T100000Z', `DESCRIPTION:${'x'.repeat(60)}`])
    expect(of(await alice.put(a, longer))).toEqual(refused)
    expect((await alice.get(a)).text).toBe(event('a'))
    expect((await alice.get(b)).status).toBe(404)
    expect((await alice.sync(alice.calendar, '')).syncToken).toBe(token)
    expect(await quota(alice)).toEqual(before)
  })

  it('takes what is no longer than what it replaces, to the last octet', async () => {
    const alice = await full(event('a'))
    const a = `${alice.calendar}a.ics`
    const filled = event('a').replace('Event a', 'Event a 012345678')
    expect(size(filled) - size(event('a'))).toBe(10)
    expect((await alice.put(a, filled)).status).toBe(204)
    expect((await quota(alice))[1]).toBe(0)
    await limitTo(server, alice, 5)
    expect((await quota(alice))[1]).toBe(0)
    expect((await alice.put(a, event('a'))).status).toBe(204)
    expect(of(await alice.put(a, filled))).toEqual(refused)
    expect((await alice.delete(a)).status).toBe(204)
    expect(await quota(alice)).toEqual([0, 5])
  })

  it('refuses COPY of members and collections, and lets MOVE be', async () => {
    const alice = await full(event('a'))
    const a = `${alice.calendar}a.ics`
    const other = `${alice.calendars}other/`
    await alice.request('MKCALENDAR', other)
    const send = (method: string, from: string, to: string) =>
      alice.request(method, from, { headers: { Destination: to } })
    expect(of(await send('COPY', a, `${other}a.ics`))).toEqual(refused)
    expect(of(await send('COPY', alice.calendar, `${alice.calendars}copy/`))).toEqual(refused)
    expect((await alice.propfind(alice.calendars, 1, [used])).hrefs).not.toContain(`${alice.calendars}copy/`)
    expect((await send('MOVE', a, `${other}a.ics`)).status).toBe(201)
  })

  it('of many writers at once none gets more than there is', async () => {
    const alice = await full()
    await limitTo(server, alice, size(event('n0')) * 3)
    const calendars = await Promise.all(
      [1, 2, 3].map(async (n) => {
        const path = `${alice.calendars}c${n}/`
        await alice.request('MKCALENDAR', path)
        return path
      }),
    )
    const answers = await Promise.all(
      calendars.flatMap((path) => [1, 2, 3].map((n) => alice.put(`${path}n${n}.ics`, event(`n${n}`)))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array(6).fill(507)])
    expect(await quota(alice)).toEqual([size(event('n0')) * 3, 0])
  })

  it('what is in the trash does not count, and comes back only where there is room', async () => {
    const alice = await full()
    await limitTo(server, alice, null)
    const other = `${alice.calendars}other/`
    await alice.request('MKCALENDAR', other)
    await alice.put(`${other}a.ics`, event('a'))
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    await alice.delete(other)
    await alice.delete(`${alice.calendar}b.ics`)
    expect((await quota(alice))[0]).toBe(0)
    const { services } = server
    const account = await services.store.read((reader) => findAccount(reader, alice.name))
    const [deleted] = await services.store.read((reader) => listDeletedCollections(reader, account.id))
    const [object] = await services.store.read((reader) => listTrash(reader, account.id, { limit: 1 }))
    const restore = async (id: string): Promise<string> =>
      (await services.store.write((tx) => restoreFromTrash(tx, account, id, services))).kind
    await limitTo(server, alice, size(event('a')) - 1)
    expect([await restore(`c${deleted?.id}`), await restore(String(object?.id))]).toEqual([
      'refused',
      'refused',
    ])
    await limitTo(server, alice, null)
    expect([await restore(`c${deleted?.id}`), await restore(String(object?.id))]).toEqual([
      'restored',
      'restored',
    ])
    expect((await quota(alice))[0]).toBe(size(event('a')) + size(event('b')))
  })
})
