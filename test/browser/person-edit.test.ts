import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane, janesLines } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const viewport = { width: 1280, height: 800 }

async function octetsOf(alice: Account): Promise<string> {
  return (await alice.get(`${alice.contacts}jane.vcf`)).text
}

/** The lines of a card, folded ones whole, but for those that every edit writes anew. */
function linesOf(text: string): string[] {
  const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n')
  return lines.filter((line) => !/^(?:REV|PRODID)[:;]/.test(line))
}

describe('a card, edited in place', () => {
  it('keeps every other line as it is, by the keyboard alone', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    const before = linesOf(await octetsOf(alice))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: 'Edit work +49 30 998877' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Phone' }).waitFor()
    await picture(page, 'person-editor')
    await expectGood(tab)
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('+49 30 112233')
    await page.keyboard.press('Enter')
    await page.getByText('Saved').waitFor()
    await page.getByRole('link', { name: '+49 30 112233' }).waitFor()
    const after = linesOf(await octetsOf(alice))
    const wanted = before.map((line) => line.replace('+49 30 998877', '+49 30 112233'))
    expect(after).toEqual(wanted)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: '+49 30 998877' }).waitFor()
    expect(linesOf(await octetsOf(alice))).toEqual(before)
    // A new value with an own label, and one that is taken away.
    await page.getByRole('button', { name: 'Add', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'Mail' }).click()
    await page.getByRole('textbox', { name: 'Mail' }).fill('jane@boat.example')
    await page.getByRole('combobox', { name: 'Label' }).fill('On board')
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Mail' }).press('Enter')
    await page.getByText('On board').waitFor()
    await page.getByRole('button', { name: 'Edit Boat +49 40 5555' }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Boat', { exact: true }).waitFor({ state: 'hidden' })
    await expect.poll(() => octetsOf(alice)).not.toContain('+49 40 5555')
    const text = await octetsOf(alice)
    expect(text).toContain('jane@boat.example')
    expect(text).toContain('X-ABLabel:On board')
    expect(text).toContain('X-ODD-THING;X-P=1:keep me')
    expect(tab.faults).toEqual([])
  })

  it('shows both where a phone changed the same value meanwhile, and takes up what it changed elsewhere', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    const put = (lines: readonly string[]) =>
      alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe', lines))
    await page.getByRole('button', { name: 'Edit work +49 30 998877' }).click()
    await page.getByRole('textbox', { name: 'Phone' }).fill('+49 30 111')
    const phone = janesLines.map((line) =>
      line.replace('+49 30 998877', '+49 30 222').replace('Likes green tea', 'Likes coffee'),
    )
    await put(phone)
    await page.getByText('Likes coffee').waitFor()
    // What was written stands there still.
    expect(await page.getByRole('textbox', { name: 'Phone' }).inputValue()).toBe('+49 30 111')
    await page.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await dialog.getByText('+49 30 111').waitFor()
    await dialog.getByText('+49 30 222').waitFor()
    expect(await octetsOf(alice)).toContain('+49 30 222')
    await picture(page, 'person-conflict')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Keep yours' }).click()
    await page.getByRole('link', { name: '+49 30 111' }).waitFor()
    await expect.poll(() => octetsOf(alice)).toContain('+49 30 111')
    expect(await octetsOf(alice)).not.toContain('+49 30 222')
    expect(await octetsOf(alice)).toContain('Likes coffee')
    // Another line: both hold, and nobody is asked.
    await page.getByRole('button', { name: 'Edit mobile +49 171 1234567' }).click()
    await page.getByRole('textbox', { name: 'Phone' }).fill('+49 171 999')
    const text = await octetsOf(alice)
    await alice.put(`${alice.contacts}jane.vcf`, text.replace('Likes coffee', 'Likes cocoa'))
    await page.getByText('Likes cocoa').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => octetsOf(alice)).toContain('+49 171 999')
    expect(await octetsOf(alice)).toContain('Likes cocoa')
    expect(tab.faults).toEqual([])
  })

  it('takes a name, labels, roles and a photo that is cropped', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await choose('Edit name')
    await page.getByRole('textbox', { name: 'Family name', exact: true }).fill('Roe')
    await picture(page, 'person-name')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Jane Roe' }).waitFor()
    await choose('Labels, roles')
    await page.getByRole('combobox', { name: 'Labels' }).fill('Sailing')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Roles' }).fill('customer')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await picture(page, 'person-labels')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('list', { name: 'Roles and labels' }).getByText('customer').waitFor()
    await page.getByRole('list', { name: 'Roles and labels' }).getByText('Sailing').waitFor()
    await choose('Photo')
    const half = await sharp({ create: { width: 400, height: 400, channels: 3, background: 'red' } })
      .extend({ right: 400, background: 'blue' })
      .png()
      .toBuffer()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose a picture' }).click()
    await (await chooser).setFiles({ name: 'jane.png', mimeType: 'image/png', buffer: half })
    const square = page.getByRole('img', { name: 'Part of the picture' })
    for (let n = 0; n < 20; n += 1) await square.press('ArrowRight')
    await picture(page, 'person-photo')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').last().waitFor()
    await expect.poll(() => octetsOf(alice)).toContain('TYPE=JPEG')
    const photo = linesOf(await octetsOf(alice)).find((line) => line.startsWith('PHOTO')) ?? ''
    const { dominant } = await sharp(Buffer.from(photo.slice(photo.indexOf(':') + 1), 'base64')).stats()
    expect(dominant.r).toBeGreaterThan(200)
    expect(dominant.b).toBeLessThan(60)
    await choose('QR')
    await page.getByRole('img', { name: 'QR code of Jane Roe' }).waitFor()
    await picture(page, 'person-qr')
    await expectGood(tab)
  })
})

describe('a company, edited in place', () => {
  it('shows what a phone makes of it meanwhile, and keeps every line that the page does not know', async () => {
    const alice = await server.account()
    const { company } = await jane(alice)
    const path = `${alice.contacts}millner.vcf`
    const textNow = async (): Promise<string> => (await alice.get(path)).text
    const odd = ['X-ODD-THING;X-P=1:keep me', 'item9.X-NOBODY-KNOWS:this', 'item9.X-ABLabel:it']
    const lines = ['ORG:Millner & Söhne', 'X-ABShowAs:COMPANY', 'TEL;TYPE=WORK:+49 30 998800', ...odd]
    await alice.put(path, card('millner', 'Millner & Söhne', lines))
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${company}`)
    await page.getByRole('link', { name: '+49 30 998800' }).waitFor()
    await alice.put(path, (await textNow()).replace('+49 30 998800', '+49 30 998811'))
    await page.getByRole('link', { name: '+49 30 998811' }).waitFor()
    const before = linesOf(await textNow())
    await page.getByRole('button', { name: 'Edit work +49 30 998811' }).click()
    await page.getByRole('textbox', { name: 'Phone' }).fill('+49 30 998822')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: '+49 30 998822' }).waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit name' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit name' })
    await dialog.getByRole('textbox', { name: 'Shown as' }).fill('Millner & Töchter')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Millner & Töchter' }).waitFor()
    const known = /^(?:FN|N|ORG|TEL)[;:]/
    const after = linesOf(await textNow())
    expect(after.filter((line) => !known.test(line))).toEqual(before.filter((line) => !known.test(line)))
    for (const line of ['ORG:Millner & Töchter', 'TEL;TYPE=WORK:+49 30 998822', ...odd])
      expect(after).toContain(line)
    expect(tab.faults).toEqual([])
  })
})
