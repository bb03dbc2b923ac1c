import { generateCards } from '../cards.ts'
import { generateEvents } from '../events.ts'
import type { Answer } from '../http-client.ts'
import { type Item, WrongAnswerError } from '../item.ts'
import { type DavResponse, type Multistatus, pathOf, readMultistatus } from '../multistatus.ts'
import { checkedOnce, expectSameNames, expectStatus, type Operation } from '../operation.ts'
import { propfind, syncCollection } from '../requests.ts'
import { type Collection, memberEtags, remove, store, type World } from '../world.ts'
import { expectAllEtags } from './listing.ts'

/** First and incremental sync-collection (RFC 6578). */
export function syncOperations(world: World): Operation[] {
  const { cards, events } = world
  return [
    firstSync(world, cards),
    firstSync(world, events),
    tenChanges(world, cards),
    tenChanges(world, events),
  ]
}

function firstSync(world: World, collection: Collection): Operation {
  const check = checkedOnce((answer) => {
    expectStatus(answer, 207)
    readMultistatus(answer.body)
  })
  let right: string | undefined
  return {
    name: `sync-first-${collection.kind}`,
    title: `first sync-collection, ${collection.kind}`,
    width: 1,
    once: async () => {
      const { answers, latencyMs } = await syncFrom(world, collection, '')
      const whole = answers.map(({ body }) => body.toString('latin1')).join('')
      if (whole === right) return latencyMs
      for (const answer of answers) check(answer, -1)
      expectAllEtags(collection, changedEtags(collection, answers))
      right = whole
      return latencyMs
    },
  }
}

/** Follows answers cut off with 507 to the end (RFC 6578 §3.6). */
async function syncFrom(
  { client }: World,
  collection: Collection,
  token: string,
): Promise<{ answers: Answer[]; latencyMs: number }> {
  const answers: Answer[] = []
  let latencyMs = 0
  for (let next: string | undefined = token; next !== undefined; ) {
    const answer: Answer = await client.send(syncCollection(collection.path, next))
    latencyMs += answer.latencyMs
    answers.push(answer)
    expectStatus(answer, 207)
    const isCutOff = answer.body.includes('507 ')
    const multistatus: Multistatus | undefined = isCutOff ? readMultistatus(answer.body) : undefined
    const own = multistatus?.responses.find(({ path }) => path === pathOf(collection.path))
    next = own?.status === 507 ? multistatus?.syncToken : undefined
  }
  return { answers, latencyMs }
}

/** Members named as gone are passed over: Radicale names old ones even to a client that never saw them. */
function changedEtags(collection: Collection, answers: readonly Answer[]): Map<string, string> {
  const etags = new Map<string, string>()
  for (const { body } of answers) {
    const multistatus = readMultistatus(body)
    if (!multistatus.syncToken) throw new WrongAnswerError('no sync-token')
    const present = {
      ...multistatus,
      responses: multistatus.responses.filter((response) => !isGone(response)),
    }
    for (const [name, etag] of memberEtags(collection, present)) etags.set(name, etag)
  }
  return etags
}

function isGone({ status }: DavResponse): boolean {
  return status === 404
}

/** Five members edited, three new, two deleted; always asked from the token before them. */
function tenChanges(world: World, collection: Collection): Operation {
  const { client } = world
  const generated: readonly Item[] =
    collection.kind === 'cards' ? generateCards(5, 'sync', 1) : generateEvents(5, 'sync', 1)
  const [gone, fresh] = [generated.slice(0, 2), generated.slice(2)]
  const edited = collection.items.slice(0, 5)
  const changed = new Set([...fresh, ...edited].map(({ name }) => name))
  let token = ''

  const check = checkedOnce((answer) => {
    expectStatus(answer, 207)
    const multistatus = readMultistatus(answer.body)
    if (!multistatus.syncToken || multistatus.syncToken === token)
      throw new WrongAnswerError('no new sync-token')
    const kept = { ...multistatus, responses: multistatus.responses.filter((response) => !isGone(response)) }
    const lost = { ...multistatus, responses: multistatus.responses.filter(isGone) }
    const etags = memberEtags(collection, kept)
    expectSameNames(new Set(etags.keys()), changed)
    expectSameNames(new Set(memberEtags(collection, lost).keys()), new Set(gone.map(({ name }) => name)))
    for (const [name, etag] of etags) {
      if (etag !== (collection.etags.get(name) ?? etag)) throw new WrongAnswerError(`another ETag of ${name}`)
    }
  })

  return {
    name: `sync-ten-${collection.kind}`,
    title: `sync-collection, 10 changes, ${collection.kind}`,
    width: 1,
    before: async () => {
      for (const item of gone) await store(client, collection, item, true)
      token = await currentToken(world, collection)
      for (const item of gone) await remove(client, collection, item.name)
      for (const item of fresh) await store(client, collection, item, true)
      for (const item of edited) await store(client, collection, edit(item), false)
    },
    once: async () => {
      const answer = await client.send(syncCollection(collection.path, token))
      check(answer, 0)
      return answer.latencyMs
    },
    after: async () => {
      for (const item of fresh) await remove(client, collection, item.name)
      for (const item of edited) await store(client, collection, item, false)
    },
  }
}

async function currentToken(world: World, collection: Collection): Promise<string> {
  const answer = await world.client.send(propfind(collection.path, '0', '<d:sync-token/>'))
  const property = readMultistatus(answer.body).responses[0]?.properties.get('{DAV:}sync-token')
  if (property !== undefined && property.text !== '') return property.text.trim()
  const { answers } = await syncFrom(world, collection, '')
  return readMultistatus(answers.at(-1)?.body ?? Buffer.alloc(0)).syncToken ?? ''
}

function edit(item: Item): Item {
  return { ...item, body: item.body.replace(/^(TITLE|SUMMARY):/m, '$1:Changed ') }
}
