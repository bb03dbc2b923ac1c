import type Koa from 'koa'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { RequestOrigin } from '../proxy.ts'
import { isCsrfToken } from './cookie.ts'

/**
 * A browser that is signed in with a cookie: whatever changes something has to carry what only our page knows, and no
 * request of another site is answered. @throws refusal 403
 */
export function refuseForged(ctx: Koa.Context, browser: { readonly csrfToken: string }): void {
  if (isForeign(ctx)) throw forged()
  const isSafe = ctx.method === 'GET' || ctx.method === 'HEAD'
  if (!isSafe && !isCsrfToken(ctx.get('X-CSRF-Token'), browser)) throw forged()
}

/** Before somebody is signed in there is nothing that only our page knows. @throws refusal 403 */
export function refuseOtherPages(ctx: Koa.Context, { baseUrl }: RequestOrigin): void {
  const from = ctx.get('Origin')
  if (isForeign(ctx) || (ctx.get('Sec-Fetch-Site') === '' && from !== '' && from !== baseUrl)) throw forged()
}

/** @see Fetch Metadata Request Headers §2.2 */
function isForeign(ctx: Koa.Context): boolean {
  const site = ctx.get('Sec-Fetch-Site')
  return site !== '' && site !== 'same-origin' && site !== 'none'
}

/** What another page made a browser send. */
export function forged(): Error {
  return refuseStatus(403, 'This did not come from the page itself. Load it again.')
}
