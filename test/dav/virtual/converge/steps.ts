import fc from 'fast-check'
import { expect } from 'vitest'
import { restoreFromTrash } from '../../../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../../../src/features/trash/trash.ts'
import { call } from '../../../api/json.ts'
import { collect, rowOf } from '../../../features/world.ts'
import { card } from '../../objects.ts'
import { changeMask } from '../masked.ts'
import { type CardAt, lines, masks, secretsIn, toggled } from './cards.ts'
import { cardsOf, grantsOf, type World } from './world.ts'

const names = ['a', 'b', 'c']
const kinds = [
  ...[
    'put',
    'put',
    'put',
    'change',
    'change',
    'label',
    'label',
    'delete',
    'restore',
    'move',
    'merge',
    'merge',
  ],
  ...[
    'undo',
    'undo',
    'role',
    'role',
    'person',
    'person',
    'lyon',
    'masks',
    'revoke',
    'mask',
    'write',
    'write',
  ],
  ...['remove'],
] as const

/** Something that somebody does; what the numbers say is the step's affair. */
export const step = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(11),
  with: fc.nat(11),
  have: fc.nat(31),
})
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Takes a step as far as there is something to take it with. */
export async function take(world: World, one: Step): Promise<void> {
  world.server.clock.now += 1_000
  const cards = await cardsOf(world)
  await (steps[one.kind] ?? ofCard)(world, one, cards)
}

type Take = (world: World, one: Step, cards: readonly CardAt[]) => Promise<unknown>

const steps: Readonly<Record<string, Take>> = {
  put: async ({ owner, other }, one) => {
    const name = names[one.at % names.length] ?? ''
    const path = `${one.with % 4 === 0 ? other : owner.contacts}${name}.vcf`
    const has = lines.filter((_, bit) => (one.have >> bit) % 2 === 1)
    expect((await owner.put(path, card(name, `Jane ${name}`, has))).status).toBeLessThan(300)
  },
  restore: async ({ server, owner }, one) => {
    const row = await rowOf(server, owner)
    const trash = await collect(listTrashEntries(server.services.store, row))
    const entry = trash[one.at % Math.max(trash.length, 1)]
    if (entry) await server.services.store.write((tx) => restoreFromTrash(tx, row, entry.id, server.services))
  },
  merge: async ({ owner, merges }, one, cards) => {
    const [first, second] = [pick(cards, one.at), pick(cards, one.with)]
    if (!first || !second || first.party === second.party) return
    const asked = { survivor: first.party, loser: second.party, inAllBooks: one.have % 2 === 1 }
    const { status, json } = await call(owner, 'POST', '/merges', asked)
    expect(status).toBe(201)
    merges.push(json.id)
  },
  undo: async ({ owner, merges }) => {
    const id = merges.pop()
    if (id !== undefined) expect((await call(owner, 'POST', `/merges/${id}/undo`)).status).toBe(200)
  },
  lyon: async ({ owner, friends }, one) => {
    const book = one.with % 2 === 0 ? {} : { book: 'contacts' }
    const what = { kind: 'label', label: 'Lyon', ...book }
    const asked = { what, with: friends[one.at % 2]?.name, access: 'read-write', masks: someMasks(one) }
    expect((await call(owner, 'POST', '/grants', asked)).status).toBe(201)
  },
  masks: async (world, one) => {
    const grant = pick(await grantsOf(world), one.at)
    if (!grant) return
    const patch = { masks: someMasks(one) }
    expect((await call(world.owner, 'PATCH', `/grants/${grant.id}`, patch)).status).toBe(200)
  },
  revoke: async (world, one) => {
    const grant = pick(await grantsOf(world), one.at)
    if (grant) expect((await call(world.owner, 'DELETE', `/grants/${grant.id}`)).status).toBe(204)
  },
  mask: async (world, one) => {
    world.rules = masks[one.at % masks.length] ?? []
    await changeMask(world.server, world.mask, { hide: world.rules })
  },
  write: async (world, one, cards) => {
    const { phone } = pick(world.phones, one.at) ?? {}
    const books = phone ? [...phone.books.values()] : []
    const kept = pick([...(pick(books, one.with)?.cards ?? [])], one.have)
    if (!phone || !kept) return
    const [href, { etag, text }] = kept
    const put = await phone.account.put(href, toggled(text, pick(lines.slice(3), one.with) ?? ''), {
      'If-Match': etag,
    })
    expect([204, 403]).toContain(put.status)
    // What a phone does not say, because it was not shown it, stays.
    expect(secretsIn(await cardsOf(world))).toEqual(secretsIn(cards))
  },
  remove: async ({ phones }, one) => {
    const { phone } = pick(phones, one.at) ?? {}
    const books = phone ? [...phone.books.values()] : []
    const href = pick([...(pick(books, one.with)?.cards.keys() ?? [])], one.have)
    if (href !== undefined) expect([204, 403]).toContain((await phone?.account.delete(href))?.status)
  },
}

/** What is done to a card of the owner, or to whom it describes. */
async function ofCard(
  { server, owner, other, friends }: World,
  one: Step,
  cards: readonly CardAt[],
): Promise<void> {
  const at = pick(cards, one.at)
  if (!at) return
  const { path, book, party, text, isCustomer } = at
  if (one.kind === 'delete') await owner.delete(path)
  if (one.kind === 'change') await owner.put(path, toggled(text, pick(lines, one.with) ?? ''))
  if (one.kind === 'label') await owner.put(path, toggled(text, 'CATEGORIES:Lyon'))
  if (one.kind === 'role')
    await call(owner, 'PATCH', `/parties/${party}`, { roles: isCustomer ? [] : ['customer'] })
  if (one.kind === 'move') {
    const to = path.replace(book, book === other ? owner.contacts : other)
    await owner.request('MOVE', path, { headers: { Destination: `${server.url}${to}`, Overwrite: 'F' } })
  }
  if (one.kind === 'person') {
    const asked = { what: { kind: 'person', party }, access: 'read-write', masks: someMasks(one) }
    const { status } = await call(owner, 'POST', '/grants', { ...asked, with: friends[one.with % 2]?.name })
    expect(status).toBe(201)
  }
}

function pick<T>(some: readonly T[], number: number): T | undefined {
  return some[number % Math.max(some.length, 1)]
}

function someMasks({ have }: Step): { hide: string[] }[] {
  const hide = masks[have % (masks.length + 1)]
  return hide === undefined ? [] : [{ hide: [...hide] }]
}
