import fc from 'fast-check'
import { expect, it } from 'vitest'
import { call } from '../../../api/json.ts'
import { runsOf } from '../../../store.ts'
import { useServer } from '../../server.ts'
import { takeFrom } from '../masked.ts'
import { masks } from './cards.ts'
import { converge } from './phone.ts'
import { type Step, step, take } from './steps.ts'
import { cardsOf, grantsOf, makeWorld, type World } from './world.ts'

const server = useServer()

/** Every device has what one has that asks for the first time, and that is what it is to see. */
async function check(world: World, done: readonly Step[]): Promise<void> {
  const cards = await cardsOf(world)
  for (const { phone, paths, expected } of world.phones) {
    const has = await converge(phone, await paths())
    expect(inOrder(has), `${phone.account.name} after ${JSON.stringify(done)}`).toEqual(
      inOrder(await expected(cards)),
    )
  }
}

function inOrder(books: readonly (readonly string[])[]): string[] {
  return books.map((texts) => JSON.stringify(texts.toSorted())).sort()
}

it('virtual books of every kind converge after every edit by anybody, and hold nothing that is hidden (RFC 6578)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 16, size: 'max' }), async (steps) => {
      const world = await makeWorld(server, masks[0] ?? [])
      for (const name of [0, 1, 2]) await take(world, { kind: 'put', at: name, with: 1, have: 31 - name })
      // Somebody of the same UID in another book waits until the first goes.
      await take(world, { kind: 'put', at: 0, with: 0, have: 31 })
      await take(world, { kind: 'person', at: 0, with: 0, have: 0 })
      await take(world, { kind: 'lyon', at: 1, with: 0, have: 1 })
      await check(world, [])
      for (const [index, one] of steps.entries()) {
        await take(world, one)
        await check(world, steps.slice(0, index + 1))
      }
      for (const { id } of await grantsOf(world)) await call(world.owner, 'DELETE', `/grants/${id}`)
      await check(world, steps)
      for (const { phone } of world.phones.slice(2)) expect(phone.books.size).toBe(0)
      await takeFrom(server, world.mask, world.colleague)
    }),
    { numRuns: runsOf(8), seed: 11, endOnFailure: true },
  )
}, 300_000)
