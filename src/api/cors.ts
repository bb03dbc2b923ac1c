import type Koa from 'koa'
import type { Settings } from '../../config/defaults.ts'
import { requestHeader } from './route.ts'

/** Lets pages of other origins read what the API answers. @returns true where that was all that was asked */
export type Cors = (ctx: Koa.Context) => boolean

/** What a page may send, and read. @see Fetch §3.3 (CORS protocol) */
const methods = 'GET, POST, PUT, PATCH, DELETE'
const requestHeaders = 'Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key'
const responseHeaders = `ETag, ${requestHeader}, Idempotency-Replayed, Location, Retry-After, WWW-Authenticate, X-Request-Id`
const maxAgeSeconds = 600

/**
 * For the origins that the settings name, and for no other. Credentials that a browser remembers are not let in: such a page
 * sends a token.
 */
export function createCors({ api }: Settings): Cors {
  const origins = new Set(readOrigins(api.corsOrigins))
  return (ctx) => {
    if (origins.size === 0) return false
    ctx.vary('Origin')
    const origin = ctx.get('Origin')
    if (!origins.has(origin)) return false
    ctx.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': responseHeaders })
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return false
    ctx.set({
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': requestHeaders,
      'Access-Control-Max-Age': String(maxAgeSeconds),
    })
    ctx.status = 204
    return true
  }
}

/** The origins of the setting. */
function readOrigins(text: string): string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
}

/** Why a setting names no origins; undefined where it does. */
export function originsProblem(text: string): string | undefined {
  const wrong = readOrigins(text).find((part) => !isOrigin(part))
  if (wrong === undefined) return undefined
  return `give whole origins, such as https://crm.example.org, with commas between, not ${JSON.stringify(wrong)}`
}

function isOrigin(text: string): boolean {
  try {
    const { origin, protocol } = new URL(text)
    return origin === text && (protocol === 'https:' || protocol === 'http:')
  } catch {
    return false
  }
}
