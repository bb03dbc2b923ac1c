import { z } from 'zod'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { asRefusal, problemOf } from '../../api/problem.ts'
import { type ApiCall, change, look, originOf, type Route, work } from '../../api/route.ts'
import { shown } from '../bulk-people/state.ts'
import { openFolding } from '../lists/lists.ts'
import { askingOf, notThere } from '../people/asking.ts'
import { mustMay } from '../team/team-roles.ts'
import {
  beginLabelWork,
  changeLabel,
  colorLabel,
  countCards,
  type LabelBy,
  type LabelWish,
  labelPerson,
  labelsFor,
  makeLabel,
  mustSeeLabel,
  mustSeeSome,
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
      summary: 'Rename a label on all cards, or make one of two; or give it a colour; on many cards by a job',
    },
    { body: labelChange, reply: labelOutcome, statuses: [200, 202] },
    async (call) => {
      const from = await mustFindLabel(call)
      const { name = from, color } = call.body
      const begun = await beginIfMany(call, { do: 'rename', from, to: name }, color)
      if (begun) return begun
      const run = { ...call, origin: originOf(call) }
      const outcome = await changeLabel(run, { do: 'rename', from, to: name })
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
    {
      ...{ method: 'DELETE', path: '/labels/:name', scope, affects },
      summary: 'Take a label off all cards; off many by a job',
    },
    { reply: labelOutcome, statuses: [200, 202] },
    async (call) => {
      const from = await mustFindLabel(call)
      const begun = await beginIfMany(call, { do: 'drop', from })
      if (begun) return begun
      const outcome = await changeLabel({ ...call, origin: originOf(call) }, { do: 'drop', from })
      return { body: { name: from, color: null, ...outcome } }
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
      const folding = openFolding(tx, call.settings)
      const results = []
      for (const id of ids) {
        const change = adding.has(id) ? { adding: [name] } : { without: new Set([name]) }
        const done = await outcomeOf(tx, async (part) => {
          const party = seen.get(id)
          if (!party) throw notThere()
          const own = folding.part(part)
          await labelPerson(part, asking, party, change, { ...labelling, folding: own })
          await own.finish()
        })
        results.push({ id, ...done })
      }
      await folding.finish()
      return { body: { results } }
    },
  ),
]

function byOf(call: Pick<ApiCall<unknown>, 'session' | 'requestId' | 'settings'>): LabelBy {
  return { settings: call.settings, origin: originOf(call) }
}

/** Begins a job where it is about many cards; undefined where it is not. @param color  that it is to have under its new name */
async function beginIfMany(call: ApiCall<unknown>, wish: LabelWish, color?: string | null) {
  const { store, session, settings } = call
  if (wish.do === 'rename' && wish.from === wish.to) return undefined
  return store.write(async (tx) => {
    const total = await countCards(tx, session, wish.from)
    if (total <= settings.api.labelledAtOnce) return undefined
    const batch = await beginLabelWork(tx, session, wish, { ...call, total })
    const name = wish.do === 'rename' ? wish.to : wish.from
    if (color !== undefined) await colorLabel(tx, session, { name, color }, byOf(call))
    const [seen, former] = [await seenLabel(tx, session, name), await seenLabel(tx, session, wish.from)]
    const left = former?.count ?? 0
    const shownColor = wish.do === 'drop' ? null : (seen?.color ?? former?.color ?? null)
    return { status: 202, body: { name, color: shownColor, changed: 0, left, work: shown(batch) } }
  })
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
