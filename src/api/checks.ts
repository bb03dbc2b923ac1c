import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { Writer } from '../../storage/store.ts'
import type { Answer, ChangeRoute, Route } from './route.ts'

/** Where an answer is not what its route says; undefined where it is: what the document promises is what is sent. */
export function faultOf(route: Route, answer: Answer): string | undefined {
  const { method, path, statuses } = route
  const { status = statuses[0] } = answer
  const fault = statuses.includes(status)
    ? bodyFault(route, { ...answer, status })
    : `the status ${status} is none of its own`
  return fault === undefined ? undefined : `${method} ${path}: ${fault}`
}

function bodyFault({ reply, gives }: Route, { body, status }: Answer): string | undefined {
  if (body instanceof Readable) return gives.length > 0 ? undefined : 'it gives octets, and no media type'
  if (!reply) return body === undefined ? undefined : 'it has a body, and no schema for it'
  if (body === undefined) return status === 204 ? undefined : 'it has a schema, and no body'
  // As it is sent: what JSON leaves out is not there.
  const sent: unknown = JSON.parse(JSON.stringify(body))
  const outcome = reply.safeParse(sent)
  if (!outcome.success) return outcome.error.message
  if (isDeepStrictEqual(outcome.data, sent)) return undefined
  return `it has more than its schema: ${JSON.stringify(sent)}`
}

/** Runs a change of facts and tells where it moves a feed on, which only a change of what clients sync may (law 5). */
export function watched(
  { method, path, affects }: ChangeRoute,
  run: (tx: Writer) => Promise<Answer>,
  onFault: (fault: string) => void,
): (tx: Writer) => Promise<Answer> {
  if (affects !== 'facts' && affects !== 'nothing') return run
  const feedChanged = (tx: Writer) => (): void => {
    onFault(`${method} ${path}: it moves a feed on, and says that it affects ${affects}`)
    tx.feedChanged()
  }
  return (tx) => run({ ...tx, feedChanged: feedChanged(tx) })
}
