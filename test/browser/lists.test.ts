import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { picture as photo } from '../features/photos/pictures.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

const people = [
  ['Ann', 'Zebra', 'Lyon'],
  ['Bob', 'Acme', 'Lyon'],
  ['Cleo', 'Mill', 'Berlin'],
] as const

async function fill(account: Account): Promise<number> {
  for (const [name, org, city] of people)
    await account.put(
      `${account.contacts}${name}.vcf`,
      card(name, name, [`ORG:${org}`, `ADR;TYPE=HOME:;;Road 1;${city};;1;`]),
    )
  for (const uid of ['m1', 'm2'])
    await account.put(`${account.contacts}${uid}.vcf`, card(uid, 'Max Muster', ['EMAIL:max@example.org']))
  const filter = { all: [{ all: [{ field: 'city', op: 'is', text: 'Lyon' }] }] }
  return (await call(account, 'POST', '/lists', { name: 'In Lyon', filter })).json.id
}

async function photoLine(edge: number): Promise<string> {
  const octets = await photo(1, { width: edge, height: edge }).jpeg().toBuffer()
  return `PHOTO;ENCODING=b;TYPE=JPEG:${octets.toString('base64')}`
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  const isWide = viewport.width > 1000
  describe(`lists that are saved, ${viewport.width} wide`, () => {
    it('are renamed, coloured, asked otherwise, and removed with a way back; what another makes of one is shown', async () => {
      const alice = await server.account()
      const id = await fill(alice)
      const list = async () => (await call(alice, 'GET', `/lists/${id}`)).json
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, `/contacts?list=${id}`)
      await page.getByText('2 entries').waitFor()
      const choose = async (text: string): Promise<void> => {
        await page.getByRole('button', { name: 'What to do with this list' }).click()
        await page.getByRole('menuitem', { name: text }).click()
      }
      const dialog = page.getByRole('dialog', { name: 'Name and colour' })
      await choose('Name and colour')
      await dialog.getByLabel('Name of the list').fill('Lyonnais')
      await dialog.getByLabel('Colour').fill('#c0392b')
      await picture(page, 'list-dialog')
      await expectGood(tab)
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page.getByText('“Lyonnais” is changed.').waitFor()
      expect(await list()).toMatchObject({ name: 'Lyonnais', color: '#c0392b' })
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('Undone.').waitFor()
      expect(await list()).toMatchObject({ name: 'In Lyon', color: null })

      // Somebody else renames it meanwhile.
      await choose('Name and colour')
      await dialog.getByLabel('Name of the list').fill('Mine')
      await call(alice, 'PATCH', `/lists/${id}`, { name: 'Theirs' })
      await dialog.getByRole('button', { name: 'Save' }).click()
      const conflict = page.getByRole('dialog').filter({ hasText: 'Theirs' })
      await conflict.getByRole('cell', { name: 'Mine' }).waitFor()
      expect(await list()).toMatchObject({ name: 'Theirs' })
      await picture(page, 'list-conflict')
      await expectGood(tab)
      await conflict.getByRole('button', { name: 'Keep yours' }).click()
      await page.getByText('“Mine” is changed.').waitFor()

      // Other conditions.
      await choose('Change the conditions')
      await page.getByRole('textbox', { name: 'Value' }).fill('Berlin')
      await page.getByText('1 entry').waitFor()
      await picture(page, 'list-conditions')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Save “Mine”' }).click()
      await expect.poll(async () => JSON.stringify((await list()).filter)).toContain('Berlin')
      await page.getByRole('link', { name: 'Cleo' }).waitFor()

      // What was made of it is told in words, and each change has its way back.
      await choose('History')
      const history = page.getByRole('dialog', { name: /^History of/ })
      const changes = history.getByRole('list', { name: 'Changes, the newest first' }).getByRole('listitem')
      const recolored = changes.filter({ hasText: '#c0392b' }).last()
      await changes.filter({ hasText: 'City is “Lyon”' }).first().waitFor()
      await picture(page, 'list-history')
      await expectGood(tab)
      await recolored.getByText(alice.name).waitFor()
      await changes.filter({ hasText: 'Theirs' }).last().getByRole('button').click()
      await page.getByText('It is again as it was.').waitFor()
      expect(await list()).toMatchObject({ name: 'In Lyon' })
      await changes.first().getByText('Made as it was').waitFor()
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(async () => (await list()).name).toBe('Mine')
      await page.keyboard.press('Escape')
      await history.waitFor({ state: 'detached' })

      await choose('Remove the list')
      await page.getByRole('dialog').getByRole('button', { name: 'Remove the list' }).click()
      await page.getByText('“Mine” is removed.').waitFor()
      expect((await call(alice, 'GET', '/lists')).json.lists).toEqual([])
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await page.getByText('1 entry').waitFor()
      expect((await call(alice, 'GET', '/lists')).json.lists).toMatchObject([
        { id, name: 'Mine', color: null },
      ])
      expect(tab.faults).toEqual([])
    })

    it('everybody is sorted by company, shown with the photo of now, and who may be there twice is told', async () => {
      const alice = await server.account()
      await fill(alice)
      await call(alice, 'GET', '/duplicates')
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice)
      await page.getByText('5 entries').waitFor()
      await page.getByRole('button', { name: 'Sort by' }).click()
      await page.getByRole('menuitemradio', { name: 'Company' }).click()
      const names = () => page.locator('.people-rows .person-name .cut:first-child').allTextContents()
      await expect.poll(names).toEqual(['Bob', 'Cleo', 'Ann', 'Max Muster', 'Max Muster'])

      const photoOf = async (size: number): Promise<string> => {
        await alice.put(`${alice.contacts}Bob.vcf`, card('Bob', 'Bob', ['ORG:Acme', await photoLine(size)]))
        const image = page.locator('.people-rows li', { hasText: 'Bob' }).locator('img')
        await expect.poll(() => image.getAttribute('src')).not.toBe(last)
        return (await image.getAttribute('src')) ?? ''
      }
      let last: string | null = null
      last = await photoOf(200)
      await photoOf(300)
      await expectGood(tab)

      if (!isWide) await page.getByRole('button', { name: 'Books, lists and labels' }).click()
      const link = page.getByRole('link', { name: /^Possible duplicates/ })
      await link.getByText('2').waitFor()
      await picture(page, 'list-sides')
      await expectGood(tab)
      await link.click()
      await page.getByRole('button', { name: 'Compare and merge' }).waitFor()
      expect(tab.faults).toEqual([])
    })
  })
}
