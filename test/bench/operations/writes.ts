import { generateCards } from '../cards.ts'
import { generateEvents } from '../events.ts'
import { type Item, WrongAnswerError } from '../item.ts'
import type { Operation } from '../operation.ts'
import { canonicalLines, isSameObject } from '../same-object.ts'
import { type Collection, inParallel, remove, store, type World } from '../world.ts'

/** New members at most in one measurement. */
const most = 600

/** PUT of new members into the filled collections, one after another and eight at once. */
export function writeOperations(world: World): Operation[] {
  const { cards, events } = world
  return [
    putNew(world, cards, generateCards(most, 'put', 2), 1),
    putNew(world, events, generateEvents(most, 'put', 2), 1),
    putNew(world, cards, generateCards(most, 'many', 3), 8),
    putNew(world, events, generateEvents(most, 'many', 3), 8),
  ]
}

function putNew({ client }: World, collection: Collection, fresh: readonly Item[], width: number): Operation {
  const { kind } = collection
  const stored: Item[] = []

  const expectStored = async (item: Item): Promise<void> => {
    const answer = await client.send({ method: 'GET', path: collection.path + item.name })
    const isSame = answer.status === 200 && isSameObject(canonicalLines(item.body), answer.body.toString())
    if (!isSame) throw new WrongAnswerError(`${item.name} does not come back as put: ${answer.status}`)
    const etag = collection.etags.get(item.name)
    if (etag !== undefined && etag !== answer.headers.etag)
      throw new WrongAnswerError(`another ETag of ${item.name}`)
  }

  return {
    name: width === 1 ? `put-${kind}` : `put-${kind}-${width}`,
    title: width === 1 ? `PUT, ${kind}` : `PUT, ${kind}, ${width} at once`,
    width,
    most,
    once: async (index) => {
      const item = fresh[index]
      if (item === undefined) throw new Error('no more items')
      stored.push(item)
      return store(client, collection, item, true)
    },
    after: async () => {
      try {
        for (const item of stored) await expectStored(item)
      } finally {
        await inParallel(4, stored, (item) => remove(client, collection, item.name))
      }
    },
  }
}
