import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

interface Counted {
  readonly name: string
  readonly count: number
}

/** Compressed, all scripts together that the list loads. */
const mostScriptBytes = 250_000
const scriptBytes = `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`

const cities = ['Lyon', 'Berlin', 'Athens'] as const

/** Three hundred people with cities and labels, one of whom has what only her card knows. */
async function fill(account: Account): Promise<void> {
  for (let n = 0; n < 300; n += 1) {
    const letter = String.fromCharCode(65 + (n % 26))
    const lines = [
      `N:${letter}son ${n};Pat;;;`,
      `ADR;TYPE=HOME:;;Road 1;${cities[n % 3]};;1;`,
      `EMAIL:pat${n}@example.org`,
      ...(n % 10 === 0 ? ['CATEGORIES:Press'] : []),
      ...(n === 7 ? ['X-ODD;a=b:\\q'] : []),
    ]
    const put = await account.put(
      `${account.contacts}p${n}.vcf`,
      card(`p${n}`, `Pat ${letter}son ${n}`, lines),
    )
    expect(put.status).toBe(201)
  }
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  const isWide = viewport.width > 1000
  describe(`the list of contacts, ${viewport.width} wide`, () => {
    it('is looked through, filtered, saved as a list, and changed many at once, with a way back', async () => {
      const alice = await server.account()
      await fill(alice)
      await using tab = await open(server.url, { viewport, hasTouch: !isWide })
      const { page } = tab
      await signedIn(tab, alice)
      await page.getByRole('link', { name: 'Pat Ason 0' }).waitFor()
      await page.getByText('300 entries').waitFor()
      await picture(page, 'list')
      const loaded = Number(await page.evaluate(scriptBytes))
      expect(loaded).toBeGreaterThan(50_000)
      expect(loaded).toBeLessThan(mostScriptBytes)
      await expectGood(tab)

      // Searching from the keyboard.
      await page.getByRole('link', { name: 'Pat Ason 0' }).focus()
      await page.keyboard.press('/')
      await page.keyboard.type('pat41')
      await page.getByRole('link', { name: /Pat Pson 41/ }).waitFor()
      await picture(page, 'list-search')
      await expectGood(tab)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Pat Pson 41' }).waitFor()
      await page.goBack()
      await page.getByRole('searchbox', { name: 'Search people and companies' }).press('Escape')
      await page.getByText('300 entries').waitFor()

      // A filter, saved as a list.
      await page.getByRole('button', { name: 'Filter', exact: true }).click()
      await page.getByRole('combobox', { name: 'What' }).click()
      await page.getByRole('option', { name: 'City' }).click()
      await page.getByRole('textbox', { name: 'Value' }).fill('Lyon')
      await page.getByText('100 entries').waitFor()
      await picture(page, 'list-filter')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Save as a list' }).click()
      await page.getByRole('textbox', { name: 'Name of the list' }).fill('In Lyon')
      await page.getByRole('dialog').getByRole('button', { name: 'Save as a list' }).click()
      await page.getByText('“In Lyon” is saved.').waitFor()
      await page.getByText('100 entries').waitFor()

      // Many at once.
      const box = (name: string) => page.getByRole('checkbox', { name: `Select ${name}` })
      await box('Pat Ason 0').focus()
      await page.keyboard.press('Space')
      await page.getByRole('button', { name: 'Select all' }).click()
      await page.getByText('100 selected').waitFor()
      await picture(page, 'list-selected')
      await page.getByRole('button', { name: 'Clear the selection' }).click()
      await box('Pat Ason 0').focus()
      await page.keyboard.press('Space')
      await page.getByText('1 selected').waitFor()
      if (isWide) {
        await page.getByRole('link', { name: 'Pat Ason 234' }).click({ modifiers: ['Shift'] })
        await page.getByText('4 selected').waitFor()
      }
      await expectGood(tab)
      const changed = isWide ? 4 : 1
      await page.getByRole('button', { name: 'Add a label' }).click()
      await page.getByRole('textbox', { name: 'New label' }).fill('Rhône')
      await page.getByRole('dialog').getByRole('button', { name: 'Set' }).click()
      await page.getByText(`${changed} changed.`).waitFor()
      const labels = await call(alice, 'GET', '/labels')
      expect(labels.json.items).toContainEqual(expect.objectContaining({ name: 'Rhône', count: changed }))
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('Undone.').waitFor()
      const left = (await call(alice, 'GET', '/labels')).json.items
      expect(left.filter(({ name, count }: Counted) => name === 'Rhône' && count > 0)).toEqual([])
      await expectGood(tab)

      // Who is opened by an address is brought into sight, far down as he may be.
      const { items } = (await call(alice, 'GET', '/parties?limit=500')).json
      const last = items.find(({ name }: { readonly name: string }) => name === 'Pat Zson 285')
      await page.goto(`${server.url}/contacts/${last.id}`)
      await page.getByRole('heading', { name: 'Pat Zson 285' }).waitFor()
      if (isWide) await page.locator('a[aria-current=true]').getByText('Pat Zson 285').waitFor()
    })

    it('gets somebody new, whom phones have at once', async () => {
      const alice = await server.account()
      await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe', ['EMAIL:jane@example.org']))
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice)
      await page.getByRole('link', { name: 'Jane Doe' }).waitFor()
      await page.keyboard.press('n')
      const dialog = page.getByRole('dialog', { name: 'New person or company' })
      await dialog.getByRole('textbox', { name: 'First name' }).fill('Jane')
      await dialog.getByRole('textbox', { name: 'Last name' }).fill('Doe')
      await dialog.getByRole('textbox', { name: 'Mail' }).fill('jane@example.org')
      await dialog.getByText('Already there?').waitFor()
      await picture(page, 'new')
      await expectGood(tab)
      await dialog.getByRole('textbox', { name: 'First name' }).fill('Ruth')
      await dialog.getByRole('textbox', { name: 'Mail' }).fill('ruth@example.org')
      await dialog.getByRole('button', { name: 'Create' }).click()
      await page.getByRole('heading', { name: 'Ruth Doe' }).waitFor()
      const { json } = await call(alice, 'GET', '/parties')
      const ruth = json.items.find(({ name }: { name: string }) => name === 'Ruth Doe')
      const stored = await alice.request('GET', `/api/cards/${ruth.cards[0].id}/vcard`)
      expect(stored.text).toContain('N:Doe;Ruth;;;')
      expect(stored.text).toContain('ruth@example.org')
    })
  })
}
