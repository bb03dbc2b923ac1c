import type { z } from 'zod'
import type { Origin } from '../../storage/origin.ts'
import type { Session } from '../auth/session.ts'
import type { Services } from '../services.ts'

/** One request to the API, authenticated, its body read by the route's schema. */
export interface ApiCall<Body> extends Services {
  readonly session: Session
  readonly requestId: string
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>
  /** What stands behind the question mark; of a name that comes twice the last. */
  readonly query: Readonly<Record<string, string | undefined>>
  readonly body: Body
  /** The octets of the body as they come, of a route that takes them. */
  readonly octets: () => AsyncIterable<Buffer>
}

export interface ApiReply {
  readonly status: number
  /** Sent as JSON, or as it comes where it is a stream; without it the answer has no body. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One method on one path of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below /api, with `:name` for parts that vary. */
  readonly path: string
  readonly summary: string
  /** What the body has to be; a route without one takes none. */
  readonly schema: z.ZodType | undefined
  /** Its body is the octets of a file, read as they come. */
  readonly takesOctets?: boolean
  readonly answer: (call: ApiCall<unknown>) => Promise<ApiReply>
}

type Described = Pick<Route, 'method' | 'path' | 'summary'>

/** A route that takes no body. */
export function route(described: Described, answer: (call: ApiCall<undefined>) => Promise<ApiReply>): Route {
  return { ...described, schema: undefined, answer: (call) => answer({ ...call, body: undefined }) }
}

/** A route that takes the octets of a file. */
export function routeWithOctets(
  described: Described,
  answer: (call: ApiCall<undefined>) => Promise<ApiReply>,
): Route {
  return { ...route(described, answer), takesOctets: true }
}

/** A route that takes JSON of this form. */
export function routeWithBody<Body>(
  described: Described,
  schema: z.ZodType<Body>,
  answer: (call: ApiCall<Body>) => Promise<ApiReply>,
): Route {
  return { ...described, schema, answer: (call) => answer({ ...call, body: schema.parse(call.body) }) }
}

/** Who makes a change, for the revision. */
export function originOf({ session, requestId }: Pick<ApiCall<unknown>, 'session' | 'requestId'>): Origin {
  const { principal, deviceId, clientKind } = session
  return { kind: 'web', authorId: principal.id, deviceId, clientKind, requestId }
}

/** The id in the path; 0, which no row has, for what is none. */
export function idIn({ params }: Pick<ApiCall<unknown>, 'params'>): number {
  return /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : 0
}
