import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { accessibilityFaults, picture, signedIn, useChromium } from './browser.ts'
import { elsewhere, fillThings, openers, type Step, type Things, type Way, ways } from './dialog-ways.ts'
import { cutOff, drawn, fillFirm, type Ids, password, settled, show } from './pages.ts'

const server = useServer({ auth: { bcryptCost: 4 }, limits: { apiRequestsPerMinute: 1_000_000 } })
const open = useChromium()
let ids: Ids
let things: Things

beforeAll(async () => {
  const firm = await fillFirm(server)
  ids = firm.ids
  things = await fillThings(firm.anna, ids)
})

const phone = { width: 390, height: 844 }
const desk = { width: 1280, height: 800 }
/** Pages that are built otherwise on a desk: what stands over them goes with the layout that opened it. */
const hasTwoLayouts = ({ path, steps: [first] }: Way): boolean =>
  /^\/(?:contacts|calendar)/.test(path) || first === 'More'

/** What stands over the page. */
const over = '[role=dialog], [role=menu]'

/** All that a step may mean; the first of them is taken. */
function stepsOf(page: Page, step: Step): Locator {
  if (typeof step === 'object' && 'key' in step) return page.locator('body')
  if (typeof step === 'object' && 'tick' in step)
    return page.getByRole('main').getByRole('checkbox', { name: step.tick })
  const exact = typeof step === 'string' && { exact: true }
  const within = page.locator('main, header, nav, [role=dialog], [role=menu]')
  const button = within.getByRole('button', { name: step, ...exact })
  return button.or(page.getByRole('menuitem', { name: step, ...exact }))
}

const stepOf = (page: Page, step: Step): Locator => stepsOf(page, step).first()

async function take(page: Page, step: Step): Promise<void> {
  const isKey = typeof step === 'object' && 'key' in step
  if (isKey) return page.keyboard.press(step.key)
  const isTick = typeof step === 'object' && 'tick' in step
  if (isTick && (await stepOf(page, step).isChecked())) return
  await stepOf(page, step).press(isTick ? 'Space' : 'Enter', { timeout: 10_000 })
}

/** What of a dialog can only be read by scrolling it sideways. @see WCAG 2.2, 1.4.10 */
const sideways = `(() => {
  const all = [...document.querySelectorAll('[role=dialog], [role=dialog] *')]
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
  return all.filter(scrolls).map((one) => 'scrolls sideways: ' + one.outerHTML.slice(0, 120))
})()`

/** What is wrong with what stands over the page, on a phone and a desk, by day and by night. */
async function faultsOf(page: Page, hasDesk: boolean): Promise<string[]> {
  const found = [...(await cutOff(page)), ...(await page.evaluate<string[]>(sideways))]
  found.push(...(await accessibilityFaults(page, [], over)))
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await accessibilityFaults(page, ['color-contrast'], over)
  await page.emulateMedia({ colorScheme: 'light' })
  found.push(...dark.map((fault) => `dark: ${fault}`))
  if (!hasDesk) return found
  await page.setViewportSize(desk)
  await drawn(page)
  // What it is made of is the same, but for its sizes.
  const wide = [...(await cutOff(page)), ...(await accessibilityFaults(page, ['target-size'], over))]
  found.push(...wide.map((fault) => `1280: ${fault}`))
  if ((await page.locator(over).count()) === 0) found.push('1280: it is gone')
  await page.setViewportSize(phone)
  await drawn(page)
  return found
}

/** By Escape alone; what is suggested in a field is closed before its dialog. */
async function closeAll(page: Page, opened: Locator): Promise<void> {
  const suggested = page.locator('[role=dialog] [aria-expanded=true][data-mantine-stop-propagation=true]')
  for (let n = await opened.count(); n > 0; n -= 1) {
    if ((await suggested.and(page.locator(':focus')).count()) > 0) await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await expect.poll(() => opened.count()).toBe(n - 1)
  }
}

/** Whether it is there soon. */
function has(one: Locator): Promise<boolean> {
  const waited = one.waitFor({ state: 'attached', timeout: 5_000 })
  return waited.then(
    () => true,
    () => false,
  )
}

/** Goes a way to its end and back. @param seen  files whose menus were looked at @returns what is wrong on it */
async function walk(page: Page, way: Way, seen: Set<string>): Promise<string[]> {
  const {
    path,
    steps,
    of: [file = ''],
  } = way
  await show(page, path)
  const found: string[] = []
  for (const [at, step] of steps.entries()) {
    await take(page, step)
    const isLast = at === steps.length - 1
    if (!isLast && (seen.has(file) || (await page.getByRole('menu').count()) === 0)) continue
    seen.add(file)
    await page.locator(over).last().waitFor({ timeout: 10_000 })
    await settled(page)
    found.push(...(await faultsOf(page, !hasTwoLayouts(way))))
    await picture(
      page,
      `dialog-${[path, ...steps.slice(0, at + 1).map(nameOf)].join('-').replaceAll(/\W+/g, '-').slice(0, 120)}`,
    )
  }
  await closeAll(page, page.locator(over))
  const opener = steps.find((step) => typeof step === 'string' || step instanceof RegExp)
  if (opener && !(await has(stepsOf(page, opener).and(page.locator(':focus')))))
    found.push(`the focus is at ${await page.evaluate('document.activeElement.outerHTML.slice(0, 120)')}`)
  return [...new Set(found)]
}

/** What a phone needs to come to what a desk shows beside. */
const ofPhone = new Set<Step>(['More', 'Search and commands', 'Calendars', 'Books, lists and labels'])

/** What stands over the pages that are built otherwise on a desk, opened there. */
async function walkDesk(page: Page, path: string, steps: readonly Step[]): Promise<readonly string[]> {
  await show(page, path)
  for (const step of steps) await take(page, step)
  await page.locator(over).last().waitFor({ timeout: 10_000 })
  await settled(page)
  const found = [...(await cutOff(page)), ...(await accessibilityFaults(page, [], over))]
  await picture(page, `desk-${[path, ...steps.map(nameOf)].join('-').replaceAll(/\W+/g, '-').slice(0, 120)}`)
  await closeAll(page, page.locator(over))
  return found
}

function nameOf(step: Step): string {
  if (typeof step !== 'object' || step instanceof RegExp) return String(step)
  return 'key' in step ? step.key : String(step.tick)
}

describe('every dialog, menu and panel', () => {
  it('is looked at: here, or where the test that opens it asks axe', () => {
    const here = ways(ids, things).flatMap(({ of }) => of)
    expect([...new Set([...here, ...Object.keys(elsewhere)])].toSorted()).toEqual(openers().toSorted())
  })

  it('is good for everybody, closes by Escape, and gives the focus back to what opened it', async () => {
    const wrong: Record<string, readonly string[]> = {}
    await using tab = await open(server.url, { viewport: phone })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    const seen = new Set<string>()
    for (const way of ways(ids, things)) {
      const name = [way.path.replaceAll(/\d+/g, 'n'), ...way.steps.map(nameOf)].join(' > ')
      const found = await walk(page, way, seen).catch((error: unknown) => [String(error)])
      if (found.length > 0) wrong[name] = found
    }
    expect(wrong).toEqual({})
    expect(tab.faults).toEqual([])
  }, 600_000)

  it('is good for everybody over contacts and the calendar on a desk, too', async () => {
    const wrong: Record<string, readonly string[]> = {}
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    for (const way of ways(ids, things).filter(hasTwoLayouts)) {
      const steps = way.steps.filter((step) => !ofPhone.has(step))
      if (steps.length === 0) continue
      const name = [way.path.replaceAll(/\d+/g, 'n'), ...steps.map(nameOf)].join(' > ')
      const found = await walkDesk(page, way.path, steps).catch((error: unknown) => [String(error)])
      if (found.length > 0) wrong[name] = found
    }
    expect(wrong).toEqual({})
    expect(tab.faults).toEqual([])
  }, 400_000)
})
