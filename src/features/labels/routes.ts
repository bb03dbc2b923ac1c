import { z } from 'zod'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { asRefusal, problemOf } from '../../api/problem.ts'
import { type ApiCall, change, look, originOf, type Route, work } from '../../api/route.ts'
import { askingOf, notThere } from '../people/asking.ts'
import { reachOf } from '../people/reach.ts'
import { mustMay } from '../team/team-roles.ts'
import { dropLabel, labelPerson, labelsFor, mustSeeLabel, mustSeeSome, renameLabel } from './labels.ts'
import { labelChange, labelOutcome, labelPage, labelPeople, labelQuery, labelResults } from './schema.ts'

const scope = 'people'
const affects = 'cards'
const cursorShape = z.tuple([z.string()])

/** Labels of people: what stands in the CATEGORIES of their cards, and in group cards. */
export const labelRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/labels', summary: 'The labels of people, and how many have each', scope },
    { query: labelQuery, reply: labelPage },
    (call) =>
      call.store.read(async (reader) => {
        const { limit, cursor } = call.query
        const after = readCursor(cursor, cursorShape)?.[0]
        const rows = await labelsFor(reader, await reachOf(reader, call.session), { after, limit: limit + 1 })
        const shown = ({ label, count }: (typeof rows)[number]) => ({ name: label, count })
        return { body: page(rows, limit, { keyOf: ({ label }) => [label], shown }) }
      }),
  ),
  work(
    {
      ...{ method: 'PATCH', path: '/labels/:name', scope, affects },
      summary: 'Rename a label on all cards, or make one of two',
    },
    { body: labelChange, reply: labelOutcome },
    async (call) => {
      const from = await mustFindLabel(call)
      const { name } = call.body
      return { body: { name, ...(await renameLabel({ ...call, origin: originOf(call) }, from, name)) } }
    },
  ),
  work(
    { method: 'DELETE', path: '/labels/:name', summary: 'Take a label off all cards', scope, affects },
    { reply: labelOutcome },
    async (call) => {
      const name = await mustFindLabel(call)
      return { body: { name, ...(await dropLabel({ ...call, origin: originOf(call) }, name)) } }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/labels/:name/people', scope, affects },
      summary: 'Put a label on people, and take it off others, each by itself',
    },
    { body: labelPeople, reply: labelResults },
    async (tx, call) => {
      const { add, remove } = call.body
      const ids = [...add, ...remove]
      const most = call.settings.api.bulkOperations
      if (ids.length > most) throw refuseStatus(413, `A request may name ${most} people at most.`)
      const name = nameIn(call.params)
      const asking = await askingOf(tx, call)
      const seen = await mustSeeSome(tx, asking.reach, ids)
      const adding = new Set(add)
      const labelling = { ...call, origin: originOf(call) }
      const results = []
      for (const id of ids) {
        const change = adding.has(id) ? { adding: [name] } : { without: new Set([name]) }
        const done = await outcomeOf(tx, async (part) => {
          const party = seen.get(id)
          if (!party) throw notThere()
          await labelPerson(part, asking, party, change, labelling)
        })
        results.push({ id, ...done })
      }
      return { body: { results } }
    },
  ),
]

/** @throws refusal 404 where the caller sees no such label; 403 where he may not define any */
async function mustFindLabel(call: ApiCall<unknown>): Promise<string> {
  const name = nameIn(call.params)
  await call.store.read(async (reader) => {
    await mustSeeLabel(reader, await reachOf(reader, call.session), name)
    await mustMay(reader, call.session, 'define-labels')
  })
  return name
}

/** @throws refusal 404 for what can be no label */
function nameIn(params: Readonly<Record<string, string>>): string {
  const read = labelChange.safeParse({ name: params.name })
  if (!read.success) throw notThere()
  return read.data.name
}

/** What became of one; a refusal is its result. */
async function outcomeOf(tx: Writer, act: (part: Writer) => Promise<void>) {
  try {
    await attempt(tx, act)
    return { status: 204 }
  } catch (error) {
    const refusal = asRefusal(error)
    if (!(refusal instanceof Refusal)) throw error
    return { status: refusal.status, body: problemOf(refusal) }
  }
}
