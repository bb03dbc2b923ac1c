import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 }, api: { peopleAtOnce: 10 } })
const open = useChromium()
const count = 30

async function fill(account: Account): Promise<number> {
  for (let n = 0; n < count; n += 1)
    await account.put(
      `${account.contacts}p${n}.vcf`,
      card(`p${n}`, `Pat Ason ${String(n).padStart(2, '0')}`, [`EMAIL:pat${n}@example.org`, 'X-ODD;a=b:\\q']),
    )
  return (await call(account, 'POST', '/books', { title: 'Friends' })).json.id
}

/** Rests a finger on somebody, until he is chosen. */
async function restOn(page: Page, name: string): Promise<void> {
  const box = await page.getByRole('link', { name }).boundingBox()
  if (!box) throw new Error(`${name} is not seen.`)
  const session = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
  await page.getByText('1 selected').waitFor()
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

async function contentOf(account: Account): Promise<readonly string[]> {
  const { changed } = await account.syncAll(account.contacts, '')
  return Promise.all(changed.toSorted().map(async (path) => (await account.get(path)).text))
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  const isWide = viewport.width > 1000
  describe(`many people at once, ${viewport.width} wide`, () => {
    it('get a role, are copied, written into a file, deleted, and are as they were by one undo each', async () => {
      const alice = await server.account()
      const friends = await fill(alice)
      const before = await contentOf(alice)
      await using _ = working(server, 'bulk-people', 'undo-changes')
      await using tab = await open(server.url, { viewport, hasTouch: !isWide })
      const { page } = tab
      await signedIn(tab, alice)
      await page.getByText('30 entries').waitFor()
      const chooseAll = async (): Promise<void> => {
        if (isWide) {
          await page.getByRole('checkbox', { name: 'Select Pat Ason 00' }).focus()
          await page.keyboard.press('Space')
        } else await restOn(page, 'Pat Ason 00')
        await page.getByRole('button', { name: 'Select all' }).click()
        await page.getByText('30 selected').waitFor()
      }
      const undo = async (): Promise<void> => {
        await page.getByRole('button', { name: 'Undo' }).last().click()
        await page.getByText('Undone.').last().waitFor()
        for (const close of await page.getByRole('alert').getByRole('button', { name: 'Close' }).all())
          await close.click()
        await page.getByText('Undone.').waitFor({ state: 'detached' })
      }

      await chooseAll()
      await page.getByRole('button', { name: 'Roles' }).click()
      await picture(page, 'bulk-roles')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Give a role: Customer' }).click()
      await page.getByText('30 changed.').waitFor()
      const customers = async () =>
        (await call(alice, 'GET', '/parties?role=customer&limit=100')).json.items.length
      expect(await customers()).toBe(30)
      await picture(page, 'bulk-done')
      await undo()
      expect(await customers()).toBe(0)

      await chooseAll()
      await page.getByRole('button', { name: 'Address book', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Copy to an address book: Friends' }).click()
      await page.getByText('30 copied.').waitFor()
      const inFriends = async () =>
        (await call(alice, 'GET', `/parties?book=${friends}&limit=100`)).json.items.length
      expect(await inFriends()).toBe(30)
      await undo()
      expect(await inFriends()).toBe(0)

      await chooseAll()
      await page
        .getByRole('toolbar', { name: 'With all who are selected' })
        .getByRole('button', { name: 'Export' })
        .click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'CSV' }).click(),
      ])
      expect(file.suggestedFilename()).toBe('contacts.csv')
      expect(readFileSync(await file.path(), 'utf8').match(/pat\d+@example.org/g)).toHaveLength(30)

      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByText('30 are in the trash.').waitFor()
      expect(await contentOf(alice)).toEqual([])
      await undo()
      await page.getByText('30 entries').waitFor()
      expect(await contentOf(alice)).toEqual(before)
      expect(tab.faults).toEqual([])
    })
  })
}
