import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { fillDemo } from '../../src/cli/demo/fill.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { call } from '../api/json.ts'
import { type Client, createClient } from '../dav/client.ts'
import type { TestServer } from '../dav/server.ts'

export const password = 'every page of it'

/** What pages are asked for by. */
export interface Ids {
  readonly person: number
  readonly company: number
  readonly import: number
  readonly home: number
  readonly folder: number
  readonly device: number
}

/** Each route of src/web/routes.tsx, and the addresses at which it is looked at. */
export const pages: Readonly<Record<string, (ids: Ids) => readonly string[]>> = {
  '/contacts/:id?': ({ person, company }) => [
    ...['/contacts', '/contacts?kind=org', `/contacts/${company}`],
    ...partsOf('person/person-page.tsx').map((tab) => `/contacts/${person}?tab=${tab}`),
    '/contacts?q=mae',
  ],
  '/calendar': () => ['/calendar', '/calendar?view=month'],
  '/tasks': () => ['/tasks'],
  '/files/:folder?': ({ folder }) => ['/files', `/files/${folder}`],
  '/files/home/:home': ({ home }) => [`/files/home/${home}`],
  '/import/:what?': ({ import: id }) => ['/import', `/import/${id}`, '/import/move', '/import/export'],
  '/erasures/:id': () => ['/erasures/none'],
  '/keep-in-touch': () => ['/keep-in-touch'],
  '/fields/:part?': () => ['/fields', '/fields/labels'],
  '/duplicates': () => ['/duplicates'],
  '/trash': () => ['/trash'],
  '/account/:part?/:item?': ({ device }) => [
    ...partsOf('account/account-page.tsx').map((part) => `/account/${part}`),
    ...['/account/devices/new', `/account/devices/${device}`],
  ],
  '/admin/:part?/:item?': ({ device }) => [
    ...partsOf('admin/admin-page.tsx').map((part) => `/admin/${part}`),
    `/admin/devices/${device}`,
  ],
  '/served/:what?/:id?': ({ person }) => ['/served', '/served/held', `/served/person/${person}`],
}

/** Those of somebody who is not signed in. */
export const doors: readonly string[] = ['/', '/password#nothing', '/setup#nothing']
export const doorRoutes = ['/password', '/setup']

/** Every path that the app has a route for. */
export function routes(): string[] {
  return [...source('routes.tsx').matchAll(/<Route\s+path="([^"]+)"/g)].map(([, path = '']) => path)
}

/** The names of the tabs of a page, as its file lists them. */
function partsOf(file: string): string[] {
  const list = /const (?:parts|tabs) = \[([\s\S]*?)\] as const/.exec(source(file))?.[1] ?? ''
  const pattern = /\bpart:/.test(list) ? /\bpart: '([\w-]+)'/g : /'([\w-]+)'/g
  const parts = [...list.matchAll(pattern)].map(([, part = '']) => part)
  if (parts.length === 0) throw new Error(`${file} lists no parts any more.`)
  return parts
}

function source(file: string): string {
  return readFileSync(new URL(`../../src/web/${file}`, import.meta.url), 'utf8')
}

/** A firm with all that pages show, and who runs it. */
export async function fillFirm(server: TestServer): Promise<{ readonly anna: Client; readonly ids: Ids }> {
  server.clock.now = Date.now()
  await fillDemo(server.services, password)
  const anna = createClient(server.url, { name: 'anna', password })
  const ask = async (method: string, path: string, body?: unknown) =>
    (await call(anna, method, path, body)).json
  const { items: people } = await ask('GET', '/parties?limit=50&kind=person')
  const { items: companies } = await ask('GET', '/parties?limit=5&kind=org')
  const { items: homes } = await ask('GET', '/file-homes')
  const folder = await ask('POST', `/file-homes/${homes[0].id}/folders`, { name: 'Plans' })
  const device = await ask('POST', '/devices', { label: 'Pixel 9', kind: 'davx5' })
  await anna.request('DELETE', '/dav/addressbooks/anna/contacts/demo-company-3.vcf')
  return {
    anna,
    ids: {
      person: people.find(({ organisation }: { organisation: string }) => organisation !== '').id,
      ...{ company: companies[0].id, home: homes[0].id, folder: folder.id },
      ...{ import: await tryFile(server, anna), device: device.device?.id ?? device.id },
    },
  }
}

/** A file of contacts, tried and waiting to be taken. */
async function tryFile({ services }: TestServer, anna: Client): Promise<number> {
  const body = 'Name,E-mail,Town\nNoor Nobody,noor@example.org,Kiel\nPim,pim@example.org,Bonn\n'
  const headers = { 'Content-Type': 'application/octet-stream' }
  const { text } = await anna.request('POST', '/api/imports?name=people.csv&dryRun=1', { headers, body })
  const { id } = JSON.parse(text) as { readonly id: number }
  await runNextJob(services, jobs, new AbortController().signal, `import:${id}`)
  return id
}

/** Shows another page as a link does, and waits until it is whole. */
export async function show(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
  await settled(page)
}

/** What is shown where something is still to come. */
export const loadingMarks =
  '[role=status][aria-label=Loading], [aria-busy=true], .mantine-Loader-root, .mantine-Skeleton-root'

/** Until nothing is loading, and what came is drawn. */
export async function settled(page: Page): Promise<void> {
  // What loads a part may come a moment after what loaded the page has gone.
  let quiet = 0
  for (let tries = 0; quiet < 3; tries += 1) {
    if (tries > 400) throw new Error('It is still loading.')
    await page.waitForTimeout(75)
    quiet = (await page.locator(loadingMarks).filter({ visible: true }).count()) === 0 ? quiet + 1 : 0
  }
  await drawn(page)
}

/** Until what changed is on the screen. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

/** What cannot be reached at the sides: nothing but what scrolls by itself is wider than the window. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []
    const scrolls = (one) => one !== document.body && one.parentElement !== null &&
      (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement))
    const isHidden = (one) => !one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    for (const one of document.querySelectorAll('a, button, input, select, textarea, h1, h2, h3, p, td, label')) {
      const { left, right, width, height } = one.getBoundingClientRect()
      if (width <= 1 || height <= 1 || (left >= -1 && right <= innerWidth + 1)) continue
      if (one.closest('.skip') || isHidden(one) || scrolls(one)) continue
      wide.push('cut off: ' + one.outerHTML.slice(0, 120))
    }
    return wide.slice(0, 5)
  })()`)
}
