import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureJob } from '../../storage/upkeep/jobs.ts'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

beforeAll(() => server.services.store.write((tx) => ensureJob(tx, 'purge', tx.now + 1_000_000)))

/** Finds somebody in a field that finds, by the keyboard. */
async function choose(page: Page, field: string, text: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).fill(text)
  const wanted = page.getByRole('option', { name: option })
  await wanted.waitFor()
  const next = async () => {
    await page.keyboard.press('ArrowDown')
    return await wanted.getAttribute('data-combobox-selected')
  }
  await expect.poll(next).toBe('true')
  await page.keyboard.press('Enter')
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`administration, ${viewport.width} wide`, () => {
    it('makes an account, whose person chooses the password, and locks it', async () => {
      const alice = await administratorOf(server)
      const [name, shown] = [`zoe${viewport.width}`, `Zoe ${viewport.width}`]
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/admin')
      await page.getByRole('button', { name: 'Add an account' }).click()
      await page.getByLabel('Name', { exact: true }).fill(shown)
      await page.getByLabel('User name').fill(alice.name)
      await page.getByRole('button', { name: 'Make the account' }).click()
      const field = page.locator('.mantine-InputWrapper-root', { hasText: 'User name' })
      await field.locator('.mantine-InputWrapper-error').waitFor()
      await page.getByLabel('User name').fill(name)
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
      // Whoever has chosen it is in.
      await other.page.getByText('Nobody is here yet').waitFor()
      const zoe = createClient(server.url, { name, password: 'zebra crossing' })
      expect((await call(zoe, 'GET', '/account')).json.displayName).toBe(shown)
      await page.keyboard.press('Escape')
      await page.getByLabel('Find').fill(shown)
      await page.getByRole('button', { name: `Edit ${shown}` }).click()
      await page.getByRole('switch', { name: 'Locked' }).click()
      await picture(page, 'admin-account')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Saved').waitFor()
      await page.getByRole('table').getByText('Locked').waitFor()
      expect((await call(zoe, 'GET', '/account')).status).toBe(401)
    })

    it('shows devices, sign-ins, jobs, what leaves, what is kept and the settings', async () => {
      const alice = await administratorOf(server)
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
        ['Groups', 'Add a group'],
      ] as const
      for (const [part, text] of seen) {
        await page.getByRole('tab', { name: part }).click()
        await page.getByText(text).first().waitFor()
        expect(await overhang(page)).toEqual([])
        await picture(page, `admin-${part.toLowerCase()}`)
        await expectGood(tab)
      }
      await page.getByRole('tab', { name: 'Jobs' }).click()
      await page.getByRole('button', { name: 'Run now: purge' }).click()
      await page.getByText('purge is due now.').waitFor()
    })

    it('fills a group, whose members hold a role with a mask, and takes them out with a way back', async () => {
      const [root, alice] = [await administratorOf(server), await server.account()]
      const [name, shown] = [`sales${viewport.width}`, `Sales ${viewport.width}`]
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, root, '/admin/groups')
      await page.getByRole('button', { name: 'Add a group' }).click()
      await page.getByLabel('Name', { exact: true }).fill(shown)
      await page.getByLabel('Short name').fill(name)
      await page.getByRole('button', { name: 'Make it' }).click()
      const dialog = page.getByRole('dialog', { name: shown })
      await dialog.getByRole('combobox', { name: 'Put somebody in' }).fill(alice.name)
      await page.getByRole('option', { name: `(${alice.name}, account)` }).click()
      await dialog.getByRole('button', { name: `Take out ${alice.name}` }).click()
      await dialog.getByText('Nobody is in it yet.').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await dialog.getByRole('button', { name: `Take out ${alice.name}` }).waitFor()
      await picture(page, 'admin-group')
      await expectGood(tab)
      await dialog.getByRole('button', { name: 'History' }).click()
      const told = page.getByRole('dialog', { name: `History of ${shown}` })
      await told.getByText('Members:').first().waitFor()
      await picture(page, 'admin-group-history')
      await expectGood(tab)
      await told.getByRole('button', { name: 'As before' }).first().click()
      await expect.poll(async () => (await call(root, 'GET', `/groups/${name}`)).json.members).toEqual([])
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(async () => (await call(root, 'GET', `/groups/${name}`)).json.members).toHaveLength(1)
      await page.keyboard.press('Escape')
      await told.waitFor({ state: 'hidden' })
      await dialog.getByRole('button', { name: `Take out ${alice.name}` }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('tab', { name: 'Roles' }).click()
      await page.getByRole('button', { name: 'Add a mask' }).click()
      await page.getByLabel('Name', { exact: true }).fill(`Business ${name}`)
      await page.getByRole('button', { name: 'Make it' }).click()
      await page.getByRole('heading', { name: 'Who has it beside roles' }).waitFor()
      await picture(page, 'admin-mask')
      await expectGood(tab)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Add a role' }).click()
      await page.getByLabel('Name', { exact: true }).fill(`Sellers ${name}`)
      await page.getByRole('checkbox', { name: 'Export' }).check()
      await page.getByRole('checkbox', { name: `Business ${name}` }).check()
      await page.getByRole('button', { name: 'Make it' }).click()
      await choose(page, 'Give it to', name, shown)
      await page.getByRole('button', { name: `Take out ${shown}` }).waitFor()
      await picture(page, 'admin-role')
      await expectGood(tab)
      expect((await call(alice, 'GET', '/capabilities')).json.roles).toContain(`Sellers ${name}`)
      const { masks } = (await call(root, 'GET', '/masks')).json
      const made = masks.find((mask: { name: string }) => mask.name === `Business ${name}`)
      expect(made.only).toContain('ORG')
      await page.keyboard.press('Escape')
      await page.getByRole('tab', { name: 'Rooms' }).click()
      await page.getByRole('button', { name: 'Add a room' }).click()
      await page.getByLabel('Name', { exact: true }).fill(`Cellar ${viewport.width}`)
      await page.getByLabel('Short name').fill(`cellar${viewport.width}`)
      await page.getByRole('button', { name: 'Make it' }).click()
      await page.getByRole('combobox', { name: 'Add a delegate' }).fill(alice.name)
      await page.getByRole('option', { name: `(${alice.name}, account)` }).click()
      await page.getByLabel(`What ${alice.name} may do`).selectOption('write')
      await expect
        .poll(async () => (await call(root, 'GET', `/delegates/cellar${viewport.width}`)).json.delegates)
        .toMatchObject([{ name: alice.name, mode: 'write' }])
      await page.getByLabel('Place').fill('2nd floor')
      await page.getByLabel('For how many people').fill('12')
      await page.getByLabel('Description').fill('With a projector')
      await picture(page, 'admin-room')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText(`Cellar ${viewport.width} · 2nd floor · 12 people`).waitFor()
      expect((await call(root, 'GET', `/rooms/cellar${viewport.width}`)).json).toMatchObject({
        ...{ place: '2nd floor', capacity: 12, description: 'With a projector' },
      })
      await picture(page, 'admin-rooms')
      await expectGood(tab)
    })

    it('removes an account with a way back, from the message and later, and for good by its name', async () => {
      const root = await administratorOf(server)
      const [name, shown] = [`gone${viewport.width}`, `Gone ${viewport.width}`]
      await call(root, 'POST', '/accounts', { name, displayName: shown })
      const there = async () => (await call(root, 'GET', `/accounts/${name}`)).status
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, root, '/admin')
      const remove = async (): Promise<void> => {
        await page.getByRole('button', { name: `Edit ${shown}` }).click()
        await page.getByRole('button', { name: 'Remove…', exact: true }).click()
        await page.getByRole('button', { name: 'Remove the account' }).click()
        await page.getByText(`${shown} was removed.`).waitFor()
      }
      await remove()
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('button', { name: `Edit ${shown}` }).waitFor()
      expect(await there()).toBe(200)
      await remove()
      await page.getByRole('heading', { name: 'Removed lately' }).waitFor()
      expect(await there()).toBe(404)
      await picture(page, 'admin-removed')
      await expectGood(tab)
      await call(root, 'POST', '/accounts', { name, displayName: 'Another' })
      await page.getByRole('button', { name: `Bring back ${shown}` }).click()
      await page.getByRole('textbox', { name: 'Another name' }).fill(`${name}-too`)
      await picture(page, 'admin-removed-name')
      await expectGood(tab)
      await page.getByRole('dialog').getByRole('button', { name: 'Bring back', exact: true }).click()
      await page.getByText(`${shown} is back.`).waitFor()
      await page.getByRole('heading', { name: 'Removed lately' }).waitFor({ state: 'hidden' })
      await remove()
      await page.getByRole('button', { name: `Remove for good: ${shown}` }).click()
      const forGood = page.getByRole('button', { name: 'Remove for good', exact: true })
      expect(await forGood.isDisabled()).toBe(true)
      await page.getByRole('textbox', { name: `Type “${name}-too”` }).fill(`${name}-too`)
      await picture(page, 'admin-removed-for-good')
      await expectGood(tab)
      await forGood.click()
      await page.getByText(`${shown} is gone for good.`).waitFor()
      expect((await call(root, 'GET', '/removed')).json.items).toEqual([])
    })

    it('is hidden from all others', async () => {
      const bob = await server.account()
      await using tab = await open(server.url, { viewport })
      await signedIn(tab, bob, '/admin')
      await tab.page.getByText('Only administrators see this.').waitFor()
      expect(await tab.page.getByRole('link', { name: 'Admin' }).count()).toBe(0)
      await expectGood(tab)
    })
  })
}

/** Tables that are wider than what is seen of them. */
function overhang(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('main table')]
    .filter((table) => table.getBoundingClientRect().right > innerWidth || table.scrollWidth > table.clientWidth)
    .map((table) => table.textContent)`)
}
