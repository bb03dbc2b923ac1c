import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card, event, todo } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const viewport = { width: 1280, height: 800 }
const told = 'Not while we are testing.'

/**
 * Keeps back what is sent to an address from now on: what the page shows meanwhile it does not have from the server.
 * @returns what refuses it, waits until the page has said why, and puts that away unless it is to be left there
 */
async function holdBack(page: Page, path: string | RegExp): Promise<(isLeft?: boolean) => Promise<void>> {
  let refuse = (): void => {}
  const refused = new Promise<void>((resolve) => {
    refuse = resolve
  })
  await page.route(path, async (route) => {
    if (route.request().method() === 'GET') return route.fallback()
    await refused
    const body = JSON.stringify({ title: 'Conflict', status: 409, detail: told })
    await route.fulfill({ status: 409, contentType: 'application/problem+json', body })
  })
  return async (isLeft = false) => {
    refuse()
    const message = page.getByRole('alert').filter({ hasText: told })
    await message.waitFor()
    if (!isLeft) await message.getByRole('button', { name: 'Close' }).click()
    await page.unroute(path)
  }
}

describe('a change shows before the server has answered, and goes back with the reason where it is refused', () => {
  it('of an event, new or edited; the form is there again with what was written', async () => {
    const alice = await server.account()
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '')
    const path = `${alice.calendar}roof.ics`
    await alice.put(path, event('roof', [`DTSTART:${today}T090000Z`, 'X-ODD:1']))
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    await signedIn(tab, alice, '/calendar?view=list')
    const rows = page.getByRole('list', { name: 'List' })
    await rows.getByText('Event roof').click()
    await page.getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('dialog', { name: 'Edit event' })
    await form.getByLabel('Title').fill('Mend the roof')
    let refuse = await holdBack(page, '**/api/calendar-events/*')
    await form.getByRole('button', { name: 'Save' }).click()
    await rows.getByText('Mend the roof').waitFor()
    expect(await form.isVisible()).toBe(false)
    await refuse()
    await rows.getByText('Event roof').waitFor()
    expect(await form.getByLabel('Title').inputValue()).toBe('Mend the roof')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The event is changed.').waitFor()
    const { text } = await alice.get(path)
    for (const line of ['SUMMARY:Mend the roof\r\n', 'X-ODD:1\r\n']) expect(text).toContain(line)
    await page.getByRole('button', { name: 'New event' }).click()
    const fresh = page.getByRole('dialog', { name: 'New event' })
    await fresh.getByLabel('Title').fill('Lunch')
    refuse = await holdBack(page, '**/api/calendar-events')
    await fresh.getByRole('button', { name: 'Save' }).click()
    const row = rows.getByRole('button', { name: 'Lunch' })
    expect(await row.getAttribute('aria-busy')).toBe('true')
    await picture(page, 'event-on-its-way')
    await refuse()
    await row.waitFor({ state: 'detached' })
    expect(await fresh.getByLabel('Title').inputValue()).toBe('Lunch')
    await fresh.getByRole('button', { name: 'Cancel' }).click()
    refuse = await holdBack(page, '**/api/calendar-events/*')
    await rows.getByText('Mend the roof').click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await rows.getByText('Mend the roof').waitFor({ state: 'detached' })
    await refuse()
    await rows.getByText('Mend the roof').waitFor()
    expect((await alice.get(path)).status).toBe(200)
    await expectGood(tab)
  })

  it('of a task that is new or taken away', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof'))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    let refuse = await holdBack(page, '**/api/tasks')
    await page.getByRole('textbox', { name: 'Add a task' }).fill('Call the roofer')
    await page.keyboard.press('Enter')
    const row = page.getByRole('listitem').filter({ hasText: 'Call the roofer' })
    expect(await row.getAttribute('aria-busy')).toBe('true')
    await refuse()
    await row.waitFor({ state: 'detached' })
    refuse = await holdBack(page, '**/api/tasks/*')
    await page.getByText('Task roof', { exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Task roof', { exact: true }).waitFor({ state: 'detached' })
    await refuse()
    await page.getByRole('main').getByText('Task roof', { exact: true }).waitFor()
    await page.getByRole('dialog', { name: 'Edit task' }).waitFor()
  })

  it('of a calendar: its colour and name; whether it is seen is not asked of the server at all', async () => {
    const alice = await server.account()
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '')
    await alice.put(`${alice.calendar}roof.ics`, event('roof', [`DTSTART;VALUE=DATE:${today}`]))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/calendar?view=list')
    const mine = page.getByRole('group', { name: 'My calendars' })
    await page.getByText('Event roof').waitFor()
    const colorNow = () =>
      page.evaluate<string>(
        "getComputedStyle(document.querySelector('.event-row .calendar-dot')).backgroundColor",
      )
    const before = await colorNow()
    await mine
      .getByRole('button', { name: /^Settings of/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('House')
    await dialog.getByLabel('Colour').fill('#8e44ad')
    const refuse = await holdBack(page, '**/api/calendars/*')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await mine.getByRole('checkbox', { name: 'House' }).waitFor()
    expect(await colorNow()).toBe('rgb(142, 68, 173)')
    await refuse()
    await mine.getByRole('checkbox', { name: 'House' }).waitFor({ state: 'detached' })
    expect(await colorNow()).toBe(before)
    await dialog.getByRole('button', { name: 'Close' }).click()
    const sent: string[] = []
    page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()))
    await mine.getByRole('checkbox').first().click()
    await page.getByText('Event roof').waitFor({ state: 'detached' })
    await mine.getByRole('checkbox').first().click()
    await page.getByText('Event roof').waitFor()
    expect(sent).toEqual([])
  })

  it('of a file: its name, a folder beside it, and that it is taken away', async () => {
    const alice = await server.account()
    await alice.put(`${alice.files}plan.txt`, 'a plan', { 'Content-Type': 'text/plain' })
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/files')
    const rowOf = (name: string) => page.getByRole('main').getByText(name, { exact: true })
    const act = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for plan.txt' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    let refuse = await holdBack(page, '**/api/files/*')
    await act('Rename')
    await page.getByRole('textbox', { name: 'Name' }).fill('notes.txt')
    await page.getByRole('button', { name: 'Rename' }).click()
    await rowOf('notes.txt').waitFor()
    await refuse()
    await rowOf('plan.txt').waitFor()
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('notes.txt')
    await alice.put(`${alice.files}plan.txt`, 'another plan', { 'Content-Type': 'text/plain' })
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Rename' }).click()
    await rowOf('notes.txt').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await rowOf('plan.txt').waitFor()
    refuse = await holdBack(page, '**/api/files/*')
    await act('Delete')
    await rowOf('plan.txt').waitFor({ state: 'detached' })
    await refuse()
    await rowOf('plan.txt').waitFor()
    refuse = await holdBack(page, /\/folders$/)
    await page.getByRole('button', { name: 'New folder' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Offers')
    await page.getByRole('button', { name: 'Create' }).click()
    await rowOf('Offers').waitFor()
    await refuse()
    await rowOf('Offers').waitFor({ state: 'detached' })
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Offers')
  })

  it('of a label: its name, and that it is taken off', async () => {
    const alice = await administratorOf(server)
    await call(alice, 'POST', '/labels', { name: 'Friends' })
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/fields/labels')
    const list = page.getByRole('list', { name: 'Labels' })
    let refuse = await holdBack(page, '**/api/labels/*')
    await page.getByRole('button', { name: 'Edit Friends' }).click()
    await page.getByRole('combobox', { name: 'Name' }).fill('Mates')
    await page.getByRole('button', { name: 'Save' }).click()
    await list.getByText('Mates').waitFor()
    await refuse()
    await list.getByText('Friends').waitFor()
    expect(await page.getByRole('combobox', { name: 'Name' }).inputValue()).toBe('Mates')
    await page.getByRole('button', { name: 'Cancel' }).click()
    refuse = await holdBack(page, '**/api/labels/*')
    await list.getByRole('button', { name: 'Delete Friends' }).click()
    await list.getByText('Friends').waitFor({ state: 'detached' })
    await refuse()
    await list.getByText('Friends').waitFor()
  })

  it('of an account that is locked, and of who is in a group', async () => {
    const [root, bob] = [await administratorOf(server), await server.account()]
    await call(root, 'POST', '/groups', { name: 'sales', displayName: 'Sales' })
    await call(root, 'POST', '/groups/sales/members', { name: bob.name })
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, root, '/admin/accounts')
    await page.getByLabel('Find').fill(bob.name)
    await page.getByRole('button', { name: `Edit ${bob.name}` }).click()
    let refuse = await holdBack(page, '**/api/accounts/*')
    await page.getByRole('switch', { name: 'Locked' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('table').getByText('Locked').waitFor()
    await refuse()
    await page.getByRole('table').getByText('Locked').waitFor({ state: 'detached' })
    expect(await page.getByRole('switch', { name: 'Locked' }).isChecked()).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Groups' }).click()
    await page.getByRole('button', { name: 'Edit Sales' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sales' })
    const out = dialog.getByRole('button', { name: `Take out ${bob.name}` })
    refuse = await holdBack(page, '**/api/groups/sales/members/*')
    await out.click()
    await dialog.getByText('Nobody is in it yet.').waitFor()
    await refuse()
    await out.waitFor()
    expect((await call(root, 'GET', '/groups/sales')).json.members).toHaveLength(1)
  })
})

describe('what was typed is there again, whatever was opened meanwhile', () => {
  it('a task whose place another form has taken: shown when it is wanted, or when that one is closed', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof'))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    const main = page.getByRole('main')
    const edited = page.getByRole('dialog', { name: 'Edit task' })
    const fresh = page.getByRole('dialog', { name: 'New task' })
    await main.getByText('Task roof', { exact: true }).click()
    await edited.getByLabel('Title').fill('Mend the roof')
    let refuse = await holdBack(page, '**/api/tasks/*')
    await edited.getByRole('button', { name: 'Save' }).click()
    await main.getByText('Mend the roof').waitFor()
    await page.keyboard.press('n')
    await fresh.getByLabel('Title').fill('Call the roofer')
    await refuse(true)
    expect(await edited.isVisible()).toBe(false)
    expect(await fresh.getByLabel('Title').inputValue()).toBe('Call the roofer')
    await picture(page, 'refused-behind')
    await page.getByRole('button', { name: 'Show what was typed' }).click()
    await edited.waitFor()
    expect(await fresh.isVisible()).toBe(false)
    expect(await edited.getByLabel('Title').inputValue()).toBe('Mend the roof')
    await picture(page, 'refused-shown')
    await edited.getByLabel('Title').fill('Mend the old roof')
    refuse = await holdBack(page, '**/api/tasks/*')
    await edited.getByRole('button', { name: 'Save' }).click()
    await fresh.waitFor()
    await refuse(true)
    expect(await fresh.getByLabel('Title').inputValue()).toBe('Call the roofer')
    await fresh.getByRole('button', { name: 'Save' }).click()
    await edited.waitFor()
    // It is shown already.
    await page.getByRole('alert').filter({ hasText: told }).waitFor({ state: 'detached' })
    expect(await edited.getByLabel('Title').inputValue()).toBe('Mend the old roof')
    await edited.getByRole('button', { name: 'Save' }).click()
    for (const title of ['Call the roofer', 'Mend the old roof']) await main.getByText(title).waitFor()
    await expect
      .poll(async () => (await alice.get(`${alice.tasks}roof.ics`)).text)
      .toContain('Mend the old roof')
    await expectGood(tab)
  })

  it('an event that could not be sent, on another page too: from its form the newest is sent', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/calendar?view=list')
    await page.getByRole('button', { name: 'New event' }).click()
    const form = page.getByRole('dialog', { name: 'New event' })
    await form.getByLabel('Title').fill('Lunch')
    let fail = (): void => {}
    const failed = new Promise<void>((resolve) => {
      fail = resolve
    })
    const path = '**/api/calendar-events'
    await page.route(path, async (route) => {
      if (route.request().method() === 'GET') return route.fallback()
      await failed
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' })
    })
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'Tasks' }).click()
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor()
    fail()
    await form.waitFor()
    await page.unroute(path)
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    expect(await form.getByLabel('Title').inputValue()).toBe('Lunch')
    await form.getByLabel('Title').fill('Lunch with Ada')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Calendar' }).click()
    await page.getByText('Lunch with Ada').first().waitFor()
    expect(tab.faults.splice(0).filter((fault) => !fault.includes('503'))).toEqual([])
  })

  it('a value of a card, edited where it stands', async () => {
    const alice = await server.account()
    await alice.put(
      `${alice.contacts}ada.vcf`,
      card('ada', 'Ada Adler', ['TEL;TYPE=cell:+49 30 1', 'TEL;TYPE=home:+49 30 77']),
    )
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice)
    await page.getByRole('link', { name: 'Ada Adler' }).click()
    await page.getByRole('button', { name: /^Edit .*\+49 30 1/ }).click()
    const field = page.getByRole('textbox', { name: 'Phone' })
    await field.fill('+49 30 2233')
    const refuse = await holdBack(page, '**/api/cards/*')
    await field.press('Enter')
    await page.getByRole('link', { name: '+49 30 2233', exact: true }).waitFor()
    await refuse(true)
    await page.getByRole('link', { name: '+49 30 1', exact: true }).waitFor()
    // Another value is being written by then: that is kept.
    const other = page.getByRole('button', { name: /^Edit .*\+49 30 77/ })
    await other.click()
    await field.fill('+49 30 7788')
    await page.getByRole('button', { name: 'Show what was typed' }).click()
    await other.waitFor()
    expect(await field.inputValue()).toBe('+49 30 2233')
    // A tablet is turned, and turned back.
    for (const width of [700, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      await page
        .getByRole('link', { name: 'Ada Adler' })
        .waitFor({ state: width === 700 ? 'detached' : 'visible' })
      expect(await field.inputValue()).toBe('+49 30 2233')
    }
    await field.press('Enter')
    const stored = async () => (await alice.get(`${alice.contacts}ada.vcf`)).text
    await expect.poll(stored).toContain('+49 30 2233')
    expect(await stored()).toContain('+49 30 77\r\n')
    await other.click()
    expect(await field.inputValue()).toBe('+49 30 7788')
  })

  it('a calendar and an address book, when a tablet is turned', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page
      .getByRole('button', { name: /^Settings of/ })
      .first()
      .click()
    const name = page.getByRole('dialog').getByLabel('Name')
    const turned = async (seen: string): Promise<void> => {
      for (const width of [700, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        await page
          .getByRole('navigation', { name: 'Main navigation' })
          .locator(width === 700 ? ':scope.bottom-bar' : ':scope:not(.bottom-bar)')
          .waitFor()
        expect(await name.inputValue()).toBe(seen)
      }
    }
    await name.fill('House')
    await turned('House')
    await page.keyboard.press('Escape')
    await page.goto('/contacts')
    await page.getByRole('button', { name: 'New address book' }).click()
    await name.fill('Neighbours')
    await turned('Neighbours')
  })

  it('a role that somebody else changes, or gives to somebody, while one writes in it', async () => {
    const [root, other] = [await administratorOf(server), await administratorOf(server)]
    const bob = await server.account()
    const { id } = (await call(root, 'POST', '/team-roles', { name: 'Office', capabilities: [] })).json
    const path = `/team-roles/${id}`
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, root, '/admin/roles')
    await page.getByRole('button', { name: 'Edit Office' }).click()
    const dialog = page.getByRole('dialog')
    const name = dialog.getByRole('textbox', { name: 'Name' })
    const looksAgain = () =>
      page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    await name.fill('Front office')
    await call(other, 'POST', `${path}/holders`, { name: bob.name })
    await looksAgain()
    await dialog.getByRole('button', { name: new RegExp(bob.name) }).waitFor()
    expect(await name.inputValue()).toBe('Front office')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    expect((await call(other, 'GET', path)).json.name).toBe('Front office')
    await name.fill('Back office')
    await call(other, 'PATCH', path, { name: 'Reception', capabilities: ['import'] })
    await looksAgain()
    await page.getByRole('dialog', { name: 'Reception' }).waitFor()
    expect(await name.inputValue()).toBe('Back office')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const met = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await met.getByRole('row', { name: /Back office\s*Reception/ }).waitFor()
    expect((await call(other, 'GET', path)).json.name).toBe('Reception')
    await picture(page, 'role-met')
    await met.getByRole('button', { name: 'Keep what is there' }).click()
    await expect.poll(() => name.inputValue()).toBe('Reception')
  })
})

describe('Ctrl-Z', () => {
  it('takes back what was done last, then what was done before that; a field has its own', async () => {
    const alice = await server.account()
    for (const name of ['a.txt', 'b.txt'])
      await alice.put(`${alice.files}${name}`, name, { 'Content-Type': 'text/plain' })
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/files')
    const rowOf = (name: string) => page.getByRole('main').getByText(name, { exact: true })
    for (const name of ['a.txt', 'b.txt']) {
      await page.getByRole('button', { name: `Actions for ${name}` }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await page.getByText(`${name} is in the trash.`).waitFor()
    }
    await page.getByRole('button', { name: 'New folder' }).click()
    const field = page.getByRole('textbox', { name: 'Name' })
    await field.pressSequentially('Offers')
    await field.press('Control+z')
    await expect.poll(() => field.inputValue()).not.toBe('Offers')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Shift+z')
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard' })
    await help.getByRole('row', { name: 'Undo the last change' }).waitFor()
    await picture(page, 'keys-undo')
    await page.keyboard.press('Escape')
    expect((await alice.get(`${alice.files}b.txt`)).status).toBe(404)
    await page.keyboard.press('Control+z')
    await page.getByText('Undone: b.txt is in the trash.').waitFor()
    await rowOf('b.txt').waitFor()
    expect(await rowOf('a.txt').count()).toBe(0)
    // As it is written on a Russian keyboard, and with the key of a Mac.
    await page.evaluate(
      "dispatchEvent(new KeyboardEvent('keydown', { key: 'я', code: 'KeyZ', metaKey: true }))",
    )
    await rowOf('a.txt').waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText('There is nothing to undo.').waitFor()
    await expectGood(tab)
  })
})

describe('a list of the administration', () => {
  it('shows what somebody else changes: when one comes back to the window, and after a while', async () => {
    const [root, other] = [await administratorOf(server), await administratorOf(server)]
    const bob = await server.account()
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, root, '/admin/accounts')
    await page.getByLabel('Find').fill(bob.name)
    await page.getByRole('table').getByText(bob.name).first().waitFor()
    const rename = (displayName: string) => call(other, 'PATCH', `/accounts/${bob.name}`, { displayName })
    await rename('Robert')
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    await page.getByRole('table').getByText('Robert').waitFor({ timeout: 5_000 })
    await rename('Rupert')
    await page.getByRole('table').getByText('Rupert').waitFor()
  })
})
