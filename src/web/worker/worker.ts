declare const self: ServiceWorkerGlobalScope

/** What was built, put before this file by config/vite-worker.ts. */
declare const built: {
  /** Of everything that was built. */
  readonly version: string
  /** Paths of all scripts, styles and signs. */
  readonly files: readonly string[]
  /** Paths of the texts, by language. */
  readonly texts: Readonly<Record<string, readonly string[]>>
}

const prefix = 'farley-'
const cacheName = prefix + built.version
const shellPath = '/'

/** After so long the page as it was built comes from here, though the server may answer yet. */
const patienceMs = 4_000

/** Faces of the server that are no pages of the app; what they say is kept nowhere. */
const otherFaces = /^\/(?:api|dav|public|assets|principals|setup|\.well-known|healthz|readyz|metrics)(?:\/|$)/

self.addEventListener('install', (event) => event.waitUntil(keepShell()))

self.addEventListener('activate', (event) => event.waitUntil(takeOver()))

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const { speaks, takes } = event.data as { readonly speaks?: string; readonly takes?: boolean }
  if (speaks !== undefined) event.waitUntil(keepTexts(speaks))
  if (takes === true) event.waitUntil(self.skipWaiting())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (!otherFaces.test(pathname)) event.respondWith(answerPage(request))
  } else if (pathname.startsWith('/assets/') || built.files.includes(pathname)) {
    event.respondWith(answerFile(request))
  }
})

/** All pages work without a line, also those that nobody opened yet. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName)
  const page = await fetch(shellPath, { headers: { Accept: 'text/html' }, cache: 'no-store' })
  if (!page.ok) throw new Error(`The page is answered with ${page.status}.`)
  await cache.put(shellPath, page)
  await cache.addAll([...built.files])
  const known = self.navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())
  await keepTexts(known.find((language) => language in built.texts) ?? 'en')
}

async function keepTexts(language: string): Promise<void> {
  const cache = await caches.open(cacheName)
  const missing: string[] = []
  for (const path of built.texts[language] ?? []) if (!(await cache.match(path))) missing.push(path)
  await cache.addAll(missing)
}

/** The version before this one stays for tabs that still show it. */
async function takeOver(): Promise<void> {
  const kept = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName)
  for (const name of kept.slice(0, -1)) await caches.delete(name)
  await self.clients.claim()
}

/** From the server, so that the newest is shown; from here where it cannot be reached. */
async function answerPage(request: Request): Promise<Response> {
  const shell = await (await caches.open(cacheName)).match(shellPath)
  if (!shell) return fetch(request)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs))
  const answer = await Promise.race([fetch(request).catch(() => undefined), late])
  // A proxy says so while the server is away.
  const isAway = answer === undefined || [502, 503, 504].includes(answer.status)
  return isAway ? withNewNonce(shell) : answer
}

/** The page with a nonce that nobody saw, as the server gives it. @see CSP Level 3 §8.1 */
async function withNewNonce(shell: Response): Promise<Response> {
  const headers = new Headers(shell.headers)
  headers.delete('Content-Encoding')
  const policy = headers.get('Content-Security-Policy') ?? ''
  const old = /'nonce-([\w-]+)'/.exec(policy)?.[1]
  const page = await shell.text()
  if (old === undefined) return new Response(page, { headers })
  const nonce = crypto.randomUUID()
  headers.set('Content-Security-Policy', policy.replaceAll(old, nonce))
  return new Response(page.replaceAll(old, nonce), { headers })
}

/** Names of files carry their hash: what is kept is what the server has. */
async function answerFile(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  const { pathname } = new URL(request.url)
  if (answer.ok && pathname.startsWith('/assets/')) {
    const cache = await caches.open(cacheName)
    await cache.put(request, answer.clone())
  }
  return answer
}
