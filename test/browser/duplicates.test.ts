import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`duplicates, ${viewport.width} wide`, () => {
    it('are compared side by side, made one, and made two again', async () => {
      const alice = await server.account()
      const path = (name: string): string => `${alice.contacts}${name}.vcf`
      const same = ['EMAIL:max@mustermann.example', 'TEL:+49 30 1234567']
      await alice.put(path('one'), card('one', 'Max Mustermann', [...same, 'NOTE:the first', 'X-ODD:1']))
      await alice.put(path('two'), card('two', 'Max Mustermann', [...same, 'NOTE:the second', 'TITLE:Baker']))
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/duplicates')
      await page.getByRole('button', { name: 'Compare and merge' }).waitFor()
      await picture(page, 'duplicates')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Not the same' }).click()
      await page.getByText('They stay two').waitFor()
      await page.getByText('Nobody seems to be here twice.').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('button', { name: 'Compare and merge' }).click()
      await page
        .getByRole('row', { name: /^Notes/ })
        .getByLabel('both')
        .click()
      await picture(page, 'merge')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Merge', exact: true }).click()
      await page.getByRole('heading', { name: 'Max Mustermann' }).waitFor()
      const { items } = (await call(alice, 'GET', '/parties')).json
      expect(items).toHaveLength(1)
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(async () => (await call(alice, 'GET', '/parties')).json.items).toHaveLength(2)
      expect((await alice.get(path('one'))).text).toContain('X-ODD:1')
      expect((await alice.get(path('two'))).text).toContain('NOTE:the second')
      expect(tab.faults).toEqual([])
    })
  })
}
