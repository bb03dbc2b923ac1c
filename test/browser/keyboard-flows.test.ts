import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { todo } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** What has the keyboard, by the name that a screen reader says. */
const named = `(() => {
  const { activeElement: at } = document
  if (at === document.body) return ''
  return (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '').trim()
})()`

/** Whether somebody sees what has the keyboard: it is in the window, and looks unlike the same without it. */
const isSeen = `(() => {
  const { activeElement: at } = document
  const { top, bottom } = at.getBoundingClientRect()
  if (at === document.body || bottom < 0 || top > innerHeight) return false
  const ringOf = (one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one)
    return outlineStyle === 'none' || outlineWidth === '0px' ? '' : outlineStyle + outlineWidth + outlineColor
  }
  const looksOf = (one) => {
    const { boxShadow, borderColor, backgroundColor } = getComputedStyle(one)
    return [ringOf(one), boxShadow, borderColor, backgroundColor].join()
  }
  if (at.nextElementSibling && ringOf(at.nextElementSibling) !== '') return true
  return [at, at.parentElement].some((one) => {
    const other = one.cloneNode()
    one.after(other)
    const isUnlike = looksOf(one) !== looksOf(other)
    other.remove()
    return isUnlike
  })
})()`

/** Somebody without a mouse; what has the keyboard is looked at with every step. */
function handsOn(page: Page) {
  const unseen = new Set<string>()
  const at = async (): Promise<string> => String(await page.evaluate(named))
  const press = async (key: string): Promise<void> => {
    await page.keyboard.press(key)
    if (key === 'Tab' && !(await page.evaluate(isSeen))) unseen.add(await at())
  }
  /** Goes on by Tab until what has this name is reached. */
  const to = async (wanted: RegExp, most = 80): Promise<void> => {
    for (let n = 0; n < most; n += 1) {
      if (wanted.test(await at())) return
      await press('Tab')
    }
    throw new Error(`The keyboard does not come to ${wanted}: it is at ${await at()}.`)
  }
  return { at, press, to, unseen, type: (text: string) => page.keyboard.type(text) }
}

/** All who walk through a dialog stay in it. */
async function expectTrap(page: Page, { press }: ReturnType<typeof handsOn>): Promise<void> {
  for (let n = 0; n < 40; n += 1) {
    await press('Tab')
    expect(await page.evaluate(`document.activeElement.closest('[role=dialog]') !== null`)).toBe(true)
  }
}

async function signInBy(page: Page, { name, password }: Account, path: string) {
  const hands = handsOn(page)
  await page.goto(path)
  await page.getByLabel('User name').waitFor()
  await expect.poll(hands.at).toBe('User name')
  await hands.type(name)
  await hands.press('Tab')
  await hands.type(password)
  await hands.press('Enter')
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
  return hands
}

const viewport = { width: 1280, height: 800 }

describe('by the keyboard alone', () => {
  it('somebody signs in, an event is made and changed, and the dialogs give the keyboard back', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    const hands = await signInBy(page, alice, '/calendar')
    await page.getByRole('button', { name: 'New event' }).waitFor()
    await hands.to(/^New event$/)
    await hands.press('Enter')
    const form = page.getByRole('dialog', { name: 'New event' })
    await form.waitFor()
    await expect.poll(hands.at).toBe('Title')
    await expectTrap(page, hands)
    await hands.press('Escape')
    await form.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe('New event')
    await hands.press('Enter')
    await form.waitFor()
    await expect.poll(hands.at).toBe('Title')
    await hands.type('Visit of the auditors')
    await hands.press('Enter')
    await page.getByText('Visit of the auditors is in the calendar.').waitFor()

    await hands.to(/Visit of the auditors/, 120)
    await hands.press('Enter')
    const panel = page.getByRole('dialog', { name: 'Visit of the auditors' })
    await panel.waitFor()
    await hands.to(/^Edit$/)
    await hands.press('Enter')
    await page.getByRole('dialog', { name: 'Edit event' }).waitFor()
    await hands.to(/^Place$/)
    await hands.type('Archive')
    await hands.press('Enter')
    await page.getByText('The event is changed.').first().waitFor()
    await expect.poll(hands.at).toMatch(/Visit of the auditors/)
    const { responses } = await alice.propfind(alice.calendar, 1, [dav('getetag')])
    const made = responses.map(({ href }) => href).find((href) => href.endsWith('.ics')) ?? ''
    expect((await alice.get(made)).text).toMatch(/LOCATION:Archive\r\n/)
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('a task is done, and taken back', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof'))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const hands = await signInBy(page, alice, '/tasks')
    await page.getByRole('checkbox', { name: 'Complete Task roof' }).waitFor()
    await hands.to(/^Complete Task roof$/)
    await hands.press('Space')
    await page.getByText('Task roof is done.').waitFor()
    expect((await alice.get(`${alice.tasks}roof.ics`)).text).toContain('STATUS:COMPLETED\r\n')
    await hands.to(/^Undo$/)
    await hands.press('Enter')
    await expect.poll(async () => (await alice.get(`${alice.tasks}roof.ics`)).text).not.toContain('COMPLETED')
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })
})
