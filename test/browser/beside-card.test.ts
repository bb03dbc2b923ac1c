import { beforeAll, describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
// The browser's clock is the real one.
beforeAll(() => {
  server.clock.now = Date.now()
})

describe('consents', () => {
  it('are granted and withdrawn, the stricter counts, and what was said before is shown', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    const section = page.getByRole('region', { name: 'Consents' })
    await section.getByText('Nothing is known').waitFor()
    await section.getByRole('button', { name: 'Add' }).click()
    await section.getByRole('textbox', { name: 'For' }).fill('newsletter')
    await section.getByRole('textbox', { name: 'From' }).fill('fair in May')
    await section.scrollIntoViewIfNeeded()
    await picture(page, 'consent-new')
    await expectGood(tab)
    await section.getByRole('button', { name: 'Save' }).click()
    await section.getByText('newsletter').waitFor()
    const path = `/parties/${id}/consents`
    const itemsOf = async () => (await call(alice, 'GET', path)).json.items
    expect(await itemsOf()).toEqual([
      expect.objectContaining({
        channel: 'mail',
        purpose: 'newsletter',
        state: 'given',
        source: 'fair in May',
      }),
    ])
    await section.getByRole('button', { name: 'Withdraw: Mail · newsletter' }).click()
    await section.getByText('withdrawn', { exact: true }).waitFor()
    await expect.poll(async () => (await itemsOf())[0].state).toBe('withdrawn')
    await section.getByRole('button', { name: 'Agreed now: Mail · newsletter' }).click()
    await expect.poll(async () => (await itemsOf())[0].state).toBe('given')
    await call(alice, 'POST', path, { channel: 'any', purpose: 'any', state: 'refused' })
    await section.getByText('Does not count: Every way · everything is refused.').waitFor()
    await section.getByRole('button', { name: 'What was said before' }).click()
    await section.getByText(/Mail · newsletter: withdrawn/).waitFor()
    await section.scrollIntoViewIfNeeded()
    await picture(page, 'consents')
    await expectGood(tab)
    await page.setViewportSize(phone)
    await section.scrollIntoViewIfNeeded()
    await picture(page, 'consents')
    await expectGood(tab)
  })
})

describe('somebody is erased', () => {
  it('after it was asked for by name, and the proof is handed over', async () => {
    const alice = await administratorOf(server)
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: phone })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    const href = await page.getByRole('menuitem', { name: 'Export everything' }).getAttribute('href')
    expect(href).toBe(`/api/parties/${id}/export`)
    await page.getByRole('menuitem', { name: 'Erase for good' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('This cannot be undone.').waitFor()
    const act = dialog.getByRole('button', { name: 'Erase for good' })
    expect(await act.isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Write “Jane Doe”' }).fill('Jane Doe')
    await picture(page, 'erase')
    await expectGood(tab)
    await act.click()
    const proof = page.getByRole('link', { name: 'Download the proof' })
    await proof.waitFor()
    await picture(page, 'erased')
    await expectGood(tab)
    const told = decodeURIComponent(((await proof.getAttribute('href')) ?? '').split(',').slice(1).join(','))
    expect(JSON.parse(told)).toMatchObject({ reason: 'request', isGenuine: true })
    expect(told).not.toContain('Jane')
    await page.reload()
    await proof.waitFor()
    await page.getByRole('link', { name: 'To the contacts' }).click()
    await page.getByText('Millner & Söhne').first().waitFor()
    expect((await call(alice, 'GET', `/parties/${id}`)).status).toBe(404)
    expect((await alice.get(`${alice.contacts}jane.vcf`)).status).toBe(404)
  })
})

describe('keeping in touch', () => {
  it('is set for somebody, comes due, and is settled by a contact', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await alice.put(`${alice.contacts}bob.vcf`, card('bob', 'Bob Stone'))
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, '/keep-in-touch')
    await page.getByText('There is nobody here yet.').waitFor()
    await picture(page, 'touch-none')
    await expectGood(tab)
    await page.goto(`/contacts/${id}`)
    const section = page.getByRole('region', { name: 'Keep in touch' })
    await section.getByRole('button', { name: 'Remind me' }).click()
    await page.getByRole('menuitem', { name: 'every 3 months' }).click()
    await section.getByText('every 3 months').waitFor()
    await section.getByText(/Last contact/).waitFor()
    expect((await call(alice, 'GET', `/parties/${id}/cadence`)).json).toMatchObject({
      everyDays: 91,
      isDue: false,
    })
    await section.getByRole('button', { name: 'Change' }).click()
    await page.getByRole('menuitem', { name: 'Other' }).click()
    const dialog = page.getByRole('dialog', { name: 'Keep in touch' })
    await dialog.getByRole('textbox', { name: 'Every' }).fill('3')
    await dialog.getByText('weeks').click()
    await picture(page, 'touch-own')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await section.getByText('every 3 weeks').waitFor()
    const { items } = (await call(alice, 'GET', '/parties')).json
    const bob = items.find(({ name }: { name: string }) => name === 'Bob Stone').id
    await call(alice, 'PUT', `/parties/${bob}/cadence`, { everyDays: 7 })
    await server.services.store.write(({ sql, now }) =>
      sql.run('UPDATE cadences SET began_at = $1 WHERE party_id = $2', [now - 30 * 86_400_000, bob]),
    )
    await page.goto('/keep-in-touch')
    await page.getByRole('region', { name: 'Due' }).getByRole('link', { name: 'Bob Stone' }).waitFor()
    await page.getByRole('region', { name: 'Later' }).getByRole('link', { name: 'Jane Doe' }).waitFor()
    for (const viewport of [desk, phone]) {
      await page.setViewportSize(viewport)
      await picture(page, 'touch')
      await expectGood(tab)
    }
    await page.getByRole('button', { name: 'We talked: Bob Stone' }).click()
    await page.getByText('Nobody is due.').waitFor()
    expect((await call(alice, 'GET', `/parties/${bob}/cadence`)).json.isDue).toBe(false)
    await page.goto(`/contacts/${bob}`)
    await section.getByRole('button', { name: 'Change' }).click()
    await page.getByRole('menuitem', { name: 'Off' }).click()
    await section.getByRole('button', { name: 'Remind me' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await section.getByText('every week').waitFor()
  })
})
