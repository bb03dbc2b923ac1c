import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { group } from '../dav/directory.ts'
import { type Account, useServer } from '../dav/server.ts'
import { copyOf } from '../dav/virtual/books.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** What somebody has of Jane, as his phone reads it; undefined where he has nothing. */
async function janeOf(viewer: Account): Promise<string | undefined> {
  const [book] = (await call(viewer, 'GET', '/grants/received')).json.books
  if (!book) return undefined
  return (await viewer.get(await copyOf(viewer, `${viewer.books}${book.name}/`, 'Jane Doe'))).text
}

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('sharing, %o', (viewport) => {
  it('gives a colleague a person without what is chosen, tells who sees it, and is taken back and undone', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const team = await group(server, `team${Math.random()}`)
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Share' }).click()
    const dialog = page.getByRole('dialog', { name: 'Share Jane Doe' })
    await dialog.getByText('shared with nobody yet').waitFor()
    await dialog.getByRole('combobox', { name: 'Share with' }).fill(bob.name)
    await dialog.getByRole('option', { name: bob.name }).click()
    await dialog.getByRole('combobox', { name: 'What they see' }).click()
    await dialog.getByRole('option', { name: 'All but some things' }).click()
    await dialog.getByRole('checkbox', { name: 'notes' }).click()
    await dialog.getByRole('checkbox', { name: 'birthday' }).click()
    const preview = dialog.getByRole('region', { name: 'As they will see it' })
    await expect.poll(() => preview.getByText('Birthday').count()).toBe(0)
    await preview.getByText('+49 30 998877').waitFor()
    await picture(page, 'sharing-person')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.getByText('does not see: birthday and notes').waitFor()
    const seen = await janeOf(bob)
    expect([seen?.includes('+49 30 998877'), seen?.includes('NOTE'), seen?.includes('BDAY')]).toEqual([
      ...[true, false, false],
    ])
    await dialog.getByRole('combobox', { name: `What ${bob.name} may do` }).click()
    await dialog.getByRole('option', { name: 'may read and write' }).click()
    await expect
      .poll(async () => (await call(alice, 'GET', '/grants')).json.items[0].access)
      .toBe('read-write')
    await dialog.getByRole('button', { name: `History of sharing with ${bob.name}` }).click()
    const history = page.getByRole('dialog', { name: `History of ${bob.name}` })
    await history.getByText('does not see: birthday and notes').waitFor()
    await picture(page, 'sharing-history')
    await expectGood(tab)
    await history.getByRole('listitem').first().getByRole('button').click()
    await expect.poll(async () => (await call(alice, 'GET', '/grants')).json.items[0].access).toBe('read')
    await page.keyboard.press('Escape')
    await history.waitFor({ state: 'detached' })
    await dialog.getByRole('combobox', { name: 'Share with' }).fill(team.name)
    await dialog.getByRole('option', { name: team.name }).click()
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.getByRole('button', { name: `Stop sharing with ${team.name}` }).waitFor()
    await dialog.getByRole('button', { name: `Stop sharing with ${bob.name}` }).click()
    await expect.poll(() => janeOf(bob)).toBe(undefined)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(() => janeOf(bob)).toContain('+49 30 998877')
    await dialog.getByRole('button', { name: 'Close' }).click()
    const access = page.getByRole('region', { name: 'Who sees this' })
    await access.getByText(bob.name).waitFor()
    await access.scrollIntoViewIfNeeded()
    await picture(page, 'sharing-who-sees')
    await expectGood(tab)
  })
})

describe('a calendar that is shared', () => {
  it('has a history of it, and is shared again from the trash once that has ended', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { json } = await call(alice, 'POST', '/shares', { collection: 'calendar', with: bob.name })
    await call(alice, 'PATCH', `/shares/${json.id}`, { access: 'read-write' })
    const accesses = async () =>
      (await call(alice, 'GET', '/shares')).json.shares.map(({ access }: { access: string }) => access)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByRole('button', { name: 'Calendars' }).click()
    await page.getByRole('button', { name: 'Settings of Calendar' }).click()
    await page.getByRole('button', { name: `History of sharing with ${bob.name}` }).click()
    const history = page.getByRole('dialog', { name: `History of ${bob.name}` })
    await history.getByText('may read and write').waitFor()
    await picture(page, 'sharing-calendar-history')
    await expectGood(tab)
    await history.getByRole('listitem').first().getByRole('button').click()
    await expect.poll(accesses).toEqual(['read'])
    await call(alice, 'DELETE', `/shares/${json.id}`)
    await page.goto('/trash')
    const back = page.getByRole('button', { name: 'Bring back Calendar' })
    await back.waitFor()
    await page.getByText(`Shared with ${bob.name}`).waitFor()
    await picture(page, 'sharing-calendar-ended')
    await expectGood(tab)
    await back.click()
    await expect.poll(accesses).toEqual(['read'])
    await back.waitFor({ state: 'detached' })
    expect(tab.faults).toEqual([])
  })
})

describe('a whole book and a label', () => {
  it('are shared from the list, the book as a collection until something is hidden', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
    const { page } = tab
    await signedIn(tab, alice, '/contacts')
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Share with' }).fill(bob.name)
    await dialog.getByRole('option', { name: bob.name }).click()
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.getByText('sees everything').waitFor()
    expect((await call(alice, 'GET', '/shares')).json.shares).toMatchObject([{ with: { name: bob.name } }])
    await dialog.getByRole('button', { name: `What ${bob.name} sees` }).click()
    await dialog.getByRole('combobox', { name: 'What they see' }).click()
    const seen = dialog.getByRole('region', { name: 'As they will see it' })
    await seen.getByText('Birthday').waitFor()
    await dialog.getByRole('option', { name: 'Business details only' }).click()
    await seen.getByText('Jane Doe').waitFor()
    await seen.getByText('Birthday').waitFor({ state: 'detached' })
    await picture(page, 'sharing-book')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await dialog.getByText('sees business details only').waitFor()
    await expect.poll(async () => (await call(alice, 'GET', '/shares')).json.shares).toEqual([])
    expect(await janeOf(bob)).not.toContain('BDAY')
    const { json } = await call(bob, 'GET', '/parties')
    expect(json.items.map(({ name }: { name: string }) => name)).toContain('Jane Doe')
    await page.goto(`/contacts/${id}`)
    await page.getByRole('region', { name: 'Who sees this' }).getByText(bob.name).waitFor()
    expect(tab.faults).toEqual([])
  })
})
