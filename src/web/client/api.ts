import type { z } from 'zod'
import type { problem } from '../../api/schema.ts'
import type { signedIn } from '../../features/sessions/schema.ts'
import { reaching } from './reach.ts'

export type Problem = z.infer<typeof problem>
export type SignedIn = z.infer<typeof signedIn>

/** What the server refused, with the sentence that it gives for it. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly problem: Partial<Problem>

  constructor(status: number, given: Partial<Problem>) {
    super(given.detail ?? `HTTP ${status}`)
    this.status = status
    this.problem = given
  }
}

/** Whether the same may go well a little later. 507: the account is full, and stays so. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true
  return (error.status >= 500 && error.status !== 507) || error.status === 429
}

/** An answer, with the tag that a change of the same thing names. */
export interface Tagged<T> {
  readonly data: T
  readonly etag: string | undefined
  /** What a change is taken back by; undefined where nothing was changed that can be. @see undoRequest */
  readonly request: string | undefined
}

export interface Sending {
  readonly body?: unknown
  /** Instead of JSON, what is sent as it is. */
  readonly octets?: Blob
  readonly etag?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Undefined where the page began without a line, and the server has given none yet. */
let csrfToken: string | undefined = ''
let onSignedOut = (): void => {}

/** What every change carries from now on. */
export function carryCsrfToken(token: string | null): void {
  csrfToken = token ?? ''
}

/** Who is signed in is remembered here, and not said by the server: what a change carries is asked for before it. */
export function askForCsrfToken(): void {
  csrfToken = undefined
}

/**
 * What every change carries, for those that are not sent by {@link send}; it is asked for where the page began without a line.
 * @throws ApiError, TypeError
 */
export async function tokenToCarry(signal?: AbortSignal): Promise<string> {
  if (csrfToken === undefined) carryCsrfToken((await get<SignedIn>('/session', signal)).csrfToken)
  return csrfToken ?? ''
}

/** Who is told when the server no longer knows who is asking. */
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell
}

/**
 * One request to the API; `path` is below /api.
 * @throws ApiError for what the server refuses, TypeError where it cannot be reached
 */
export async function send<T>(method: string, path: string, sending: Sending = {}): Promise<Tagged<T>> {
  const { body, octets, etag, signal, headers } = sending
  const token = method === 'GET' ? undefined : await tokenToCarry(signal)
  const answer = await reaching(`/api${path}`, {
    method,
    credentials: 'same-origin',
    // The tag of somebody is that of his facts: what his cards say may be news under the same one.
    cache: 'no-store',
    headers: {
      Accept: 'application/json',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(octets !== undefined && { 'Content-Type': 'application/octet-stream' }),
      ...(token !== undefined && { 'X-CSRF-Token': token }),
      ...(etag !== undefined && { 'If-Match': etag }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(octets !== undefined && { body: octets }),
    ...(signal !== undefined && { signal }),
  })
  if (!answer.ok) throw await errorOf(answer, path)
  const data = answer.status === 204 ? undefined : await answer.json()
  const header = (name: string): string | undefined => answer.headers.get(name) ?? undefined
  return { data: data as T, etag: header('ETag'), request: header('Farley-Request') }
}

/** The data of a GET. @throws ApiError, TypeError */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send<T>('GET', path, { signal })).data
}

/** The data of a GET with its tag, for what is edited. @throws ApiError, TypeError */
export function read<T>(path: string, signal?: AbortSignal): Promise<Tagged<T>> {
  return send<T>('GET', path, { signal })
}

/** What the server refused. @param path  below /api: whoever is asked there and not known is signed out */
export async function errorOf(answer: Response, path: string): Promise<ApiError> {
  const given = (await answer.json().catch(() => ({}))) as Partial<Problem>
  if (answer.status === 401 && path !== '/session') onSignedOut()
  return new ApiError(answer.status, given)
}
