import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialect } from '../store.ts'
import type { Answer } from './client.ts'
import { lock, locksOn, share, tokenOf, unlock } from './locking.ts'
import { event } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer()

/** A lock as the model has it: the collection ('') or one of its members. */
interface ModelLock {
  readonly at: string
  readonly deep: boolean
  readonly shared: boolean
  readonly holder: number
  readonly token: string
}

const who = fc.constantFrom(0, 1)
const member = fc.constantFrom('a.ics', 'b.ics')
const place = fc.constantFrom('', 'a.ics', 'b.ics')
const step = fc.oneof(
  fc.record({ act: fc.constant('lock'), who, at: place, deep: fc.boolean(), shared: fc.boolean() }),
  fc.record({ act: fc.constant('unlock'), who, at: place, nth: fc.nat(5) }),
  fc.record({ act: fc.constant('put'), who, at: member, submitted: fc.nat(31) }),
  fc.record({ act: fc.constant('delete'), who, at: member, submitted: fc.nat(31) }),
  fc.record({ act: fc.constant('move'), who, at: member, submitted: fc.nat(31) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/**
 * The rules of RFC 4918 §6 and §7 once more, said by what is affected: a resource with locks on it is affected only by
 * who holds one of them and names it.
 */
class Model {
  locks: ModelLock[] = []
  /** UIDs by name. */
  readonly members = new Map<string, string>()
  /** What was asked and how it was answered, so that the test can tell that it has seen all. */
  readonly seen: Set<string>

  constructor(seen: Set<string>) {
    this.seen = seen
  }

  on(at: string): ModelLock[] {
    return this.locks.filter((one) => one.at === at || (one.at === '' && one.deep))
  }

  mayTake({ at, deep, shared }: { at: string; deep: boolean; shared: boolean }): boolean {
    const affected = at === '' && deep ? ['', 'a.ics', 'b.ics'] : [at]
    return affected.flatMap((one) => this.on(one)).every((one) => one.shared && shared)
  }

  isOpen(affected: readonly string[], holder: number, tokens: readonly string[]): boolean {
    return affected.every((at) => {
      const locks = this.on(at)
      return locks.length === 0 || locks.some((one) => one.holder === holder && tokens.includes(one.token))
    })
  }

  gone(at: string): void {
    this.members.delete(at)
    this.locks = this.locks.filter((one) => one.at !== at)
  }
}

const all = ['put 201', 'put 204', 'put 423', 'delete 204', 'delete 423', 'move 201', 'move 423'].concat([
  'lock 200',
  'lock 207',
  'lock 403',
  'lock 423',
  'unlock 204',
  'unlock 403',
  'unlock 409',
])

describe('RFC 4918 §6, §7 locks of two accounts on a shared calendar', () => {
  it('are granted, refused and respected as a small model says', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const alice = await server.account()
        const bob = await server.account()
        const urls = [alice.calendar, await share(server, alice, bob, 'theirs')]
        const model = new Model(seen)
        for (const [number, one] of steps.entries()) await run(model, [alice, bob], urls, one, number)
        for (const at of ['', ...model.members.keys()]) {
          const seen = (await locksOn(bob, `${urls[1]}${at}`)).map(({ token }) => token)
          expect(seen.toSorted()).toEqual(
            model
              .on(at)
              .map(({ token }) => token)
              .toSorted(),
          )
        }
      }),
      { numRuns: dialect === 'sqlite' ? 60 : 10, seed: 4918 },
    )
    if (dialect === 'sqlite') expect([...seen].toSorted()).toEqual(expect.arrayContaining(all))
  }, 120_000)
})

async function run(
  model: Model,
  accounts: readonly Account[],
  urls: readonly string[],
  one: Step,
  number: number,
): Promise<void> {
  const account = accounts[one.who]
  const path = `${urls[one.who]}${one.at}`
  if (!account) throw new Error('nobody')
  if (one.act === 'lock' && 'deep' in one) {
    const headers = { Depth: one.deep ? 'infinity' : '0' }
    const answer = await lock(account, path, { scope: one.shared ? 'shared' : 'exclusive', headers })
    model.seen.add(`lock ${answer.status}`)
    expectTaken(model, one, answer)
  } else if ('nth' in one) {
    const locks = model.on(one.at)
    const chosen = locks[one.nth % Math.max(locks.length, 1)]
    const answer = await unlock(account, path, chosen?.token ?? 'urn:uuid:none')
    model.seen.add(`unlock ${answer.status}`)
    const exists = one.at === '' || model.members.has(one.at)
    // The owner of the calendar may take any lock away, its sharee only what he took himself.
    const isHis = one.who === 0 || chosen?.holder === one.who
    expect(answer.status).toBe(!exists ? 404 : !chosen ? 409 : isHis ? 204 : 403)
    if (answer.status === 204) model.locks = model.locks.filter((lock) => lock !== chosen)
  } else if ('submitted' in one) {
    const tokens = model.locks.filter((_, at) => (one.submitted >> (at % 5)) & 1).map(({ token }) => token)
    const lists = [...tokens.map((token) => `(<${token}>)`), '(Not <DAV:no-lock>)'].join(' ')
    await write(model, account, path, { ...one, tokens, headers: { If: lists } }, number)
  }
}

function expectTaken(
  model: Model,
  one: { who: number; at: string; deep: boolean; shared: boolean },
  answer: Answer,
): void {
  if (one.at !== '' && !model.members.has(one.at)) {
    // Nothing is there: an event cannot be empty, and who may not add one is told that first.
    expect(answer.status).toBe(model.isOpen(['', one.at], one.who, []) ? 403 : 423)
    return
  }
  const isFreeItself = model.mayTake({ ...one, deep: false })
  expect(answer.status).toBe(model.mayTake(one) ? 200 : isFreeItself ? 207 : 423)
  if (answer.status !== 200) return
  const { at, deep, shared } = one
  model.locks.push({ at, deep, shared, holder: one.who, token: tokenOf(answer) })
}

async function write(
  model: Model,
  account: Account,
  path: string,
  one: { act: string; who: number; at: string; tokens: readonly string[]; headers: { If: string } },
  number: number,
): Promise<void> {
  const { act, at, tokens, headers } = one
  const exists = model.members.has(at)
  const other = at === 'a.ics' ? 'b.ics' : 'a.ics'
  if (act === 'put') {
    const isOpen = model.isOpen(exists ? [at] : ['', at], one.who, tokens)
    const uid = model.members.get(at) ?? `uid ${number}`
    const body = event(uid, [`SUMMARY:${number}`, 'DTSTART:20260115T100000Z'])
    const { status } = await account.put(path, body, headers)
    model.seen.add(`put ${status}`)
    expect(status).toBe(isOpen ? (exists ? 204 : 201) : 423)
    if (isOpen) model.members.set(at, uid)
  } else if (act === 'delete') {
    const isOpen = model.isOpen(['', at], one.who, tokens)
    const { status } = await account.delete(path, headers)
    model.seen.add(`delete ${status}`)
    expect(status).toBe(exists ? (isOpen ? 204 : 423) : 404)
    if (exists && isOpen) model.gone(at)
  } else if (exists && !model.members.has(other)) {
    const isOpen = model.isOpen(['', at, other], one.who, tokens)
    const destination = path.replace(at, other)
    const moved = await account.request('MOVE', path, { headers: { ...headers, Destination: destination } })
    model.seen.add(`move ${moved.status}`)
    expect(moved.status).toBe(isOpen ? 201 : 423)
    if (!isOpen) return
    model.members.set(other, model.members.get(at) ?? '')
    model.gone(at)
  }
}
