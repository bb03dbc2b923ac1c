import { createHash } from 'node:crypto'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import { type AnswerRow, claimKey, findAnswer, keepAnswer, releaseKey } from '../../storage/api/answers.ts'
import type { Store, Writer } from '../../storage/store.ts'
import type { Answer, ChangeCall, Route } from './route.ts'

/** A key that a client made for one request, and what that request is. */
export interface OnceKey {
  readonly key: string
  /** Of all that makes the request another one. */
  readonly requestHash: string
}

/** Longer ones are refused, and so is what cannot be seen. */
const keyPattern = /^[\x21-\x7e]{1,200}$/

const hourMs = 3_600_000

/**
 * Reads the Idempotency-Key of a request; undefined without one.
 * @param request  what the key stands for: method, path, conditions, body
 * @throws refusal 400
 */
export function readOnceKey(key: string | undefined, request: readonly unknown[]): OnceKey | undefined {
  if (key === undefined) return undefined
  if (!keyPattern.test(key))
    throw refuseStatus(400, 'An Idempotency-Key has 1 to 200 characters that can be seen, such as a UUID.')
  return { key, requestHash: createHash('sha256').update(JSON.stringify(request)).digest('hex') }
}

/**
 * Runs a change once for its key: the same request again gets the answer of the first. The answer is kept in the write that it
 * tells of, so that there is never one without the other; what was refused is not kept, and may be tried again.
 * @throws refusal 422 for another request with the same key, 409 where the answer is not kept: it was a secret, or somebody was erased since
 */
export async function runOnce(
  tx: Writer,
  call: Caller,
  route: Kept,
  key: OnceKey,
  run: (tx: Writer) => Promise<Answer>,
): Promise<Answer> {
  const taken = await takeKey(tx, call, key)
  if ('known' in taken) return taken.known
  const answer = await run(tx)
  await keep(tx, call, route, { id: taken.id, answer })
  return answer
}

/**
 * The same for what opens its own transactions. The key is taken before, and the answer is kept after it: where the server stops
 * between the two, the same request is refused and not done twice.
 * @throws refusal 409 as long as the first is not answered; as `runOnce`
 */
export async function workOnce(
  { store }: { readonly store: Pick<Store, 'write'> },
  call: Caller,
  route: Kept,
  key: OnceKey,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const taken = await store.write((tx) => takeKey(tx, call, key))
  if ('known' in taken) return taken.known
  let answer: Answer
  try {
    answer = await run()
  } catch (error) {
    await store.write((tx) => releaseKey(tx, taken.id))
    throw error
  }
  await store.write((tx) => keep(tx, call, route, { id: taken.id, answer }))
  return answer
}

type Caller = Pick<ChangeCall<unknown>, 'session' | 'settings'>
type Kept = Pick<Route, 'isSecret' | 'statuses'>

/** @returns the row of a key that was free, or what was answered to it */
async function takeKey(
  tx: Writer,
  { session, settings }: Caller,
  { key, requestHash }: OnceKey,
): Promise<{ readonly id: number } | { readonly known: Answer }> {
  const owner = { principalId: session.principal.id, key, requestHash }
  const since = tx.now - settings.retention.answerHours * hourMs
  const id = (await findAnswer(tx, owner, since)) ? undefined : await claimKey(tx, owner, since)
  return id === undefined ? { known: again(await findAnswer(tx, owner, since), requestHash) } : { id }
}

async function keep(
  tx: Writer,
  { session, settings }: Caller,
  { isSecret, statuses }: Kept,
  { id, answer }: { readonly id: number; readonly answer: Answer },
): Promise<void> {
  const body = isSecret ? null : JSON.stringify({ body: answer.body, headers: answer.headers })
  const { status = statuses[0], etag = null } = answer
  const size = Buffer.byteLength(body ?? '')
  const bounds = { count: settings.api.keptAnswers, bytes: settings.api.keptAnswerBytes }
  await keepAnswer(tx, { id, principalId: session.principal.id, status, etag, body, size }, bounds)
}

/** The answer that was given. @throws refusal 422, 409 */
function again(known: AnswerRow | undefined, requestHash: string): Answer {
  if (!known) throw new Error('The answer of a key is gone that was taken.')
  if (known.requestHash !== requestHash)
    throw refuseStatus(422, 'This Idempotency-Key was sent with another request: make a new one.')
  if (known.status === 0)
    throw refuseStatus(409, 'This is being done, or was when the server stopped: look what became of it.')
  if (known.body === null)
    throw refuseStatus(409, 'This was done already; what was answered is not kept, and is not told again.')
  const { body, headers } = JSON.parse(known.body) as Pick<Answer, 'body' | 'headers'>
  return {
    status: known.status,
    body,
    ...(known.etag !== null && { etag: known.etag }),
    headers: { ...headers, 'Idempotency-Replayed': 'true' },
  }
}
