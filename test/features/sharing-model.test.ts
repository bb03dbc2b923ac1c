import { describe, expect, it } from 'vitest'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { ShareAccess } from '../../storage/shares.ts'
import { event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { type Shares, useShares } from './shares.ts'

const server = useServer()
const shares = useShares(server)

const order: readonly ShareAccess[] = ['free-busy', 'read', 'no-delete', 'read-write']

/** A small generator with a seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Who may do what and who has answered what, worked out without the tables. */
class Model {
  readonly shared = new Map<string, ShareAccess>()
  readonly held = new Map<string, Set<string>>()
  readonly states = new Map<string, 'invited' | 'accepted' | 'declined'>()
  readonly owner: string
  readonly people: readonly string[]
  constructor(owner: string, people: readonly string[], groups: readonly string[]) {
    this.owner = owner
    this.people = people
    for (const group of groups) this.held.set(group, new Set())
  }

  accessOf(person: string): ShareAccess | undefined {
    if (person === this.owner) return undefined
    const best = Math.max(
      ...[...this.shared].map(([who, access]) => (this.isIn(person, who) ? order.indexOf(access) : -1)),
      -1,
    )
    return order[best]
  }

  isIn(person: string, who: string): boolean {
    return person === who || [...(this.held.get(who) ?? [])].some((member) => this.isIn(person, member))
  }

  follow(): void {
    for (const person of this.people) {
      if (this.accessOf(person) === undefined) this.states.delete(person)
      else if (!this.states.has(person)) this.states.set(person, 'invited')
    }
  }
}

describe('shares, groups and answers in any order', () => {
  it.each([1, 2, 3])('come to what a small model says, seed %i', async (seed) => {
    const random = randomOf(seed)
    const alice = await server.account()
    const people = await Promise.all(Array.from({ length: 3 }, () => server.account()))
    const [inner, outer] = [await shares.group(), await shares.group()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const everybody = [alice, ...people]
    const model = new Model(
      alice.name,
      everybody.map(({ name }) => name),
      [inner.name, outer.name],
    )
    for (let step = 0; step < 40; step += 1) {
      await takeStep(random, shares, { alice, people, inner, outer, model })
      model.follow()
      for (const person of people) await expectAs(model, alice, person)
    }
  })
})

interface World {
  readonly alice: Account
  readonly people: readonly Account[]
  readonly inner: PrincipalRow
  readonly outer: PrincipalRow
  readonly model: Model
}

async function takeStep(
  random: (below: number) => number,
  { share, unshare, join, leave, accept, decline }: Shares,
  { alice, people, inner, outer, model }: World,
): Promise<void> {
  const person = people[random(people.length)] ?? alice
  const sharee = [person, person, inner, outer][random(4)] ?? person
  const access = order[random(4)] ?? 'read'
  switch (random(7)) {
    case 0:
    case 1:
      await share(alice.calendar, sharee, access)
      if (model.states.get(sharee.name) === 'declined') model.states.set(sharee.name, 'invited')
      model.shared.set(sharee.name, access)
      return
    case 2:
      await unshare(alice.calendar, sharee)
      model.shared.delete(sharee.name)
      return
    case 3: {
      const member = random(3) === 0 ? inner : random(4) === 0 ? alice : person
      const group = member === inner ? outer : [inner, outer][random(2)]
      if (!group) return
      await join(group, member)
      model.held.get(group.name)?.add(member.name)
      return
    }
    case 4: {
      const group = [inner, outer][random(2)] ?? inner
      const member = group === outer && random(2) === 0 ? inner : person
      await leave(group, member)
      model.held.get(group.name)?.delete(member.name)
      return
    }
    case 5:
      await accept(person)
      if (model.states.has(person.name)) model.states.set(person.name, 'accepted')
      return
    default:
      await decline(person)
      if (model.states.has(person.name)) model.states.set(person.name, 'declined')
  }
}

async function expectAs(model: Model, alice: Account, person: Account): Promise<void> {
  const access = model.accessOf(person.name)
  const [mounted, ...others] = await shares.mounts(person)
  expect(others).toEqual([])
  expect(mounted && [mounted.mount.access, mounted.mount.state]).toEqual(
    access && [access, model.states.get(person.name)],
  )
  const listed = (await person.propfind(person.calendars, 1, [])).hrefs.length - 3
  expect(listed).toBe(model.states.get(person.name) === 'accepted' ? 1 : 0)
  const read = access !== undefined && access !== 'free-busy' ? 200 : 403
  expect((await person.get(`${alice.calendar}a.ics`)).status).toBe(read)
}
