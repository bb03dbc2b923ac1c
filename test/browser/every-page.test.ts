import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import type { Client } from '../dav/client.ts'
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
let anna: Client
let ids: Ids

beforeAll(async () => {
  ;({ anna, ids } = await fillFirm(server))
})

/** All that is wrong with a page as it is shown. */
async function faultsOf({ page, faults }: Tab, path: string): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  const found = [...(await cutOff(page)), ...(await namesakes(page)), ...(await accessibilityFaults(page))]
  found.push(...(await cramped(page)))
  await page.emulateMedia({ colorScheme: 'dark' })
  // What the page is made of is the same at night, but for its colours.
  found.push(...(await accessibilityFaults(page, ['color-contrast'])).map((fault) => `dark: ${fault}`))
  await page.emulateMedia({ colorScheme: 'light' })
  await picture(page, `page${path.replaceAll(/[^\w]+/g, '-')}`)
  return [...found, ...faults.splice(0)]
}

/** What does not fit into 320 px, and with text that is set wider. @see WCAG 2.2, 1.4.10 and 1.4.12 */
async function cramped(page: Page): Promise<readonly string[]> {
  const viewport = page.viewportSize()
  if (!viewport || viewport.width > 390) return []
  await page.setViewportSize({ ...viewport, width: 320 })
  await drawn(page)
  // The calendar takes a moment to follow the window.
  for (let tries = 0; tries < 8 && (await cutOff(page)).length > 0; tries += 1) await page.waitForTimeout(250)
  const narrow = (await cutOff(page)).map((fault) => `320: ${fault}`)
  await page.setViewportSize(viewport)
  await page.evaluate(`{
    const wide = new CSSStyleSheet()
    wide.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }')
    document.adoptedStyleSheets = [wide]
  }`)
  await drawn(page)
  const spaced = (await cutOff(page)).map((fault) => `spaced: ${fault}`)
  await page.evaluate('document.adoptedStyleSheets = []')
  return [...narrow, ...spaced]
}

/** Tabs beside the window, or below the first of their line. */
const outOfSight = `(() => {
  const tabs = [...document.querySelectorAll('main [role=tab]')]
  const { top } = tabs[0].getBoundingClientRect()
  const isOut = (box) => box.left < 0 || box.right > innerWidth || box.top !== top
  return tabs.filter((one) => isOut(one.getBoundingClientRect())).map((one) => one.innerText)
})()`

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

/** Buttons that are called the same in different rows of a list: a screen reader does not say of what they are. */
function namesakes(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const row = 'li, tr, [role=listitem], [role=row]'
    const nameOf = (one) => (one.getAttribute('aria-label') ?? one.innerText).trim()
    const found = []
    for (const list of document.querySelectorAll('main :is(ul, ol, tbody, [role=list])')) {
      const rows = [...list.querySelectorAll(row)].filter((one) => one.parentElement.closest('ul, ol, tbody, [role=list]') === list)
      // What is told twice in the same words is the same to everybody.
      const unlike = [...new Map(rows.map((one) => [one.innerText, one])).values()]
      const names = unlike.flatMap((one) => [...new Set([...one.querySelectorAll('button:not(.event-row), [role=button]')]
        .filter((button) => button.checkVisibility()).map(nameOf))])
      found.push(...names.filter((name, at) => names.indexOf(name) !== at))
    }
    return [...new Set(found)].map((name) => 'in several rows: ' + name)
  })()`)
}

/** What is chosen and looks like what is not, and what has the keyboard and shows it not, in the colours of the system. */
function alike(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const looks = (one) => [one, ...one.querySelectorAll('*')].map((part) => {
      const { color, backgroundColor, borderColor, borderWidth, outlineStyle, outlineColor, fontWeight, textDecorationLine, opacity } = getComputedStyle(part)
      const after = getComputedStyle(part, '::before')
      return [color, backgroundColor, borderColor, borderWidth, outlineStyle, outlineColor, fontWeight, textDecorationLine, opacity, after.backgroundColor, after.content]
    }).join()
    const found = []
    const chosen = '[aria-current=page], [aria-selected=true], [aria-pressed=true], [data-active]'
    for (const one of document.querySelectorAll(chosen)) {
      if (!one.checkVisibility()) continue
      const like = (other) => other !== one && other.tagName === one.tagName && other.className === one.className && !other.matches(chosen)
      const other = [...one.closest('nav, [role=tablist], [role=radiogroup], ul, tr, main').querySelectorAll(one.tagName)].find(like)
      if (other && looks(one) === looks(other)) found.push('chosen, and looks as others: ' + one.outerHTML.slice(0, 160))
    }
    for (const one of [...document.querySelectorAll('main button, main a, main input')].filter((each) => each.checkVisibility()).slice(0, 40)) {
      one.focus({ preventScroll: true, focusVisible: true })
      if (document.activeElement !== one) continue
      const ring = [one, one.parentElement, one.nextElementSibling, one.parentElement.parentElement].some((each) => {
        if (!each) return false
        const { outlineStyle, outlineWidth } = getComputedStyle(each)
        return outlineStyle !== 'none' && outlineWidth !== '0px'
      })
      const { borderColor } = getComputedStyle(one)
      one.blur()
      if (!ring && borderColor === getComputedStyle(one).borderColor) found.push('the focus is not seen: ' + one.outerHTML.slice(0, 160))
    }
    return found.slice(0, 6)
  })()`)
}

/** What moves though somebody asked that nothing does. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => document.getAnimations()
    .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().duration > 1)
    .map((one) => 'it moves: ' + one.effect.target.outerHTML.slice(0, 120)))()`)
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

  it('is read where the system chooses the colours, with letters twice as large, and stands still', async () => {
    const wrong: Wrong = {}
    await using tab = await open(server.url, {
      ...{ viewport: { width: 1280, height: 800 }, forcedColors: 'active', reducedMotion: 'reduce' },
    })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    for (const path of Object.values(pages).flatMap((addresses) => addresses(ids).slice(0, 1))) {
      await show(page, path)
      note(wrong, path, [...(await alike(page)), ...(await moving(page))])
      await picture(page, `forced${path.replaceAll(/[^\w]+/g, '-')}`)
      await page.evaluate("document.documentElement.style.fontSize = '200%'")
      await drawn(page)
      note(wrong, `${path}, 200 %`, await cutOff(page))
      await picture(page, `large${path.replaceAll(/[^\w]+/g, '-')}`)
      await page.evaluate("document.documentElement.style.fontSize = ''")
    }
    expect(wrong).toEqual({})
    expect(tab.faults).toEqual([])
  }, 300_000)

  it('turns round for languages that are written from the right, on a phone and a desk', async () => {
    const wrong: Wrong = {}
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    // Whoever is signed in is spoken to in his language first, which turns the document as well.
    await settled(page)
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

  it('shows all tabs of a person and of the account on a phone, in whatever language', async () => {
    const wrong: Wrong = {}
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    for (const language of ['de', 'fr', 'es', 'nl', 'ru', 'el', 'en']) {
      await call(anna, 'PATCH', '/account', { language })
      for (const path of [`/contacts/${ids.person}`, '/account/settings']) {
        await page.goto(path)
        await page.getByRole('tab').first().waitFor()
        await picture(page, `tabs-${language}${path.replaceAll(/[^\w]+/g, '-')}`)
        note(wrong, `${language} ${path}`, await page.evaluate<string[]>(outOfSight))
      }
    }
    expect(wrong).toEqual({})
  })
})
