import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useShares } from '../features/shares.ts'
import { expectGood, picture, signedIn, type Tab, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const shares = useShares(server)
const open = useChromium()

interface Book {
  readonly id: number
  readonly title: string
  readonly description: string | null
  readonly isDefault: boolean
}

async function booksOf(account: Account): Promise<readonly Book[]> {
  return (await call(account, 'GET', '/books')).json.books
}

const titlesOf = async (account: Account): Promise<string[]> =>
  (await booksOf(account)).map(({ title }) => title).toSorted()

/** What is done at the sides of the list, which a phone opens first. */
function sidesOf({ page }: Tab, isWide: boolean) {
  const opened = async (): Promise<void> => {
    const there = page.getByRole('navigation', { name: 'Books, lists and labels' })
    if (!isWide && (await there.count()) === 0)
      await page.getByRole('button', { name: 'Books, lists and labels' }).click()
    await there.waitFor()
  }
  return {
    opened,
    press: async (name: string): Promise<void> => {
      await opened()
      await page.getByRole('button', { name, exact: true }).click()
    },
    choose: async (title: string, item: string): Promise<void> => {
      await opened()
      await page.getByRole('button', { name: `What to do with “${title}”` }).click()
      await page.getByRole('menuitem', { name: item }).click()
    },
  }
}

/** Takes back what the last message says, and lets go of all messages. */
async function undone({ page }: Tab): Promise<void> {
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await page.getByText('Undone.').last().waitFor()
  await quiet(page)
}

async function quiet(page: Tab['page']): Promise<void> {
  for (const close of await page.getByRole('alert').getByRole('button', { name: 'Close' }).all())
    await close.click()
  await page.getByRole('alert').first().waitFor({ state: 'detached' })
}

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('address books, %o', (viewport) => {
  const isWide = viewport.width > 1000

  it('are made, called otherwise, made the one for new contacts, and deleted, each with a way back', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}ann.vcf`, card('ann', 'Ann Zebra'))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const sides = sidesOf(tab, isWide)
    await signedIn(tab, alice)
    await page.getByText('1 entry').waitFor()
    await sides.press('New address book')
    const making = page.getByRole('dialog', { name: 'New address book' })
    await making.getByRole('textbox', { name: 'Name' }).fill('Club')
    await making.getByRole('textbox', { name: 'Description' }).fill('Who plays on Fridays')
    await picture(page, 'book-new')
    await expectGood(tab)
    await making.getByRole('button', { name: 'Create' }).click()
    await page.getByText('“Club” is there').waitFor()
    expect(await titlesOf(alice)).toEqual(['Club', 'Contacts'])
    const found = await alice.request('PROPFIND', alice.books, { headers: { Depth: '1' } })
    expect(found.text).toContain('>Club<')
    await quiet(page)

    // Who is made while a book is looked at comes into it.
    const club = (await booksOf(alice)).find(({ title }) => title === 'Club')?.id
    await expect.poll(() => page.url()).toContain(`book=${club}`)
    if (!isWide) await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'New person or company' }).click()
    await page.getByLabel('First name').fill('Cleo')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Cleo' }).waitFor()
    expect((await call(alice, 'GET', `/parties?book=${club}`)).json.items).toHaveLength(1)
    await page.goto(`/contacts?book=${club}`)
    await page.getByText('1 entry').waitFor()

    await sides.choose('Club', 'Name and description')
    const naming = page.getByRole('dialog', { name: 'Name and description' })
    await naming.getByRole('textbox', { name: 'Name' }).fill('Chess club')
    await naming.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Chess club” is changed.').waitFor()
    expect(await titlesOf(alice)).toEqual(['Chess club', 'Contacts'])
    await undone(tab)
    expect(await booksOf(alice)).toMatchObject([{}, { title: 'Club', description: 'Who plays on Fridays' }])
    await sides.choose('Club', 'History')
    const history = page.getByRole('dialog', { name: 'History of Club' })
    await history.getByText('Chess club').first().waitFor()
    await picture(page, 'book-history')
    await expectGood(tab)
    await page.keyboard.press('Escape')

    await sides.choose('Club', 'Put new contacts here')
    await page.getByText('New contacts now go into “Club”.').waitFor()
    expect((await booksOf(alice)).find(({ isDefault }) => isDefault)?.title).toBe('Club')
    await undone(tab)
    expect((await booksOf(alice)).find(({ isDefault }) => isDefault)?.title).toBe('Contacts')

    await sides.opened()
    await page.getByRole('button', { name: 'What to do with “Contacts”' }).click()
    await page.getByText('New contacts go here').waitFor()
    expect(await page.getByRole('menuitem', { name: 'Delete' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'What to do with “Club”' }).click()
    await picture(page, 'book-menu')
    await page.getByRole('menuitem', { name: 'Delete the address book' }).click()
    await page.getByText('“Club” is in the trash, with all who are in it.').waitFor()
    expect(await titlesOf(alice)).toEqual(['Contacts'])
    await undone(tab)
    expect(await titlesOf(alice)).toEqual(['Club', 'Contacts'])
    expect((await call(alice, 'GET', `/parties?book=${club}`)).json.items).toHaveLength(1)
    await sides.choose('Club', 'Delete the address book')
    await page.getByText('“Club” is in the trash').waitFor()
    await page.goto('/trash')
    await page.getByRole('button', { name: 'Bring back Club' }).click()
    await expect.poll(() => titlesOf(alice)).toEqual(['Club', 'Contacts'])
  })

  it('of another are called as one likes and left; one’s own are shared; people move between them', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}ann.vcf`, card('ann', 'Ann Zebra'))
    const firm = (await call(bob, 'POST', '/books', { title: 'Firm' })).json
    await shares.share(`${bob.books}${firm.name}/`, alice, 'read-write')
    await shares.accept(alice)
    await call(alice, 'POST', '/books', { title: 'Club' })
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const sides = sidesOf(tab, isWide)
    await signedIn(tab, alice)
    await sides.opened()
    await picture(page, 'books')
    await expectGood(tab)
    await sides.choose('Firm', 'Name and description')
    const naming = page.getByRole('dialog', { name: 'Name and description' })
    await naming.getByRole('textbox', { name: 'Name' }).fill('Work')
    await naming.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Work” is changed.').waitFor()
    expect([await titlesOf(alice), await titlesOf(bob)]).toEqual([
      ['Club', 'Contacts', 'Work'],
      ['Contacts', 'Firm'],
    ])
    await quiet(page)
    await sides.choose('Work', 'Have it no more')
    await page.getByText('You no longer have “Work”.').waitFor()
    expect(await titlesOf(alice)).toEqual(['Club', 'Contacts'])
    await undone(tab)
    expect(await titlesOf(alice)).toEqual(['Club', 'Contacts', 'Work'])
    await sides.choose('Club', 'Share')
    await page.getByRole('dialog', { name: 'Share Club' }).waitFor()
    await page.keyboard.press('Escape')

    await page.goto('/contacts')
    await page.getByRole('link', { name: 'Ann Zebra' }).click()
    await page.getByRole('button', { name: 'Move or copy from “Contacts”' }).click()
    await page.getByRole('menuitem', { name: 'Move to an address book: Club' }).click()
    await page.getByText('1 moved.').waitFor()
    const placesOf = async (): Promise<string[]> => {
      const { items } = (await call(alice, 'GET', '/parties')).json
      const { cards } = (await call(alice, 'GET', `/parties/${items[0].id}`)).json
      return cards.map(({ book }: { book: { displayName: string } }) => book.displayName)
    }
    expect(await placesOf()).toEqual(['Club'])
    await undone(tab)
    expect(await placesOf()).toEqual(['Contacts'])
    await expectGood(tab)
  })
})
