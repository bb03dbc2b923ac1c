import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

const second = {
  headers: { 'Content-Type': 'application/xml' },
  body: '<mkcol xmlns="DAV:"><set><prop><resourcetype><collection/><addressbook xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop></set></mkcol>',
}

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
      await page.getByRole('radiogroup', { name: 'Notes' }).getByLabel('both').click()
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

    it('in different books are made one as they are, or of the same content, and two from the history', async () => {
      const alice = await server.account()
      expect((await alice.request('MKCOL', `${alice.books}second/`, second)).status).toBe(201)
      const [one, two] = [`${alice.contacts}one.vcf`, `${alice.books}second/two.vcf`]
      const same = ['EMAIL:max@mustermann.example', 'TEL:+49 30 1234567']
      await alice.put(one, card('one', 'Max Mustermann', [...same, 'X-ODD:1']))
      await alice.put(two, card('two', 'Max Mustermann', [...same, 'TITLE:Baker']))
      const before = [(await alice.get(one)).text, (await alice.get(two)).text]
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/duplicates')
      const merge = page.getByRole('button', { name: 'Merge', exact: true })
      await page.getByRole('button', { name: 'Compare and merge' }).click()
      await page.getByText('These stay where they are').waitFor()
      expect(await page.getByRole('radio', { name: 'both' }).count()).toBe(0)
      await picture(page, 'merge-apart')
      await expectGood(tab)
      await merge.click()
      await page.getByRole('heading', { name: 'Max Mustermann' }).waitFor()
      expect([(await alice.get(one)).text, (await alice.get(two)).text]).toEqual(before)
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(async () => (await call(alice, 'GET', '/parties')).json.items).toHaveLength(2)
      await page.goto('/duplicates')
      await page.getByRole('button', { name: 'Compare and merge' }).click()
      await page.getByLabel('Bring all of their cards to the same content').check()
      await page.getByRole('radio', { name: 'both' }).first().waitFor()
      await merge.click()
      await page.getByRole('tab', { name: 'History' }).click()
      await page.getByText('Max Mustermann was merged in here').waitFor()
      expect((await alice.get(one)).text).toContain('TITLE:Baker')
      await picture(page, 'merged-history')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Make two again' }).click()
      await page.getByText('They are two again').waitFor()
      expect([(await alice.get(one)).text, (await alice.get(two)).text]).toEqual(before)
      expect((await call(alice, 'GET', '/parties')).json.items).toHaveLength(2)
      expect(tab.faults).toEqual([])
    })
  })
}
