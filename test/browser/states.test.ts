import type { BrowserContext, Page, Route } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { signedIn, useChromium } from './browser.ts'
import { fillFirm, type Ids, pages, password, settled } from './pages.ts'

const server = useServer({ auth: { bcryptCost: 4 }, limits: { apiRequestsPerMinute: 1_000_000 } })
const open = useChromium()
let ids: Ids

beforeAll(async () => {
  ids = (await fillFirm(server)).ids
})

/** So many pages are looked at at once: each waits most of the time. */
const together = 3

/** What is shown without asking for anything. */
const asksNothing = ['/import', '/served', '/account/settings', '/account/devices/new']

/** How the server answers all that is no session. */
type Answers = 'not yet' | 'broken' | 'away' | 'well'

/** A server whose answers can be kept back, broken or lost. */
interface Faulty {
  answers: Answers
  readonly held: Route[]
}

async function faulty(page: Page): Promise<Faulty> {
  const state: Faulty = { answers: 'not yet', held: [] }
  const answer = (route: Route): Promise<void> => {
    if (state.answers === 'well') return route.continue()
    if (state.answers === 'away') return route.abort('connectionrefused')
    const detail = 'Something broke.'
    const body = JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail })
    return route.fulfill({ status: 500, contentType: 'application/problem+json', body })
  }
  await page.route('**/api/**', (route, request) => {
    const { pathname } = new URL(request.url())
    const isOfShell = /^\/api\/(?:session|events|capabilities)$/.test(pathname)
    if (isOfShell && !(state.answers === 'away' && request.method() === 'HEAD')) return route.continue()
    if (state.answers !== 'not yet') return answer(route)
    state.held.push(route)
    return undefined
  })
  return state
}

/** From now on the server answers so, also what was kept back. */
async function now(state: Faulty, page: Page, answers: Exclude<Answers, 'not yet'>): Promise<void> {
  state.answers = answers
  for (const route of state.held.splice(0)) {
    if (answers === 'well') await route.continue()
    else if (answers === 'away') await route.abort('connectionrefused')
    else await route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{}' })
  }
  await page.waitForTimeout(50)
}

async function each(
  context: BrowserContext,
  look: (page: Page, path: string, state: Faulty) => Promise<void>,
): Promise<Record<string, string>> {
  const wrong: Record<string, string> = {}
  // The same page with another question loads as it does.
  const paths = Object.values(pages).flatMap((addresses) =>
    addresses(ids).filter((path) => !/\?(?!tab)/.test(path)),
  )
  const next = async (): Promise<void> => {
    for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      try {
        await look(page, path, await faulty(page))
      } catch (error) {
        wrong[path] = String(error)
      }
      await page.close()
    }
  }
  await Promise.all(Array.from({ length: together }, next))
  return wrong
}

const loading = '[role=status][aria-label=Loading], .mantine-Loader-root, .mantine-Skeleton-root'

describe('every page', () => {
  it('says that it loads, and what failed, and tries again', async () => {
    await using tab = await open(server.url)
    await signedIn(tab, { name: 'anna', password })
    const wrong = await each(tab.page.context(), async (page, path, state) => {
      await page.goto(path)
      if (!asksNothing.includes(path)) {
        await page.locator(loading).first().waitFor()
        await now(state, page, 'broken')
        await page.getByRole('alert').first().waitFor()
        await now(state, page, 'well')
        const again = page.getByRole('button', { name: 'Try again' })
        while (await again.first().isVisible()) {
          await again.first().click()
          await settled(page)
        }
      }
      await now(state, page, 'well')
      await settled(page)
      expect(await page.getByRole('alert').count()).toBe(0)
      await expect.poll(() => lengthOf(page), { timeout: 20_000 }).toBeGreaterThan(20)
    })
    expect(wrong).toEqual({})
  }, 400_000)

  it('says that there is no line, and goes on by itself when it is back', async () => {
    await using tab = await open(server.url)
    await signedIn(tab, { name: 'anna', password })
    const wrong = await each(tab.page.context(), async (page, path, state) => {
      await page.goto(path)
      if (!asksNothing.includes(path)) {
        await now(state, page, 'away')
        await page.getByText('You are offline.').waitFor()
        await now(state, page, 'well')
        await page.getByText('You are offline.').waitFor({ state: 'hidden' })
      }
      await now(state, page, 'well')
      await settled(page)
      expect(await page.getByRole('alert').count()).toBe(0)
      await expect.poll(() => lengthOf(page), { timeout: 20_000 }).toBeGreaterThan(20)
    })
    expect(wrong).toEqual({})
  }, 400_000)
})

async function lengthOf(page: Page): Promise<number> {
  return (await page.locator('main').textContent())?.length ?? 0
}
