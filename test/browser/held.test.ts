import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { deviceOf } from '../dav/devices.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 }, bursts: { objects: 5, percent: 20, windowMs: 600_000 } })
const open = useChromium()

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`refused edits, ${viewport.width} wide`, () => {
    it('are looked at, applied as a change that was seen, replaced where they do not fit, and discarded, each with a way back', async () => {
      const alice = await server.account()
      const phone = await deviceOf(server, alice, 'apple')
      const path = `${alice.contacts}ann.vcf`
      const first = card('ann', 'Ann Doe', ['TEL:1', 'X-ODD;A=b:kept'])
      const { etag = '' } = (await alice.put(path, first)).headers
      const second = first.replace('TEL:1', 'TEL:1\r\nROLE:Chair')
      await alice.put(path, second)
      await phone.put(path, card('ann', 'Ann Doe', ['TEL:2', 'X-ODD;A=b:kept']), { 'If-Match': etag })
      const text = async () => (await alice.get(path)).text
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/served')
      await page.getByRole('link', { name: '1 edit of your devices was refused' }).click()
      await page.getByRole('link', { name: 'View ann.vcf' }).waitFor()
      await picture(page, 'held-list')
      await expectGood(tab)
      await page.getByRole('link', { name: 'View ann.vcf' }).click()
      await page.getByRole('cell', { name: 'TEL:2' }).waitFor()
      await picture(page, 'held-one')
      await expectGood(tab)
      // What is there is another by now: nothing is overwritten that was not seen.
      const third = second.replace('Chair', 'Owner')
      await alice.put(path, third)
      await page.getByRole('button', { name: 'Apply' }).click()
      await page.getByText('Something else is there now: look at the edit again.').waitFor()
      expect(await text()).toBe(third)
      await page.getByRole('button', { name: 'Apply' }).click()
      await page.getByText('The edit was applied.').waitFor()
      expect(await text()).toBe(third.replace('TEL:1', 'TEL:2'))
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('link', { name: 'View ann.vcf' }).waitFor()
      expect(await text()).toBe(third)
      await page.getByRole('link', { name: 'View ann.vcf' }).click()
      await page.getByRole('button', { name: 'Discard' }).click()
      await page.getByText('The edit was discarded.').waitFor()
      await page.getByRole('button', { name: 'Put back ann.vcf' }).waitFor()
      await picture(page, 'held-settled')
      await expectGood(tab)
      expect((await call(alice, 'GET', '/held')).json.held).toEqual([])
      await page.getByRole('button', { name: 'Put back ann.vcf' }).click()
      await page.getByRole('link', { name: 'View ann.vcf' }).click()
      await page.getByRole('button', { name: 'Discard' }).click()
      await phone.put(path, card('ann', 'Ann Other', ['TEL:3']), { 'If-Match': '"never"' })
      await page.getByRole('link', { name: 'View ann.vcf' }).click({ timeout: 40_000 })
      await page.getByText('It does not fit what is there now').waitFor()
      await picture(page, 'held-conflict')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Replace what is there' }).click()
      await expectGood(tab)
      await page.getByRole('button', { name: 'Replace', exact: true }).click()
      await page.getByText('The edit was applied.').first().waitFor()
      expect(await text()).toContain('TEL:3')
    })
  })
}

describe('a device that deletes much at once', () => {
  it('is told on every page while somebody looks, and all of it is undone by one press (design §5)', async () => {
    const alice = await server.account()
    const paths = Array.from({ length: 12 }, (_, at) => `${alice.contacts}p${at}.vcf`)
    for (const [at, path] of paths.entries()) await alice.put(path, card(`p${at}`, `Ann Doe ${at}`))
    server.clock.now += 3_600_000
    const phone = await deviceOf(server, alice, 'other')
    await using _ = working(server, 'undo-changes')
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor()
    for (const path of paths.slice(0, 8)) await phone.delete(path)
    const notice = page.getByRole('status').filter({ hasText: '“other” changed much at once' })
    await notice.getByText(/In “Contacts”.*Deleted: 8\. Rewritten: 0\./).waitFor()
    await picture(page, 'burst')
    await expectGood(tab)
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto('/calendar')
    await notice.waitFor()
    // A page that fills the window gives way to what is told above it.
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)
    await picture(page, 'burst')
    await expectGood(tab)
    await notice.getByRole('button', { name: 'Undo all of it' }).click()
    await page.getByText('What “other” did in “Contacts” is undone.').waitFor()
    await notice.waitFor({ state: 'detached' })
    for (const path of paths) expect((await alice.get(path)).status).toBe(200)
  })

  it('is undone between two moments from the page of the device, once it was seen what would change', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}ann.vcf`
    const phone = await deviceOf(server, alice, 'other')
    server.clock.now = Date.now()
    await alice.put(path, card('ann', 'Ann Doe'))
    await phone.delete(path)
    await using _ = working(server, 'undo-changes')
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    const [{ id }] = (await call(alice, 'GET', '/devices')).json.devices
    await signedIn(tab, alice, `/account/devices/${id}`)
    const part = page.getByRole('region', { name: 'Undo what it did' })
    await part.getByRole('button', { name: 'See what would change' }).click()
    await part.getByText('Ann Doe (Contacts): brought back').waitFor()
    await part.scrollIntoViewIfNeeded()
    await picture(page, 'undo-device')
    await expectGood(tab)
    await part.getByRole('button', { name: 'Undo this' }).click()
    await page.getByText('What “other” did is undone.').waitFor()
    expect((await alice.get(path)).status).toBe(200)
  })
})
