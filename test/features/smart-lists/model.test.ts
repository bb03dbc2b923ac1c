import fc from 'fast-check'
import { expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { runsOf } from '../../store.ts'
import { placedAt } from '../people/sessions.ts'

const server = useServer()
const dayMs = 86_400_000
const names = ['Ann', 'Bob', 'Cleo']
const cities = ['Lyon', 'Paris', '']

/** Somebody as the model has him. */
interface Person {
  city: string
  hasNote: boolean
  isCustomer: boolean
  calls: number[]
}

type Question = 'Lyon' | 'Paris' | 'note' | 'customer' | 'lately' | 'never'
type Tree = Question | { all: Tree[] } | { any: Tree[] } | { not: Tree }

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Question>('Lyon', 'Paris', 'note', 'customer', 'lately', 'never'),
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
}))

const step = fc.record({
  kind: fc.constantFrom('put', 'put', 'delete', 'role', 'call', 'days', 'sync'),
  who: fc.nat(names.length - 1),
  city: fc.constantFrom(...cities),
  flag: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const written: Readonly<Record<Question, unknown>> = {
  Lyon: { field: 'city', op: 'is', text: 'LYON' },
  Paris: { field: 'city', op: 'begins', text: 'par' },
  note: { field: 'note', op: 'known' },
  customer: { field: 'role', op: 'is', text: 'customer' },
  lately: { field: 'last-contact', op: 'within', days: 30 },
  never: { field: 'last-contact', op: 'never' },
}

function filterOf(node: Tree): unknown {
  if (typeof node === 'string') return written[node]
  if ('all' in node) return { all: node.all.map(filterOf) }
  return 'any' in node ? { any: node.any.map(filterOf) } : { not: filterOf(node.not) }
}

/** The same, asked of one person. */
function isIn(node: Tree, person: Person): boolean {
  if (typeof node !== 'string') {
    if ('all' in node) return node.all.every((part) => isIn(part, person))
    return 'any' in node ? node.any.some((part) => isIn(part, person)) : !isIn(node.not, person)
  }
  const since = (Math.floor(server.clock.now / dayMs) - 30) * dayMs
  switch (node) {
    case 'note':
      return person.hasNote
    case 'customer':
      return person.isCustomer
    case 'lately':
      return person.calls.some((at) => at >= since)
    case 'never':
      return person.calls.length === 0
    default:
      return person.city === node
  }
}

async function take(
  alice: Account,
  people: Map<string, Person>,
  { kind, who, city, flag }: Step,
): Promise<void> {
  const name = names[who] ?? ''
  const href = `${alice.contacts}${name}.vcf`
  const known = people.get(name)
  if (kind === 'days') server.clock.now += 20 * dayMs
  if (kind === 'put') {
    const lines = [...(city === '' ? [] : [`ADR:;;;${city};;;`]), ...(flag ? ['NOTE:n'] : [])]
    expect((await alice.put(href, card(name, name, lines))).status).toBeLessThan(300)
    // Who comes back is the one he was.
    const before = known ?? gone.get(people)?.get(name) ?? { isCustomer: false, calls: [] }
    people.set(name, { ...before, city, hasNote: flag })
  }
  if (!known) return
  if (kind === 'delete') {
    await alice.delete(href)
    people.delete(name)
    gone.get(people)?.set(name, known)
    return
  }
  const { partyId } = await placedAt(server, href)
  if (kind === 'role') {
    await call(alice, 'PATCH', `/parties/${partyId}`, { roles: flag ? ['customer'] : [] })
    known.isCustomer = flag
  }
  if (kind === 'call') {
    const at = server.clock.now
    const body = { kind: 'call', parties: [partyId], at: new Date(at).toISOString(), html: '' }
    expect((await call(alice, 'POST', '/activities', body)).status).toBe(201)
    known.calls.push(at)
  }
}

const gone = new WeakMap<Map<string, Person>, Map<string, Person>>()

it('a list, and the address book that a device has of it, are who a plain filter finds (RFC 6578)', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.array(step, { minLength: 10, maxLength: 18 }), async (filter, steps) => {
      const alice = await server.account()
      const people = new Map<string, Person>()
      gone.set(people, new Map())
      const made = await call(alice, 'POST', '/lists', { name: 'x', filter: filterOf(filter) })
      const list = made.json.id
      const path = `${alice.books}${(await call(alice, 'POST', `/lists/${list}/book`)).json.name}/`
      const phone = { token: '', cards: new Map<string, string>() }
      const check = async (): Promise<void> => {
        const found = await alice.syncAll(path, phone.token)
        for (const href of found.removed) phone.cards.delete(href)
        for (const href of found.changed) phone.cards.set(href, (await alice.get(href)).text)
        phone.token = found.token
        const expected = [...people].flatMap(([name, person]) => (isIn(filter, person) ? name : [])).sort()
        const has = [...phone.cards.values()].map((text) => /\r\nFN:(.*)\r\n/.exec(text)?.[1] ?? '?')
        const { json } = await call(alice, 'GET', `/lists/${list}/members`)
        expect(json.items.map(({ name }: { name: string }) => name)).toEqual(expected)
        expect(has.sort()).toEqual(expected)
      }
      for (const one of steps) await (one.kind === 'sync' ? check() : take(alice, people, one))
      await check()
    }),
    { numRuns: runsOf(20), seed: 28 },
  )
}, 240_000)
