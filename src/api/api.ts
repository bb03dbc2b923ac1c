import Router from '@koa/router'
import type Koa from 'koa'
import { ZodError } from 'zod'
import { type Refusal, refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Session } from '../auth/session.ts'
import { AccountError } from '../features/accounts/accounts.ts'
import { birthdayRoutes } from '../features/birthdays/routes.ts'
import { directoryRoutes } from '../features/directory/routes.ts'
import { heldRoutes } from '../features/held/routes.ts'
import { importRoutes } from '../features/imports/routes.ts'
import { migrationRoutes } from '../features/migration/api/routes.ts'
import { sharingRoutes } from '../features/sharing/routes.ts'
import { transferRoutes } from '../features/transfer/routes.ts'
import { TransferError } from '../features/transfer/transfer-error.ts'
import type { ReadBody } from '../http-body.ts'
import type { Services } from '../services.ts'
import type { ApiCall, ApiReply, Route } from './route.ts'

const routes: readonly Route[] = [
  ...birthdayRoutes,
  ...directoryRoutes,
  ...heldRoutes,
  ...importRoutes,
  ...migrationRoutes,
  ...sharingRoutes,
  ...transferRoutes,
]

/** Answers one authenticated request below /api/. @throws Refusal */
export type Api = (ctx: Koa.Context, session: Session, requestId: string, bodies: ApiBodies) => Promise<void>

/** The two ways to read a body: whole, or as it comes. */
export interface ApiBodies {
  readonly read: ReadBody
  readonly stream: () => AsyncIterable<Buffer>
}

interface State {
  readonly session: Session
  readonly requestId: string
  readonly bodies: ApiBodies
}

/** The JSON API: every feature's routes, behind one way of reading bodies and of writing answers. */
export function createApi(services: Services): Api {
  const router = new Router({ prefix: '/api' })
  for (const route of routes) {
    router.register(route.path, [route.method], async (ctx: Koa.Context & { params?: unknown }) => {
      const { session, requestId, bodies } = ctx.state as State
      if (route.method !== 'GET' && session.scope === 'read')
        throw refuseStatus(403, 'This app password may only read.')
      if (route.takesOctets) refuseSimple(ctx)
      const body = route.schema ? await readJson(ctx, bodies.read, services) : undefined
      const params = (ctx.params ?? {}) as Readonly<Record<string, string>>
      const query = Object.fromEntries(new URLSearchParams(ctx.querystring))
      const octets = bodies.stream
      const call: ApiCall<unknown> = { ...services, session, requestId, params, query, body, octets }
      const reply = await answered(route, call)
      ctx.status = reply.status
      ctx.set({ 'Cache-Control': 'no-store', ...reply.headers })
      ctx.body = reply.body === undefined ? null : reply.body
    })
  }
  const answer = router.routes()
  return async (ctx, session, requestId, bodies) => {
    ctx.state = { session, requestId, bodies } satisfies State
    await answer(ctx as Parameters<typeof answer>[0], async () => {
      const allowed = routes.filter(({ path }) => matches(path, ctx.path)).map(({ method }) => method)
      if (allowed.length === 0) throw refuseStatus(404, 'There is nothing at this address.')
      const methods = allowed.join(', ')
      throw refuseStatus(405, `This address takes ${methods}.`, { Allow: methods })
    })
  }
}

/** The body of a problem that a person or a program can read. @see RFC 9457 §3 */
export function problemBody({ status, message }: Pick<Refusal, 'status' | 'message'>): string {
  return JSON.stringify({ type: 'about:blank', status, detail: message })
}

export const problemType = 'application/problem+json'

/** JSON bodies are small: what is large goes by DAV. */
const maxBytes = 1_048_576

/**
 * Only JSON that says it is JSON: a page of another origin cannot send that without being asked (no CORS), so that a
 * browser which remembers a password cannot be made to change anything.
 */
/** As with JSON: what a form of another page could send is not taken. */
function refuseSimple(ctx: Koa.Context): void {
  const type = ctx.get('Content-Type').trim()
  if (type === '' || /^(?:text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type))
    throw refuseStatus(415, 'Send the octets of the file, as application/octet-stream.')
}

async function readJson(ctx: Koa.Context, read: ReadBody, { settings }: Services): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(ctx.get('Content-Type')))
    throw refuseStatus(415, 'Send JSON, as application/json.')
  const limit = Math.min(maxBytes, settings.limits.bodyBytes)
  const tooLarge = (): Error => refuseStatus(413, `A request may have ${limit} octets at most.`)
  const bytes = await read(limit, tooLarge)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw refuseStatus(400, 'The body is not JSON.')
  }
}

async function answered(route: Route, call: ApiCall<unknown>): Promise<ApiReply> {
  try {
    return await route.answer(call)
  } catch (error) {
    throw asRefusal(error)
  }
}

/** What a feature says to people becomes a refusal; what is none stays a fault. */
function asRefusal(error: unknown): unknown {
  if (error instanceof AccountError || error instanceof TransferError) return refuseStatus(422, error.message)
  if (!(error instanceof ZodError)) return error
  const [issue] = error.issues
  return refuseStatus(422, `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'cannot be read'}`)
}

function matches(pattern: string, path: string): boolean {
  const wanted = `/api${pattern}`.split('/')
  const given = path.replace(/\/$/, '').split('/')
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith(':') || part === given[at])
  )
}
