import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { openStore } from '../../storage/store.ts'
import type { Client } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { contacts, makeDataFolder, startServer } from './server-process.ts'

/** A member as octets; undefined for none. */
type State = string | undefined

/** What may be at a name: what was acknowledged last, or what was under way when the power went. */
interface Expected {
  acknowledged: State
  underWay: State | 'nothing'
}

const workers = 8
const namesEach = 4
const rounds = 7
const seed = 2

/** One name after another, each written and deleted by one worker alone, until the server is gone. */
async function work(client: Client, worker: number, expected: Map<string, Expected>): Promise<number> {
  let acknowledged = 0
  for (let n = 0; ; n += 1) {
    const name = `${worker}-${n % namesEach}`
    const at = expected.get(name) ?? { acknowledged: undefined, underWay: 'nothing' }
    expected.set(name, at)
    const body =
      at.acknowledged !== undefined && n % 3 === 2 ? undefined : card(name, `Version ${randomUUID()}`)
    at.underWay = body
    const path = `${contacts}${name}.vcf`
    try {
      const answer = body === undefined ? await client.delete(path) : await client.put(path, body)
      if (![201, 204].includes(answer.status)) throw new Refused(`${path} was answered ${answer.status}`)
    } catch (error) {
      if (error instanceof Refused) throw error
      return acknowledged
    }
    at.acknowledged = body
    at.underWay = 'nothing'
    acknowledged += 1
  }
}

class Refused extends Error {}

/** What the server has, by name. */
async function present(client: Client): Promise<Map<string, { etag: string; body: string }>> {
  const found = new Map<string, { etag: string; body: string }>()
  const { responses } = await client.propfind(contacts, 1, [dav('getetag')])
  for (const { href, text } of responses) {
    if (href === contacts) continue
    const name = href.slice(contacts.length, -'.vcf'.length)
    found.set(name, { etag: text(dav('getetag')) ?? '', body: (await client.get(href)).text })
  }
  return found
}

/** Goes on from a token, as a client does that was away. */
async function catchUp(client: Client, known: Map<string, string>, token: string): Promise<string> {
  const answer = await client.sync(contacts, token)
  for (const { href, status, text } of answer.responses) {
    if (status === 404) known.delete(href)
    else known.set(href, text(dav('getetag')) ?? '')
  }
  return answer.syncToken ?? ''
}

describe('a server killed at any instant', () => {
  it('has lost no write that it had acknowledged, and every old token goes on', {
    timeout: 90_000,
  }, async () => {
    using folder = makeDataFolder()
    const expected = new Map<string, Expected>()
    const [often, seldom] = [new Map<string, string>(), new Map<string, string>()]
    let [oftenToken, seldomToken] = ['', '']
    let acknowledged = 0
    const delays = fc.sample(fc.integer({ min: 5, max: 400 }), { seed, numRuns: rounds })
    for (const [round, delay] of delays.entries()) {
      const server = await startServer(folder)
      oftenToken = await catchUp(server.client, often, oftenToken)
      if (round === 0) seldomToken = await catchUp(server.client, seldom, seldomToken)
      const working = Array.from({ length: workers }, (_, worker) => work(server.client, worker, expected))
      await wait(delay)
      await server.kill()
      for (const done of await Promise.all(working)) acknowledged += done

      await using again = await startServer(folder)
      const found = await present(again.client)
      for (const [name, at] of expected) {
        const body = found.get(name)?.body
        const possible = at.underWay === 'nothing' ? [at.acknowledged] : [at.acknowledged, at.underWay]
        expect(possible, `${name} in round ${round}`).toContain(body)
        expected.set(name, { acknowledged: body, underWay: 'nothing' })
      }
      const etags = new Map([...found].map(([name, { etag }]) => [`${contacts}${name}.vcf`, etag]))
      oftenToken = await catchUp(again.client, often, oftenToken)
      expect(often).toEqual(etags)
      if (round === rounds - 1) {
        await catchUp(again.client, seldom, seldomToken)
        expect(seldom).toEqual(etags)
      }
    }
    expect(acknowledged).toBeGreaterThan(0)
    const { path: dataDirectory, database: path } = folder
    const database = { kind: 'sqlite', path } as const
    await using store = await openStore({ database, dataDirectory, now: Date.now, newId: randomUUID })
    expect(await store.read(checkInvariants)).toEqual([])
  })
})
