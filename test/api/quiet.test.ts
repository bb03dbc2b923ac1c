import { beforeAll, describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { call } from './json.ts'
import type { Asked } from './quiet/example.ts'
import { quietExamples, quietRoutes } from './quiet/examples.ts'
import { feedsOf, seenBy } from './quiet/seen.ts'
import { makeWorld, type World } from './quiet/world.ts'

const server = useServer({
  webhooks: { privateNetworks: '127.0.0.0/8', perAccount: 50 },
  bursts: { objects: 3, percent: 10, windowMs: 600_000 },
})

describe('law 5: a command of the API that changes facts beside cards moves nothing that clients sync', () => {
  let world: World | undefined
  beforeAll(async () => {
    world = await makeWorld(server)
    // What is shown under a mask is made when it is first asked for.
    await seenBy(world.bob)
  })

  it.each(quietRoutes)('%s', async (route) => {
    const example = quietExamples[route]
    if (!world || !example) throw new Error(`Give ${route} an example in test/api/quiet/examples.ts.`)
    const { alice, bob } = world
    const asked = await example(world)
    const state = async () => [await feedsOf(server), await seenBy(alice), await seenBy(bob)]
    const [before, effect] = [await state(), await shownBy(world, asked)]
    expect(
      before
        .flat(2)
        .join('')
        .match(/getetag/g)?.length,
    ).toBeGreaterThan(10)
    const [method = ''] = route.split(' ')
    const answer = await call(alice, method, asked.path, asked.body)
    expect([answer.status < 300, answer.text]).toEqual([true, answer.text])
    expect(await state()).toEqual(before)
    expect(await shownBy(world, asked), 'It has no effect that is seen.').not.toEqual(effect)
  })
})

async function shownBy({ alice }: World, { shows }: Asked): Promise<unknown> {
  if (typeof shows !== 'string') return shows()
  const { status, json } = await call(alice, 'GET', shows)
  return [status, json]
}
