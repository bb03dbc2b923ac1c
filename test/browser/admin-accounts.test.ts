import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { useShares } from '../features/shares.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

/** Opens the form of somebody in the administration. */
async function edit(page: Page, name: string): Promise<void> {
  await page.getByLabel('Find').fill(name)
  await page.getByRole('button', { name: `Edit ${name}`, exact: true }).click()
  await page.getByLabel('Quota in GB').waitFor()
}

describe('a link for a new password', () => {
  it('lets whoever has it in anew, once, and everybody else out', async () => {
    const [root, alice] = [await administratorOf(server), await server.account()]
    await using old = await open(server.url, { viewport: phone })
    await signedIn(old, alice, '/tasks')
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, root, '/admin')
    await edit(page, alice.name)
    await page.getByRole('button', { name: 'Link for a new password' }).click()
    const url = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
    expect((await call(alice, 'GET', '/account')).status).toBe(200)
    await using fresh = await open(server.url, { viewport: phone })
    await fresh.page.goto(url)
    expect(await fresh.page.getByLabel('User name').inputValue()).toBe(alice.name)
    await fresh.page.getByLabel('Password', { exact: true }).fill('zebra crossing')
    await expectGood(fresh)
    await fresh.page.getByRole('button', { name: 'Set password' }).click()
    await fresh.page.getByRole('navigation', { name: 'Main navigation' }).waitFor({ state: 'attached' })
    // Who was in by the old one is out, and told so where he is.
    await old.page.getByRole('link', { name: 'Calendar' }).first().click()
    await old.page.getByLabel('User name').waitFor()
    expect((await call(alice, 'GET', '/account')).status).toBe(401)
    await using again = await open(server.url, { viewport: phone })
    await again.page.goto(url)
    await again.page.getByLabel('Password', { exact: true }).fill('yellow submarine')
    await again.page.getByRole('button', { name: 'Set password' }).click()
    await again.page.getByRole('alert').waitFor()
    const renewed = createClient(server.url, { name: alice.name, password: 'zebra crossing' })
    expect((await call(renewed, 'GET', '/account')).status).toBe(200)
  })
})

describe('a quota', () => {
  it('is set, refuses what is too much in a plain sentence, and is told with what is kept', async () => {
    const [root, alice] = [await administratorOf(server), await server.account()]
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe', [`NOTE:${'x'.repeat(4_000)}`]))
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, root, '/admin')
    await edit(page, alice.name)
    await page.getByLabel('Quota in GB').fill('0.01')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.getByRole('tab', { name: 'Server' }).click()
    const row = page.getByRole('row').filter({ has: page.getByText(alice.name, { exact: true }) })
    await row.getByText('10 MB').waitFor()
    await row.getByText(/^4\.\d kB$/).waitFor()

    await using own = await open(server.url, { viewport: phone })
    await signedIn(own, alice, '/files')
    const film = { name: 'film.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(12_000_000) }
    await own.page.locator('input[type=file]').setInputFiles(film)
    const sent = own.page.getByRole('status', { name: 'Uploads' })
    await sent.getByText('The account has room for 10 MB.').waitFor()
    await picture(own.page, 'quota-upload')
    expect((await alice.get(`${alice.files}film.bin`)).status).toBe(404)
    await own.page.goto('/account/settings')
    await own.page.getByText(/^4\.\d kB of 10 MB are used\.$/).waitFor()
    await picture(own.page, 'quota-own')
    await call(root, 'PATCH', `/accounts/${alice.name}`, { limitBytes: 4_000 })
    await own.page.goto('/contacts')
    await own.page.getByRole('link', { name: 'Jane Doe' }).waitFor()
    await own.page.keyboard.press('n')
    const dialog = own.page.getByRole('dialog', { name: 'New person or company' })
    await dialog.getByRole('textbox', { name: 'First name' }).fill('Ruth')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await own.page.getByText(/^The account may keep 4 kB and keeps 4\.\d kB\.$/).waitFor()
    await picture(own.page, 'quota-card')
    // What was written is not lost, and goes through once there is room.
    expect(await dialog.getByRole('textbox', { name: 'First name' }).inputValue()).toBe('Ruth')
    expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(1)
    await call(root, 'PATCH', `/accounts/${alice.name}`, { limitBytes: null })
    await dialog.getByRole('button', { name: 'Create' }).click()
    await own.page.getByRole('heading', { name: 'Ruth' }).waitFor()
    // What was refused the browser says by itself, once each.
    expect(own.faults).toEqual(Array(2).fill(expect.stringContaining('status of 507')))
  })
})

describe('an account that two edit at once', () => {
  it('is not written over: both are shown, and one is chosen', async () => {
    const [root, other, alice] = [
      await administratorOf(server),
      await administratorOf(server),
      await server.account(),
    ]
    await using first = await open(server.url, { viewport: desk })
    await using second = await open(server.url, { viewport: phone })
    for (const [tab, who] of [
      [first, root],
      [second, other],
    ] as const) {
      await signedIn(tab, who, '/admin')
      await edit(tab.page, alice.name)
    }
    await first.page.getByLabel('Quota in GB').fill('3')
    await first.page.getByLabel('Name', { exact: true }).fill('Alice Adams')
    await second.page.getByLabel('Name', { exact: true }).fill('Alice Brown')
    await first.page.getByRole('button', { name: 'Save' }).click()
    await first.page.getByText('Saved.').waitFor()
    await second.page.getByRole('button', { name: 'Save' }).click()
    const conflict = second.page.getByRole('dialog', { name: 'Changed meanwhile' })
    await conflict.getByRole('row', { name: 'Name Alice Brown Alice Adams' }).waitFor()
    await picture(second.page, 'admin-account-conflict')
    await expectGood(second)
    const account = async () => (await call(root, 'GET', `/accounts/${alice.name}`)).json
    expect(await account()).toMatchObject({ displayName: 'Alice Adams' })
    await conflict.getByRole('button', { name: 'Keep yours' }).click()
    // What only the other one changed stays.
    await expect.poll(account).toMatchObject({ displayName: 'Alice Brown', limitBytes: 3_000_000_000 })
  })
})

describe('an account that shares', () => {
  it('is removed, and what it shares goes to whom is named, until it is back', async () => {
    const [root, alice, bob] = [await administratorOf(server), await server.account(), await server.account()]
    const { share, accept } = useShares(server)
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    await share(alice.calendar, bob, 'read')
    await accept(bob)
    const given = `${bob.calendars}calendar-${alice.segment}/e.ics`
    await using tab = await open(server.url, { viewport: phone })
    const { page } = tab
    await signedIn(tab, root, '/admin')
    await edit(page, alice.name)
    await page.getByRole('button', { name: 'Remove…', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: `Remove ${alice.name}?` })
    await dialog.getByLabel('Give what is shared to').fill('nobody-at-all')
    await dialog.getByRole('button', { name: 'Remove the account' }).click()
    await page.getByText(/nobody-at-all/).waitFor()
    await picture(page, 'admin-no-heir')
    expect((await call(root, 'GET', `/accounts/${alice.name}`)).status).toBe(200)
    await dialog.getByLabel('Give what is shared to').fill(bob.name)
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Remove the account' }).click()
    await page.getByText(`${alice.name} was removed.`).waitFor()
    expect((await call(alice, 'GET', '/account')).status).toBe(401)
    expect((await bob.get(given)).text).toContain('UID:e')
    expect((await bob.put(given, event('e', ['LOCATION:Here']))).status).toBe(204)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: `Edit ${alice.name}`, exact: true }).waitFor()
    expect((await alice.get(`${alice.calendar}e.ics`)).text).toContain('LOCATION:Here')
    expect((await bob.put(given, event('e'))).status).not.toBe(204)
  })
})
