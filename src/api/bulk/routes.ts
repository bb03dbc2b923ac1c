import type { z } from 'zod'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import type { FindRoute } from '../find.ts'
import { asRefusal, InputRefusal, problemOf } from '../problem.ts'
import { checkTexts } from '../read-json.ts'
import { type Answer, type ChangeCall, change, type Route } from '../route.ts'
import { prepareChange } from '../run-change.ts'
import { sessionFor } from '../scopes.ts'
import { bulk, bulkResults } from './schema.ts'

type Bulk = z.output<typeof bulk>
type Operation = Bulk['operations'][number]
type Result = z.input<typeof bulkResults>['results'][number]

/** Several changes in one write. @param find  asked for once all routes are there */
export function bulkRoutes(find: () => FindRoute): readonly Route[] {
  return [
    change(
      {
        ...{ method: 'POST', path: '/bulk', scope: 'none', affects: 'cards' },
        summary: 'Make several changes in one write, all or none, or each by itself',
      },
      { body: bulk, reply: bulkResults },
      async (tx, call) => {
        const { mode, operations } = call.body
        const most = call.settings.api.bulkOperations
        if (operations.length > most)
          throw refuseStatus(413, `A request may have ${most} operations at most.`)
        const run = mode === 'all' ? runOrFail : runByItself
        const results: Result[] = []
        for (const [at, operation] of operations.entries())
          results.push(await run(tx, () => prepared(find(), call, operation), at))
        return { body: { results } }
      },
    ),
  ]
}

type Prepare = () => (tx: Writer) => Promise<Result>

/** @throws refusal 422 that says which one it was; nothing is done */
async function runOrFail(tx: Writer, prepare: Prepare, at: number): Promise<Result> {
  try {
    return await prepare()(tx)
  } catch (error) {
    const refusal = asRefusal(error)
    if (!(refusal instanceof Refusal)) throw error
    throw failed(refusal, at)
  }
}

/** A refusal is its result; a fault fails all of them. */
async function runByItself(tx: Writer, prepare: Prepare): Promise<Result> {
  try {
    return await attempt(tx, async (part) => prepare()(part))
  } catch (error) {
    const refusal = asRefusal(error)
    if (!(refusal instanceof Refusal)) throw error
    return { status: refusal.status, body: problemOf(refusal) }
  }
}

function failed(refusal: Refusal, at: number): InputRefusal {
  const { status, message } = refusal
  const inner = refusal instanceof InputRefusal ? refusal.errors : []
  const errors = inner.map(({ pointer, ...rest }) => ({
    ...rest,
    pointer: `/operations/${at}${pointer === undefined ? '/path' : `/body${pointer}`}`,
  }))
  const whole = { pointer: `/operations/${at}`, status, detail: message }
  return new InputRefusal(`Operation ${at} was refused (${status}), and nothing was done: ${message}`, [
    whole,
    ...errors,
  ])
}

/** @throws refusal 404, 405, 403, 422 */
function prepared(
  find: FindRoute,
  call: ChangeCall<Bulk>,
  { method, path, body, ifMatch }: Operation,
): (tx: Writer) => Promise<Result> {
  const [place = '', search = ''] = path.split(/\?(.*)/s)
  const { route, params } = find(method, `/api${place}`)
  if (route.kind !== 'change' || route.isSecret || route.path === '/bulk')
    throw refuseStatus(422, `${method} ${place} is no change that can be one of several.`)
  const session = sessionFor(route, call.session)
  const query = Object.fromEntries(new URLSearchParams(search))
  checkTexts(params)
  checkTexts(query)
  const given = { ...call, session, params, query, body, ifMatch, ifNoneMatch: undefined }
  const run = prepareChange(route, given, { find, path: `/api${place}` })
  return async (tx) => resultOf(await run(tx), route.statuses[0])
}

function resultOf({ status, etag, body }: Answer, usual: number): Result {
  return { status: status ?? usual, ...(etag !== undefined && { etag }), ...(body !== undefined && { body }) }
}
