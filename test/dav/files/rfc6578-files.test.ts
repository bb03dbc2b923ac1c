import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cs, dav } from '../../../protocol/dav/names.ts'
import { purgeNodes } from '../../../storage/nodes/node-purge.ts'
import { type Multistatus, preconditionsOf, readMultistatus } from '../client.ts'
import { type Account, useServer } from '../server.ts'
import { type Files, filesOf } from './files.ts'

const server = useServer()

type Level = '1' | 'infinite'

function body(token: string, level: Level, limit?: number): string {
  const cut = limit === undefined ? '' : `<d:limit><d:nresults>${limit}</d:nresults></d:limit>`
  return `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>${level}</d:sync-level>${cut}<d:prop><d:getetag/><d:resourcetype/></d:prop></d:sync-collection>`
}

const ask = (account: Account, path: string, token: string, level: Level, limit?: number) =>
  account.request('REPORT', path, {
    headers: { 'Content-Type': 'text/xml' },
    body: body(token, level, limit),
  })

async function sync(account: Account, path: string, token: string, level: Level = '1'): Promise<Multistatus> {
  const answer = await ask(account, path, token, level)
  expect(answer.status, answer.text).toBe(207)
  return readMultistatus(answer)
}

/** Changed hrefs below the home, those that are gone with a minus. */
function changes({ home }: Files, { responses }: Multistatus): string[] {
  return responses.map(({ href, status }) => (status === 404 ? '-' : '') + href.slice(home.length))
}

describe('RFC 6578 §3 sync of files with level 1', () => {
  it('tells what is in the folder, what came and went, and nothing of what lies deeper', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b/', 'a/b/c', 'd')
    const first = await sync(account, mine.home, '')
    expect(changes(mine, first)).toEqual(['a/', 'd'])
    const token = String(first.syncToken)
    await mine.make('a/b/e', 'f')
    await mine.put('d', 'other')
    await mine.delete('a/b/c')
    expect(changes(mine, await sync(account, mine.home, token))).toEqual(['f', 'd'])
    const inner = await sync(account, `${mine.home}a/b/`, '')
    expect(changes(mine, inner)).toEqual(['a/b/e'])
    await mine.delete('a/b/e')
    await mine.delete('a/')
    expect(changes(mine, await sync(account, mine.home, token))).toEqual(['f', 'd', '-a/'])
  })

  it('has a token on the folder, which is its ctag too, and guards changes as a state token (§5)', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b')
    const names = [dav('sync-token'), cs('getctag')]
    const found = (await account.propfind(mine.home, 1, names)).of(`${mine.home}a/`)
    const token = String(found.text(dav('sync-token')))
    expect(found.text(cs('getctag'))).toBe(token)
    expect(changes(mine, await sync(account, `${mine.home}a/`, token))).toEqual([])
    const condition = { If: `<${mine.home}a/> (<${token}>)` }
    expect((await mine.put('a/c', 'x', condition)).status).toBe(201)
    expect((await mine.put('a/d', 'x', condition)).status).toBe(412)
    expect(changes(mine, await sync(account, `${mine.home}a/`, token))).toEqual(['a/c'])
  })

  it('refuses tokens of another folder, home, collection or epoch', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const other = await server.account()
    await mine.make('a/', 'b/')
    const tokenOf = async (client: Account, path: string) => String((await sync(client, path, '')).syncToken)
    const own = await tokenOf(account, `${mine.home}a/`)
    const foreign = [
      await tokenOf(account, `${mine.home}b/`),
      await tokenOf(account, mine.home),
      await tokenOf(other, other.files),
      String((await account.sync(account.calendar, '')).syncToken),
      own.replace(/sync:[^:]+:/, 'sync:other:'),
      own.replace(/(\d+)\.\d+:/, '$1.99999:'),
      'urn:farley:sync:nonsense',
    ]
    for (const token of foreign) {
      const answer = await ask(account, `${mine.home}a/`, token, '1')
      expect([answer.status, preconditionsOf(answer)], token).toEqual([403, [dav('valid-sync-token')]])
    }
    expect((await ask(account, `${mine.home}a/`, own, '1')).status).toBe(207)
  })

  it('starts again where tombstones that it would need are forgotten', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a', 'b')
    const token = String((await sync(account, mine.home, '')).syncToken)
    await mine.delete('a')
    server.clock.now += 1_000
    const retention = { revisionsBefore: 0, keepRevisions: 10, trashBefore: 0, batch: 500 }
    await server.services.store.write((tx) =>
      purgeNodes(tx, { ...retention, tombstonesBefore: server.clock.now }),
    )
    expect((await ask(account, mine.home, token, '1')).status).toBe(403)
    expect(changes(mine, await sync(account, mine.home, ''))).toEqual(['b'])
  })
})

describe('RFC 6578 §3.3 sync of files with level infinite', () => {
  it('tells everything below, a folder that went once for all that was in it, and a move as new', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b/', 'a/b/c', 'd/')
    const first = await sync(account, mine.home, '', 'infinite')
    expect(changes(mine, first)).toEqual(['a/', 'a/b/', 'a/b/c', 'd/'])
    const inside = await sync(account, `${mine.home}a/`, '', 'infinite')
    expect(changes(mine, inside)).toEqual(['a/b/', 'a/b/c'])
    await mine.move('a/b/', 'd/e/')
    const moved = await sync(account, mine.home, String(first.syncToken), 'infinite')
    expect(changes(mine, moved)).toEqual(['d/e/', 'd/e/c', '-a/b/'])
    const gone = await sync(account, `${mine.home}a/`, String(inside.syncToken), 'infinite')
    expect(changes(mine, gone)).toEqual(['-a/b/'])
  })

  it('is cut where the client asks for it, and resumes there', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const paths = ['a/', 'a/b', 'c/', 'c/d/', 'c/d/e', 'f', 'g']
    await mine.make(...paths)
    const seen: string[] = []
    let token = ''
    for (let cut = true; cut; ) {
      const answer = readMultistatus(await ask(account, mine.home, token, 'infinite', 3))
      const own = answer.responses.filter(({ href }) => href === mine.home)
      cut = own.some(({ status }) => status === 507)
      seen.push(...changes(mine, answer).filter((path) => path !== ''))
      token = String(answer.syncToken)
    }
    expect(seen).toEqual(paths)
    expect(changes(mine, await sync(account, mine.home, token, 'infinite'))).toEqual([])
  })

  it('tells a folder and a file of the same name apart, which have other hrefs', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a', 'b/', 'b/c')
    const token = String((await sync(account, mine.home, '', 'infinite')).syncToken)
    await mine.delete('a')
    await mine.delete('b/')
    await mine.make('a/', 'b')
    const answer = await sync(account, mine.home, token, 'infinite')
    expect(changes(mine, answer)).toEqual(['a/', 'b', '-a', '-b/'])
    await mine.delete('b')
    expect(changes(mine, await sync(account, mine.home, token, 'infinite'))).toEqual([
      'a/',
      '-a',
      '-b/',
      '-b',
    ])
  })

  it('starts again where a folder took the name of one that the client knows', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/old')
    const token = String((await sync(account, mine.home, '', 'infinite')).syncToken)
    await mine.delete('a/')
    await mine.make('a/', 'a/new')
    const answer = await ask(account, mine.home, token, 'infinite')
    expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('valid-sync-token')]])
    expect(changes(mine, await sync(account, mine.home, token))).toEqual(['a/'])
    const again = String((await sync(account, mine.home, '', 'infinite')).syncToken)
    await mine.make('b')
    expect(changes(mine, await sync(account, mine.home, again, 'infinite'))).toEqual(['b'])
  })
})

/** What a client knows that syncs with level infinite. */
class Replica {
  readonly #account: Account
  readonly #home: string
  readonly #limit: number | undefined
  token = ''
  known = new Map<string, string>()

  constructor(account: Account, home: string, limit: number | undefined) {
    this.#account = account
    this.#home = home
    this.#limit = limit
  }

  /** Asks once; an answer that was cut leaves the rest to the next time. */
  async pull(): Promise<boolean> {
    const answer = await ask(this.#account, this.#home, this.token, 'infinite', this.#limit)
    if (answer.status === 403) {
      this.token = ''
      this.known.clear()
      return true
    }
    expect(answer.status, answer.text).toBe(207)
    const { responses, syncToken } = readMultistatus(answer)
    for (const { href, status, text } of [responses].flat()) {
      if (href === this.#home) continue
      if (status !== 404) this.known.set(href, text(dav('getetag')) ?? '')
      else
        for (const one of this.known.keys())
          if (one === href || one.startsWith(asFolder(href))) this.known.delete(one)
    }
    this.token = String(syncToken)
    return responses.some(({ href, status }) => href === this.#home && status === 507)
  }

  async pullAll(): Promise<string[]> {
    for (let n = 0; await this.pull(); n += 1) expect(n).toBeLessThan(200)
    return [...this.known.keys()].map((href) => href.slice(this.#home.length)).toSorted()
  }
}

const asFolder = (href: string) => (href.endsWith('/') ? href : `${href}/`)

const names = ['a', 'b', 'c']
const path = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('put', 'mkcol', 'delete'), path }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('move', 'copy'), path, to: path }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pull' as const), who: fc.nat(2) }) },
)

describe('clients that sync files', () => {
  it('know in the end what is there, whatever was done meanwhile and however often they were cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const account = await server.account()
        const mine = filesOf(account)
        const replicas = [undefined, 1, 3].map((limit) => new Replica(account, mine.home, limit))
        let number = 0
        for (const one of steps) {
          if (one.kind === 'pull') await replicas[one.who]?.pull()
          else if (one.kind === 'put') await mine.put(one.path, `content ${(number += 1)}`)
          else if (one.kind === 'mkcol') await mine.mkcol(`${one.path}/`)
          else if (one.kind === 'delete') await mine.delete(one.path)
          else if ('to' in one) await mine[one.kind](one.path, one.to)
        }
        const tree = await mine.tree()
        for (const replica of replicas) expect(await replica.pullAll()).toEqual(tree)
      }),
      { numRuns: 25, seed: 20_261 },
    )
  })
})
