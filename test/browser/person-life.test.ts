import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { dropFiles } from './drop.ts'
import { jane, janesLines } from './jane.ts'
import { readCode } from './qr.ts'

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
      await page
        .getByRole('button', { name: /^Bring back: / })
        .first()
        .waitFor()
      await picture(page, 'person-history')
      await expectGood(tab)
      await page
        .getByRole('button', { name: /^Bring back: / })
        .first()
        .click()
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

describe('what is entered quickly', () => {
  it('a call, a visit, a contact and a task, stands in the timeline, and the task where phones have it', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    const card = (await alice.get(`${alice.contacts}jane.vcf`)).text
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: 'UTC' })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}?tab=timeline`)
    const form = page.getByRole('form', { name: 'Write something down' })
    const begin = async (kind: string): Promise<void> => {
      await form.getByRole('radiogroup', { name: 'What it is' }).getByText(kind, { exact: true }).click()
    }
    const listed = (text: string) => page.getByRole('listitem').filter({ hasText: text })
    const write = form.getByRole('button', { name: 'Write down' })
    await begin('Call')
    await form.getByText('incoming').click()
    await form.getByRole('textbox', { name: 'Text' }).fill('Asked about the boat')
    await form.getByLabel('Minutes').fill('7')
    await form.getByLabel('Outcome').fill('Calls again on Monday')
    await picture(page, 'entry-call')
    await expectGood(tab)
    await write.click()
    await page.getByText('Call written down').waitFor()
    await listed('Asked about the boat').getByText('incoming · 7 minutes · Calls again on Monday').waitFor()
    await begin('Visit')
    await form.getByLabel('Minutes').fill('90')
    await write.click()
    await page.getByText('Visit written down').waitFor()
    await listed('Visit').getByText('90 minutes').waitFor()
    await begin('Contact')
    await write.click()
    await page.getByText('Contact written down').waitFor()
    await begin('Task')
    expect(await write.isDisabled()).toBe(true)
    await form.getByRole('textbox', { name: 'What is to be done?' }).fill('Send the drawings')
    await form.getByLabel('Due').fill('2099-11-28')
    await picture(page, 'entry-task')
    await expectGood(tab)
    await write.click()
    await page.getByText('Task made').waitFor()
    await listed('Send the drawings').first().waitFor()
    const { items } = (await call(alice, 'GET', `/parties/${id}/timeline?sources=activities`)).json
    expect(items.slice(0, 3)).toMatchObject([
      { kind: 'touch' },
      { kind: 'visit', data: { minutes: 90 } },
      { kind: 'call', data: { direction: 'in', minutes: 7, outcome: 'Calls again on Monday' } },
    ])
    // None of it is a change of her card: phones have nothing to fetch but the task.
    expect((await alice.get(`${alice.contacts}jane.vcf`)).text).toBe(card)
    const [task = ''] = (await alice.syncAll(alice.tasks, '')).changed
    expect((await alice.get(task)).text).toMatch(/SUMMARY:Send the drawings\r\n/)
    expect((await alice.get(task)).text).toMatch(/DUE;VALUE=DATE:20991128\r\n/)
    await page.goto('/tasks')
    const later = page.getByRole('region', { name: 'Later' })
    await later.getByText('28 Nov 2099').waitFor()
    await page.getByRole('checkbox', { name: 'Send the drawings' }).click()
    await page.getByText('Send the drawings is done.').waitFor()
    await page.goto(`/contacts/${id}?tab=timeline`)
    await listed('Send the drawings').first().waitFor()
    await picture(page, 'timeline-entries')
    expect(tab.faults).toEqual([])
  })
})

describe('documents that are dragged', () => {
  it('onto a person are hers, and shown: a text, a picture and a PDF', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}?tab=documents`)
    const documents = page.getByRole('region', { name: 'Documents' })
    const photo = await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 64 } })
    await dropFiles(page, documents, {
      'plan.txt': 'a plan',
      'photo.png': photo,
      'offer.pdf': await page.pdf({ format: 'A5' }),
    })
    const shown = (name: string) => page.getByRole('dialog', { name })
    const look = (name: string) => documents.getByRole('button', { name, exact: true }).click()
    await look('offer.pdf')
    await shown('offer.pdf').locator('iframe[title="offer.pdf"]').waitFor()
    await expect.poll(() => page.frames().some((one) => one.url().includes('/content?of='))).toBe(true)
    await page.keyboard.press('Escape')
    await look('photo.png')
    const width = `document.querySelector('[role=dialog] img').naturalWidth`
    await expect.poll(() => page.evaluate(width)).toBe(64)
    await picture(page, 'documents-photo')
    await expectGood(tab)
    await page.keyboard.press('Escape')
    await look('plan.txt')
    await shown('plan.txt').getByText('a plan').waitFor()
    await page.keyboard.press('Escape')
    await documents
      .getByRole('button', { name: /plan\.txt/ })
      .last()
      .click()
    await expect.poll(() => documents.getByText('plan.txt').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await documents.getByText('plan.txt').waitFor()
    expect(tab.faults).toEqual([])
  })
})

describe('a card that is handed over', () => {
  it('is a picture that cameras read, and a file, each with what it says', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Show as QR code' }).click()
    const wanted = /^(?:[\w-]+\.)?(?:BEGIN|VERSION|FN|N|ORG|TITLE|TEL|EMAIL|ADR|URL|BDAY|END)[;:]/
    const path = `${alice.contacts}jane.vcf`
    const card = (await alice.get(path)).text
    const told = card.split('\r\n').filter((line) => wanted.test(line))
    expect(told.length).toBeGreaterThan(12)
    expect(told).toContain('ORG:Millner & Söhne;Research')
    const code = page.getByRole('img', { name: /Jane Doe/ })
    expect(await readCode(code)).toBe(told.join('\r\n'))
    await page.keyboard.press('Escape')
    await code.waitFor({ state: 'detached' })
    // As much as is ever told is read in the dark, too.
    const numbers = Array.from({ length: 60 }, (_, n) => `TEL;TYPE=HOME:+49 30 ${5_000_000 + n}`)
    await alice.put(path, card.replace('END:VCARD', `${numbers.join('\r\n')}\r\nEND:VCARD`))
    await page.getByText('+49 30 5000059').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Show as QR code' }).click()
    const read = await readCode(code)
    expect(Buffer.byteLength(read)).toBeGreaterThan(1_150)
    expect(read).toMatch(/^BEGIN:VCARD\r\nVERSION:3\.0\r\n[\s\S]+\r\nEND:VCARD$/)
    expect(read).toContain('ORG:Millner & Söhne;Research')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More actions' }).click()
    const loading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Download as vCard' }).click()
    const download = await loading
    expect(download.suggestedFilename()).toBe('Jane Doe.vcf')
    expect(readFileSync(await download.path(), 'utf8')).toBe((await alice.get(path)).text)
    expect(tab.faults).toEqual([])
  })
})

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
