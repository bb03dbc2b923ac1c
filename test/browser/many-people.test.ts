import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, startServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { working } from './jobs.ts'
import { manyDeeds } from './many-deeds.ts'
import { manyFlows } from './many-flows.ts'
import { fillMany } from './many-people.ts'

const open = useChromium()
const count = 100_100
const customer = { field: 'role', op: 'is', text: 'customer' }

describe('a list of 100,000 people', () => {
  let server: Awaited<ReturnType<typeof startServer>>
  let alice: Account
  beforeAll(async () => {
    server = await startServer({ auth: { bcryptCost: 4 }, limits: { keepAliveMs: 600_000 } }, 'sqlite')
    alice = await server.account()
    await fillMany(server, alice, count)
    await alice.put(`${alice.contacts}last.vcf`, card('last', 'Wanda Zzyzx'))
  })
  afterAll(() => server[Symbol.asyncDispose]())

  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])
    it(`is jumped into, scrolled to its end, and searched, ${viewport.width} wide`, async () => {
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice)
      await page.getByText('100,101 entries').waitFor()
      await page.locator('.letter-bar').getByText('M', { exact: true }).click()
      await page
        .getByRole('link', { name: /^Pat Mander/ })
        .first()
        .waitFor()
      await picture(page, 'many')
      expect(await page.locator('.people-rows > li').count()).toBeLessThan(60)
      const scrollTo = (share: number) =>
        page.evaluate(`{ const frame = document.querySelector('.people-frame')
          frame.scrollTo(0, frame.scrollHeight * ${share}) }`)
      await scrollTo(0.2)
      await page
        .getByRole('link', { name: /^Pat [EFG]ander/ })
        .first()
        .waitFor()
      await scrollTo(1)
      await page.getByRole('link', { name: 'Wanda Zzyzx' }).waitFor()
      const last = page.locator('.people-rows > li').last()
      expect(await last.getAttribute('aria-posinset')).toBe(String(count + 1))
      await expectGood(tab)
      await page.getByRole('searchbox').fill('zzyzx')
      await page
        .getByRole('list', { name: 'Who was found' })
        .getByRole('link', { name: 'Wanda Zzyzx' })
        .click()
      await page.getByRole('heading', { name: 'Wanda Zzyzx' }).waitFor()
      await expectGood(tab)
    })

  it('all of them get a role, with progress: stopped on the way, it is one undo; a filter finds some', async () => {
    await using _ = working(server, 'bulk-people', 'undo-changes')
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice)
    await page.getByText('100,101 entries').waitFor()
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByRole('combobox', { name: 'What' }).click()
    await page.getByRole('option', { name: 'Mail' }).click()
    await page.getByRole('textbox', { name: 'Value' }).fill('s17@example.org')
    await page.getByText('385 entries').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await page.getByText('100,101 entries').waitFor()

    await page.locator('.people-rows .person-check input').first().focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Select all' }).click()
    await page.getByText('100,101 selected').waitFor()
    await page.getByRole('button', { name: 'Roles' }).click()
    await page.getByRole('button', { name: 'Give a role: Customer' }).click()
    await page.getByText(/^[1-9]\d* of 100,101$/).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped:').waitFor()
    await picture(page, 'many-stopped')
    const customers = async () =>
      (await call(alice, 'POST', '/parties/query', { filter: customer, limit: 1, count: true })).json.count
    expect(await customers()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('Undone.').waitFor({ timeout: 60_000 })
    expect(await customers()).toBe(0)
    await expectGood(tab)
  })
  // What these add comes after the others.
  describe('and the other pages', () => {
    manyFlows(() => ({ server, alice }), open)
    describe('and deeds', () => manyDeeds(() => ({ server, alice }), open))
  })
})
