import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { todo } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const desk = { width: 1280, height: 800 }

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`tasks, ${viewport.width} wide`, () => {
    it('are shown by when they are due, with their parts, and done with a tick that a phone sees', async () => {
      const alice = await server.account()
      const path = `${alice.tasks}roof.ics`
      await alice.put(path, todo('roof', ['DUE;VALUE=DATE:20200301', 'PRIORITY:1', 'X-ODD;X-P=1:keep me']))
      await alice.put(`${alice.tasks}tiles.ics`, todo('tiles', ['RELATED-TO;RELTYPE=PARENT:roof']))
      await using tab = await open(server.url, { viewport, timezoneId: 'Europe/Berlin' })
      const { page } = tab
      await signedIn(tab, alice, '/tasks')
      const late = page.getByRole('region', { name: 'Overdue' })
      await late.getByText('Task roof').waitFor()
      await late.getByRole('list', { name: 'Parts of Task roof' }).getByText('Task tiles').waitFor()
      await page.getByRole('textbox', { name: 'Add a task' }).fill('Call the roofer')
      await page.keyboard.press('Enter')
      await page.getByRole('region', { name: 'Without a date' }).getByText('Call the roofer').waitFor()
      await picture(page, 'tasks')
      await expectGood(tab)
      await page.getByText('Call the roofer', { exact: true }).click()
      const form = page.getByRole('dialog', { name: 'Edit task' })
      await form.getByLabel('Notes').fill('Before the winter.')
      await picture(page, 'task-form')
      await expectGood(tab)
      await form.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Call the roofer is changed.').waitFor()
      await page.getByRole('checkbox', { name: 'Complete Task roof' }).click()
      await page.getByText('Task roof is done.').waitFor()
      const done = (await alice.get(path)).text
      expect(done).toContain('STATUS:COMPLETED\r\n')
      expect(done).toContain('X-ODD;X-P=1:keep me\r\n')
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(async () => (await alice.get(path)).text).not.toContain('COMPLETED')
      await alice.put(`${alice.tasks}new.ics`, todo('new'))
      await page.getByText('Task new').waitFor()
      expect(tab.faults).toEqual([])
    })
  })
}

describe('a task', () => {
  it('shows a tick before the server has answered, and goes back where it refuses', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof'))
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    let release = (): void => {}
    const answer = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/api/tasks/*', async (route) => {
      await answer
      await route.fulfill({ status: 500, body: '' })
    })
    const box = page.getByRole('checkbox', { name: 'Task roof' })
    await box.click()
    await expect.poll(() => box.isChecked()).toBe(true)
    release()
    await page.getByRole('alert').first().waitFor()
    await expect.poll(() => box.isChecked()).toBe(false)
    expect((await alice.get(`${alice.tasks}roof.ics`)).text).not.toContain('COMPLETED')
  })

  it('that somebody else changed meanwhile shows all that would be written', async () => {
    const alice = await server.account()
    const path = `${alice.tasks}roof.ics`
    await alice.put(path, todo('roof'))
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    await page.getByText('Task roof', { exact: true }).click()
    const form = page.getByRole('dialog', { name: 'Edit task' })
    await form.getByRole('combobox', { name: 'Priority' }).click()
    await page.getByRole('option', { name: 'High' }).click()
    await alice.put(path, todo('roof', ['PRIORITY:9']))
    await form.getByRole('button', { name: 'Save' }).click()
    const conflict = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await conflict.getByRole('row', { name: 'Priority High Low' }).waitFor()
    await picture(page, 'task-conflict')
    await page.keyboard.press('Escape')
    await conflict.waitFor({ state: 'detached' })
    expect(await form.getByRole('combobox', { name: 'Priority' }).inputValue()).toBe('High')
    await form.getByRole('button', { name: 'Save' }).click()
    await conflict.getByRole('button', { name: 'Keep what is there' }).click()
    await form.waitFor({ state: 'detached' })
    expect((await alice.get(path)).text).toContain('PRIORITY:9\r\n')
    // What is taken away shows nothing to choose from: the next time it goes.
    await page.getByText('Task roof', { exact: true }).click()
    await alice.put(path, todo('roof', ['PRIORITY:5']))
    await form.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('alert').first().waitFor()
    await form.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Task roof is in the trash.').waitFor()
    expect((await alice.get(path)).status).toBe(404)
  })

  it('that was refused is gone with whoever wrote it: the next account is neither offered nor told anything', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    const line = page.getByRole('textbox', { name: 'Add a task' })
    let answer = (): void => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/tasks', async (route) => {
      if (route.request().method() === 'GET') return route.fallback()
      const detail = route.request().postData()?.includes('roofer') ? 'Not now.' : 'Too late.'
      if (detail === 'Too late.') await answered
      const body = JSON.stringify({ title: 'Conflict', status: 409, detail })
      await route.fulfill({ status: 409, contentType: 'application/problem+json', body })
    })
    await line.fill('Call the roofer')
    await line.press('Enter')
    await page.getByText('Not now.').waitFor()
    await line.blur()
    await page.keyboard.press('n')
    await page.getByRole('dialog').getByLabel('Title').fill('Mend the roof')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'Account' }).click()
    expect(await page.getByText('Not now.').count()).toBe(1)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByLabel('User name').fill(bob.name)
    await page.getByLabel('Password', { exact: true }).fill(bob.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Tasks' }).click()
    await line.waitFor()
    const late = page.waitForResponse((one) => one.status() === 409)
    answer()
    await (await late).finished()
    await page.evaluate('new Promise((go) => setTimeout(go, 200))')
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await line.inputValue()).toBe('')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('is sent once, however often it is pressed: its form is gone at once', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport: desk, reducedMotion: 'no-preference' })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor()
    let sent = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/tasks')) sent += 1
    })
    await page.keyboard.press('n')
    const form = page.getByRole('dialog', { name: 'New task' })
    await form.getByLabel('Title').fill('Call the roofer')
    await form.locator('form').evaluate((one) => {
      const written = one as unknown as { requestSubmit(): void }
      written.requestSubmit()
      written.requestSubmit()
    })
    await page.getByRole('main').getByText('Call the roofer').waitFor()
    await form.waitFor({ state: 'detached' })
    expect(sent).toBe(1)
    await page.keyboard.press('n')
    await form.getByLabel('Title').fill('Mend the roof')
    let answer = (): void => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/tasks', async (route) => {
      await answered
      await route.fallback()
    })
    await form.getByRole('button', { name: 'Save' }).dblclick()
    await page.getByRole('main').getByText('Mend the roof').waitFor()
    expect(await form.isVisible()).toBe(false)
    answer()
    await page.getByText('Mend the roof is on the list.').waitFor()
    expect(sent).toBe(2)
  })

  it('gets a day as it is written down, parts by the keyboard, and a reminder, as phones have them', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof', ['DUE;VALUE=DATE:20200301']))
    await alice.put(`${alice.tasks}tiles.ics`, todo('tiles', ['DUE;VALUE=DATE:20200302', 'X-ODD:1']))
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: 'UTC' })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    await page.getByRole('textbox', { name: 'Due' }).fill('28/11/2099')
    await page.getByRole('textbox', { name: 'Add a task' }).fill('Look at it once more')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Later' }).getByText('28 Nov 2099').waitFor()
    const roof = page.getByRole('button', { name: /^Task roof/ })
    await roof.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Shift+ArrowRight')
    const parts = page.getByRole('list', { name: 'Parts of Task roof' })
    await parts.getByText('Task tiles').waitFor()
    const tiles = (await alice.get(`${alice.tasks}tiles.ics`)).text
    expect(tiles).toMatch(/RELATED-TO(;RELTYPE=PARENT)?:roof\r\n/)
    expect(tiles).toContain('X-ODD:1\r\n')
    await picture(page, 'tasks-parts')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Parts of Task roof' }).click()
    await parts.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Parts of Task roof' }).click()
    await page.getByRole('button', { name: 'Actions for Task tiles' }).click()
    await page.getByRole('menuitem', { name: 'Take it out' }).waitFor()
    await picture(page, 'tasks-menu')
    await page.getByRole('menuitem', { name: 'Take it out' }).click()
    await parts.waitFor({ state: 'detached' })
    expect((await alice.get(`${alice.tasks}tiles.ics`)).text).not.toContain('RELATED-TO')
    await roof.click()
    const form = page.getByRole('dialog', { name: 'Edit task' })
    await form.getByRole('button', { name: 'Add a reminder' }).click()
    await picture(page, 'task-reminder')
    await expectGood(tab)
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'detached' })
    expect((await alice.get(`${alice.tasks}roof.ics`)).text).toContain('TRIGGER;RELATED=END:-PT15M\r\n')
    // What was done to it a while ago is told, and taken back, in all its octets.
    await page.getByRole('button', { name: 'Actions for Task tiles' }).click()
    await page.getByRole('menuitem', { name: 'History' }).click()
    const changes = page.getByRole('dialog', { name: 'History of Task tiles' }).getByRole('listitem')
    await changes.last().getByText('Made', { exact: true }).waitFor()
    await picture(page, 'task-history')
    await expectGood(tab)
    await changes.nth(1).getByRole('button', { name: 'Bring back this state' }).click()
    await page.getByText('Brought back').waitFor()
    expect((await alice.get(`${alice.tasks}tiles.ics`)).text).toBe(tiles)
    await page.keyboard.press('Escape')
    await parts.getByText('Task tiles').waitFor()
    expect(tab.faults).toEqual([])
  })
})

describe('very many of them', () => {
  it('are in the page as far as they are seen: keys go on, each says its place, and paper has all', async () => {
    const alice = await server.account()
    const count = 130
    const nameOf = (n: number): string => `t${String(n).padStart(3, '0')}`
    await Promise.all(
      Array.from({ length: count }, (_, n) => {
        const due = new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10).replaceAll('-', '')
        return alice.put(`${alice.tasks}${n}.ics`, todo(nameOf(n), [`DUE;VALUE=DATE:${due}`]))
      }),
    )
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    const rows = page.locator('[data-task]')
    await page.getByText('Task t000').waitFor()
    expect(await rows.count()).toBeLessThan(60)
    await expectGood(tab)
    await rows.first().locator('.task-open').focus()
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    const last = page.locator(`[data-task][aria-posinset="${count}"]`)
    await last.getByText(`Task ${nameOf(count - 1)}`).waitFor()
    expect(await last.getAttribute('aria-setsize')).toBe(String(count))
    await expectGood(tab)
    // The one with the focus is there still, and the next one.
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focusedTask(page)).toBe('2')
    for (let at = 3; at <= 40; at += 1) await page.keyboard.press('ArrowDown')
    await expect.poll(() => focusedTask(page)).toBe('40')
    await page.getByText('Task t039').waitFor()
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await rows.count()).toBe(count)
    await page.evaluate("dispatchEvent(new Event('afterprint'))")
    await expect.poll(() => rows.count()).toBeLessThan(60)
    await page.getByRole('checkbox', { name: 'Complete Task t039' }).click()
    await page.getByText('Task t039 is done.').waitFor()
    await page
      .locator(`[aria-setsize="${count - 1}"]`)
      .first()
      .waitFor()
  })
})

/** Which of all tasks has the focus, as it is told. */
function focusedTask(page: Page): Promise<string | null> {
  return page.evaluate("document.activeElement.closest('[data-task]')?.getAttribute('aria-posinset')")
}
