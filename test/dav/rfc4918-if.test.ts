import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { mustSetAcl } from './acls.ts'
import { type Answer, type Client, type Headers, propfindBody, syncBody } from './client.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

describe('RFC 4918 §10.4 the If header', () => {
  const server = useServer()

  async function stored() {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const etag = String((await alice.put(path, card('a'))).headers.etag)
    return { alice, path, etag }
  }

  it('tokens, ETags, Not, tagged with paths and URLs (MRD-08, DFS-01)', async () => {
    const { alice, path, etag } = await stored()
    const token = (await alice.sync(alice.contacts, '')).syncToken ?? ''
    const holds = [
      `([${etag}])`,
      `(<${token}>)`,
      `(<${token}> [${etag}])`,
      `(["x"]) ([${etag}])`,
      '(Not ["x"])',
      '(Not <urn:uuid:none>)',
      `<${path}> ([${etag}])`,
      `<${server.url}${path}> ([${etag}])`,
      `<${alice.contacts}> (<${token}>)`,
      '(<DAV:no-lock>) (Not <DAV:no-lock>)',
    ]
    for (const value of holds)
      expect((await alice.put(path, card('a'), { If: value })).status, value).toBe(204)
    const fails = [
      '(["x"])',
      `([W/${etag}])`,
      '(<urn:uuid:none>)',
      `(Not [${etag}])`,
      `<${alice.contacts}> (<urn:x>)`,
      `([${etag}] <urn:x>)`,
    ]
    for (const value of fails) {
      expect((await alice.put(path, card('a', 'X'), { If: value })).status, value).toBe(412)
    }
    for (const value of ['', 'x', '(', `[${etag}]`, '<a>']) {
      expect((await alice.put(path, card('a', 'X'), { If: value })).status, value).toBe(400)
    }
    expect((await alice.put(path, card('a', 'X'), { If: `([${etag}])`, 'If-Match': '"x"' })).status).toBe(412)
  })

  it('RFC 6578 §5 a sync-token as a state token guards against what changed meanwhile', async () => {
    const { alice } = await stored()
    const token = (await alice.sync(alice.contacts, '')).syncToken ?? ''
    const guard: Headers = { If: `<${alice.contacts}> (<${token}>)` }
    expect((await alice.put(`${alice.contacts}b.vcf`, card('b'), guard)).status).toBe(201)
    expect((await alice.put(`${alice.contacts}c.vcf`, card('c'), guard)).status).toBe(412)
  })

  it('RFC 6578 §5 so does the token of a home, also of what is made in it', async () => {
    const { alice } = await stored()
    const token = (await alice.sync(alice.books, '')).syncToken ?? ''
    const guard = { If: `<${alice.books}> (<${token}>)` }
    const make = async (name: string, headers: Headers): Promise<number> =>
      (await send(alice, 'MKCOL', `${alice.books}${name}/`, headers, bookBody)).status
    expect((await alice.put(`${alice.contacts}c.vcf`, card('c'), guard)).status).toBe(201)
    expect((await alice.put(`${alice.contacts}d.vcf`, card('d'), guard)).status).toBe(412)
    expect(await make('one', guard)).toBe(412)
    const next = (await alice.sync(alice.books, token)).syncToken ?? ''
    expect(await make('one', { If: `<${server.url}${alice.books}> (<${next}>)` })).toBe(201)
    expect(await make('two', { If: `(<${next}>)` })).toBe(412)
  })

  it('§10.4.8 judges ETags and tokens of any other resource that is named', async () => {
    const { alice, path, etag } = await stored()
    const other = `${alice.calendar}e.ics`
    const otherEtag = String((await alice.put(other, event('e'))).headers.etag)
    const book = String((await alice.get(alice.contacts)).headers.etag)
    const token = (await alice.sync(alice.calendar, '')).syncToken
    const holds = [
      `<${other}> ([${otherEtag}])`,
      `<${server.url}${other}> ([${otherEtag}])`,
      `<https://elsewhere.example${other}> ([${otherEtag}])`,
      `<${alice.calendar}> (<${token}>)`,
      `<${other}> ([${etag}]) <${path}> ([${etag}])`,
      `<${other}> (["x"]) ([${otherEtag}])`,
      `<${other}> (Not ["x"])`,
      `<${alice.calendar}none.ics> (Not ["x"])`,
    ]
    for (const value of holds)
      expect((await alice.put(path, card('a'), { If: value })).status, value).toBe(204)
    expect((await alice.delete(other, { If: `<${alice.contacts}> ([${book}])` })).status).toBe(204)
    const fails = [
      `<${other}> ([${otherEtag}])`,
      `<${path}> ([${etag}] Not [${etag}])`,
      `<${alice.calendar}> (<${token}>)`,
      `<${alice.calendar}none.ics> ([${etag}])`,
      '</elsewhere/> (<urn:x>)',
    ]
    for (const value of fails) {
      const answer = await alice.put(path, card('a', 'X'), { If: value })
      expect([answer.status, answer.headers.etag], value).toEqual([412, etag])
    }
  })

  it('names what is another’s in vain, existing or not (design §6)', async () => {
    const { alice, path } = await stored()
    const bob = await server.account()
    const theirs = `${bob.contacts}b.vcf`
    const etag = String((await bob.put(theirs, card('b'))).headers.etag)
    const token = (await bob.sync(bob.contacts, '')).syncToken
    for (const value of [`<${theirs}> ([${etag}])`, `<${bob.contacts}> (<${token}>)`]) {
      expect((await alice.put(path, card('a', 'X'), { If: value })).status, value).toBe(412)
    }
    for (const name of [theirs, `${bob.contacts}none.vcf`]) {
      const answer = await alice.put(path, card('a'), { If: `<${name}> (Not [${etag}])` })
      expect(answer.status, name).toBe(204)
    }
  })

  it('judges what another lets him read, and no more', async () => {
    const { alice, path } = await stored()
    const bob = await server.account()
    const theirs = `${bob.calendar}b.ics`
    const etag = String((await bob.put(theirs, event('b'))).headers.etag)
    const sent = async (): Promise<number> =>
      (await alice.put(path, card('a'), { If: `<${theirs}> ([${etag}])` })).status
    expect(await sent()).toBe(412)
    await mustSetAcl(bob, bob.calendar, [{ who: alice.principal, grant: ['bind', 'write-content'] }])
    expect(await sent()).toBe(412)
    await mustSetAcl(bob, bob.calendar, [{ who: alice.principal, grant: ['read'] }])
    expect(await sent()).toBe(204)
  })

  it('of what may not be read no state is right (RFC 4791 §6.1.1)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['c:read-free-busy'] }])
    const { headers } = await alice.get(alice.calendar)
    const token = (await alice.sync(alice.calendar, '')).syncToken ?? ''
    for (const state of [`[${headers.etag}]`, `<${token}>`, '["x"]', '<urn:x:y>']) {
      const answers = [`(${state})`, `(Not ${state})`].map((If) => bob.get(alice.calendar, { If }))
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([412, 403])
    }
  })

  it('holds for every method', async () => {
    const { alice, path, etag } = await stored()
    const requests: readonly (readonly [method: string, at: string, body?: string])[] = [
      ['GET', path],
      ['HEAD', path],
      ['PROPFIND', path, propfindBody([dav('getetag')])],
      ['REPORT', alice.contacts, syncBody('')],
      ['PROPPATCH', path, '<d:propertyupdate xmlns:d="DAV:"/>'],
      ['COPY', path],
      ['MOVE', path],
      ['MKCOL', `${alice.books}new/`, bookBody],
      ['MKCALENDAR', `${alice.calendars}new/`],
      ['DELETE', path],
      ['DELETE', alice.calendar],
    ]
    for (const [method, at, body] of requests) {
      const sent = (condition: string): Promise<Answer> =>
        send(alice, method, at, { If: condition, Destination: `${alice.contacts}a2.vcf` }, body)
      expect((await sent(`<${path}> (Not [${etag}])`)).status, method).toBe(412)
      expect((await sent('nonsense')).status, method).toBe(400)
    }
    expect((await alice.get(path)).text).toBe(card('a'))
    const hold = { If: `<${path}> ([${etag}])` }
    expect((await send(alice, 'MKCOL', `${alice.books}new/`, hold, bookBody)).status).toBe(201)
    expect((await send(alice, 'GET', path, hold)).status).toBe(200)
    expect((await send(alice, 'GET', `${alice.contacts}none.vcf`, { If: '(["x"])' })).status).toBe(404)
    expect((await send(alice, 'DELETE', path, hold)).status).toBe(204)
  })

  it('may name a hundred resources', async () => {
    const { alice, path, etag } = await stored()
    const names = (count: number): string =>
      Array.from({ length: count }, (_, n) => `<${alice.contacts}${n}.vcf> (<urn:x>)`).join(' ')
    const last = ` <${path}> ([${etag}])`
    expect((await alice.put(path, card('a'), { If: names(99) + last })).status).toBe(204)
    expect((await alice.put(path, card('a', 'X'), { If: names(100) + last })).status).toBe(431)
  })
})

const bookBody =
  '<d:mkcol xmlns:d="DAV:" xmlns:r="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><r:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>'

const send = (
  client: Client,
  method: string,
  path: string,
  headers: Headers,
  body?: string,
): Promise<Answer> => client.request(method, path, { headers, ...(body === undefined ? {} : { body }) })
