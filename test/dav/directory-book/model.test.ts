import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AccountError, removeAccount } from '../../../src/features/accounts/accounts.ts'
import { removeGroup } from '../../../src/features/accounts/groups.ts'
import { updatePrincipal } from '../../../storage/principals.ts'
import { rowOf } from '../../features/world.ts'
import { runsOf } from '../../store.ts'
import { delegate, group, join, leave } from '../directory.ts'
import { type Account, type TestServer, useServer } from '../server.ts'

type Step =
  | { readonly kind: 'account' | 'group' | 'sync' }
  | { readonly kind: 'rename' | 'remove' | 'ungroup'; readonly at: number }
  | { readonly kind: 'join' | 'leave' | 'delegate'; readonly at: number; readonly to: number }

const alone = (kind: 'account' | 'group' | 'sync') => fc.constant({ kind })
const one = (kind: 'rename' | 'remove' | 'ungroup') => fc.record({ kind: fc.constant(kind), at: fc.nat(9) })
const two = (kind: 'join' | 'leave' | 'delegate') =>
  fc.record({ kind: fc.constant(kind), at: fc.nat(9), to: fc.nat(9) })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: alone('account') },
  { weight: 2, arbitrary: alone('group') },
  { weight: 6, arbitrary: alone('sync') },
  { weight: 2, arbitrary: one('rename') },
  { weight: 1, arbitrary: one('remove') },
  { weight: 1, arbitrary: one('ungroup') },
  { weight: 8, arbitrary: two('join') },
  { weight: 3, arbitrary: two('leave') },
  { weight: 1, arbitrary: two('delegate') },
)

/** Who is there, who is in which group and whose delegate, and what somebody sees of it, worked out without the tables. */
class Model {
  readonly shown = new Map<string, string>()
  readonly accounts: Account[] = []
  readonly groups = new Map<string, Set<string>>()
  /** Owner and delegate. */
  readonly proxies: (readonly [string, string])[] = []

  above(name: string, found = new Set([name])): ReadonlySet<string> {
    for (const [holder, members] of this.groups)
      if (members.has(name) && !found.has(holder)) this.above(holder, found.add(holder))
    return found
  }

  below(name: string, found: Set<string>): void {
    found.add(name)
    for (const member of this.groups.get(name) ?? []) if (!found.has(member)) this.below(member, found)
  }

  seenBy(name: string): string[] {
    const above = this.above(name)
    const seen = new Set<string>()
    for (const holder of above) this.below(holder, seen)
    for (const [owner, to] of this.proxies) {
      if (above.has(to)) seen.add(owner)
      if (owner === name) seen.add(to)
    }
    return [...seen].map((who) => this.shown.get(who) ?? who).sort()
  }

  forget(name: string): void {
    for (const members of this.groups.values()) members.delete(name)
    this.groups.delete(name)
    this.shown.delete(name)
    const kept = this.proxies.filter((pair) => !pair.includes(name))
    this.proxies.splice(0, this.proxies.length, ...kept)
  }
}

let numbers = 0

async function take(server: TestServer, model: Model, made: Step): Promise<void> {
  const { services } = server
  const groups = [...model.groups.keys()]
  const names = [...model.accounts.map(({ name }) => name), ...groups]
  const at = 'at' in made ? made.at : 0
  const to = 'to' in made ? made.to : 0
  const holder = groups[at % Math.max(groups.length, 1)]
  const somebody = names[to % names.length] ?? ''
  switch (made.kind) {
    case 'account': {
      const account = await server.account()
      model.accounts.push(account)
      model.shown.set(account.name, account.name)
      return
    }
    case 'group': {
      const name = `g${(numbers += 1)}`
      await group(server, name)
      model.groups.set(name, new Set())
      model.shown.set(name, name)
      return
    }
    case 'rename': {
      const account = model.accounts[at % model.accounts.length]
      if (!account) return
      const { id } = await rowOf(server, account)
      const displayName = `Name ${(numbers += 1)}`
      await services.store.write((tx) => updatePrincipal(tx, id, { displayName }))
      model.shown.set(account.name, displayName)
      return
    }
    case 'remove': {
      // The first one looks on.
      const [account] = at > 0 ? model.accounts.splice(at, 1) : []
      if (!account) return
      await services.store.write((tx) => removeAccount(tx, account.name, { purge: true }, services))
      model.forget(account.name)
      return
    }
    case 'ungroup':
      if (holder === undefined) return
      await services.store.write((tx) => removeGroup(tx, holder, { ...services, origin: { kind: 'job' } }))
      model.forget(holder)
      return
    case 'join':
      if (holder === undefined) return
      // A group is never in itself.
      if (await isRefused(join(server, holder, somebody))) return
      model.groups.get(holder)?.add(somebody)
      return
    case 'leave':
      if (holder === undefined || (await isRefused(leave(server, holder, somebody)))) return
      model.groups.get(holder)?.delete(somebody)
      return
    case 'delegate': {
      const owner = model.accounts[at % model.accounts.length]?.name ?? ''
      if (await isRefused(delegate(server, owner, somebody, 'read'))) return
      model.proxies.push([owner, somebody])
      return
    }
    case 'sync':
      return
  }
}

async function isRefused(change: Promise<void>): Promise<boolean> {
  try {
    await change
    return false
  } catch (error) {
    if (error instanceof AccountError || (error as { status?: number }).status !== undefined) return true
    throw error
  }
}

interface Phone {
  token: string
  readonly cards: Map<string, string>
}

async function textsOf(account: Account, hrefs: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const href of hrefs) texts.set(href, (await account.get(href)).text)
  return texts
}

/** The phone fetches what it is told of; then it has what anybody finds who asks for the first time. */
async function syncAndCompare(account: Account, phone: Phone): Promise<string[]> {
  const path = `${account.books}directory/`
  const { changed, removed, token } = await account.syncAll(path, phone.token, 3)
  for (const href of removed) {
    expect(phone.cards.has(href), 'removed what it had').toBe(true)
    phone.cards.delete(href)
  }
  for (const [href, text] of await textsOf(account, changed)) {
    expect(phone.cards.get(href), 'changed what was otherwise').not.toBe(text)
    phone.cards.set(href, text)
  }
  phone.token = token
  const fresh = await textsOf(account, (await account.syncAll(path, '')).changed)
  expect(new Map([...phone.cards].sort())).toEqual(new Map([...fresh].sort()))
  return [...fresh.values()].map((text) => /^FN:(.*)$/m.exec(text)?.[1]?.trim() ?? '').sort()
}

describe('RFC 6578: the directory against a model', () => {
  const limited = useServer({ directory: { addressBook: true, visibility: 'groups' } })

  it('is whom one may see, after any changes of people, groups and delegates, and a phone has the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const model = new Model()
        await take(limited, model, { kind: 'account' })
        const [account] = model.accounts
        if (!account) return
        const phone: Phone = { token: '', cards: new Map() }
        for (const made of [...steps, { kind: 'sync' } as const]) {
          await take(limited, model, made)
          if (made.kind === 'sync')
            expect(await syncAndCompare(account, phone)).toEqual(model.seenBy(account.name))
        }
      }),
      { numRuns: runsOf(30), seed: 4, endOnFailure: true },
    )
  })
})

describe('RFC 6578: the directory of an account that sees everybody', () => {
  const open = useServer({ directory: { addressBook: true, cards: 12 } })

  it('has all there are, up to the limit of cards, and a phone has the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const model = new Model()
        await take(open, model, { kind: 'account' })
        const [account] = model.accounts
        if (!account) return
        const phone: Phone = { token: '', cards: new Map() }
        for (const made of steps) {
          await take(open, model, made)
          const names = await syncAndCompare(account, phone)
          const everybody = await open.services.store.read(({ sql }) =>
            sql.all<{ name: string }>('SELECT display_name AS name FROM principals ORDER BY id LIMIT 12'),
          )
          expect(names).toEqual(everybody.map(({ name }) => name).sort())
        }
      }),
      { numRuns: runsOf(10), seed: 4, endOnFailure: true },
    )
  })
})
