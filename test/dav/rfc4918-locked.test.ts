import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { deleteCollection } from '../../storage/collection-writes.ts'
import { findTree } from '../../storage/collections.ts'
import { findObject } from '../../storage/objects.ts'
import { deleteObject } from '../../storage/write-path.ts'
import { type Answer, type Client, type Headers, preconditionsOf } from './client.ts'
import { lock, locked, locksOn, share, unlock } from './locking.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

const server = useServer()

async function stored() {
  const alice = await server.account()
  const path = `${alice.contacts}a.vcf`
  const etag = String((await alice.put(path, card('a'))).headers.etag)
  const other = `${alice.books}other/`
  await alice.request('MKCOL', other)
  return { alice, path, etag, other }
}

const displayname =
  '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>x</D:displayname><x/></D:prop></D:set></D:propertyupdate>'
const to = (destination: string, headers: Headers = {}) => ({
  headers: { Destination: destination, ...headers },
})

/** @param roots  what the refusal names as locked */
function expectLocked(answer: Answer, ...roots: string[]): void {
  const named = [...answer.text.matchAll(/<d:href>([^<]*)</g)].map(([, href]) => href)
  expect([answer.status, preconditionsOf(answer), named.toSorted()]).toEqual([
    423,
    [dav('lock-token-submitted')],
    roots.toSorted(),
  ])
}

describe('RFC 4918 §7 what is locked', () => {
  it('§7.2 is not changed, nor its properties, without the token', async () => {
    const { alice, path, other } = await stored()
    const token = await locked(alice, path)
    await alice.put(`${other}from.vcf`, card('a'))
    const changes: Record<string, (headers?: Headers) => Promise<Answer>> = {
      put: (headers = {}) => alice.put(path, card('a', 'B C'), headers),
      patch: (headers = {}) => alice.request('PROPPATCH', path, { headers, body: displayname }),
      copyOver: (headers) => alice.request('COPY', `${other}from.vcf`, to(path, headers)),
      moveOver: (headers) => alice.request('MOVE', `${other}from.vcf`, to(path, headers)),
      move: (headers) => alice.request('MOVE', path, to(`${other}from.vcf`, headers)),
      delete: (headers) => alice.delete(path, headers),
    }
    for (const [name, change] of Object.entries(changes)) {
      expectLocked(await change(), path)
      expectLocked(await change({ If: '(Not <DAV:no-lock>)' }), path)
      expect([name, (await change({ If: '(<urn:uuid:other>)' })).status]).toEqual([name, 412])
    }
    expect((await alice.get(path)).text).toBe(card('a'))
    const own = { If: `(<${token}>)` }
    const tagged = { If: `<${path}> (<${token}>)` }
    expect((await changes.put?.(tagged))?.status).toBe(204)
    expect((await changes.patch?.(own))?.status).toBe(207)
    expect((await changes.copyOver?.(tagged))?.status).toBe(204)
    expect(await locksOn(alice, path)).toHaveLength(1)
    expect((await changes.move?.(own))?.status).toBe(204)
  })

  it('can be read, copied from and asked about by everybody', async () => {
    const { alice, path, other } = await stored()
    await locked(alice, path)
    expect((await alice.get(path)).status).toBe(200)
    expect((await alice.propfind(path, 0, [dav('getetag')])).hrefs).toEqual([path])
    expect((await alice.request('COPY', path, to(`${other}copy.vcf`))).status).toBe(201)
    expect(await locksOn(alice, `${other}copy.vcf`)).toEqual([])
  })

  it('§7.4 a locked collection keeps its members: none comes or goes without the token', async () => {
    const { alice, path, other } = await stored()
    await alice.put(`${other}b.vcf`, card('b'))
    const token = await locked(alice, alice.contacts)
    const fresh = `${alice.contacts}new.vcf`
    const guard = { If: `<${alice.contacts}> (<${token}>)` }
    expectLocked(await alice.put(fresh, card('new')), alice.contacts)
    expectLocked(await alice.delete(path), alice.contacts)
    expectLocked(await alice.request('MOVE', path, to(`${other}a.vcf`)), alice.contacts)
    expectLocked(await alice.request('MOVE', `${other}b.vcf`, to(fresh)), alice.contacts)
    expectLocked(await alice.request('COPY', `${other}b.vcf`, to(fresh)), alice.contacts)
    expectLocked(await alice.request('PROPPATCH', alice.contacts, { body: displayname }), alice.contacts)
    // Depth 0: what a member holds is not guarded.
    expect((await alice.put(path, card('a', 'B C'))).status).toBe(204)
    expect((await alice.put(fresh, card('new'), guard)).status).toBe(201)
    expect((await alice.delete(path, guard)).status).toBe(204)
    expect((await alice.request('MOVE', `${other}b.vcf`, to(path, guard))).status).toBe(201)
  })

  it('§7.4 a lock on all that is below guards it, and what comes there', async () => {
    const { alice, path } = await stored()
    const token = await locked(alice, alice.books, { headers: { Depth: 'infinity' } })
    expectLocked(await alice.put(path, card('a', 'B C')), alice.books)
    expectLocked(await alice.put(`${alice.contacts}new.vcf`, card('new')), alice.books)
    expectLocked(await alice.request('MKCOL', `${alice.books}more/`), alice.books)
    expectLocked(await alice.delete(alice.contacts), alice.books)
    const untagged = { If: `(<${token}>)` }
    expect((await alice.put(path, card('a', 'B C'), untagged)).status).toBe(204)
    expect((await alice.put(`${alice.contacts}new.vcf`, card('new'), untagged)).status).toBe(201)
    expect((await alice.request('MKCOL', `${alice.books}more/`, { headers: untagged })).status).toBe(201)
    expect((await alice.put(`${alice.books}more/x.vcf`, card('x'))).status).toBe(423)
  })

  it('§7.4 a locked home keeps its collections', async () => {
    const { alice, other } = await stored()
    const token = await locked(alice, alice.books)
    const guard = { If: `<${alice.books}> (<${token}>)` }
    expectLocked(await alice.request('MKCOL', `${alice.books}more/`), alice.books)
    expectLocked(await alice.delete(other), alice.books)
    expectLocked(await alice.request('MOVE', other, to(`${alice.books}moved/`)), alice.books)
    expectLocked(await alice.request('COPY', other, to(`${alice.books}copied/`)), alice.books)
    expect((await alice.put(`${other}x.vcf`, card('x'))).status).toBe(201)
    expect((await alice.request('MOVE', other, to(`${alice.books}moved/`, guard))).status).toBe(201)
    expect((await alice.delete(`${alice.books}moved/`, guard)).status).toBe(204)
  })
})

describe('RFC 4918 §9.6.1, §9.9.4 a collection with locks inside', () => {
  it('is neither deleted, moved nor overwritten without each of their tokens', async () => {
    const { alice, other } = await stored()
    for (const name of ['a', 'b']) await alice.put(`${other}${name}.vcf`, card(name))
    const a = await locked(alice, `${other}a.vcf`)
    const b = await locked(alice, `${other}b.vcf`, { scope: 'shared' })
    const paths = [`${other}a.vcf`, `${other}b.vcf`]
    expectLocked(await alice.delete(other), ...paths)
    expectLocked(await alice.request('MOVE', other, to(`${alice.books}moved/`)), ...paths)
    expectLocked(await alice.request('COPY', alice.contacts, to(other)), ...paths)
    const one = { If: `<${other}a.vcf> (<${a}>)` }
    expectLocked(await alice.delete(other, one), `${other}b.vcf`)
    expect((await alice.get(`${other}a.vcf`)).status).toBe(200)
    const both = { If: `<${other}a.vcf> (<${a}>) <${other}b.vcf> (<${b}>)` }
    expect((await alice.delete(other, both)).status).toBe(204)
  })
})

describe('RFC 4918 §6.1 shared locks', () => {
  it('any one of the tokens is enough', async () => {
    const { alice, path } = await stored()
    const tokens = [
      await locked(alice, path, { scope: 'shared' }),
      await locked(alice, alice.contacts, { scope: 'shared', headers: { Depth: 'infinity' } }),
    ]
    expectLocked(await alice.put(path, card('a', 'B C')), path, alice.contacts)
    for (const token of tokens)
      expect((await alice.put(path, card('a', `B ${token.slice(-4)}`), { If: `(<${token}>)` })).status).toBe(
        204,
      )
  })
})

describe('RFC 4918 §7.5, §7.7 locks go with what they are on, and do not follow it', () => {
  it('DELETE', async () => {
    const { alice, path, other } = await stored()
    const token = await locked(alice, path)
    expect((await alice.delete(path, { If: `(<${token}>)` })).status).toBe(204)
    expect((await alice.put(path, card('a'))).status).toBe(201)
    expect(await locksOn(alice, path)).toEqual([])
    await alice.put(`${other}x.vcf`, card('x'))
    const inner = await locked(alice, `${other}x.vcf`)
    expect((await alice.delete(other, { If: `<${other}x.vcf> (<${inner}>)` })).status).toBe(204)
    await alice.request('MKCOL', other)
    expect((await alice.put(`${other}x.vcf`, card('x'))).status).toBe(201)
  })

  it('MOVE, which leaves the locks of what it replaces behind too', async () => {
    const { alice, path, other } = await stored()
    await alice.put(`${other}b.vcf`, card('a'))
    const source = await locked(alice, path)
    const target = await locked(alice, `${other}b.vcf`)
    const both = { If: `<${path}> (<${source}>) <${other}b.vcf> (<${target}>)` }
    expect((await alice.request('MOVE', path, to(`${other}b.vcf`, both))).status).toBe(204)
    expect(await locksOn(alice, `${other}b.vcf`)).toEqual([])
    expect((await alice.put(path, card('new'))).status).toBe(201)
  })

  it('MOVE of a collection; where it goes a lock on all below takes it in', async () => {
    const { alice, other } = await stored()
    await alice.put(`${other}x.vcf`, card('x'))
    const inner = await locked(alice, `${other}x.vcf`)
    const guard = { If: `<${other}x.vcf> (<${inner}>)` }
    expect((await alice.request('MOVE', other, to(`${alice.books}moved/`, guard))).status).toBe(201)
    expect(await locksOn(alice, `${alice.books}moved/x.vcf`)).toEqual([])
    const token = await locked(alice, `${alice.books}moved/`, { headers: { Depth: 'infinity' } })
    await alice.put(`${alice.contacts}y.vcf`, card('y'))
    const into = { If: `<${alice.books}moved/> (<${token}>)` }
    const moved = `${alice.books}moved/y.vcf`
    expect((await alice.request('MOVE', `${alice.contacts}y.vcf`, to(moved, into))).status).toBe(201)
    expect((await locksOn(alice, moved)).map((one) => one.token)).toEqual([token])
  })
})

describe('RFC 4918 §7.3 locks on what a job or a command took away', () => {
  it('hold nobody from putting something else there, and do not hold on that', async () => {
    const { alice, path, other } = await stored()
    await alice.put(`${other}x.vcf`, card('x'))
    for (const at of [path, other, `${other}x.vcf`]) await locked(alice, at)
    await server.services.store.write(async (tx) => {
      const tree = (name: string) => findTree(tx, alice.segment, 'addressbooks', name)
      const [contacts, second] = [(await tree('contacts'))?.collection, (await tree('other'))?.collection]
      const object = contacts && (await findObject(tx, contacts.id, 'a.vcf'))
      if (!contacts || !second || !object) throw new Error('nothing is there')
      await deleteObject(tx, contacts, object, { kind: 'job' })
      await deleteCollection(tx, second, { kind: 'job' })
    })
    expect((await alice.put(path, card('new'))).status).toBe(201)
    expect((await alice.request('MKCOL', other)).status).toBe(201)
    expect((await alice.put(`${other}x.vcf`, card('new'))).status).toBe(201)
    for (const at of [path, other, `${other}x.vcf`]) expect(await locksOn(alice, at)).toEqual([])
  })
})

describe('RFC 4918 §10.4 tokens in If', () => {
  it('hold of all that a lock covers, also where there is nothing yet, and of nothing else', async () => {
    const { alice, path, etag, other } = await stored()
    const token = await locked(alice, alice.contacts, { headers: { Depth: 'infinity' } })
    const put = (value: string, at = path): Promise<Answer> => alice.put(at, card('a'), { If: value })
    expect((await put(`(<${token}> [${etag}])`)).status).toBe(204)
    expect((await put(`(<${token}> ["x"])`)).status).toBe(412)
    expect((await put(`(<${token}>x)`)).status).toBe(400)
    expect((await put(`(<${token}x>) (Not <DAV:no-lock>)`)).status).toBe(423)
    expect((await put(`<${alice.contacts}none.vcf> (<${token}>)`)).status).toBe(204)
    expect((await put(`<${other}> (<${token}>)`)).status).toBe(412)
    expect((await put(`<${alice.books}> (<${token}>)`)).status).toBe(412)
    expect((await put(`<${alice.books}> (<${token}>) (<${token}>)`)).status).toBe(412)
    // Submitted in a list that fails, beside one that holds.
    expect((await put(`<${other}> (<${token}>) <${path}> ([${etag}])`)).status).toBe(204)
    expect((await alice.get(path, { If: `(<${token}>)` })).status).toBe(200)
    expect((await alice.get(path, { If: '(<urn:uuid:none>)' })).status).toBe(412)
  })
})

describe('locks of two accounts on what they share', () => {
  async function shared() {
    const alice = await server.account()
    const bob = await server.account()
    await alice.put(`${alice.calendar}a%20b.ics`, event('a'))
    const mount = await share(server, alice, bob, 'theirs')
    const put = (client: Client, path: string, headers: Headers = {}): Promise<Answer> =>
      client.put(path, event('a', [`SUMMARY:${server.clock.now}`, 'DTSTART:20260115T100000Z']), headers)
    return { alice, bob, mount, hers: `${alice.calendar}a%20b.ics`, his: `${mount}a%20b.ics`, put }
  }

  it('hold by either URL, and show their root in the tree of who asks', async () => {
    const { alice, bob, mount, hers, his, put } = await shared()
    const token = await locked(bob, his)
    expectLocked(await put(alice, hers), hers)
    expectLocked(await alice.delete(alice.calendar), hers)
    expect((await locksOn(alice, hers)).map(({ root }) => root)).toEqual([hers])
    expect((await locksOn(bob, his)).map(({ root }) => root)).toEqual([his])
    await unlock(bob, his, token)
    await locked(alice, alice.calendar, { headers: { Depth: 'infinity' } })
    expectLocked(await put(bob, his), mount)
    expect((await locksOn(bob, his)).map(({ root }) => root)).toEqual([mount])
    const refused = await lock(bob, his)
    expect([refused.status, refused.text.includes(`<d:href>${mount}</d:href>`)]).toEqual([423, true])
    await alice.put(`${alice.tasks}x.ics`, event('x'))
  })

  it("§6.4 another's token opens nothing, though it is the state of the resource", async () => {
    const { alice, bob, hers, his, put } = await shared()
    const token = await locked(alice, hers)
    expectLocked(await put(bob, his, { If: `(<${token}>)` }), his)
    expect((await put(bob, his, { If: '(Not <DAV:no-lock>)' })).status).toBe(423)
    expect((await put(alice, hers, { If: `(<${token}>)` })).status).toBe(204)
  })

  it('§6.4 with shared locks each uses his own', async () => {
    const { alice, bob, hers, his, put } = await shared()
    const one = await locked(alice, hers, { scope: 'shared' })
    const other = await locked(bob, his, { scope: 'shared' })
    expectLocked(await put(alice, hers, { If: `(<${other}>)` }), hers)
    expect((await put(alice, hers, { If: `(<${one}>)` })).status).toBe(204)
    expect((await put(bob, his, { If: `(<${other}>)` })).status).toBe(204)
  })

  it('leave a sharee free to rename, colour and decline his mount', async () => {
    const { alice, bob, mount } = await shared()
    await locked(alice, alice.calendar, { headers: { Depth: 'infinity' } })
    expect((await bob.request('PROPPATCH', mount, { body: displayname })).status).toBe(207)
    expect((await bob.request('MOVE', mount, to(`${bob.calendars}renamed/`))).status).toBe(201)
    expect(await locksOn(bob, `${bob.calendars}renamed/`)).toHaveLength(1)
    expect((await bob.delete(`${bob.calendars}renamed/`)).status).toBe(204)
  })
})
