import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`settings, ${viewport.width} wide`, () => {
    it('are changed while the server runs, with a way back, and never over what somebody else has said', async () => {
      const alice = await administratorOf(server)
      const kept = async (key: string) => (await call(alice, 'GET', `/settings/${key}`)).json.value
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/admin/settings')
      await page.getByRole('button', { name: 'Change: How long the trash is kept' }).waitFor()
      await picture(page, 'settings')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Change: How long the trash is kept' }).click()
      const dialog = page.getByRole('dialog', { name: 'How long the trash is kept' })
      await dialog.getByLabel('Days').fill('30')
      await picture(page, 'settings-days')
      await expectGood(tab)
      await dialog.getByRole('button', { name: 'Save' }).click()
      const toast = page.getByRole('alert').filter({ hasText: 'How long the trash is kept: 30 days' })
      await toast.waitFor()
      expect(server.settings.retention.trashDays).toBe(30)
      await toast.getByRole('button', { name: 'Undo' }).click()
      await expect.poll(() => server.settings.retention.trashDays).toBe(90)
      await page.getByRole('button', { name: 'Change: What an account may keep' }).click()
      await page.getByLabel('Gigabytes').fill('5')
      await call(alice, 'PUT', '/settings/limits.quotaBytes', { value: 7_000_000_000 })
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      const both = page.getByRole('dialog').filter({ hasText: '7 GB' })
      await both.getByText('5 GB').waitFor()
      await picture(page, 'settings-conflict')
      await expectGood(tab)
      expect(await kept('limits.quotaBytes')).toBe(7_000_000_000)
      await both.getByRole('button').last().click()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Change: The time zone of new accounts' }).click()
      await page.getByRole('combobox', { name: 'Value' }).fill('Vienna')
      await page.getByRole('option', { name: 'Europe/Vienna' }).click()
      await picture(page, 'settings-zone')
      await expectGood(tab)
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByText('The time zone of new accounts: Europe/Vienna').first().waitFor()
      await page.getByRole('button', { name: 'Change: Colleagues as an address book' }).click()
      await page.getByRole('switch').click()
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await expect.poll(() => server.settings.directory.addressBook).toBe(true)
      await page.getByRole('button', { name: 'Change: Colleagues as an address book' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Back to the default' }).click()
      await expect.poll(() => server.settings.directory.addressBook).toBe(false)
      await page.getByRole('heading', { name: 'Who has changed what' }).scrollIntoViewIfNeeded()
      // The newest stands first.
      const zone = page.getByRole('button', { name: /^As before: The time zone of new accounts/ }).first()
      await zone.scrollIntoViewIfNeeded()
      await picture(page, 'settings-log')
      await expectGood(tab)
      await zone.click()
      await expect.poll(() => kept('accounts.timeZone')).not.toBe('Europe/Vienna')
      await page
        .getByRole('alert')
        .filter({ hasText: 'The time zone of new accounts', hasNotText: 'Europe/Vienna' })
        .getByRole('button', { name: 'Undo' })
        .click()
      await expect.poll(() => kept('accounts.timeZone')).toBe('Europe/Vienna')
      for (const key of ['limits.quotaBytes', 'accounts.timeZone'])
        await call(alice, 'DELETE', `/settings/${key}`)
    })
  })
}
