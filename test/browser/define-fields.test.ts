import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

describe('fields are defined', () => {
  it('with answers in colours, renamed, put in order, retired and brought back', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe'))
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, '/fields')
    await page.getByText('No field is defined yet.').waitFor()
    await picture(page, 'define-none')
    await expectGood(tab)
    const make = async (name: string, type: string): Promise<void> => {
      await page.getByRole('button', { name: 'New field' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('combobox', { name: 'What it holds' }).click()
      await page.getByRole('option', { name: type, exact: true }).click()
    }
    await make('Size', 'Choice')
    await page.getByRole('textbox', { name: 'Answer 1' }).fill('Small')
    await page.getByRole('button', { name: 'Add an answer' }).click()
    await page.getByRole('textbox', { name: 'Answer 2' }).fill('Large')
    await page.getByRole('button', { name: 'Colour of Large' }).click()
    await page.getByRole('button', { name: 'Green' }).click()
    await picture(page, 'define-new')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('listitem').getByText('Size').waitFor()
    await make('Renewal', 'Date')
    await page.getByText('phones show it, and can edit it').waitFor()
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('listitem').getByText('Renewal').waitFor()
    const [size, renewal] = (await call(alice, 'GET', '/fields')).json.fields
    expect(size.options.choices).toEqual([
      expect.objectContaining({ label: 'Small' }),
      expect.objectContaining({ label: 'Large', color: '#2f9e44' }),
    ])
    const { items } = (await call(alice, 'GET', '/parties')).json
    const path = `/parties/${items[0].id}/fields`
    await call(alice, 'PATCH', path, { [size.key]: 'answer-2', [renewal.key]: '2027-01-31' })
    await page.reload()
    await page.getByText('1 person').first().waitFor()
    await page.getByRole('button', { name: 'Move Renewal up' }).click()
    await expect
      .poll(async () =>
        (await call(alice, 'GET', '/fields')).json.fields.map(({ label }: { label: string }) => label),
      )
      .toEqual(['Renewal', 'Size'])
    await page.getByRole('button', { name: 'Actions for Renewal' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Contract ends')
    await page.getByText('1 person has a value; it stays.').waitFor()
    await picture(page, 'define-edit')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('formerly Renewal').waitFor()
    await page.getByRole('button', { name: 'Actions for Contract ends' }).click()
    await page.getByRole('menuitem', { name: 'History' }).click()
    const history = page.getByRole('dialog', { name: 'History of Contract ends' })
    await history.getByRole('listitem').filter({ hasText: 'Former names' }).first().waitFor()
    await history.getByText('What it holds: Date').waitFor()
    await picture(page, 'define-history')
    await expectGood(tab)
    await page.keyboard.press('Escape')
    await history.waitFor({ state: 'detached' })
    expect((await call(alice, 'GET', path)).json.values[renewal.key]).toBe('2027-01-31')
    await page.setViewportSize(phone)
    await page.getByRole('button', { name: 'Actions for Size' }).click()
    await page.getByRole('menuitem', { name: 'Retire' }).click()
    await page.getByRole('dialog').getByText('1 person has a value and keeps it').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click()
    await page.getByRole('heading', { name: 'No longer offered' }).waitFor()
    await picture(page, 'define')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByRole('heading', { name: 'No longer offered' }).waitFor({ state: 'hidden' })
    expect((await call(alice, 'GET', path)).json.values[size.key]).toBe('answer-2')
    await page.setViewportSize(desk)
    await picture(page, 'define')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expectGood(tab)
  })
})

describe('labels', () => {
  it('are renamed, made one and deleted on all cards, and put back from the toast', async () => {
    const alice = await server.account()
    const hrefOf = (name: string): string => `${alice.contacts}${name}.vcf`
    const put = (name: string, labels: string) =>
      alice.put(hrefOf(name), card(name, `${name} Doe`, [`CATEGORIES:${labels}`, 'X-ODD:1']))
    const labelsOf = async (name: string): Promise<string> =>
      /CATEGORIES:([^\r]*)/.exec((await alice.get(hrefOf(name))).text)?.[1] ?? ''
    await put('jane', 'Choir,Friends')
    await put('john', 'Chorus')
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, '/fields/labels')
    const list = page.getByRole('list', { name: 'Labels' })
    await list.getByText('Choir').waitFor()
    // What a phone writes on a card is there without being loaded again.
    await put('kim', 'Sailing')
    await list.getByText('Sailing').waitFor()
    await put('kim', 'Sailing boats')
    await list.getByText('Sailing boats').waitFor()
    await page.getByRole('button', { name: 'Edit Friends' }).click()
    await page.getByRole('combobox', { name: 'Name' }).fill('Old friends')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Colour of/ }).click()
    await page.getByRole('button', { name: 'Blue' }).click()
    await page.getByText('The card of 1 person is changed').waitFor()
    await picture(page, 'label-edit')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Save' }).click()
    await list.getByText('Old friends').waitFor()
    await expect.poll(() => labelsOf('jane')).toBe('Choir,Old friends')
    await call(alice, 'PATCH', '/labels/Old%20friends', { name: 'Mates' })
    await page.getByRole('button', { name: 'History of Mates' }).click()
    const history = page.getByRole('dialog', { name: 'History of Mates' })
    await history.getByRole('listitem').first().waitFor()
    await picture(page, 'label-history')
    await expectGood(tab)
    await history.getByRole('listitem').filter({ hasText: 'Mates' }).getByRole('button').click()
    await expect.poll(() => labelsOf('jane')).toBe('Choir,Old friends')
    await history.waitFor({ state: 'detached' })
    await list.getByText('Old friends').waitFor()
    await page.getByRole('button', { name: 'Edit Chorus' }).click()
    await page.getByRole('combobox', { name: 'Name' }).fill('Choir')
    await page.getByText('both become one').waitFor()
    await picture(page, 'label-merge')
    await page.getByRole('button', { name: 'Make one of both' }).click()
    await list.getByText('2 people').waitFor()
    expect(await labelsOf('john')).toBe('Choir')
    const merged = page.getByRole('alert').filter({ hasText: 'Chorus is now Choir' })
    await merged.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => labelsOf('john')).toBe('Chorus')
    await list.getByText('Chorus').waitFor()
    await page.getByRole('button', { name: 'Delete Old friends' }).click()
    await list.getByText('Old friends').waitFor({ state: 'hidden' })
    expect(await labelsOf('jane')).toBe('Choir')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await list.getByText('Old friends').waitFor()
    await expect.poll(() => labelsOf('jane')).toBe('Choir,Old friends')
    const { items } = (await call(alice, 'GET', '/labels')).json
    expect(items).toContainEqual({ name: 'Old friends', count: 1, color: '#1c7ed6' })
    expect((await alice.get(hrefOf('jane'))).text).toContain('X-ODD:1')
    await page.setViewportSize(phone)
    await picture(page, 'labels')
    await expectGood(tab)
    await call(alice, 'DELETE', '/labels/Choir')
    await page.goto('/trash')
    const removed = page.getByRole('region', { name: 'Removed lately' })
    await removed.getByText('Choir').waitFor()
    await picture(page, 'trash-removed')
    await expectGood(tab)
    await removed.getByRole('button', { name: 'Bring back Choir' }).click()
    await expect.poll(() => labelsOf('jane')).toBe('Choir,Old friends')
    await removed.waitFor({ state: 'hidden' })
    // That was an undo, which can be undone: by a job.
    await using _work = working(server, 'undo-changes')
    await page.reload()
    const undone = page.getByRole('region', { name: 'Undone lately' })
    await undone
      .getByRole('button', { name: /^Undo this/ })
      .first()
      .click()
    await expect.poll(() => labelsOf('jane'), { timeout: 10_000 }).toBe('Old friends')
    await expectGood(tab)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expectGood(tab)
  })
})

describe('who may not define', () => {
  it('is not shown where it is done', async () => {
    const [root, alice] = [await administratorOf(server), await server.account()]
    const { roles } = (await call(root, 'GET', '/team-roles')).json
    const everyone = roles.find(({ builtIn }: { builtIn: string }) => builtIn === 'everyone')
    await call(root, 'PATCH', `/team-roles/${everyone.id}`, { capabilities: ['import'] })
    await using tab = await open(server.url, { viewport: desk })
    const { page } = tab
    await signedIn(tab, alice, '/fields')
    await page.getByText('You may not define fields or labels.').waitFor()
    const places = page.getByRole('navigation', { name: 'Main navigation' })
    await places.getByRole('link', { name: 'Trash' }).waitFor()
    expect(await places.getByRole('link', { name: 'Fields' }).count()).toBe(0)
    await expectGood(tab)
  })
})
