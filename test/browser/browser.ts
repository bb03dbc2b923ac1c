import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Account } from '../dav/server.ts'

/** Debian's, or one that the surroundings name. */
const executablePath = process.env.FARLEY_TEST_CHROMIUM ?? '/usr/bin/chromium'
/** Where screenshots are put, to be looked at; without it none are taken. */
const screenshots = process.env.FARLEY_SCREENSHOTS

const quiet = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page of a browser of its own, and what it said that nobody may say. */
export interface Tab extends AsyncDisposable {
  readonly page: Page
  /** Errors of the console, pages that broke, requests to other hosts. */
  readonly faults: string[]
}

/** One Chromium for the tests of a file. */
export function useChromium(): (url: string, options?: BrowserContextOptions) => Promise<Tab> {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: quiet })
  })
  afterAll(() => browser?.close())
  return async (url, options = {}) => {
    if (!browser) throw new Error('Chromium is started before the tests.')
    const context = await browser.newContext({
      baseURL: url,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      // Each of these windows would install the app anew.
      serviceWorkers: 'block',
      ...options,
    })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      // That a password is wrong the page shows; the browser says it too.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
    })
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol.startsWith('http') && origin !== url) faults.push(`asks ${request.url()}`)
    })
    return { page, faults, [Symbol.asyncDispose]: () => context.close() }
  }
}

/** Signs somebody in at a page, and waits for the app. */
export async function signedIn(
  tab: Tab,
  { name, password }: Pick<Account, 'name' | 'password'>,
  path = '/',
): Promise<void> {
  await tab.page.goto(path)
  await tab.page.getByLabel('User name').fill(name)
  await tab.page.getByLabel('Password', { exact: true }).fill(password)
  await tab.page.getByRole('button', { name: 'Sign in' }).click()
  await tab.page.getByRole('navigation', { name: 'Main navigation' }).waitFor({ state: 'attached' })
}

/** What axe finds on the page as it is, or in a part of it, by all of its rules or these. @see WCAG 2.2 AA */
export async function accessibilityFaults(
  page: Page,
  rules: readonly string[] = [],
  within = 'html',
): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axe)
  const found = await page.evaluate(
    async ([only, part]) => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(part: string, options: object): Promise<{ violations: Found[] }> }
      }
      interface Found {
        readonly id: string
        readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
      }
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
      const runOnly = only.length > 0 ? { type: 'rule', values: only } : { type: 'tag', values: tags }
      const { violations } = await checker.run(part, { runOnly })
      return violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary = '' }) => `${html.slice(0, 160)} ${failureSummary}`).join(' | ')}`,
      )
    },
    [rules, within] as const,
  )
  return found
}

/** Puts a picture of the page where somebody can look at it, if that is asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return
  if (!existsSync(screenshots)) mkdirSync(screenshots, { recursive: true })
  const width = page.viewportSize()?.width ?? 0
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`) })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** A page that says nothing wrong, and that everybody can use. */
export async function expectGood({ page, faults }: Tab): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([])
  expect(faults).toEqual([])
}
