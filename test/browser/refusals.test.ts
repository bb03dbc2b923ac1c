import { describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, useChromium } from './browser.ts'

const mostBytes = 1_000
const server = useServer({ auth: { bcryptCost: 4 }, limits: { fileBytes: mostBytes } })
const open = useChromium()

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('what the server refuses, $width wide', (viewport) => {
  it('is told in German to whoever reads German, and its texts are loaded with the first of it', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport, locale: 'de-DE' })
    const { page } = tab
    const texts: string[] = []
    page.on('response', async (answer) => {
      if (!answer.url().endsWith('.js')) return
      if ((await answer.text()).includes('Name oder Passwort ist falsch.')) texts.push(answer.url())
    })
    await page.goto('/files')
    await page.getByLabel('Benutzername').fill(alice.name)
    await page.getByLabel('Passwort', { exact: true }).fill('not hers')
    expect(texts).toEqual([])
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByRole('alert').getByText('Name oder Passwort ist falsch.').waitFor()
    await expect.poll(() => texts.length).toBe(1)
    await picture(page, 'refused-sign-in')
    await expectGood(tab)
    await page.getByLabel('Passwort', { exact: true }).fill(alice.password)
    await page.getByRole('button', { name: 'Anmelden' }).click()
    const buffer = Buffer.alloc(mostBytes + 1, 'a')
    await page.locator('input[type=file]').setInputFiles({ name: 'long.txt', mimeType: 'text/plain', buffer })
    const refused = /^Die Datei ist zu groß: höchstens 1\skB\.$/
    await page.getByRole('status', { name: 'Wird hochgeladen' }).getByText(refused).waitFor()
    await picture(page, 'refused-file')
    await expectGood(tab)
    await page.goto('/account/security')
    await page.getByLabel('Bisheriges Passwort').fill('not hers')
    await page.getByLabel('Neues Passwort', { exact: true }).fill('a new one, long enough')
    await page.getByLabel('Neues Passwort noch einmal').fill('a new one, long enough')
    await page.getByRole('button', { name: 'Passwort ändern' }).click()
    await page.getByText('Das bisherige Passwort ist falsch.').waitFor()
    await picture(page, 'refused-password')
    await expectGood(tab)
  })
})
