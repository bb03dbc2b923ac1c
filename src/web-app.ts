import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Koa from 'koa'

/** Serves the web app. @returns false where a request is for something else */
export type ServeWebApp = (ctx: Koa.Context, path: string, isSecure: boolean) => boolean

/** Where `npm run build` puts it: beside the compiled server, or in dist where the server runs from its sources. */
const folders = ['../web', '../dist/web'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)))

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
}

/** A file as it was built, with the forms that were compressed then. */
interface Asset {
  readonly type: string
  readonly etag: string
  readonly isHashed: boolean
  readonly identity: Buffer
  readonly br: Buffer | undefined
  readonly gzip: Buffer | undefined
}

/**
 * The web app out of memory: it is small, and what a path may lead to is what was built. Undefined where it was not built,
 * as where the server runs from its sources.
 */
export function createWebApp(): ServeWebApp | undefined {
  const built = folders.map(readAssets).find((assets) => assets.has('/index.html'))
  const page = built?.get('/index.html')?.identity.toString('utf8')
  if (built === undefined || page === undefined) return undefined
  return (ctx, path, isSecure) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return false
    const asset = path === '/index.html' ? undefined : built.get(path)
    if (asset) {
      serveAsset(ctx, asset)
      if (path === '/worker.js') ctx.set('Content-Security-Policy', workerPolicy)
    } else if (isPage(ctx, path)) servePage(ctx, page, isSecure)
    else return false
    return true
  }
}

/** Every address that a browser opens, but for those of other faces: the app knows which of them it has. */
function isPage(ctx: Koa.Context, path: string): boolean {
  return !/^\/(?:dav|api|public|assets)\//.test(path) && /\btext\/html\b/.test(ctx.get('Accept'))
}

/** What the service worker itself may do: ask this server. */
const workerPolicy = "default-src 'none'; connect-src 'self'"

/** Scripts and styles of our own alone, and no page around ours. @see CSP Level 3 */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    // The signs of FullCalendar come with its styles.
    "font-src 'self' data:",
    "connect-src 'self'",
    // A document that the browser shows itself.
    "frame-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function servePage(ctx: Koa.Context, page: string, isSecure: boolean): void {
  const nonce = randomBytes(16).toString('base64url')
  ctx.status = 200
  ctx.set({
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policyWith(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    ...(isSecure && { 'Strict-Transport-Security': 'max-age=31536000' }),
  })
  ctx.body = page.replace('%NONCE%', nonce)
}

function serveAsset(ctx: Koa.Context, { type, etag, isHashed, ...forms }: Asset): void {
  const coding = ctx.acceptsEncodings('br', 'gzip', 'identity')
  const form = coding === 'br' ? forms.br : coding === 'gzip' ? forms.gzip : undefined
  ctx.status = 200
  ctx.set({
    'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    ETag: form ? etag.replace(/"$/, `-${coding}"`) : etag,
    Vary: 'Accept-Encoding',
    ...(form && { 'Content-Encoding': String(coding) }),
  })
  ctx.body = form ?? forms.identity
  ctx.type = type
  if (ctx.fresh) ctx.status = 304
}

/** Every file that was built, by its path from the root of the site. */
function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  let names: string[] = []
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  } catch {
    return assets
  }
  const all = new Set(names)
  for (const name of names.filter((one) => !/\.(?:br|gz)$/.test(one))) {
    const read = (ending: string): Buffer | undefined =>
      all.has(name + ending) ? readFileSync(join(folder, name + ending)) : undefined
    const identity = readFileSync(join(folder, name))
    assets.set(`/${name.split(sep).join('/')}`, {
      type: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`,
      isHashed: name.startsWith('assets'),
      ...{ identity, br: read('.br'), gzip: read('.gz') },
    })
  }
  return assets
}
