import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { call } from '../api/json.ts'
import { card, todo } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { copyOf } from '../dav/virtual/books.ts'
import { useChromium } from './browser.ts'
import { expectTrap, type Hands, handsIn } from './hands.ts'
import { jane } from './jane.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

const viewport = { width: 1280, height: 800 }

/** Finds a colleague by the name, and takes them: once the list is that of the whole name. */
async function pick(page: Page, hands: Hands, name: string): Promise<void> {
  const found = page.waitForResponse((response) => response.url().includes(`/principals?q=${name}&`))
  await hands.type(name)
  await found
  const options = page.getByRole('dialog').getByRole('option')
  await expect
    .poll(async () => [await options.count(), await options.last().textContent()])
    .toEqual([1, expect.stringContaining(name)])
  await hands.choose(new RegExp(name))
}

describe('by the keyboard alone', () => {
  it('somebody signs in, an event is made and changed, and the dialogs give the keyboard back', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    const hands = await handsIn(page, alice, '/calendar')
    await page.getByRole('button', { name: 'New event' }).waitFor()
    await hands.to(/^New event$/)
    await hands.press('Enter')
    const form = page.getByRole('dialog', { name: 'New event' })
    await form.waitFor()
    await expect.poll(hands.at).toBe('Title')
    await expectTrap(page, hands)
    await hands.press('Escape')
    await form.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe('New event')
    await hands.press('Enter')
    await form.waitFor()
    await expect.poll(hands.at).toBe('Title')
    await hands.type('Visit of the auditors')
    await hands.press('Enter')
    await page.getByText('Visit of the auditors is in the calendar.').waitFor()

    await hands.to(/Visit of the auditors/, 120)
    await hands.press('Enter')
    const panel = page.getByRole('dialog', { name: 'Visit of the auditors' })
    await panel.waitFor()
    await hands.to(/^Edit$/)
    await hands.press('Enter')
    await page.getByRole('dialog', { name: 'Edit event' }).waitFor()
    await hands.to(/^Place$/)
    await hands.type('Archive')
    await hands.press('Enter')
    await page.getByText('The event is changed.').first().waitFor()
    await expect.poll(hands.at).toMatch(/Visit of the auditors/)
    const { responses } = await alice.propfind(alice.calendar, 1, [dav('getetag')])
    const made = responses.map(({ href }) => href).find((href) => href.endsWith('.ics')) ?? ''
    expect((await alice.get(made)).text).toMatch(/LOCATION:Archive\r\n/)
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('a task is done, and taken back', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof'))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const hands = await handsIn(page, alice, '/tasks')
    await page.getByRole('checkbox', { name: 'Complete Task roof' }).waitFor()
    await hands.to(/^Complete Task roof$/)
    await hands.press('Space')
    await page.getByText('Task roof is done.').waitFor()
    expect((await alice.get(`${alice.tasks}roof.ics`)).text).toContain('STATUS:COMPLETED\r\n')
    await hands.to(/^Undo$/)
    await hands.press('Enter')
    await expect.poll(async () => (await alice.get(`${alice.tasks}roof.ics`)).text).not.toContain('COMPLETED')
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('a task becomes a part of another and stands by itself again, and has the keyboard all the while', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}roof.ics`, todo('roof', ['DUE;VALUE=DATE:20200301']))
    await alice.put(`${alice.tasks}tiles.ics`, todo('tiles', ['DUE;VALUE=DATE:20200302']))
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    const hands = await handsIn(page, alice, '/tasks')
    const textOf = async (): Promise<string> => (await alice.get(`${alice.tasks}tiles.ics`)).text
    await page.getByRole('button', { name: /^Task tiles/ }).waitFor()
    await hands.to(/^Task roof/)
    await hands.press('ArrowDown')
    await hands.press('Shift+ArrowRight')
    const parts = page.getByRole('list', { name: 'Parts of Task roof' })
    await parts.getByText('Task tiles').waitFor()
    await expect.poll(hands.at).toMatch(/^Task tiles/)
    await expect.poll(textOf).toMatch(/RELATED-TO(;RELTYPE=PARENT)?:roof\r\n/)
    await hands.to(/^Actions for Task tiles$/)
    await hands.press('Enter')
    await page.getByRole('menuitem', { name: 'Take it out' }).waitFor()
    await hands.choose(/^Take it out/)
    await parts.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toMatch(/^Task tiles/)
    await expect.poll(textOf).not.toContain('RELATED-TO')
    await hands.press('Enter')
    const form = page.getByRole('dialog', { name: 'Edit task' })
    await expect.poll(hands.at).toMatch(/^Title/)
    await hands.press('Escape')
    await form.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toMatch(/^Task tiles/)
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('a person is shared without the notes, and the dialog gives the keyboard back', async () => {
    const [alice, bob] = [await server.account(), await server.account({ name: 'robin' })]
    await alice.put(
      `${alice.contacts}ann.vcf`,
      card('ann', 'Ann Alder', ['NOTE:Never on Mondays', 'TEL:+49 30 1']),
    )
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const hands = await handsIn(page, alice, '/contacts')
    await page.getByRole('link', { name: 'Ann Alder' }).waitFor()
    await hands.to(/^(?!Select).*Ann Alder/)
    await hands.press('Enter')
    await page.getByRole('heading', { name: 'Ann Alder' }).waitFor()
    await hands.to(/^More actions$/)
    await hands.press('Enter')
    await page.getByRole('menuitem', { name: 'Share' }).waitFor()
    await hands.choose(/^Share$/)
    const dialog = page.getByRole('dialog', { name: 'Share Ann Alder' })
    await dialog.getByText('shared with nobody yet').waitFor()
    await hands.to(/^Share with$/)
    await pick(page, hands, bob.name)
    await expect.poll(hands.at).toMatch(/^What .* may do$/)
    await expectTrap(page, hands)
    await hands.to(/^What they see$/)
    await hands.press('Enter')
    await hands.choose(/^All but some things$/)
    await hands.to(/^notes$/)
    await hands.press('Space')
    await hands.to(/^Share$/)
    await hands.press('Enter')
    await dialog.getByText('does not see: notes').waitFor()
    await expect.poll(hands.at).toBe('Share with')
    await hands.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe('More actions')
    const [book] = (await call(bob, 'GET', '/grants/received')).json.books
    const seen = (await bob.get(await copyOf(bob, `${bob.books}${book.name}/`, 'Ann Alder'))).text
    expect([seen.includes('TEL:+49 30 1'), seen.includes('NOTE')]).toEqual([true, false])
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('two who are one are merged, and the page of the one has the keyboard', async () => {
    const alice = await server.account()
    const same = ['EMAIL:max@mustermann.example', 'TEL:+49 30 1234567']
    for (const name of ['one', 'two'])
      await alice.put(
        `${alice.contacts}${name}.vcf`,
        card(name, 'Max Mustermann', [...same, `NOTE:number ${name}`]),
      )
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const hands = await handsIn(page, alice, '/duplicates')
    await page.getByRole('button', { name: 'Compare and merge' }).waitFor()
    await hands.to(/^Compare and merge: /)
    await hands.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Make one of two' })
    await dialog.getByRole('radiogroup', { name: 'Notes' }).waitFor()
    await hands.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toMatch(/^Compare and merge: /)
    await hands.press('Enter')
    await dialog.getByRole('radiogroup', { name: 'Notes' }).waitFor()
    await hands.to(/^(left|right|both)$/)
    for (let n = 0; n < 3 && (await hands.at()) !== 'right'; n += 1) await hands.press('ArrowDown')
    await hands.to(/^Merge$/)
    await hands.press('Enter')
    await page.getByRole('heading', { name: 'Max Mustermann' }).waitFor()
    // What opened the dialog is on another page.
    await expect.poll(hands.at).toBe('Max Mustermann')
    const notes = async (): Promise<string[]> => {
      const found = await alice.syncAll(alice.contacts, '')
      const texts = await Promise.all(found.changed.map(async (href) => (await alice.get(href)).text))
      return texts.flatMap((text) => /^NOTE:(.*)\r$/m.exec(text)?.[1] ?? [])
    }
    expect(await notes()).toHaveLength(1)
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('a file is tried, looked at and imported', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await using _jobs = working(server, 'import')
    const choosing = page.waitForEvent('filechooser', { timeout: 60_000 })
    const hands = await handsIn(page, alice, '/import')
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await hands.to(/^Choose a file$/)
    await hands.press('Enter')
    const chooser = await choosing
    const buffer = Buffer.from(card('ann', 'Ann Alder', ['X-KEPT:as it is']))
    await chooser.setFiles([{ name: 'ann.vcf', mimeType: 'text/vcard', buffer }])
    await page.getByRole('button', { name: 'Ann Alder', exact: true }).waitFor({ timeout: 30_000 })
    await hands.to(/^Ann Alder$/)
    await hands.press('Enter')
    const preview = page.getByRole('dialog', { name: 'Ann Alder' })
    await preview.waitFor()
    await hands.press('Escape')
    await preview.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe('Ann Alder')
    await hands.to(/^Import one item$/)
    await hands.press('Enter')
    await page.getByRole('button', { name: 'Undo all of it' }).waitFor({ timeout: 30_000 })
    const [made = ''] = (await alice.syncAll(alice.contacts, '')).changed
    expect((await alice.get(made)).text).toContain('X-KEPT:as it is')
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('a calendar is shared with a colleague, and its dialog gives the keyboard back', async () => {
    const [alice, bob] = [await server.account(), await server.account({ name: 'ulrike' })]
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    const hands = await handsIn(page, alice, '/calendar')
    const settings = page.getByRole('button', { name: /^Settings of / }).first()
    const name = (await settings.getAttribute('aria-label')) ?? ''
    await hands.to(new RegExp(`^${name}$`), 120)
    await hands.press('Enter')
    const dialog = page.getByRole('dialog', { name: name.replace('Settings of ', '') })
    await dialog.getByRole('combobox', { name: 'Share with' }).waitFor()
    await hands.to(/^Share with$/)
    await pick(page, hands, bob.name)
    const access = dialog.getByRole('combobox', { name: /^What .* may do$/ })
    await access.waitFor()
    await hands.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe(name)
    const { shares } = (await call(alice, 'GET', '/shares')).json
    expect(shares).toMatchObject([{ with: { name: bob.name }, access: 'read' }])
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('what is known beside a card is written in place, and its button has the keyboard afterwards', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    const hands = await handsIn(page, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: 'Add a relation' }).waitFor()
    await hands.to(/^More about Millner & Söhne$/, 120)
    await hands.press('Enter')
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor()
    await hands.choose(/^Edit$/)
    const job = page.getByRole('form', { name: 'Job' })
    await expect.poll(hands.at).toBe('Job title')
    await hands.press('Escape')
    await job.waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe('More about Millner & Söhne')
    await hands.press('Enter')
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor()
    await hands.choose(/^Edit$/)
    await expect.poll(hands.at).toBe('Job title')
    await hands.press('Control+a')
    await hands.type('Director')
    await hands.press('Enter')
    await page.getByText('Director').first().waitFor()
    await expect.poll(hands.at).toBe('More about Millner & Söhne')
    await hands.to(/^Add a relation$/)
    await hands.press('Enter')
    await expect.poll(hands.at).toBe('Person')
    await hands.press('Escape')
    await page.getByRole('form', { name: 'Relation' }).waitFor({ state: 'detached' })
    await expect.poll(hands.at).toBe('Add a relation')
    expect([...hands.unseen]).toEqual([])
    expect(tab.faults).toEqual([])
  })
})
