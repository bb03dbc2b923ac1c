import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { picture, signedIn, useChromium } from './browser.ts'
import { cutOff, fillFirm, type Ids, password, settled, show } from './pages.ts'

const server = useServer({ auth: { bcryptCost: 4 }, limits: { apiRequestsPerMinute: 1_000_000 } })
const open = useChromium()
let ids: Ids

beforeAll(async () => {
  ids = (await fillFirm(server)).ids
})

type Step = string | RegExp
/** What leads to a dialog: an address, and the buttons from there on; what is in a menu comes after its button. */
type Way = readonly [path: string, ...Step[]]

function ways({ person, home, import: file }: Ids): readonly Way[] {
  const menuOf = (path: string, menu: Step, items: readonly Step[]): Way[] =>
    items.map((item) => [path, menu, item])
  return [
    ['/contacts', 'Search and commands'],
    ['/contacts', 'New person or company'],
    ['/contacts', 'Books, lists and labels'],
    ...menuOf(`/contacts/${person}`, 'More actions', [
      ...['Edit name', 'Photo', 'Labels, roles, owner', 'Share', 'Show as QR code', /^Erase for good/],
    ]),
    ['/calendar', 'New event'],
    ...menuOf('/calendar', 'Calendars', ['New calendar', 'Follow a calendar', /^Settings of /]),
    ['/tasks', /^(?!Complete|Actions|Parts).*\d{4}/],
    ['/files', 'New folder'],
    ...menuOf(`/files/home/${home}`, 'Actions for Plans', ['Rename', 'Move …', 'Share …']),
    [`/import/${file}`, 'Noor Nobody'],
    ['/fields', 'New field'],
    ['/fields/labels', /^Edit /],
    ['/admin/accounts', 'Add an account'],
    ['/admin/accounts', /^Edit /],
    ['/admin/groups', 'Add a group'],
    ['/admin/rooms', 'Add a room'],
    ['/admin/roles', 'Add a mask'],
    ['/admin/roles', 'Add a role'],
  ]
}

function stepOf(page: Page, name: Step): Locator {
  const exact = typeof name === 'string' && { exact: true }
  const within = page.locator('main, header, [role=dialog], [role=menu]')
  const button = within.getByRole('button', { name, ...exact })
  return button.or(page.getByRole('menuitem', { name, ...exact })).first()
}

/** What of a dialog can only be read by scrolling it sideways. @see WCAG 2.2, 1.4.10 */
const sideways = `(() => {
  const all = [...document.querySelectorAll('[role=dialog], [role=dialog] *')]
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
  return all.filter(scrolls).map((one) => 'scrolls sideways: ' + one.outerHTML.slice(0, 120))
})()`

/** By Escape alone; what is suggested in a field is closed before its dialog. */
async function closeAll(page: Page, dialogs: Locator): Promise<void> {
  const suggested = page.locator('[role=dialog] [aria-expanded=true][data-mantine-stop-propagation=true]')
  for (let n = await dialogs.count(); n > 0; n -= 1) {
    if ((await suggested.and(page.locator(':focus')).count()) > 0) await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await expect.poll(() => dialogs.count()).toBe(n - 1)
  }
}

describe('every dialog, 390 wide', () => {
  it('is as wide as the phone, closes by Escape, and gives the focus back to what opened it', async () => {
    const wrong: Record<string, readonly string[]> = {}
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, { name: 'anna', password })
    for (const [path, ...steps] of ways(ids)) {
      await show(page, path)
      for (const step of steps) await stepOf(page, step).press('Enter')
      const dialogs = page.locator('[role=dialog][aria-modal=true]')
      // One that stands at the side may be where another was opened.
      const depth = path === '/calendar' ? steps.length : 1
      await expect.poll(() => dialogs.count()).toBeGreaterThanOrEqual(Math.min(depth, 2))
      await settled(page)
      const name = [path.replaceAll(/\d+/g, 'n'), ...steps].join(' > ')
      const found = [...(await cutOff(page)), ...(await page.evaluate<string[]>(sideways))]
      if (found.length > 0) wrong[name] = found
      await picture(page, `dialog-${name.replaceAll(/\W+/g, '-')}`)
      await closeAll(page, dialogs)
      const [first = ''] = steps
      await expect
        .poll(async () => [name, await stepOf(page, first).and(page.locator(':focus')).count()])
        .toEqual([name, 1])
    }
    expect(wrong).toEqual({})
    expect(tab.faults).toEqual([])
  }, 300_000)
})
