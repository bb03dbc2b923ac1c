import { describe, expect, it } from 'vitest'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { ensureJob } from '../../storage/upkeep/jobs.ts'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

async function administrator(): Promise<Account> {
  const { store } = server.services
  const alice = await server.account()
  await store.write(async (tx) => {
    const found = await findPrincipalByName(tx, alice.name)
    if (found) await makeAdministrator(tx, found)
    await ensureJob(tx, 'purge', tx.now + 1_000_000)
  })
  return alice
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`administration, ${viewport.width} wide`, () => {
    it('makes an account, whose person chooses the password, and locks it', async () => {
      const alice = await administrator()
      const [name, shown] = [`zoe${viewport.width}`, `Zoe ${viewport.width}`]
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/admin')
      await page.getByRole('button', { name: 'Add an account' }).click()
      await page.getByLabel('User name').fill(name)
      await page.getByLabel('Name', { exact: true }).fill(shown)
      await expectGood(tab)
      await page.getByRole('button', { name: 'Make the account' }).click()
      const link = page.getByRole('dialog').locator('code')
      const url = (await link.textContent()) ?? ''
      await picture(page, 'admin-link')
      await expectGood(tab)
      await using other = await open(server.url, { viewport })
      await other.page.goto(url)
      await other.page.getByLabel('Password', { exact: true }).fill('zebra crossing')
      await other.page.getByRole('button', { name: 'Set password' }).click()
      await other.page.getByRole('status').waitFor()
      const zoe = createClient(server.url, { name, password: 'zebra crossing' })
      expect((await call(zoe, 'GET', '/account')).json.displayName).toBe(shown)
      await page.keyboard.press('Escape')
      await page.getByLabel('Find').fill(shown)
      await page.getByRole('button', { name: `Edit ${shown}` }).click()
      await page.getByRole('switch', { name: 'Locked' }).click()
      await picture(page, 'admin-account')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('table').getByText('Locked').waitFor()
      expect((await call(zoe, 'GET', '/account')).status).toBe(401)
    })

    it('shows devices, sign-ins, jobs, what leaves, what is kept and the settings', async () => {
      const alice = await administrator()
      await call(alice, 'POST', '/devices', { label: 'Pixel 9' })
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/admin')
      const seen = [
        ['Devices', 'Pixel 9'],
        ['Sign-ins', 'Let in'],
        ['Jobs', 'purge'],
        ['Outbox', 'There is nothing here.'],
        ['Server', 'Running since'],
        ['Settings', 'auth.bcryptCost'],
        ['Groups', 'There are no groups yet'],
      ] as const
      for (const [part, text] of seen) {
        await page.getByRole('tab', { name: part }).click()
        await page.getByText(text).first().waitFor()
        await picture(page, `admin-${part.toLowerCase()}`)
        await expectGood(tab)
      }
      await page.getByRole('tab', { name: 'Jobs' }).click()
      await page.getByRole('button', { name: 'Run now: purge' }).click()
      await page.getByText('purge is due now.').waitFor()
    })

    it('is hidden from all others', async () => {
      const bob = await server.account()
      await using tab = await open(server.url, { viewport })
      await signedIn(tab, bob, '/admin')
      await tab.page.getByText('Only those who run the place see this.').waitFor()
      expect(await tab.page.getByRole('link', { name: 'Admin' }).count()).toBe(0)
      await expectGood(tab)
    })
  })
}
