import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

describe('contacts by the keyboard alone', () => {
  it('somebody is found, opened, edited and labelled, and the list is where it was', async () => {
    const alice = await server.account()
    for (const name of ['Ann Alder', 'Bob Birch', 'Cleo Cedar', 'Dora Dogwood'])
      await alice.put(
        `${alice.contacts}${name.slice(0, 3)}.vcf`,
        card(name, name, [
          'TEL;TYPE=CELL:+49 1',
          'X-ODD;a=b:\\q',
          ...(name.startsWith('Ann') ? ['CATEGORIES:Press'] : []),
        ]),
      )
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice)
    const { keyboard } = page
    const focused = () =>
      page.evaluate(
        `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
      )
    const isSeen = () =>
      page.evaluate(`{ const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement)
        outlineStyle !== 'none' && outlineWidth !== '0px' || boxShadow !== 'none' }`)
    await page.getByRole('link', { name: 'Ann Alder' }).waitFor()

    // Arrows, J and K walk; / searches, and an arrow goes on to who is found.
    await keyboard.press('j')
    await expect.poll(focused).toContain('Bob')
    expect(await isSeen()).toBe(true)
    await keyboard.press('ArrowDown')
    await expect.poll(focused).toContain('Cleo')
    await keyboard.press('k')
    await keyboard.press('Home')
    await expect.poll(focused).toContain('Ann')
    await keyboard.press('/')
    await keyboard.type('cedar')
    await page.getByRole('list', { name: 'Who was found' }).getByRole('link', { name: 'Cleo' }).waitFor()
    await keyboard.press('ArrowDown')
    await expect.poll(focused).toContain('Cleo')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Cleo Cedar' }).waitFor()
    await picture(page, 'keyboard-person')
    await expectGood(tab)

    // To the telephone number, which is edited in place.
    const tabTo = async (wanted: RegExp, most = 80): Promise<void> => {
      for (let n = 0; n < most; n += 1) {
        if (wanted.test(String(await focused()))) return
        await keyboard.press('Tab')
      }
      throw new Error(`The keyboard does not come to ${wanted}: it is at ${await focused()}.`)
    }
    await tabTo(/^Edit .*\+49 1$/)
    await keyboard.press('Enter')
    await keyboard.press('Control+a')
    await keyboard.type('+49 2')
    await keyboard.press('Enter')
    await expect.poll(async () => (await alice.get(`${alice.contacts}Cle.vcf`)).text).toContain('+49 2')
    expect((await alice.get(`${alice.contacts}Cle.vcf`)).text).toContain('X-ODD;a=b:\\q')

    await tabTo(/^Close$/)
    await keyboard.press('Enter')
    await page.getByText('Saved').waitFor({ state: 'detached' })

    // The command menu finds somebody else.
    await keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'A name, a page, something to do' }).waitFor()
    await keyboard.type('dogw')
    await page.getByRole('option', { name: /Dora Dogwood/ }).waitFor()
    await picture(page, 'keyboard-commands')
    await expectGood(tab)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Dora Dogwood' }).waitFor()

    // Back in the list X selects, and a label is given by what is selected.
    await page.goBack()
    await page.getByRole('heading', { name: 'Cleo Cedar' }).waitFor()
    await keyboard.press('/')
    await keyboard.press('Escape')
    await page.getByRole('checkbox', { name: 'Select Bob Birch' }).waitFor({ state: 'attached' })
    await keyboard.press('ArrowDown')
    await keyboard.press('Home')
    await keyboard.press('j')
    await expect.poll(focused).toContain('Bob')
    await keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await tabTo(/^Add a label$/)
    await keyboard.press('Enter')
    await tabTo(/^Press$/)
    await keyboard.press('Enter')
    await page.getByText('1 changed.').waitFor()
    const { items } = (await call(alice, 'GET', '/parties?label=Press')).json
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['Ann Alder', 'Bob Birch'])
    await tabTo(/^Undo$/)
    await keyboard.press('Enter')
    await page.getByText('Undone.').waitFor()
    expect((await call(alice, 'GET', '/parties?label=Press')).json.items).toHaveLength(1)
    expect(tab.faults).toEqual([])
  })
})
