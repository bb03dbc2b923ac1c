import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { Refusal, refuseStatus } from '../../protocol/dav/preconditions.ts'
import { AccountError } from '../features/accounts/account-error.ts'
import { TransferError } from '../features/transfer/transfer-error.ts'

export const problemType = 'application/problem+json'

/** One fault of a request: where it is, and what it is. */
export interface ProblemError {
  /** Into the body. @see RFC 6901 */
  readonly pointer?: string
  /** Of the query. */
  readonly parameter?: string
  /** Of an operation, where there are several. */
  readonly status?: number
  readonly detail: string
}

/** A refusal that names each fault of the input. */
export class InputRefusal extends Refusal {
  override name = 'InputRefusal'
  readonly errors: readonly ProblemError[]
  constructor(message: string, errors: readonly ProblemError[]) {
    super(422, message)
    this.errors = errors
  }
}

/** A refusal with a word for what is behind it. */
class ReasonedRefusal extends Refusal {
  override name = 'ReasonedRefusal'
  readonly reason: string
  constructor(message: string, reason: string) {
    super(422, message)
    this.reason = reason
  }
}

/** So many faults are told at most. */
const mostErrors = 20

/** The refusal of a body or a query that its schema does not take. */
export function refuseInput(place: 'body' | 'query', issues: readonly z.core.$ZodIssue[]): InputRefusal {
  const faults = issues.flatMap(faultsOf).slice(0, mostErrors)
  const [first] = faults
  const where = first?.path.map(String).join('.') || (place === 'body' ? 'The body' : 'The query')
  const errors = faults.map(({ path, message }) => ({
    ...(place === 'body' ? { pointer: pointerTo(path) } : { parameter: path.map(String).join('.') }),
    detail: message,
  }))
  return new InputRefusal(`${where}: ${first?.message ?? 'cannot be read'}`, errors)
}

/** Each of the names that nobody knows is a fault of its own. */
function faultsOf(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, 'path' | 'message'>[] {
  if (issue.code !== 'unrecognized_keys') return [issue]
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'nothing of this name is known' }))
}

/** @see RFC 6901 §3 */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The body of a problem that a person or a program can read. @see RFC 9457 §3 */
export function problemOf(refusal: Pick<Refusal, 'status' | 'message'>) {
  const { status, message } = refusal
  const errors = refusal instanceof InputRefusal ? { errors: refusal.errors } : {}
  const reason = refusal instanceof ReasonedRefusal ? { reason: refusal.reason } : {}
  return { type: 'about:blank', title: titleOf(status), status, detail: message, ...reason, ...errors }
}

/** What a feature says to people becomes a refusal; what is none stays a fault. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof TransferError && error.reason !== undefined)
    return new ReasonedRefusal(error.message, error.reason)
  if (error instanceof AccountError || error instanceof TransferError) return refuseStatus(422, error.message)
  return error
}

/** With `about:blank` the title is the phrase of the status. @see RFC 9457 §4.2.1 */
function titleOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error'
}
