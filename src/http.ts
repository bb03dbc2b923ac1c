import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import Koa from 'koa'
import { errorBody, Refusal, refuse, refuseStatus } from '../protocol/dav/preconditions.ts'
import { StorageBusyError, StorageFullError } from '../storage/store.ts'
import { type Api, type ApiOptions, createApi } from './api/api.ts'
import { type Cors, createCors } from './api/cors.ts'
import { problemOf, problemType } from './api/problem.ts'
import type { Session } from './auth/session.ts'
import type { Call } from './dav/call.ts'
import { handleDav, readPath } from './dav/handler.ts'
import { davRoot } from './dav/paths.ts'
import { type Reply, xmlType } from './dav/reply.ts'
import { leaveBody, type ReadBody, readBody } from './http-body.ts'
import { streamBody } from './http-stream.ts'
import type { Metrics } from './metrics.ts'
import { createOriginReader, type RequestOrigin } from './proxy.ts'
import { createPublicLinks, type ServePublicLink } from './public-links.ts'
import type { Services } from './services.ts'
import { createSetUp, type SetUp } from './setup.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createWebApp, type ServeWebApp } from './web-app.ts'
import { type Authenticators, authenticated, createAuthenticators } from './who.ts'

/** The HTTP face: who asks, which face answers, and how refusals and faults look on the wire. */
export function createHttpServer(
  services: Services,
  metrics: Metrics | undefined,
  options: ApiOptions = {},
): Server {
  const { settings } = services
  const { bodyBytes, requestMs } = settings.limits
  const app = new Koa()
  app.silent = true
  // What fails once the answer is under way: the socket is gone, and only the log can tell.
  app.on('error', (error: NodeJS.ErrnoException, ctx?: Koa.Context) => {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
      return
    services.log.error({ err: error, requestId: ctx?.response.get('X-Request-Id') }, 'an answer broke off')
  })
  const authenticators = createAuthenticators(services)
  const surroundings = {
    authenticators,
    signIn: createSignIn(services, authenticators),
    setUp: createSetUp(services),
    serveWebApp: createWebApp(),
    originOf: createOriginReader(settings, services.log),
    servePublicLink: createPublicLinks(services),
    api: createApi(services, options),
    cors: createCors(settings),
    metrics,
  }
  app.use(async (ctx) => {
    const started = performance.now()
    const requestId = services.newId()
    ctx.set('X-Request-Id', requestId)
    try {
      await answer(ctx, services, { ...surroundings, requestId })
    } catch (error) {
      writeRefusal(ctx, services, error, requestId)
    }
    leaveBody(ctx.req, ctx.res, { bytes: bodyBytes, withinMs: requestMs })
    ctx.res.once('close', () => finish(ctx, services, metrics, requestId, started))
  })
  return listening(app, services)
}

function listening(app: Koa, { settings }: Services): Server {
  const { headerBytes, headersMs, keepAliveMs } = settings.limits
  const handle = app.callback()
  const server = createServer(
    { maxHeaderSize: headerBytes, noDelay: true, connectionsCheckingInterval: Math.ceil(headersMs / 2) },
    (request, response) => void handle(request, response),
  )
  // The body is asked for only when it is read, so that a 401 comes without waiting for it (OCS-05).
  server.on('checkContinue', (request, response) => void handle(request, response))
  server.headersTimeout = headersMs
  // A file may take long to send: those who read the body watch the time.
  server.requestTimeout = 0
  server.keepAliveTimeout = keepAliveMs
  return server
}

interface Surroundings {
  readonly authenticators: Authenticators
  readonly signIn: SignIn
  readonly setUp: SetUp
  readonly serveWebApp: ServeWebApp | undefined
  readonly originOf: (request: Koa.Request) => RequestOrigin
  readonly servePublicLink: ServePublicLink
  readonly api: Api
  readonly cors: Cors
  readonly metrics: Metrics | undefined
  readonly requestId: string
}

async function answer(ctx: Koa.Context, services: Services, surroundings: Surroundings): Promise<void> {
  const path = pathOf(ctx.req.url)
  const origin = surroundings.originOf(ctx.request)
  if (path.startsWith('/.well-known/')) return wellKnown(ctx, services, path, origin)
  if (path === '/healthz') return plain(ctx, 200, 'ok')
  if (path === '/readyz') return ready(ctx, services)
  if (path === '/metrics' && surroundings.metrics) return surroundings.metrics.serve(ctx)
  if (path.startsWith('/public/')) {
    const { address } = origin
    const { method, headers } = ctx
    const { accept, 'accept-language': acceptLanguage, 'if-none-match': ifNoneMatch } = headers
    const { 'user-agent': userAgent = '' } = headers
    const { search: query } = ctx
    const baseUrl = addressOf(services.settings, origin)
    const asked = { method, path, query, baseUrl, address, ifNoneMatch, accept, userAgent, acceptLanguage }
    return writeReply(ctx, await surroundings.servePublicLink(asked))
  }
  if (await surroundings.setUp(ctx, path, origin)) return
  if (isSignIn(path) && (await surroundings.signIn(ctx, origin))) return
  if (surroundings.serveWebApp?.(ctx, path, origin.isSecure)) return
  // Whatever is not public asks who is there first, also where there is nothing (IOS-02, MIN-03).
  const who = (): Promise<Session> => authenticated(ctx, surroundings.authenticators, origin, isApi(ctx))
  if (path.startsWith('/api/') && surroundings.cors(ctx)) return
  const bodies = bodiesOf(ctx, services, who)
  const session = await who()
  // What has a token did not come by a browser’s memory.
  if (!session.token) refuseForeignPage(ctx)
  if (path.startsWith('/api/')) return surroundings.api(ctx, session, surroundings.requestId, bodies)
  const reply = await handleDav(callOf(ctx, services, session, surroundings.requestId, bodies))
  writeReply(ctx, reply)
}

/**
 * A page of another site can make a browser that remembers a password POST a form, which no preflight announces; it cannot
 * keep the browser from saying so. No client that is no page sends this header with a POST of another site.
 * @see Fetch Metadata Request Headers §2.2
 * @throws refusal 403
 */
function refuseForeignPage(ctx: Koa.Context): void {
  const site = ctx.get('Sec-Fetch-Site')
  if (ctx.method === 'POST' && (site === 'cross-site' || site === 'same-site'))
    throw refuseStatus(403, 'A page of another site cannot change anything here.')
}

const slowBodyMs = 1_000

function isSignIn(path: string): boolean {
  return path === '/api/session' || path === '/api/password'
}

/** The two ways to read a body. */
interface Bodies {
  readonly read: ReadBody
  readonly stream: () => AsyncIterable<Buffer>
}

/** Whoever took long to send a body is asked again who he is: his password may have been taken from him meanwhile. */
function bodiesOf(ctx: Koa.Context, { settings }: Services, who: () => Promise<Session>): Bodies {
  const { requestMs, uploadIdleMs } = settings.limits
  const askAgain = async (started: number): Promise<void> => {
    if (performance.now() - started > slowBodyMs) await who()
  }
  return {
    read: async (bytes, tooLarge) => {
      const started = performance.now()
      const body = await readBody(ctx.req, ctx.res, { bytes, withinMs: requestMs }, tooLarge)
      await askAgain(started)
      return body
    },
    stream: async function* () {
      const started = performance.now()
      yield* streamBody(ctx.req, ctx.res, uploadIdleMs)
      await askAgain(started)
    },
  }
}

/**
 * The path of a request target, octets as they came: Koa's own reading trims and escapes what Apple's clients send
 * unescaped (IOS-18). The target may be a whole URL (RFC 9112 §3.2.2).
 */
function pathOf(target = '/'): string {
  return target.replace(/^https?:\/\/[^/?]*/i, '').replace(/\?.*$/s, '') || '/'
}

/** Redirects every method, without authentication. @see RFC 6764 §5, MIN-06 */
function wellKnown(ctx: Koa.Context, { settings }: Services, path: string, origin: RequestOrigin): void {
  const name = path.slice('/.well-known/'.length).replace(/\/$/, '')
  if (name !== 'caldav' && name !== 'carddav') throw refuseStatus(404, 'There is nothing at this address.')
  ctx.set('Location', `${addressOf(settings, origin)}${davRoot}`)
  ctx.set('Cache-Control', 'max-age=3600')
  plain(ctx, 301, '')
}

/** Where the server is reached, as far as is known. */
function addressOf({ publicUrl }: Services['settings'], { baseUrl }: RequestOrigin): string {
  return publicUrl === '' ? baseUrl : publicUrl.replace(/\/$/, '')
}

async function ready(ctx: Koa.Context, { store }: Services): Promise<void> {
  try {
    await store.check()
    plain(ctx, 200, 'ready')
  } catch {
    plain(ctx, 503, 'the database does not answer')
  }
}

function isApi(ctx: Koa.Context): boolean {
  return pathOf(ctx.req.url).startsWith('/api/')
}

function callOf(
  ctx: Koa.Context,
  services: Services,
  session: Session,
  requestId: string,
  bodies: Bodies,
): Call {
  const path = pathOf(ctx.req.url)
  const { segments, location } = readPath(path)
  return {
    ...services,
    method: ctx.method,
    headers: ctx.headers,
    path,
    location,
    segments,
    session,
    requestId,
    userAgent: ctx.get('User-Agent'),
    readBody: bodies.read,
    streamBody: bodies.stream,
  }
}

function writeReply(ctx: Koa.Context, { status, headers, body }: Reply): void {
  ctx.status = status
  if (headers) for (const [name, value] of Object.entries(headers)) ctx.set(name, value)
  if (body === undefined) {
    // Koa would add a reason phrase as text, and the type of octets.
    ctx.body = status === 204 || status === 304 ? null : Buffer.alloc(0)
    if (status !== 304) ctx.remove('Content-Type')
    // An answer to HEAD has the length of what it stands for.
    if (ctx.method === 'HEAD' && headers) ctx.set(headers)
    return
  }
  ctx.body = body instanceof Readable ? body : Buffer.from(body as Uint8Array)
  // Koa works both out anew when it is given a body.
  for (const name of ['Content-Type', 'Content-Length']) {
    const value = headers?.[name]
    if (value !== undefined) ctx.set(name, value)
  }
}

/** A refusal as the RFC has it, everything else as a fault: logged once, and 500 without detail. */
function writeRefusal(ctx: Koa.Context, { log }: Services, error: unknown, requestId: string): void {
  const refusal = refusalOf(error)
  if (!refusal) log.error({ err: error, requestId, method: ctx.method }, 'the request failed')
  const shown = refusal ?? refuseStatus(500, 'The server could not answer; see its log.')
  const { status, message, headers } = shown
  const xml = refusal ? errorBody(refusal) : ''
  ctx.status = status
  ctx.set(headers ?? {})
  if (isApi(ctx)) {
    ctx.body = Buffer.from(JSON.stringify(problemOf(shown)))
    ctx.set('Content-Type', problemType)
    return
  }
  if (xml === '') {
    ctx.set('Content-Type', 'text/plain; charset=utf-8')
    ctx.body = `${message}\n`
    return
  }
  ctx.set('Content-Type', xmlType)
  // DAV:error holds the precondition alone; the sentence for people is beside it.
  ctx.set('X-Farley-Reason', headerText(message))
  ctx.body = Buffer.from(xml)
  ctx.set('Content-Type', xmlType)
}

/** A sentence may quote the client; a header may not grow with it, nor hold what a header cannot. */
function headerText(message: string): string {
  const short = message.slice(0, 300).replace(/[\ud800-\udfff]/g, '?')
  return encodeURI(short).replaceAll('%20', ' ')
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof StorageFullError)
    return refuse('sufficient-disk-space', { message: 'The disk is full; nothing was stored.' })
  if (error instanceof StorageBusyError) {
    return refuseStatus(503, 'The database is busy; try again.', { 'Retry-After': '5' })
  }
  return undefined
}

function plain(ctx: Koa.Context, status: number, text: string): void {
  ctx.status = status
  ctx.set('Content-Type', 'text/plain; charset=utf-8')
  ctx.body = Buffer.from(text === '' ? '' : `${text}\n`)
}

/** What stands in the path of a public link, or of one that sets a device up, is a secret, which never reaches the log. */
function loggedPath(path: string): string {
  return path.replace(/^\/(public|setup)\/.*/s, '/$1/***')
}

/** Files of the web app: a browser fetches a hundred at once, and all else would be lost among them. */
function isOfPage(path: string): boolean {
  return /^\/(?:assets\/|icon|worker\.js$|manifest)/.test(path)
}

function finish(
  ctx: Koa.Context,
  { log }: Services,
  metrics: Metrics | undefined,
  requestId: string,
  started: number,
): void {
  const ms = performance.now() - started
  metrics?.observe(ctx.method, ctx.status, ms)
  const { method, status } = ctx
  const level = status < 400 && isOfPage(pathOf(ctx.req.url)) ? 'debug' : 'info'
  if (log.isLevelEnabled(level)) {
    log[level](
      {
        requestId,
        method,
        path: loggedPath(pathOf(ctx.req.url)),
        status,
        ms: Math.round(ms * 10) / 10,
        agent: ctx.get('User-Agent'),
      },
      'request',
    )
  }
}
