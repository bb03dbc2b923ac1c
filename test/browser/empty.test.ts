import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { accessibilityFaults, expectGood, picture, signedIn, useChromium } from './browser.ts'
import { cutOff, settled, show } from './pages.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** What each page says to somebody who has nothing yet. */
const sentences: readonly (readonly [path: string, sentence: string])[] = [
  ['/contacts', 'Add somebody, bring your contacts along, or let a phone bring them.'],
  ['/calendar?view=list', 'Add something with “'],
  ['/tasks', 'Type above what comes to mind.'],
  ['/files', 'Drop files or folders onto this page, or upload them.'],
  ['/keep-in-touch', 'Open somebody and choose how often'],
  ['/fields/own', 'Define one for what you want to know of people'],
  ['/fields/labels', 'Make one to gather people'],
  ['/duplicates', 'Nobody seems to be here twice.'],
  ['/trash', 'can be brought back from here.'],
  ['/import', 'Choose a file'],
  ['/import/move', 'Contacts, calendars and tasks are copied'],
  ['/served', 'Choose what is missing'],
  ['/account/devices', 'Add your phone'],
  ['/admin/groups', 'There are no groups yet.'],
  ['/admin/rooms', 'There are no rooms yet.'],
  ['/admin/roles', 'There are no masks yet'],
  ['/admin/devices', 'people add theirs on their account page'],
  ['/admin/jobs', 'The server plans its work when it starts'],
  ['/admin/outbox', 'What the server sends out'],
]

describe('a page on which there is nothing yet', () => {
  it.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('says what to do, $width wide', async (viewport) => {
    const alice = await administratorOf(server)
    await using tab = await open(server.url, { viewport })
    const { page, faults } = tab
    await signedIn(tab, alice)
    const wrong: Record<string, readonly string[]> = {}
    const look = async (path: string, sentence: string): Promise<void> => {
      await show(page, path)
      const said = await page.getByRole('main').textContent()
      const found = said?.includes(sentence) ? [] : [`says ${said}`]
      found.push(...(await cutOff(page)), ...(await accessibilityFaults(page)))
      await page.emulateMedia({ colorScheme: 'dark' })
      found.push(...(await accessibilityFaults(page, ['color-contrast'])))
      await page.emulateMedia({ colorScheme: 'light' })
      await picture(page, `empty${path.replaceAll(/[^\w]+/g, '-')}`)
      if (found.length + faults.length > 0) wrong[path] = [...found, ...faults.splice(0)]
    }
    for (const [path, sentence] of sentences) await look(path, sentence)
    await alice.put(`${alice.contacts}ada.vcf`, card('ada', 'Ada Adler'))
    const { items } = (await call(alice, 'GET', '/parties')).json
    await look(`/contacts/${items[0].id}?tab=documents`, 'There are no documents yet.')
    expect(wrong).toEqual({})
  })

  it('says so too where nothing is found', async () => {
    const alice = await administratorOf(server)
    await using tab = await open(server.url)
    const { page } = tab
    await signedIn(tab, alice, '/admin/settings')
    await page.getByLabel('Find a setting').fill('no such thing')
    await page.getByText('No setting is called so.').waitFor()
    await settled(page)
    await expectGood(tab)
    await show(page, '/contacts?q=nobody-at-all')
    await page.getByText('Nobody was found.').waitFor()
    await expectGood(tab)
  })

  it('leads to what comes first: contacts that are there, a phone, a colleague', async () => {
    const [alice, bob] = [await administratorOf(server), await server.account()]
    await using tab = await open(server.url)
    const { page } = tab
    await signedIn(tab, alice)
    const doors = [
      ['Import contacts', page.getByText('Choose a file')],
      ['Add a phone', page.getByRole('main').getByLabel('Name', { exact: true })],
      ['Invite a colleague', page.getByRole('dialog', { name: 'Add an account' }).getByLabel('User name')],
    ] as const
    for (const [name, there] of doors) {
      await page.getByRole('link', { name }).click()
      await there.first().waitFor()
      await settled(page)
      await expectGood(tab)
      await show(page, '/contacts')
    }
    await using others = await open(server.url)
    await signedIn(others, bob)
    await others.page.getByRole('link', { name: 'Add a phone' }).waitFor()
    expect(await others.page.getByRole('link', { name: 'Invite a colleague' }).count()).toBe(0)
  })
})
