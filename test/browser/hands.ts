import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Account } from '../dav/server.ts'

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
  return [at, at.parentElement, at.parentElement.parentElement].some((one) => {
    const other = one.cloneNode()
    one.after(other)
    const isUnlike = looksOf(one) !== looksOf(other)
    other.remove()
    return isUnlike
  })
})()`

/** What is pointed at in a list of choices. */
const pointed = `(() => {
  const id = document.activeElement.getAttribute('aria-activedescendant') ?? ''
  return (document.getElementById(id)?.textContent ?? '').trim()
})()`

/** Somebody without a mouse; what has the keyboard is looked at with every step. */
export type Hands = ReturnType<typeof handsOn>

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
  /** Goes down in an open menu, or in the choices of a field, to what reads so, and takes it. */
  const choose = async (wanted: RegExp, most = 30): Promise<void> => {
    for (let n = 0; n < most; n += 1) {
      const [own, other] = [await at(), String(await page.evaluate(pointed))]
      if (wanted.test(other) || (other === '' && wanted.test(own))) return press('Enter')
      await press('ArrowDown')
    }
    throw new Error(`There is no choice of ${wanted}: it is at ${await at()}.`)
  }
  return { at, press, to, choose, unseen, type: (text: string) => page.keyboard.type(text) }
}

/** All who walk through a dialog stay in it. */
export async function expectTrap(page: Page, { press }: Hands): Promise<void> {
  for (let n = 0; n < 25; n += 1) {
    await press('Tab')
    expect(await page.evaluate(`document.activeElement.closest('[role=dialog]') !== null`)).toBe(true)
  }
}

/** Signs somebody in by the keyboard, at a page. */
export async function handsIn(page: Page, { name, password }: Account, path: string): Promise<Hands> {
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
