import type Koa from 'koa'
import type { z } from 'zod'
import { refuseStatus } from '../protocol/dav/preconditions.ts'
import { removeWebSession } from '../storage/api/web-sessions.ts'
import type { PrincipalRow } from '../storage/principals.ts'
import { asRefusal, refuseInput } from './api/problem.ts'
import { readJson } from './api/read-json.ts'
import type { Authenticate } from './auth/authenticate.ts'
import {
  type AuthenticateCookie,
  cookieFor,
  isCsrfToken,
  readCookie,
  sessionChallenge,
} from './auth/cookie.ts'
import { forged, refuseOtherPages } from './auth/forged.ts'
import { hashPassword } from './auth/password.ts'
import { recordSignIn } from './auth/sign-ins.ts'
import { checkChosenPassword } from './features/accounts/accounts.ts'
import { shownAccount } from './features/accounts/routes.ts'
import { passwordByLink, signIn } from './features/sessions/schema.ts'
import { createSession, csrfTokenOf, useLink } from './features/sessions/sessions.ts'
import { type ReadBody, readBody } from './http-body.ts'
import type { RequestOrigin } from './proxy.ts'
import { createRequestRate } from './request-rate.ts'
import type { Services } from './services.ts'
import { type Authenticators, openLine, tooMany } from './who.ts'

/** Answers what somebody asks who is not signed in yet, or no longer. @returns false where it is something else */
export type SignIn = (ctx: Koa.Context, origin: RequestOrigin) => Promise<boolean>

const mostBytes = 8_192
/** Tries of one address in a minute to use a link. */
const linkTries = 20

/**
 * Signing in on the web page, signing out, and choosing a password by a link. All three come from our own page alone: they
 * take JSON, which no form can send, and what a browser says of another site is believed.
 */
export function createSignIn(
  services: Services,
  { authenticate, authenticateCookie }: Pick<Authenticators, 'authenticate' | 'authenticateCookie'>,
): SignIn {
  const countTry = createRequestRate(services.now)
  return async (ctx, origin) => {
    const { method, path } = ctx
    const read: ReadBody = (bytes, tooLarge) =>
      readBody(ctx.req, ctx.res, { bytes, withinMs: services.settings.limits.requestMs }, tooLarge)
    if (method === 'POST' && path === '/api/session') {
      if (!origin.isPrivate) throw openLine()
      refuseOtherPages(ctx, origin)
      await enter(ctx, services, {
        authenticate,
        origin,
        given: readForm(signIn, await readJson(ctx, read, mostBytes)),
      })
    } else if (method === 'DELETE' && path === '/api/session') {
      await leave(ctx, services, authenticateCookie, origin.isSecure)
    } else if (method === 'POST' && path === '/api/password') {
      if (!origin.isPrivate) throw openLine()
      refuseOtherPages(ctx, origin)
      countTry(origin.address, linkTries)
      await choosePassword(ctx, services, readForm(passwordByLink, await readJson(ctx, read, mostBytes)))
    } else return false
    return true
  }
}

interface Entering {
  readonly authenticate: Authenticate
  readonly origin: RequestOrigin
  readonly given: z.infer<typeof signIn>
}

/** @throws refusal 401 for a wrong password, 403 for one of a device, 429 after many */
async function enter(
  ctx: Koa.Context,
  { store, settings }: Services,
  { authenticate, origin, given }: Entering,
): Promise<void> {
  const from = { address: origin.address, agent: ctx.get('User-Agent') }
  const verdict = await authenticate(given, { ...from, isPage: true })
  if (verdict.kind === 'wait') throw tooMany(verdict.seconds)
  if (verdict.kind === 'refused')
    throw refuseStatus(401, 'The name or the password is wrong.', { 'WWW-Authenticate': sessionChallenge })
  const { session } = verdict
  if (session.deviceId !== undefined)
    throw refuseStatus(403, 'That is the password of a device. Sign in with the password of the account.')
  const { id: principalId } = session.principal
  const { secret, account } = await store.write(async (tx) => {
    const way = 'browser'
    await recordSignIn(tx, { principalId, way, deviceId: null, from, outcome: 'accepted' }, settings)
    const made = await createSession(tx, session.principal, from, settings)
    return { secret: made.secret, account: await shownAccount(tx, { session, settings }) }
  })
  ctx.set('Set-Cookie', cookieFor(secret, origin.isSecure, settings.auth.sessionDays))
  answer(ctx, 201, { account, csrfToken: csrfTokenOf(secret) })
}

/** Ends the session of the cookie, if it is one; the cookie goes in any case. */
async function leave(
  ctx: Koa.Context,
  { store, settings }: Services,
  authenticateCookie: AuthenticateCookie,
  isSecure: boolean,
): Promise<void> {
  const secret = readCookie(ctx.get('Cookie'), isSecure)
  const session = secret === undefined ? undefined : await authenticateCookie(secret)
  if (session?.browser) {
    const { browser, principal } = session
    if (!isCsrfToken(ctx.get('X-CSRF-Token'), browser)) throw forged()
    await store.write((tx) => removeWebSession(tx, principal.id, browser.id))
  }
  ctx.set('Set-Cookie', cookieFor(undefined, isSecure, settings.auth.sessionDays))
  answer(ctx, 204, undefined)
}

async function choosePassword(
  ctx: Koa.Context,
  { store, settings }: Services,
  { secret, password }: z.infer<typeof passwordByLink>,
): Promise<void> {
  try {
    checkChosenPassword(password)
  } catch (error) {
    throw asRefusal(error)
  }
  const hash = await hashPassword(password, settings.auth.bcryptCost)
  const id: PrincipalRow['id'] | undefined = await store.write((tx) => useLink(tx, secret, hash))
  if (id === undefined)
    throw refuseStatus(404, 'This link was used already, or its time is over. Ask for another one.')
  answer(ctx, 204, undefined)
}

function readForm<T>(schema: z.ZodType<T>, given: unknown): T {
  const outcome = schema.safeParse(given)
  if (!outcome.success) throw refuseInput('body', outcome.error.issues)
  return outcome.data
}

function answer(ctx: Koa.Context, status: number, body: unknown): void {
  ctx.status = status
  ctx.set('Cache-Control', 'no-store')
  ctx.body = body === undefined ? null : body
}
