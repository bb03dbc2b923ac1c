import { beforeAll, describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { accessibilityFaults, picture, signedIn, type Tab, useChromium } from './browser.ts'
import {
  cutOff,
  doorRoutes,
  doors,
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

  it('turns round for languages that are written from the right', async () => {
    const wrong: Wrong = {}
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    await signedIn(tab, { name: 'anna', password })
    await tab.page.evaluate("document.documentElement.dir = 'rtl'")
    for (const path of [
      '/contacts',
      `/contacts/${ids.person}`,
      '/calendar',
      '/tasks',
      '/files',
      '/account',
    ]) {
      await show(tab.page, path)
      note(wrong, path, await cutOff(tab.page))
      await picture(tab.page, `rtl${path.replaceAll(/[^\w]+/g, '-')}`)
    }
    expect(wrong).toEqual({})
  })
})
