import { createHash } from 'node:crypto'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import { type AnswerRow, claimKey, findAnswer, keepAnswer } from '../../storage/api/answers.ts'
import type { Writer } from '../../storage/store.ts'
import type { Answer, ChangeCall, ChangeRoute } from './route.ts'

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
 * @throws refusal 422 for another request with the same key, 409 where the answer was a secret
 */
export async function runOnce(
  tx: Writer,
  { session, settings }: Pick<ChangeCall<unknown>, 'session' | 'settings'>,
  route: Pick<ChangeRoute, 'isSecret' | 'statuses'>,
  { key, requestHash }: OnceKey,
  run: (tx: Writer) => Promise<Answer>,
): Promise<Answer> {
  const owner = { principalId: session.principal.id, key, requestHash }
  const since = tx.now - settings.retention.answerHours * hourMs
  const id = (await findAnswer(tx, owner, since)) ? undefined : await claimKey(tx, owner, since)
  if (id === undefined) return again(await findAnswer(tx, owner, since), requestHash)
  const answer = await run(tx)
  const body = route.isSecret ? null : JSON.stringify({ body: answer.body, headers: answer.headers })
  const { principalId } = owner
  const { status = route.statuses[0], etag = null } = answer
  await keepAnswer(
    tx,
    { id, principalId, status, etag, body, size: Buffer.byteLength(body ?? '') },
    { count: settings.api.keptAnswers, bytes: settings.api.keptAnswerBytes },
  )
  return answer
}

/** The answer that was given. @throws refusal 422, 409 */
function again(known: AnswerRow | undefined, requestHash: string): Answer {
  if (!known) throw new Error('The answer of a key is gone that was taken.')
  if (known.requestHash !== requestHash)
    throw refuseStatus(422, 'This Idempotency-Key was sent with another request: make a new one.')
  if (known.body === null)
    throw refuseStatus(409, 'This was done already; what was answered is a secret, and is not told again.')
  const { body, headers } = JSON.parse(known.body) as Pick<Answer, 'body' | 'headers'>
  return {
    status: known.status,
    body,
    ...(known.etag !== null && { etag: known.etag }),
    headers: { ...headers, 'Idempotency-Replayed': 'true' },
  }
}
