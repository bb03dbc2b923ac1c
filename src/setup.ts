import type Koa from 'koa'
import { refuseInput } from './api/problem.ts'
import { readJson } from './api/read-json.ts'
import { refuseOtherPages } from './auth/forged.ts'
import { addressIn } from './features/devices/in-use.ts'
import { appleProfile, davx5Url, profileType } from './features/devices/profile.ts'
import { setupByLink } from './features/devices/schema.ts'
import { useSetupLink } from './features/devices/setup-links.ts'
import { readBody } from './http-body.ts'
import type { RequestOrigin } from './proxy.ts'
import { createRequestRate } from './request-rate.ts'
import type { Services } from './services.ts'
import { openLine } from './who.ts'

/** Answers a device that has a link to be set up by. @returns false where it asks for something else */
export type SetUp = (ctx: Koa.Context, path: string, origin: RequestOrigin) => Promise<boolean>

const mostBytes = 4_096
/** Tries of one address in a minute to use a link. */
const tries = 20

/**
 * What a device fetches by a link, once, without being signed in: a profile with its password, or all of it for the page to
 * show. The profile is a file that the device itself opens, so that its secret has to stand in the path.
 */
export function createSetUp(services: Services): SetUp {
  const { store, settings } = services
  const countTry = createRequestRate(services.now)
  return async (ctx, path, origin) => {
    const secret = /^\/setup\/([\w-]{43})\/farley\.mobileconfig$/.exec(path)?.[1]
    const isProfile = secret !== undefined && ctx.method === 'GET'
    const isPage = path === '/api/setup' && ctx.method === 'POST'
    if (!isProfile && !isPage) return false
    if (!origin.isPrivate) throw openLine()
    if (isPage) refuseOtherPages(ctx, origin)
    countTry(origin.address, tries)
    const given = secret ?? (await readSecret(ctx, services))
    const found = await store.write((tx) => useSetupLink(tx, given))
    const address = addressIn(settings) ?? origin.baseUrl
    ctx.status = 200
    ctx.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    if (isProfile) {
      ctx.body = Buffer.from(appleProfile({ ...found, address }))
      ctx.set('Content-Disposition', 'attachment; filename="farley.mobileconfig"')
      ctx.set('Content-Type', profileType)
      return true
    }
    const { account, device, password } = found
    const davx5 = davx5Url({ account, address, password }) ?? null
    ctx.body = {
      ...{ name: account.name, password, label: device.label, kind: device.clientKind },
      ...{ address, davx5 },
    }
    return true
  }
}

/** @throws refusal 422 */
async function readSecret(ctx: Koa.Context, { settings }: Services): Promise<string> {
  const { requestMs: withinMs } = settings.limits
  const json = await readJson(
    ctx,
    (bytes, tooLarge) => readBody(ctx.req, ctx.res, { bytes, withinMs }, tooLarge),
    mostBytes,
  )
  const outcome = setupByLink.safeParse(json)
  if (!outcome.success) throw refuseInput('body', outcome.error.issues)
  return outcome.data.secret
}
