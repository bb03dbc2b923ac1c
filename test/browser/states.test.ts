import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { useServer } from '../dav/server.ts'
import { accessibilityFaults, picture, signedIn, useChromium } from './browser.ts'
import { fillFirm, type Ids, loadingMarks, pages, password } from './pages.ts'

const server = useServer({ auth: { bcryptCost: 4 }, limits: { apiRequestsPerMinute: 1_000_000 } })
const open = useChromium()
let ids: Ids

beforeAll(async () => {
  ids = (await fillFirm(server)).ids
})

/** So long each state of a page is waited for, at most. */
const limit = { timeout: 20_000 }

/** What is whole without what it asks for beside. */
const waitsForNothing = ['/served', '/account/devices/new']
/** What there is not, and is said so. */
const notThere = ['/erasures/none']

/** How the server answers what a page asks for; nothing of it is told to what stands around every page. */
type Answers = 'not yet' | 'lost' | 'broken' | 'well'

/**
 * From the next page on, all that it asks for waits for an answer, and time passes faster: what fails is tried thrice, seconds
 * apart. It is done within the page: where Chromium hands each request over it keeps none of the files of the app, and loads
 * them for every page anew.
 */
async function keepBack(page: Page): Promise<void> {
  await page.addInitScript(`(() => {
    const { fetch, setTimeout } = globalThis
    const state = { answers: 'not yet', held: [], broken: new Set() }
    const isOfShell = (path) => /^\\/api\\/(?:session|events|capabilities)$/.test(path)
    // What stands on a tab is asked for after whom it is about.
    const isOfTab = (path) => location.search.includes('tab=') && /^\\/api\\/parties\\/\\d+$/.test(path)
    const broken = (path) => {
      state.broken.add(path)
      const detail = 'Something broke at ' + path + '.'
      return new Response(
        JSON.stringify({ title: 'Internal Server Error', status: 500, detail }),
        { status: 500, headers: { 'Content-Type': 'application/problem+json' } },
      )
    }
    // What the browser says of its line comes before or after what is true of it: the test says it.
    const answer = (path, asked) => {
      if (state.answers === 'lost') throw new TypeError('There is no line.')
      return state.answers === 'broken' ? broken(path) : fetch(...asked)
    }
    globalThis.fetch = async (...asked) => {
      const path = String(asked[0]).split('?')[0]
      if (!path.startsWith('/api/') || isOfShell(path) || isOfTab(path)) return fetch(...asked)
      if (state.answers === 'not yet') await new Promise((resolve) => state.held.push(resolve))
      return answer(path, asked)
    }
    globalThis.setTimeout = (run, ms = 0, ...given) => setTimeout(run, ms < 1000 ? ms : ms / 25, ...given)
    globalThis.line = {
      held: () => state.held.length,
      broken: () => [...state.broken],
      now: (answers) => {
        state.answers = answers
        for (const letGo of state.held.splice(0)) letGo()
      },
    }
  })()`)
}

/** What was kept back is answered now, and all that is asked from now on. */
async function answered(page: Page, answers: Answers): Promise<void> {
  await page.evaluate(`line.now('${answers}')`)
}

/** What was checked already: the same again is not looked at once more. */
const checked = new Set<string>()

/** @throws where axe finds something in what the page shows now */
async function isAccessible(page: Page): Promise<void> {
  const html = await page.getByRole('main').innerHTML()
  // Words and numbers make no difference.
  const shape = html.replaceAll(/>[^<]+</g, '><').replaceAll(/[\w-]*\d[\w-]*/g, '')
  if (checked.has(shape)) return
  checked.add(shape)
  expect(await accessibilityFaults(page, [], 'main')).toEqual([])
}

/** Whatever was asked for and failed is said, and can be asked for again where that is said. */
async function allIsTold(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const failed = await page.evaluate<string[]>('line.broken()')
      const alerts = page.getByRole('main').getByRole('alert')
      const told = (await alerts.allTextContents()).join('\n')
      const withoutWay = await alerts
        .filter({ hasNot: page.getByRole('button', { name: 'Try again' }) })
        .count()
      return [failed.length > 0, failed.filter((path) => !told.includes(`at ${path}.`)), withoutWay]
    }, limit)
    .toEqual([true, [], 0])
}

/** Shows a page in each of its states, one after another. @throws where one of them is missing */
async function lookAt(page: Page, path: string): Promise<void> {
  const main = page.getByRole('main')
  const loading = main.locator(loadingMarks).filter({ visible: true })
  const offline = page.getByText('You are offline.')
  await page.goto(path, { waitUntil: 'commit', ...limit })
  await expect.poll(() => page.evaluate<number>('line.held()'), limit).toBeGreaterThan(0)
  if (!waitsForNothing.includes(path)) await loading.first().waitFor(limit)
  await isAccessible(page)
  await page.context().setOffline(true)
  await answered(page, 'lost')
  await offline.waitFor(limit)
  await expect.poll(() => loading.count(), limit).toBe(0)
  await isAccessible(page)
  await answered(page, 'broken')
  await page.context().setOffline(false)
  // Nobody clicks: the page goes on by itself, as far as the server lets it.
  await offline.waitFor({ state: 'hidden', ...limit })
  await allIsTold(page)
  await expect.poll(() => loading.count(), limit).toBe(0)
  await isAccessible(page)
  await answered(page, 'well')
}

/** Tries again whatever failed, until the page is whole. */
async function becomesWhole(page: Page, path: string): Promise<void> {
  const main = page.getByRole('main')
  const loading = main.locator(loadingMarks).filter({ visible: true })
  const again = main.getByRole('button', { name: 'Try again' })
  const isMissing = notThere.includes(path)
  await expect
    .poll(async () => {
      if (!isMissing)
        for (const button of await again.all()) await button.click({ timeout: 1_000 }).catch(() => undefined)
      const alerts = await main.getByRole('alert').allTextContents()
      const text = (await main.textContent()) ?? ''
      return [await loading.count(), isMissing ? [] : alerts, text.length > 20]
    }, limit)
    .toEqual([0, [], true])
}

describe('every page', () => {
  it('says that it loads, that there is no line and what failed, and goes on', async () => {
    await using tab = await open(server.url)
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    await keepBack(page)
    const wrong: Record<string, string> = {}
    // The same page with another question has the same states.
    const paths = Object.values(pages).flatMap((addresses) => addresses(ids))
    for (const path of paths.filter((one) => !/\?(?!tab)/.test(one))) {
      try {
        await lookAt(page, path)
        await becomesWhole(page, path)
      } catch (error) {
        await picture(page, `state${path.replaceAll(/[^\w]+/g, '-')}`)
        wrong[path] = `${error} ${await page.getByRole('main').textContent().catch(String)}`
        await page.context().setOffline(false)
      }
    }
    expect(wrong).toEqual({})
  }, 400_000)

  it('keeps what is known, and what is being written, where it cannot be read again', async () => {
    await using tab = await open(server.url)
    const { page } = tab
    await signedIn(tab, { name: 'anna', password }, '/tasks')
    await page.getByRole('textbox', { name: 'Add a task' }).fill('Call Jo')
    await page.route('**/api/tasks?*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Service Unavailable', status: 503, detail: 'It is being mended.' }),
      }),
    )
    const anna = createClient(server.url, { name: 'anna', password })
    const [{ calendar }] = (await call(anna, 'GET', '/tasks?limit=1')).json.items
    expect((await call(anna, 'POST', '/tasks', { calendar, title: 'Come by phone' })).status).toBe(201)
    const said = page.getByRole('alert').filter({ hasText: 'What you see may be old' })
    await said.filter({ hasText: 'It is being mended.' }).waitFor()
    await picture(page, 'state-stale')
    expect(await accessibilityFaults(page)).toEqual([])
    expect(await page.getByRole('textbox', { name: 'Add a task' }).inputValue()).toBe('Call Jo')
    await page.unroute('**/api/tasks?*')
    await said.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Come by phone').waitFor()
    await said.waitFor({ state: 'hidden' })
    expect(await page.getByRole('textbox', { name: 'Add a task' }).inputValue()).toBe('Call Jo')
  })

  it('says that it is not there without a line, where it was not loaded before, and comes by itself', async () => {
    await using tab = await open(server.url)
    const { page } = tab
    await signedIn(tab, { name: 'anna', password }, '/contacts')
    await page.context().setOffline(true)
    await page.getByText('You are offline.').waitFor()
    await page.getByRole('link', { name: 'Tasks' }).click()
    await page.getByText('this was not opened here before').first().waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.context().setOffline(false)
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor()
    await page.getByText('You are offline.').waitFor({ state: 'hidden' })
  })

  it('has a sentence in place of nothing while it is not known who asks', async () => {
    await using tab = await open(server.url)
    const { page } = tab
    let answers: 'broken' | 'well' = 'broken'
    await page.route('**/api/session', (route) =>
      answers === 'well'
        ? route.continue()
        : route.fulfill({
            status: 500,
            contentType: 'application/problem+json',
            body: JSON.stringify({ title: 'Internal Server Error', status: 500, detail: 'Something broke.' }),
          }),
    )
    await page.goto('/contacts')
    await page.getByRole('status', { name: 'Loading' }).waitFor()
    await page.getByRole('alert').filter({ hasText: 'Something broke.' }).waitFor()
    answers = 'well'
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByLabel('User name').waitFor()
  })
})
