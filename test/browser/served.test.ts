import { describe, it } from 'vitest'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { idOf } from '../features/history/world.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** A phone, and what it is asked with. */
async function phoneOf(account: Account) {
  const { json } = await call(account, 'POST', '/devices', { label: 'Pixel 9', kind: 'davx5' })
  return createClient(server.url, { name: account.name, password: json.password })
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`why is it not on my phone, ${viewport.width} wide`, () => {
    it('tells of a contact and an event what each device has of it, and of what was refused', async () => {
      const alice = await server.account()
      const phone = await phoneOf(alice)
      const path = `${alice.contacts}a.vcf`
      const first = await alice.put(path, card('a', 'Jane Doe'))
      await alice.put(`${alice.calendar}e.ics`, event('e'))
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/served')
      await page.getByLabel('Find a contact or an event').fill('Jane')
      await page.getByRole('link', { name: 'Jane Doe' }).click()
      await page.getByText('It has never signed in.').waitFor()
      await phone.sync(alice.contacts, (await phone.sync(alice.contacts, '')).syncToken ?? '')
      await page.reload()
      await page.getByText('Has it as it is now').waitFor({ timeout: 20_000 })
      await expectGood(tab)
      await alice.put(path, card('a', 'Jane Roe'))
      await phone.put(path, card('a', 'Mine'), { 'If-Match': first.headers.etag ?? '' })
      await page.reload()
      await page.getByText('Has an older version').waitFor()
      await page.getByText('it sent a change that was refused: somebody else had changed it').waitFor()
      await picture(page, 'served-older')
      await expectGood(tab)
      await page.getByRole('link', { name: 'Look for something else' }).click()
      await page.getByLabel('Find a contact or an event').fill('Event e')
      await page.getByRole('link', { name: 'Event e' }).click()
      await page.getByText('but has never asked what is new in').waitFor()
      await picture(page, 'served-never')
      await expectGood(tab)
      await page.goto('/contacts')
      await page.getByText('Jane Roe').first().click()
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Is it on my devices?' }).click()
      await page.getByText('Has an older version').waitFor()
    })

    it('tells who runs the place the same of anybody, by its number and without what it says', async () => {
      const [alice, root] = [await server.account(), await administratorOf(server)]
      const phone = await phoneOf(alice)
      const path = `${alice.contacts}a.vcf`
      await alice.put(path, card('a', 'Jane Doe'))
      await phone.sync(alice.contacts, (await phone.sync(alice.contacts, '')).syncToken ?? '')
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, root, '/admin/devices')
      await page.getByLabel('User name').fill(alice.name)
      await page.getByRole('row', { name: alice.name }).getByRole('link', { name: 'Pixel 9' }).click()
      await page.getByRole('cell', { name: /Has everything\s*Last token: (\d+) of \1$/ }).waitFor()
      await page.getByLabel('Number, UID or file name').fill(String(await idOf(server, path)))
      await page.getByRole('button', { name: 'Look it up' }).click()
      await page.getByText('Has it as it is now').waitFor()
      await picture(page, 'admin-device')
      await expectGood(tab)
    })
  })
}
