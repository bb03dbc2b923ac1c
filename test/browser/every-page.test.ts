import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { accessibilityFaults, picture, signedIn, type Tab, useChromium } from './browser.ts'
import {
  cutOff,
  doorRoutes,
  doors,
  drawn,
  fillFirm,
  type Ids,
  pages,
  password,
  routes,
  settled,
  show,
} from './pages.ts'

const server = useServer({ auth: { bcryptCost: 4 }, limits: { apiRequestsPerMinute: 1_000_000 } })
const open = useChromium()
let ids: Ids

beforeAll(async () => {
  ids = (await fillFirm(server)).ids
})

/** All that is wrong with a page as it is shown. */
async function faultsOf({ page, faults }: Tab, path: string): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  const found = [...(await cutOff(page)), ...(await accessibilityFaults(page))]
  await page.emulateMedia({ colorScheme: 'dark' })
  // What the page is made of is the same at night, but for its colours.
  found.push(...(await accessibilityFaults(page, ['color-contrast'])).map((fault) => `dark: ${fault}`))
  await page.emulateMedia({ colorScheme: 'light' })
  await picture(page, `page${path.replaceAll(/[^\w]+/g, '-')}`)
  return [...found, ...faults.splice(0)]
}

/** Which part of the app the navigation calls open, by the first word of an address; a phone has four, and "More". */
const partOf: Readonly<Record<string, string>> = {
  ...{ contacts: 'Contacts', calendar: 'Calendar', tasks: 'Tasks', files: 'Files' },
  ...{ 'keep-in-touch': 'In touch', fields: 'Fields', import: 'Import', trash: 'Trash', account: 'Account' },
  ...{ admin: 'Admin', duplicates: 'Contacts', erasures: 'Contacts', served: 'Account' },
}
const onPhone = new Set(['Contacts', 'Calendar', 'Tasks', 'Files'])

/** Exactly the part that a page belongs to is marked, and the window is called by it (WCAG 2.4.2). */
async function misled({ page }: Tab, path: string): Promise<readonly string[]> {
  const part = partOf[path.split(/[/?]/)[1] ?? ''] ?? ''
  const isNarrow = (page.viewportSize()?.width ?? 0) < 768
  const wanted = isNarrow && !onPhone.has(part) ? 'More' : part
  const places = page.getByRole('navigation', { name: 'Main navigation' })
  const marked = await places.locator('.place[aria-current]').allInnerTexts()
  const title = await page.title()
  const wrong = marked.join() === wanted ? [] : [`the navigation marks ${marked} instead of ${wanted}`]
  const isOfSomebody = /^\/contacts\/\d/.test(path)
  return new RegExp(`${isOfSomebody ? '. · ' : '(?:^|· )'}${part} · Farley$`).test(title)
    ? wrong
    : [...wrong, `is called ${title}`]
}

/** What still stands as where one reads from the left: signs that point somewhere, the calendar, texts that are pushed aside. */
function unturned(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const wrong = (what, one) => 'not turned, ' + what + ': ' + one.outerHTML.slice(0, 120)
    const pointing = '[class*=tabler-icon-chevron-left], [class*=tabler-icon-chevron-right], ' +
      '[class*=tabler-icon-arrow-left], [class*=tabler-icon-arrow-right], [class*=tabler-icon-indent]'
    const signs = [...document.querySelectorAll(pointing)].filter((one) => getComputedStyle(one).transform === 'none')
    const boards = [...document.querySelectorAll('.fc')].filter((one) => !one.classList.contains('fc-direction-rtl'))
    const texts = [...document.querySelectorAll('main *')].filter((one) => /left/.test(getComputedStyle(one).textAlign) && !one.closest('[dir=ltr], .fc'))
    return [...signs.map((one) => wrong('sign', one)), ...boards.map((one) => wrong('board', one)),
      ...texts.map((one) => wrong('text', one))].slice(0, 5)
  })()`)
}

/** What is wrong, by its page; those that are good are left out. */
type Wrong = Record<string, readonly string[]>

function note(wrong: Wrong, path: string, found: readonly string[]): void {
  if (found.length > 0) wrong[path] = found
}

describe('every page', () => {
  it('is looked at here: each route of the app has its addresses', () => {
    expect(routes().toSorted()).toEqual([...Object.keys(pages), ...doorRoutes].toSorted())
  })

  it.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])(
    'is good for everybody by day and by night, $width wide',
    async (viewport) => {
      const wrong: Wrong = {}
      await using tab = await open(server.url, { viewport })
      for (const path of doors) {
        await tab.page.goto('about:blank')
        await tab.page.goto(path)
        await tab.page.getByRole('heading').first().waitFor()
        await settled(tab.page)
        note(wrong, path, await faultsOf(tab, `${path}-door`))
        expect(await tab.page.title()).toMatch(/^.+ · Farley$/)
      }
      await signedIn(tab, { name: 'anna', password })
      for (const path of Object.values(pages).flatMap((addresses) => addresses(ids))) {
        await show(tab.page, path)
        note(wrong, path, [...(await faultsOf(tab, path)), ...(await misled(tab, path))])
      }
      expect(wrong).toEqual({})
    },
    600_000,
  )

  it('turns round for languages that are written from the right, on a phone and a desk', async () => {
    const wrong: Wrong = {}
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    await page.evaluate("document.documentElement.dir = 'rtl'")
    for (const path of Object.values(pages).flatMap((addresses) => addresses(ids))) {
      await show(page, path)
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        await page.setViewportSize(viewport)
        await drawn(page)
        note(wrong, `${path} ${viewport.width}`, [...(await cutOff(page)), ...(await unturned(page))])
        await picture(page, `rtl${path.replaceAll(/[^\w]+/g, '-')}`)
      }
    }
    expect(wrong).toEqual({})
    expect(tab.faults).toEqual([])
  }, 300_000)
})
