import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane, janesLines } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

async function define(alice: Account, label: string, type: string, options = {}): Promise<string> {
  const made = await call(alice, 'POST', '/fields', { label, type, options })
  expect(made.text).toContain('"key"')
  return made.json.key as string
}

const sizes = [
  { key: 's', label: 'Small', color: '#2f9e44' },
  { key: 'l', label: 'Large', color: '#e8590c' },
]

describe('the own fields of somebody', () => {
  it('take a value of each type, shown as the language writes it, and give the focus back', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await alice.put(`${alice.contacts}bob.vcf`, card('bob', 'Bob Stone'))
    const keyOf = {
      text: await define(alice, 'Hobby', 'text'),
      number: await define(alice, 'Employees', 'number', { decimals: 0 }),
      money: await define(alice, 'Turnover', 'money', { currency: 'GBP' }),
      date: await define(alice, 'Renewal', 'date'),
      choice: await define(alice, 'Size', 'choice', { choices: sizes }),
      many: await define(alice, 'Interests', 'multi-choice', { choices: sizes }),
      yesNo: await define(alice, 'Newsletter', 'yes-no'),
      link: await define(alice, 'Wiki', 'link'),
      phone: await define(alice, 'Night bell', 'phone'),
      mail: await define(alice, 'Invoices', 'mail'),
      address: await define(alice, 'Warehouse', 'address'),
      person: await define(alice, 'Adviser', 'person'),
      file: await define(alice, 'Contract', 'file'),
    }
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    const section = page.getByRole('region', { name: 'Own fields' })
    const begin = async (label: string): Promise<void> => {
      const offered = section.getByRole('button', { name: label, exact: true })
      if ((await offered.count()) === 0) {
        await section.getByRole('button', { name: 'more' }).click()
        await page.getByRole('menuitem', { name: label, exact: true }).click()
      } else await offered.click()
      await section.getByRole('form', { name: label }).waitFor()
    }
    const saved = async (label: string): Promise<void> => {
      const button = section.getByRole('button', { name: `Edit ${label}`, exact: true })
      await button.and(page.locator(':focus')).waitFor()
    }
    const write = async (label: string, text: string): Promise<void> => {
      await begin(label)
      await section.getByRole('textbox', { name: label, exact: true }).fill(text)
      await page.keyboard.press('Control+Enter')
      await saved(label)
    }
    await section.waitFor()
    await picture(page, 'fields-empty')
    await write('Hobby', 'Sails, and mends what breaks')
    await write('Employees', '12500')
    await write('Turnover', '1200.5')
    await begin('Renewal')
    await section.getByRole('textbox', { name: 'Day' }).fill('3')
    await section.getByLabel('Month').selectOption('2')
    await section.getByLabel('Year').fill('2027')
    await page.keyboard.press('Enter')
    await saved('Renewal')
    await begin('Size')
    await section.getByRole('combobox', { name: 'Size' }).click()
    await page.getByRole('option', { name: 'Large' }).click()
    await section.getByRole('button', { name: 'Save' }).click()
    await saved('Size')
    await begin('Interests')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option', { name: 'Large' }).click()
    await page.getByRole('option', { name: 'Small' }).click()
    await section.getByRole('button', { name: 'Save' }).click()
    await saved('Interests')
    await begin('Newsletter')
    await section.getByText('no', { exact: true }).click()
    await section.getByRole('button', { name: 'Save' }).click()
    await saved('Newsletter')
    await write('Wiki', 'wiki.example/jane')
    await write('Night bell', '+49 30 4711')
    await write('Invoices', 'bills@millner.example')
    await begin('Warehouse')
    await section.getByLabel('Street').fill('Am Kai 1')
    await section.getByLabel('Town').fill('Hamburg')
    await section.getByLabel('Postal code').fill('20457')
    await page.keyboard.press('Enter')
    await saved('Warehouse')
    await begin('Adviser')
    await section.getByRole('combobox', { name: 'Adviser' }).fill('stone')
    await page.getByRole('option', { name: 'Bob Stone' }).click()
    await section.getByRole('button', { name: 'Save' }).click()
    await saved('Adviser')
    await begin('Contract')
    const chooser = page.waitForEvent('filechooser')
    await section.getByRole('button', { name: 'Send a file' }).click()
    await (await chooser).setFiles({
      name: 'deed.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('a deed'),
    })
    await section
      .getByRole('combobox', { name: 'Contract' })
      .and(page.locator('[value="deed.txt"]'))
      .waitFor()
    await section.getByRole('button', { name: 'Save' }).click()
    await saved('Contract')
    const valuesOf = async () => (await call(alice, 'GET', `/parties/${id}/fields`)).json.values
    await expect.poll(valuesOf, { timeout: 10_000 }).toEqual({
      [keyOf.text]: 'Sails, and mends what breaks',
      [keyOf.number]: '12500',
      [keyOf.money]: { amount: '1200.5', currency: 'GBP' },
      [keyOf.date]: '2027-02-03',
      [keyOf.choice]: 'l',
      [keyOf.many]: ['l', 's'],
      [keyOf.yesNo]: false,
      [keyOf.link]: 'https://wiki.example/jane',
      [keyOf.phone]: '+49 30 4711',
      [keyOf.mail]: 'bills@millner.example',
      [keyOf.address]: expect.objectContaining({ street: 'Am Kai 1', locality: 'Hamburg' }),
      [keyOf.person]: { name: 'Bob Stone' },
      [keyOf.file]: { id: expect.any(Number), name: 'deed.txt' },
    })
    for (const text of ['12,500', '£1,200.50', '3 February 2027', '20457 Hamburg', 'Bob Stone'])
      await section.getByText(text).first().waitFor()
    // What stands on the card is shown once.
    expect(await page.getByRole('link', { name: '+49 30 4711' }).count()).toBe(1)
    expect((await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('X-ODD-THING;X-P=1:keep me')
    await section.scrollIntoViewIfNeeded()
    await picture(page, 'fields')
    await expectGood(tab)
    await page.setViewportSize(phone)
    await section.scrollIntoViewIfNeeded()
    await picture(page, 'fields')
    await expectGood(tab)
  })

  it('show both where a phone changed the same, and keep what Escape left', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    const key = await define(alice, 'Doorbell', 'phone')
    await call(alice, 'PATCH', `/parties/${id}/fields`, { [key]: '+49 30 1' })
    await using tab = await open(server.url, { viewport: phone })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    const bell = page.getByRole('textbox', { name: 'Doorbell' })
    await page.getByRole('button', { name: 'Edit Doorbell' }).click()
    await bell.fill('+49 30 22')
    await page.keyboard.press('Escape')
    await page.getByText('Not saved.').waitFor()
    await page.getByRole('button', { name: 'Edit Doorbell' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Enter')
    expect(await bell.inputValue()).toBe('+49 30 22')
    await picture(page, 'fields-draft')
    await expectGood(tab)
    const { text } = await alice.get(`${alice.contacts}jane.vcf`)
    await alice.put(`${alice.contacts}jane.vcf`, text.replace('+49 30 1\r', '+49 30 333\r'))
    await expect.poll(async () => (await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('+49 30 333')
    await page.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await dialog.getByText('+49 30 22').waitFor()
    await dialog.getByText('+49 30 333').waitFor()
    await dialog.getByRole('button', { name: 'Keep yours' }).click()
    await page.getByRole('link', { name: '+49 30 22', exact: true }).waitFor()
    await expect.poll(async () => (await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('+49 30 22')
  })
})

describe('a person in two books', () => {
  it('has what both say once, and what they say otherwise by book; each card is edited by itself', async () => {
    const alice = await server.account()
    const second = `${alice.contacts.replace(/[^/]+\/$/, '')}second/`
    expect((await alice.request('MKCOL', second, addressBook)).status).toBe(201)
    const { id } = await jane(alice)
    const other = janesLines.map((line) => (line.startsWith('BDAY') ? 'BDAY:1980-05-18' : line))
    const uid = 'jane'
    await alice.put(`${second}jane.vcf`, card(uid, 'Jane Doe', other))
    const { cards } = (await call(alice, 'GET', `/parties/${id}`)).json
    expect(cards).toHaveLength(2)
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    const contact = page.getByRole('region', { name: 'Contact' })
    await contact.getByText('Janie').waitFor()
    expect(await contact.getByText('Janie').count()).toBe(1)
    await contact.getByText('17 May 1980').waitFor()
    await contact.getByText('18 May 1980').waitFor()
    await picture(page, 'person-two-books')
    await expectGood(tab)
    await contact.getByRole('button', { name: /^Edit Birthday.*Second/ }).click()
    expect(await contact.getByRole('textbox', { name: 'Day' }).inputValue()).toBe('18')
    await contact.getByRole('textbox', { name: 'Day' }).fill('19')
    await page.keyboard.press('Enter')
    await contact.getByText('19 May 1980').waitFor()
    const textOf = async (href: string): Promise<string> => (await alice.get(href)).text
    await expect.poll(() => textOf(`${second}jane.vcf`)).toMatch(/BDAY[^\r]*:1980-?05-?19/)
    expect(await textOf(`${alice.contacts}jane.vcf`)).toContain('BDAY:1980-05-17')
    await contact.getByRole('button', { name: 'Edit Nicknames' }).click()
    await contact.getByRole('textbox', { name: 'Nicknames' }).fill('JD')
    await page.keyboard.press('Enter')
    for (const href of [`${second}jane.vcf`, `${alice.contacts}jane.vcf`])
      await expect.poll(() => textOf(href)).toContain('NICKNAME:JD')
    await page.getByRole('button', { name: 'Edit Nicknames' }).and(page.locator(':focus')).waitFor()
    await alice.put(`${second}jane.vcf`, card(uid, 'Jane M. Doe', other))
    await contact.getByText('18 May 1980').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit name' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit name' })
    await dialog.getByRole('combobox', { name: 'Address book' }).click()
    await dialog.getByRole('option', { name: /second/i }).click()
    const shownName = dialog.getByRole('textbox', { name: 'Shown as' })
    expect(await shownName.inputValue()).toBe('Jane M. Doe')
    await shownName.fill('Jane Mary Doe')
    await picture(page, 'person-two-names')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => textOf(`${second}jane.vcf`)).toContain('FN:Jane Mary Doe')
    expect(await textOf(`${alice.contacts}jane.vcf`)).toContain('FN:Jane Doe')
    // One of both is refused: what was taken is not sent once more, and is no conflict.
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Edit name' }).click()
    await shownName.fill('Jane of the one')
    await dialog.getByRole('combobox', { name: 'Address book' }).click()
    await dialog.getByRole('option', { selected: false }).click()
    await shownName.fill('Jane of the other')
    const sent: string[] = []
    await page.route('**/api/cards/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.fallback()
      sent.push(route.request().url())
      if (sent.length !== 2) return route.fallback()
      const body = JSON.stringify({ title: 'Conflict', status: 409, detail: 'Not yet.' })
      await route.fulfill({ status: 409, contentType: 'application/problem+json', body })
    })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Not yet.').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').last().waitFor()
    await dialog.waitFor({ state: 'detached' })
    const names = await Promise.all([second, alice.contacts].map((book) => textOf(`${book}jane.vcf`)))
    expect(names.map((text) => /FN:(.*)\r/.exec(text)?.[1]).toSorted()).toEqual([
      'Jane of the one',
      'Jane of the other',
    ])
    expect(sent.map((url) => url === sent[0])).toEqual([true, false, false])
  })

  it('keeps a note that Escape left', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: /^Edit Note/ }).click()
    const note = page.getByRole('textbox', { name: 'Note' })
    await note.fill('A long and careful text')
    await page.keyboard.press('Escape')
    await page
      .getByRole('button', { name: /^Edit Note/ })
      .and(page.locator(':focus'))
      .waitFor()
    await page.keyboard.press('Enter')
    expect(await note.inputValue()).toBe('A long and careful text')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: /^Edit Note/ }).click()
    expect(await note.inputValue()).toContain('Likes green tea.')
    expect(tab.faults).toEqual([])
  })
})

const addressBook = {
  headers: { 'Content-Type': 'application/xml' },
  body:
    '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/>' +
    '<C:addressbook/></D:resourcetype><D:displayname>Second</D:displayname></D:prop></D:set></D:mkcol>',
}
