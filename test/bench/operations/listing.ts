import { discover } from '../discovery.ts'
import { WrongAnswerError } from '../item.ts'
import { pathOf, readMultistatus } from '../multistatus.ts'
import { checkedOnce, expectStatus, type Operation } from '../operation.ts'
import { propfind } from '../requests.ts'
import { type Collection, memberEtags, type World } from '../world.ts'

/** Discovery chain, PROPFIND Depth 1 of etags, the poll of ctag and sync-token. */
export function listingOperations(world: World): Operation[] {
  return [discovery(world), listing(world, world.cards), listing(world, world.events), poll(world)]
}

/** @throws WrongAnswerError unless members and ETags are exactly the known ones */
export function expectAllEtags(collection: Collection, etags: ReadonlyMap<string, string>): void {
  if (etags.size !== collection.items.length) {
    throw new WrongAnswerError(`${etags.size} members, not ${collection.items.length}`)
  }
  for (const { name } of collection.items) {
    const etag = etags.get(name)
    if (etag === undefined || etag === '') throw new WrongAnswerError(`no ETag of ${name}`)
    if (etag !== (collection.etags.get(name) ?? etag)) throw new WrongAnswerError(`another ETag of ${name}`)
  }
}

function discovery({ client, base, cards, events }: World): Operation {
  return {
    name: 'discovery',
    title: 'discovery chain',
    width: 1,
    once: async () => {
      const { collections, latencyMs } = await discover(client, base)
      for (const { path } of [cards, events]) {
        if (!collections.has(pathOf(path))) throw new WrongAnswerError(`${path} is not in its home`)
      }
      return latencyMs
    },
  }
}

function listing({ client }: World, collection: Collection): Operation {
  const check = checkedOnce((answer) => {
    expectStatus(answer, 207)
    const multistatus = readMultistatus(answer.body)
    expectAllEtags(collection, memberEtags(collection, multistatus))
    if (!multistatus.responses.some(({ path }) => path === pathOf(collection.path))) {
      throw new WrongAnswerError('the collection itself is missing')
    }
  })
  return {
    name: `list-${collection.kind}`,
    title: `PROPFIND Depth 1 of etags, ${collection.kind}`,
    width: 1,
    once: async () => {
      const answer = await client.send(propfind(collection.path, '1', '<d:getetag/>'))
      check(answer, 0)
      return answer.latencyMs
    },
  }
}

function poll({ client, cards, events }: World): Operation {
  const seen = new Map<number, string>()
  const check = checkedOnce((answer, key) => {
    expectStatus(answer, 207)
    const { responses } = readMultistatus(answer.body)
    const own = pathOf((key === 0 ? cards : events).path)
    if (responses.length !== 1 || responses[0]?.path !== own)
      throw new WrongAnswerError('not the collection alone')
    const values = ['{http://calendarserver.org/ns/}getctag', '{DAV:}sync-token'].map(
      (name) => responses[0]?.properties.get(name)?.text ?? '',
    )
    if (values.includes('')) throw new WrongAnswerError('no ctag or no sync-token')
    const state = values.join(' ')
    if (state !== (seen.get(key) ?? state))
      throw new WrongAnswerError('ctag or token changed, nothing else did')
    seen.set(key, state)
  })
  return {
    name: 'poll',
    title: 'poll of ctag and sync-token, 32 connections',
    width: 32,
    once: async (index) => {
      const key = index % 2
      const path = (key === 0 ? cards : events).path
      const answer = await client.send(propfind(path, '0', '<cs:getctag/><d:sync-token/>'))
      check(answer, key)
      return answer.latencyMs
    },
  }
}
