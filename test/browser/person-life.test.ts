import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane, janesLines } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`what happens with a person, ${viewport.width} wide`, () => {
    it('is written down, has documents, and is undone from its history and from the toast', async () => {
      const alice = await server.account()
      const { id } = await jane(alice)
      const changed = janesLines.map((line) => line.replace('+49 30 998877', '+49 30 222'))
      await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe', changed))
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, `/contacts/${id}?tab=timeline`)
      await page
        .getByRole('textbox', { name: 'Text' })
        .fill('Will send **plans** <b>soon</b>\n\n- one\n- two')
      await picture(page, 'person-entry')
      await expectGood(tab)
      await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
      await page.getByRole('listitem').getByText('Will send plans <b>soon</b>').first().waitFor()
      const [note] = (await call(alice, 'GET', `/parties/${id}/timeline?sources=activities`)).json.items
      expect(note.data.html).toBe(
        '<p>Will send <b>plans</b> &lt;b&gt;soon&lt;/b&gt;</p><ul><li>one</li><li>two</li></ul>',
      )
      await page.getByRole('tab', { name: 'Documents' }).click()
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Add files' }).click()
      await (await chooser).setFiles({
        name: 'plan.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('a plan'),
      })
      await page.getByRole('button', { name: 'plan.txt', exact: true }).click()
      const shown = page.getByRole('dialog', { name: 'plan.txt' })
      await shown.getByText('a plan').waitFor()
      await expectGood(tab)
      await shown.getByRole('button', { name: 'Close' }).click()
      await picture(page, 'person-documents')
      await expectGood(tab)
      await page.getByRole('tab', { name: 'History' }).click()
      await page.getByRole('button', { name: 'Compare' }).last().click()
      await page.getByRole('button', { name: 'Bring back', exact: true }).first().waitFor()
      await picture(page, 'person-history')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Bring back', exact: true }).first().click()
      await expect
        .poll(async () => (await alice.get(`${alice.contacts}jane.vcf`)).text)
        .toContain('TEL;TYPE=WORK:+49 30 998877')
      await page.getByRole('link', { name: 'Meet' }).click()
      await page.getByRole('dialog', { name: 'New event' }).waitFor()
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Meeting with Jane Doe').first().waitFor()
      await expect
        .poll(async () => (await call(alice, 'GET', `/parties/${id}/upcoming`)).text)
        .toContain('Meeting with Jane Doe')
      await page.goBack()
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await page.getByText('Jane Doe deleted').waitFor()
      expect((await alice.get(`${alice.contacts}jane.vcf`)).status).toBe(404)
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await page.getByRole('heading', { name: 'Jane Doe' }).waitFor()
      expect((await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('X-ODD-THING;X-P=1:keep me')
      expect(tab.faults).toEqual([])
    })
  })
}

describe('the last change of a card', () => {
  it('is taken back where it is listed, and an older state is brought back', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    const textNow = async (): Promise<string> => (await alice.get(`${alice.contacts}jane.vcf`)).text
    const before = await textNow()
    await alice.put(`${alice.contacts}jane.vcf`, before.replace('Likes green tea.', 'Likes coffee.'))
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}?tab=history`)
    const changes = page.getByRole('listitem').filter({ hasText: 'note changed' })
    await picture(page, 'person-history-last')
    await changes.getByRole('button', { name: 'Take back' }).click()
    await expect.poll(textNow, { timeout: 15_000 }).toBe(before)
    await changes.getByRole('button', { name: 'Bring back this state' }).waitFor()
    await picture(page, 'person-history-older')
    await expectGood(tab)
    await changes.getByRole('button', { name: 'Bring back this state' }).click()
    await expect.poll(textNow, { timeout: 15_000 }).toContain('NOTE:Likes coffee.')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(textNow, { timeout: 15_000 }).toBe(before)
  })

  it('is taken back, and whoever deletes the card at once is not told that somebody else changed it', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    const path = `${alice.contacts}jane.vcf`
    const before = (await alice.get(path)).text
    await alice.put(path, before.replace('Likes green tea.', 'Likes coffee.'))
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}?tab=history`)
    const change = page.getByRole('listitem').filter({ hasText: 'note changed' })
    await change.getByRole('button', { name: 'Take back' }).waitFor()
    // What was changed is not read again before it is deleted.
    let letRead = (): void => undefined
    const isDeleted = new Promise<void>((done) => {
      letRead = done
    })
    await page.route(/\/api\/cards\/\d+$/, async (route) => {
      if (route.request().method() === 'GET') await isDeleted
      await route.continue()
    })
    await change.getByRole('button', { name: 'Take back' }).click()
    await expect.poll(async () => (await alice.get(path)).text, { timeout: 15_000 }).toBe(before)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Jane Doe deleted').waitFor()
    expect((await alice.get(path)).status).toBe(404)
    letRead()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    expect(tab.faults).toEqual([])
  })
})
