import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Peer, peers, type RunningPeer, startPeer } from '../clients/peers.ts'
import { card, event } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, type Tab, useChromium } from './browser.ts'

const server = useServer({
  auth: { bcryptCost: 4 },
  migration: { privateNetworks: '127.0.0.0/8', followMs: 50 },
})
const open = useChromium()

const xml = { 'Content-Type': 'application/xml; charset=utf-8' }
const newBook = (title: string): string =>
  `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype><d:displayname>${title}</d:displayname></d:prop></d:set></d:mkcol>`
const newCalendar =
  '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:i="http://apple.com/ns/ical/"><d:set><d:prop><d:displayname>Work</d:displayname><i:calendar-color>#2E7D32FF</i:calendar-color></d:prop></d:set></c:mkcalendar>'

/** Radicale with two address books and a calendar. */
async function filledRadicale(): Promise<RunningPeer> {
  const radicale: Peer | undefined = peers.find(({ name }) => name === 'radicale')
  if (!radicale) throw new Error('There is no such peer.')
  const running = await startPeer(radicale)
  const { dav } = running
  for (const [method, path, body] of [
    ['MKCOL', '/alice/people/', newBook('People')],
    ['MKCOL', '/alice/suppliers/', newBook('Suppliers')],
    ['MKCALENDAR', '/alice/work/', newCalendar],
  ] as const) {
    const { status } = await dav.request(method, path, { headers: xml, body })
    expect([path, status]).toEqual([path, 201])
  }
  for (let n = 0; n < 12; n += 1)
    await dav.put(`/alice/people/c${n}.vcf`, card(`c${n}`, `Pat ${n}`, ['X-KEPT:as it is']))
  for (let n = 0; n < 3; n += 1) await dav.put(`/alice/suppliers/s${n}.vcf`, card(`s${n}`, `Supplier ${n}`))
  await dav.put('/alice/work/e.ics', event('e'))
  return running
}

describe('moving in from Radicale', () => {
  let there: RunningPeer
  beforeAll(async () => {
    there = await filledRadicale()
  })
  afterAll(() => there.stop())

  const look = async ({ page }: Tab, url: string, password: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Address of the other server' }).fill(url)
    await page.getByRole('textbox', { name: 'User name there' }).fill(there.account.user)
    await page.getByLabel('Password there').fill(password)
    await page.getByRole('button', { name: 'Look what is there' }).click()
  }

  for (const viewport of [
    { width: 1280, height: 1000 },
    { width: 390, height: 844 },
  ])
    it(`is looked at, taken in part, paused, gone on with and undone, ${viewport.width} wide`, async () => {
      const { account, dav } = there
      const alice = await server.account()
      const had = async () => (await alice.syncAll(alice.contacts, '')).changed
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/import/move')

      // What is wrong is said before anything begins.
      await look(tab, 'http://127.0.0.1:9', account.password)
      await page.getByText('127.0.0.1:9 does not answer.').waitFor()
      await look(tab, account.url, 'wrong')
      await page.getByText('refuses the user name or the password').waitFor()
      await picture(page, 'move-refused')
      await expectGood(tab)

      // What is there, and what of it is taken.
      await look(tab, account.url, account.password)
      const found = page.getByRole('region', { name: 'What is there' })
      await found.getByText(/^12 contacts/).waitFor()
      await found.getByText(/^3 contacts/).waitFor()
      await found.getByText(/^one entry/).waitFor()
      await found.getByRole('checkbox', { name: 'Suppliers' }).uncheck()
      await found.getByRole('checkbox', { name: 'Work' }).uncheck()
      const into = found.getByRole('combobox', { name: 'Where People goes' })
      await into.click()
      await page.getByRole('option', { name: /^A new one: / }).click()
      const called = found.getByRole('textbox', { name: 'Name of the new one for People' })
      await called.fill(' ')
      await found.getByText('Give it a name.').waitFor()
      expect(await found.getByRole('button', { name: /^Move / }).isDisabled()).toBe(true)
      await picture(page, 'move-nameless')
      await expectGood(tab)
      await called.fill(`Old people ${viewport.width}`)
      await into.click()
      await picture(page, 'move-into')
      await page.getByRole('option', { name: 'Contacts', exact: true }).click()
      await found.getByRole('checkbox', { name: 'Follow what changes there' }).check()
      await picture(page, 'move-found')
      await expectGood(tab)
      await found.getByRole('button', { name: 'Move one collection in' }).click()
      const report = page.getByRole('region', { name: account.url })
      await report.getByText('The same: 12').waitFor()
      await report.getByText('Follows what changes there.').waitFor()
      await picture(page, 'move-following')
      await expectGood(tab)
      expect(await had()).toHaveLength(12)
      const texts = await Promise.all((await had()).map(async (path) => (await alice.get(path)).text))
      expect(texts.filter((text) => text.includes('X-KEPT:as it is'))).toHaveLength(12)

      // Paused, it follows nothing; then it goes on without the password.
      await report.getByRole('button', { name: 'Pause' }).click()
      await report.getByText('Paused. It goes on where it is.').waitFor()
      const name = `late-${viewport.width}`
      await dav.put(`/alice/people/${name}.vcf`, card(name, `Late ${viewport.width}`))
      await picture(page, 'move-paused')
      await expectGood(tab)
      expect(await had()).toHaveLength(12)
      await report.getByRole('button', { name: 'Go on' }).click()
      await report.getByText('The same: 13').waitFor()

      // Stopped, it wants the password again; and all of it is undone.
      await report.getByRole('button', { name: 'Stop' }).click()
      await report.getByRole('button', { name: 'Look for changes' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Password there').fill('wrong')
      await dialog.getByRole('button', { name: 'Look for changes' }).click()
      await dialog.getByText('refuses the user name or the password').waitFor()
      await picture(page, 'move-again')
      await expectGood(tab)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await report.getByRole('button', { name: 'Undo all of it' }).click()
      await report.getByText('Undone', { exact: true }).waitFor()
      expect(await had()).toEqual([])
      await dav.remove(`/alice/people/${name}.vcf`)
      await picture(page, 'move-undone')
      await expectGood(tab)
    })
})
