import { z } from 'zod'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { asRefusal, problemOf } from '../../api/problem.ts'
import { type ApiCall, change, look, originOf, type Route, work } from '../../api/route.ts'
import { askingOf, notThere } from '../people/asking.ts'
import { mustMay } from '../team/team-roles.ts'
import {
  colorLabel,
  dropLabel,
  type LabelBy,
  labelPerson,
  labelsFor,
  makeLabel,
  mustSeeLabel,
  mustSeeSome,
  renameLabel,
  seenLabel,
} from './labels.ts'
import {
  label,
  labelChange,
  labelName,
  labelOutcome,
  labelPage,
  labelPeople,
  labelQuery,
  labelResults,
  newLabel,
} from './schema.ts'

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
        const rows = await labelsFor(reader, call.session, { after, limit: limit + 1 })
        return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown: (row) => row }) }
      }),
  ),
  change(
    {
      ...{ method: 'POST', path: '/labels', scope, affects: 'facts' },
      summary: 'Make a label before anybody has it',
    },
    { body: newLabel, reply: label, statuses: [201] },
    async (tx, call) => {
      await mustMay(tx, call.session, 'define-labels')
      return { status: 201, body: await makeLabel(tx, call.session, call.body, byOf(call)) }
    },
  ),
  look({ method: 'GET', path: '/labels/:name', summary: 'One of them', scope }, { reply: label }, (call) =>
    call.store.read(async (reader) => ({
      body: await mustSeeLabel(reader, call.session, nameIn(call.params)),
    })),
  ),
  work(
    {
      ...{ method: 'PATCH', path: '/labels/:name', scope, affects },
      summary: 'Rename a label on all cards, or make one of two; or give it a colour',
    },
    { body: labelChange, reply: labelOutcome },
    async (call) => {
      const from = await mustFindLabel(call)
      const { name = from, color } = call.body
      const outcome = await renameLabel({ ...call, origin: originOf(call) }, from, name)
      return {
        body: await call.store.write(async (tx) => {
          if (color !== undefined) await colorLabel(tx, call.session, { name, color }, byOf(call))
          const seen = await seenLabel(tx, call.session, name)
          return { name, color: seen?.color ?? null, ...outcome }
        }),
      }
    },
  ),
  work(
    { method: 'DELETE', path: '/labels/:name', summary: 'Take a label off all cards', scope, affects },
    { reply: labelOutcome },
    async (call) => {
      const name = await mustFindLabel(call)
      const outcome = await dropLabel({ ...call, origin: originOf(call) }, name)
      return { body: { name, color: null, ...outcome } }
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

function byOf(call: Pick<ApiCall<unknown>, 'session' | 'requestId' | 'settings'>): LabelBy {
  return { settings: call.settings, origin: originOf(call) }
}

/** @throws refusal 404 where the caller sees no such label; 403 where he may not define any */
async function mustFindLabel(call: ApiCall<unknown>): Promise<string> {
  const name = nameIn(call.params)
  await call.store.read(async (reader) => {
    await mustSeeLabel(reader, call.session, name)
    await mustMay(reader, call.session, 'define-labels')
  })
  return name
}

/** @throws refusal 404 for what can be no label */
function nameIn(params: Readonly<Record<string, string>>): string {
  const read = labelName.safeParse(params.name)
  if (!read.success) throw notThere()
  return read.data
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
