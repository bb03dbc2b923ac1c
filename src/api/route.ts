import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Origin } from '../../storage/origin.ts'
import type { Writer } from '../../storage/store.ts'
import type { Session } from '../auth/session.ts'
import type { Services } from '../services.ts'
import { refuseInput } from './problem.ts'
import type { Area } from './schema.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * What a change may alter: nothing that is kept; facts beside cards, which no client syncs (law 5); cards; other members. An
 * address book that is made of people by what is known of them (see `VirtualSource`) follows facts too: then it is news who
 * is in it, and no card that stays has another entity tag.
 */
export type Affects = 'nothing' | 'facts' | 'cards' | 'other'

/** What is said of a route where it is made. */
export interface Described {
  readonly method: Method
  /** Below /api, with `:name` for parts that vary. */
  readonly path: string
  readonly summary: string
  /** What it is about: a token has to be for all of it. With `none` every token may. */
  readonly scope: Area | 'none' | readonly Area[]
  /** Of one that only looks it is always nothing. */
  readonly affects?: Affects
  /** What it answers is shown once, and not kept for the same request again. */
  readonly isSecret?: boolean
}

/** What a route takes and gives. */
export interface Schemas<Body, Query, Reply> {
  /** A route without one takes no JSON. */
  readonly body?: z.ZodType<Body>
  /** Without one, what stands behind the question mark is not looked at. */
  readonly query?: z.ZodType<Query>
  /** What is answered as JSON. */
  readonly reply?: z.ZodType<Reply>
  /** The statuses of success, the usual one first; without any 200 where there is a reply, and 204 where there is none. */
  readonly statuses?: readonly [number, ...number[]]
  /** Media types of an answer that is no JSON. */
  readonly gives?: readonly string[]
}

/** One request to the API, authenticated, with what the route's schemas read. */
export interface ApiCall<Body, Query = unknown> extends Services {
  readonly session: Session
  readonly requestId: string
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>
  /** What stands behind the question mark; of a name that comes twice the last. */
  readonly query: Query
  readonly body: Body
  /** As they came: `checkMatch` judges them. */
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  /** Where a client that listens was. @see HTML Standard §9.2.4 */
  readonly lastEventId: string | undefined
  /** Told by `checkMatch`; where nobody does, the API judges If-Match by what GET of the same address shows. */
  readonly isMatchJudged: () => void
  /** The octets of the body as they come, of a route that takes them. */
  readonly octets: () => AsyncIterable<Buffer>
}

/** The same within the transaction of the API: there is no other store to read from. */
export type ChangeCall<Body, Query = unknown> = Omit<ApiCall<Body, Query>, 'store' | 'octets'>

/** What a route answers. */
export interface Answer<Body = unknown> {
  /** One of the route's; without it the usual one. */
  readonly status?: number
  /** Sent as JSON, or as it comes where the route gives something else; without it the answer has no body. */
  readonly body?: Body | Readable | undefined
  /** Of what is shown, with its quotes: see `etagOfVersion`. */
  readonly etag?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Lists that are only read will do for an answer. */
export type Shown<T> = T extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Shown<T[Key]> }
    : T

/** A request whose path and credentials are known, and whose input has not been read by a schema. */
export type RawCall = ApiCall<unknown>

interface RouteParts extends Required<Described> {
  readonly body: z.ZodType | undefined
  readonly query: z.ZodType | undefined
  readonly reply: z.ZodType | undefined
  readonly statuses: readonly [number, ...number[]]
  readonly gives: readonly string[]
  /** Its body is the octets of a file, read as they come. */
  readonly takesOctets: boolean
}

/** A route that only looks. */
export interface LookRoute extends RouteParts {
  readonly kind: 'look'
  /** Reads the input. @returns what answers @throws ZodError */
  readonly prepare: (call: RawCall) => () => Promise<Answer>
}

/** A route that changes something in one transaction, which is opened for it. */
export interface ChangeRoute extends RouteParts {
  readonly kind: 'change'
  readonly prepare: (call: Omit<RawCall, 'store' | 'octets'>) => (tx: Writer) => Promise<Answer>
}

/** A route that opens its own transactions, or begins something that goes on by itself. */
export interface WorkRoute extends RouteParts {
  readonly kind: 'work'
  readonly prepare: (call: RawCall) => () => Promise<Answer>
}

/** One method on one path of the API. */
export type Route = LookRoute | ChangeRoute | WorkRoute

/** A route that reads: what it needs of the store it takes by `call.store.read`. */
export function look<Body = undefined, Query = undefined, Reply = never>(
  described: Described,
  schemas: Schemas<Body, Query, Reply>,
  answer: (call: ApiCall<Body, Query>) => Promise<Answer<Shown<Reply>>>,
): LookRoute {
  const input = { body: schemas.body, query: strictly(schemas.query) }
  const prepare: LookRoute['prepare'] = (call) => {
    const ready = { ...call, ...readInput(input, call) }
    return () => answer(ready)
  }
  return { ...partsOf({ ...described, affects: 'nothing' }, schemas), kind: 'look', prepare }
}

/** A route that changes something, all of it in the one transaction that it is given; it may run twice. */
export function change<Body = undefined, Query = undefined, Reply = never>(
  described: Described & Pick<Required<Described>, 'affects'>,
  schemas: Schemas<Body, Query, Reply>,
  answer: (tx: Writer, call: ChangeCall<Body, Query>) => Promise<Answer<Shown<Reply>>>,
): ChangeRoute {
  const input = { body: schemas.body, query: strictly(schemas.query) }
  const prepare: ChangeRoute['prepare'] = (call) => {
    const ready = { ...call, ...readInput(input, call) }
    return (tx) => answer(tx, ready)
  }
  return { ...partsOf(described, schemas), kind: 'change', prepare }
}

/** A route that opens its own transactions: what takes long, and what takes the octets of a file. */
export function work<Body = undefined, Query = undefined, Reply = never>(
  described: Described & Pick<Required<Described>, 'affects'>,
  schemas: Schemas<Body, Query, Reply> & { readonly takesOctets?: boolean },
  answer: (call: ApiCall<Body, Query>) => Promise<Answer<Shown<Reply>>>,
): WorkRoute {
  const input = { body: schemas.body, query: strictly(schemas.query) }
  const prepare: WorkRoute['prepare'] = (call) => {
    const ready = { ...call, ...readInput(input, call) }
    return () => answer(ready)
  }
  const { takesOctets = false } = schemas
  return { ...partsOf(described, schemas), takesOctets, kind: 'work', prepare }
}

/** A name behind the question mark that nobody knows is a mistake: without it too much would be answered. */
function strictly<Query>(query: z.ZodType<Query> | undefined): z.ZodType<Query> | undefined {
  return query instanceof z.ZodObject ? (query.strict() as unknown as z.ZodType<Query>) : query
}

function partsOf<Body, Query, Reply>(
  described: Described & Pick<Required<Described>, 'affects'>,
  { body, query, reply, statuses, gives = [] }: Schemas<Body, Query, Reply>,
): RouteParts {
  const { isSecret = false } = described
  const usual = statuses ?? [reply || gives.length > 0 ? 200 : 204]
  return { ...described, isSecret, body, query, reply, statuses: usual, gives, takesOctets: false }
}

interface InputSchemas<Body, Query> {
  readonly body: z.ZodType<Body> | undefined
  readonly query: z.ZodType<Query> | undefined
}

/** What the schemas make of the input; a route without one has nothing of it. @throws refusal 422 */
function readInput<Body, Query>(
  { body, query }: InputSchemas<Body, Query>,
  given: Pick<RawCall, 'body' | 'query'>,
): { body: Body; query: Query } {
  return {
    body: read(body, given.body, 'body'),
    query: read(query, given.query, 'query'),
  }
}

function read<T>(schema: z.ZodType<T> | undefined, given: unknown, place: 'body' | 'query'): T {
  if (schema === undefined) return undefined as T
  const outcome = schema.safeParse(given)
  if (!outcome.success) throw refuseInput(place, outcome.error.issues)
  return outcome.data
}

/** Names the request of a change in its answer: what `POST /history/undo` takes. */
export const requestHeader = 'Farley-Request'

/** Who makes a change, for the revision. */
export function originOf({ session, requestId }: Pick<RawCall, 'session' | 'requestId'>): Origin {
  const { principal, deviceId, clientKind } = session
  return { kind: 'web', authorId: principal.id, deviceId, clientKind, requestId }
}

/** The id in the path; 0, which no row has, for what is none. */
export function idIn({ params }: Pick<RawCall, 'params'>): number {
  return /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : 0
}
