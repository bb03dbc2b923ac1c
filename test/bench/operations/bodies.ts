import { WrongAnswerError } from '../item.ts'
import { pathOf, readMultistatus } from '../multistatus.ts'
import { checkedOnce, expectSameNames, expectStatus, type Operation } from '../operation.ts'
import { dataProperty, multiget } from '../requests.ts'
import { isSameObject } from '../same-object.ts'
import type { Collection, World } from '../world.ts'

/** GET of one member, and multiget of a hundred. */
export function bodyOperations(world: World): Operation[] {
  const { cards, events } = world
  return [
    get(world, cards),
    get(world, events),
    multigetHundred(world, cards),
    multigetHundred(world, events),
  ]
}

/** @throws WrongAnswerError unless the body of a member is the one that was PUT */
export function expectBody(collection: Collection, name: string, body: string | undefined): void {
  const sent = collection.canonical.get(name)
  if (sent === undefined || body === undefined || !isSameObject(sent, body)) {
    throw new WrongAnswerError(`another body of ${name}: ${body?.slice(0, 100)}`)
  }
}

function get({ client }: World, collection: Collection): Operation {
  return {
    name: `get-${collection.kind}`,
    title: `GET, ${collection.kind}`,
    width: 1,
    once: async (index) => {
      const name = collection.items[(index * 37) % collection.items.length]?.name ?? ''
      const answer = await client.send({ method: 'GET', path: collection.path + name })
      expectStatus(answer, 200)
      expectBody(collection, name, answer.body.toString())
      if (answer.headers.etag !== collection.etags.get(name))
        throw new WrongAnswerError(`another ETag of ${name}`)
      return answer.latencyMs
    },
  }
}

function multigetHundred({ client }: World, collection: Collection): Operation {
  const { items, kind, path, etags } = collection
  const stride = Math.max(1, Math.floor(items.length / 100))
  const own = pathOf(path)
  const namesOf = (key: number): string[] =>
    items
      .filter((_, place) => place % stride === key)
      .slice(0, 100)
      .map(({ name }) => name)

  const check = checkedOnce((answer, key) => {
    expectStatus(answer, 207)
    const got = new Set<string>()
    for (const response of readMultistatus(answer.body).responses) {
      const name = response.path.slice(own.length)
      expectBody(collection, name, response.properties.get(dataProperty[kind])?.text)
      if (response.properties.get('{DAV:}getetag')?.text !== etags.get(name)) {
        throw new WrongAnswerError(`another ETag of ${name}`)
      }
      got.add(name)
    }
    expectSameNames(got, new Set(namesOf(key)))
  })

  return {
    name: `multiget-${kind}`,
    title: `multiget of 100, ${kind}`,
    width: 1,
    once: async (index) => {
      const key = index % stride
      const answer = await client.send(multiget(path, kind, namesOf(key)))
      check(answer, key)
      return answer.latencyMs
    },
  }
}
