import type Koa from 'koa'
import { matchesIfNoneMatch } from '../../protocol/dav/conditions.ts'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Writer } from '../../storage/store.ts'
import type { Session } from '../auth/session.ts'
import type { ReadBody } from '../http-body.ts'
import { createRequestRate } from '../request-rate.ts'
import type { Services } from '../services.ts'
import { faultOf } from './checks.ts'
import { etagOfAnswer } from './conditions.ts'
import { type OnceKey, readOnceKey, runOnce, workOnce } from './once.ts'
import { asRefusal } from './problem.ts'
import { checkTexts, readJson } from './read-json.ts'
import { type Answer, type RawCall, type Route, requestHeader } from './route.ts'
import { findRoute } from './routes.ts'
import { judgeWork, prepareChange } from './run-change.ts'
import { sessionFor } from './scopes.ts'

/** Answers one authenticated request below /api/. @throws Refusal */
export type Api = (ctx: Koa.Context, session: Session, requestId: string, bodies: ApiBodies) => Promise<void>

/** The two ways to read a body: whole, or as it comes. */
export interface ApiBodies {
  readonly read: ReadBody
  readonly stream: () => AsyncIterable<Buffer>
}

export interface ApiOptions {
  /** Told where a route does not do or answer what it says; without it nobody looks. */
  readonly onFault?: ((fault: string) => void) | undefined
}

/** The JSON API: every feature's routes, behind one way of reading requests and of writing answers. */
export function createApi(services: Services, { onFault }: ApiOptions = {}): Api {
  const countRequest = createRequestRate(services.now)
  return async (ctx, whoever, requestId, bodies) => {
    const { id, requestLimit } = whoever.principal
    countRequest(String(id), requestLimit ?? services.settings.limits.apiRequestsPerMinute)
    const { route, params } = findRoute(ctx.method, ctx.path)
    const session = sessionFor(route, whoever)
    if (route.takesOctets) refuseSimple(ctx)
    const body = route.body
      ? await readJson(ctx, bodies.read, Math.min(maxBytes, services.settings.limits.bodyBytes))
      : undefined
    const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
    checkTexts(params)
    checkTexts(query)
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = ctx.headers
    const lastEventId = ctx.get('Last-Event-ID') || undefined
    const asked = { ifMatch, ifNoneMatch, lastEventId, isMatchJudged: () => {} }
    const input = { params, query, body, ...asked, octets: bodies.stream }
    // Octets are not read twice: their number and type stand for them.
    const octets = route.takesOctets ? [ctx.get('Content-Length'), ctx.get('Content-Type')] : []
    // What one token was answered is not told to another, which may be for less.
    const holder = session.token ? [session.token.id] : []
    const request = [ctx.method, ctx.url, ifMatch, body, ...octets, ...holder]
    const key = readOnceKey(ctx.get('Idempotency-Key') || undefined, request)
    const answer = await answered(
      route,
      { ...services, session, requestId, ...input },
      { key, path: ctx.path, onFault },
    )
    const fault = onFault && faultOf(route, answer)
    if (fault !== undefined) onFault?.(fault)
    write(ctx, route, answer)
  }
}

/** JSON bodies are small: what is large goes by DAV. */
const maxBytes = 1_048_576

/** As with JSON: what a form of another page could send is not taken. */
function refuseSimple(ctx: Koa.Context): void {
  const type = ctx.get('Content-Type').trim()
  if (type === '' || /^(?:text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type))
    throw refuseStatus(415, 'Send the octets of the file, as application/octet-stream.')
}

async function answered(
  route: Route,
  call: RawCall,
  { key, path, onFault }: ApiOptions & { readonly key: OnceKey | undefined; readonly path: string },
): Promise<Answer> {
  try {
    if (route.kind === 'look') return await route.prepare(call)()
    if (route.kind === 'work') {
      const prepared = route.prepare(call)
      const run = async (): Promise<Answer> => {
        await judgeWork(route, call, { find: findRoute, path })
        return named(route, call, await prepared())
      }
      return await (key ? workOnce(call, call, route, key, run) : run())
    }
    const { store, octets: _, isMatchJudged: __, ...given } = call
    const prepared = prepareChange(route, given, { find: findRoute, path, onFault })
    const run = async (tx: Writer): Promise<Answer> => named(route, call, await prepared(tx))
    return await store.write((tx) => (key ? runOnce(tx, call, route, key, run) : run(tx)))
  } catch (error) {
    throw asRefusal(error)
  }
}

/** The answer to a change with the name of its request: to the same request again that of the first. */
function named({ affects }: Route, { requestId }: RawCall, answer: Answer): Answer {
  if (affects === 'nothing') return answer
  return { ...answer, headers: { [requestHeader]: requestId, ...answer.headers } }
}

/** What has an entity tag of its own may be kept by the one who asked, who asks each time whether it still holds. */
const revalidated = { 'Cache-Control': 'private, no-cache' }

function write(ctx: Koa.Context, { kind, statuses }: Route, answer: Answer): void {
  const { status, headers, body } = answer
  const etag = kind === 'look' ? etagOfAnswer(answer) : answer.etag
  ctx.status = status ?? statuses[0]
  ctx.set({
    'Cache-Control': 'no-store',
    ...(etag !== undefined && { ETag: etag }),
    ...(answer.etag !== undefined && revalidated),
    ...headers,
  })
  if (etag !== undefined) ctx.vary(['Authorization', 'Cookie'])
  const isKnown = kind === 'look' && !matchesIfNoneMatch(ctx.headers['if-none-match'], etag)
  if (isKnown && (ctx.method === 'GET' || ctx.method === 'HEAD')) ctx.status = 304
  ctx.body = body === undefined || ctx.status === 304 ? null : body
}
