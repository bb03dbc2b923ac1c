import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { ensureJob } from '../../storage/upkeep/jobs.ts'
import { call } from '../api/json.ts'
import { collection, eventsOf, type Item, putAll } from '../bench/web/fill.ts'
import { card } from '../dav/objects.ts'
import type { Account, TestServer } from '../dav/server.ts'
import { administering } from './administrators.ts'
import { expectGood, picture, signedIn, type useChromium } from './browser.ts'
import { working } from './jobs.ts'
import { cutOff, show } from './pages.ts'

interface World {
  readonly server: TestServer
  /** Who has all of the people. */
  readonly alice: Account
}

const wide = { viewport: { width: 1280, height: 800 } }
const entries = /^100,\d{3} entries$/
const largeCount = 5_000
const importedCount = 1_000

/** What is done on the other pages, where one account has 100,000 people, 5,000 events in a month and 5,000 tasks. */
export function manyFlows(world: () => World, open: ReturnType<typeof useChromium>): void {
  beforeAll(async () => {
    const { server, alice } = world()
    const { services } = server
    server.clock.now = Date.now()
    await putAll(services, await collection(services, 'calendar'), eventsOf(largeCount, Date.now()))
    await putAll(services, await collection(services, 'tasks'), tasksOf(largeCount))
    await alice.put(`${alice.contacts}odd.vcf`, odd)
    await administering(server, alice)
    await services.store.write((tx) => ensureJob(tx, 'purge', tx.now + 1_000_000))
  })

  it('somebody is found by the command menu, edited, written about, undone, deleted and brought back', async () => {
    const { server, alice } = world()
    await using _ = working(server, 'undo-changes')
    await using tab = await open(server.url, wide)
    const { page } = tab
    await signedIn(tab, alice)
    await page.getByText(entries).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^A name, a page/ }).fill('oddbod')
    await page.getByRole('option', { name: /Olga Oddbody/ }).click()
    await page.getByRole('heading', { name: 'Olga Oddbody' }).waitFor()
    await page.getByRole('button', { name: /^Edit .*\+49 30 1/ }).click()
    await page.getByRole('textbox', { name: 'Phone' }).fill('+49 30 112233')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: '+49 30 112233', exact: true }).waitFor()
    const { text } = await alice.get(`${alice.contacts}odd.vcf`)
    expect(text).toContain('+49 30 112233')
    expect(text).toContain('X-ODD;X-P=1:keep me\r\n')
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByRole('textbox', { name: 'Text' }).fill('Wants a plan')
    await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
    await page.getByRole('listitem').getByText('Wants a plan').first().waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('button', { name: 'Compare' }).last().click()
    await page
      .getByRole('button', { name: /^Bring back: / })
      .first()
      .click()
    await expect.poll(async () => (await alice.get(`${alice.contacts}odd.vcf`)).text).toBe(odd)
    await expectGood(tab)
    // What a moment ago was shown may be the state before.
    await page.goto(new URL(page.url()).pathname)
    await page.getByRole('link', { name: '+49 30 1', exact: true }).waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Olga Oddbody deleted').waitFor()
    await show(page, '/trash')
    await page.getByRole('button', { name: 'Bring back Olga Oddbody' }).click()
    await expect.poll(async () => (await alice.get(`${alice.contacts}odd.vcf`)).status).toBe(200)
    expect(tab.faults).toEqual([])
  })

  it('labels and lists of half of them are counted, shown and saved, and who may be there twice is told', async () => {
    const { server, alice } = world()
    for (const uid of ['twin1', 'twin2'])
      await alice.put(`${alice.contacts}${uid}.vcf`, card(uid, 'Max Twinner', ['EMAIL:max@twinner.example']))
    await using tab = await open(server.url, wide)
    const { page } = tab
    await signedIn(tab, alice, '/fields/labels')
    await page.getByRole('link', { name: '50,050 people' }).click()
    await page.getByText('50,050 entries').waitFor()
    await picture(page, 'many-label')
    await show(page, '/contacts')
    await page.getByText(entries).waitFor()
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByRole('combobox', { name: 'What' }).click()
    await page.getByRole('option', { name: 'Mail' }).click()
    await page.getByRole('textbox', { name: 'Value' }).fill('5@example.org')
    await page.getByText('10,010 entries').waitFor()
    await page.getByRole('button', { name: 'Save as a list' }).click()
    await page.getByRole('textbox', { name: 'Name of the list' }).fill('Fives')
    await page.getByRole('dialog').getByRole('button', { name: 'Save as a list' }).click()
    await page.getByText('“Fives” is saved.').waitFor()
    await page
      .getByRole('link', { name: /^Fives/ })
      .getByText('10,010')
      .waitFor()
    await picture(page, 'many-list')
    await expectGood(tab)
    await show(page, '/duplicates')
    const twins = page.getByRole('listitem').filter({ hasText: 'Max Twinner' })
    await twins.getByRole('button', { name: 'Compare and merge' }).waitFor()
    await picture(page, 'many-duplicates')
    await expectGood(tab)
  })

  it('a file is tried, imported and undone, and all of them are taken along', async () => {
    const { server, alice } = world()
    await using _ = working(server, 'import', 'undo-import')
    await using tab = await open(server.url, wide)
    const { page } = tab
    await signedIn(tab, alice, '/import')
    const count = async () =>
      (await call(alice, 'POST', '/parties/query', { filter: { all: [] }, limit: 1, count: true })).json.count
    const before = await count()
    const file = { name: 'people.vcf', mimeType: 'text/vcard', buffer: Buffer.from(importedFile(before)) }
    await page.locator('input[type=file]').setInputFiles([file])
    await page.getByText('A trial: nothing is stored yet.').waitFor()
    await picture(page, 'many-import')
    await page.getByRole('button', { name: /^Import / }).click()
    await page.getByRole('button', { name: 'Undo all of it' }).waitFor()
    await expectGood(tab)
    expect(await count()).toBe(before + importedCount - 20)
    await page.getByRole('button', { name: 'Undo all of it' }).click()
    await page.getByText('Undone', { exact: true }).first().waitFor()
    expect(await count()).toBe(before)
    await show(page, '/import/export')
    const [taken] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'vCard 4.0' }).first().click(),
    ])
    const cards = readFileSync(await taken.path(), 'latin1').match(/^BEGIN:VCARD\r$/gm)
    // That of the label is one too.
    expect(cards).toHaveLength(before + 1)
    expect(tab.faults).toEqual([])
  })

  for (const viewport of [wide.viewport, { width: 390, height: 844 }])
    it(`every other page shows what there is, ${viewport.width} wide`, async () => {
      const { server, alice } = world()
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/tasks')
      await page
        .getByText(/^Task \d+$/)
        .first()
        .waitFor()
      const device = (await call(alice, 'POST', '/devices', { label: 'Pixel 9', kind: 'davx5' })).json
      const { items } = (await call(alice, 'POST', '/parties/query', { filter: { all: [] }, q: 'oddbody' }))
        .json
      for (const [path, sign] of otherPages(device.device?.id ?? device.id, items[0], alice.name)) {
        await show(page, path)
        await page.getByText(sign).filter({ visible: true }).first().waitFor()
        expect([path, ...(await cutOff(page))]).toEqual([path])
        expect(await complaints(page), path).toEqual([])
        await picture(page, `many${path.replaceAll(/[^\w]+/g, '-')}`)
      }
      await expectGood(tab)
    })
}

/** Where else there is something to see, and what is seen there. */
function otherPages(
  device: number,
  person: { readonly id: number; readonly name: string },
  account: string,
): readonly (readonly [string, string | RegExp])[] {
  return [
    ['/tasks', /^Task \d+$/],
    ['/calendar?view=month', /^[A-Z][a-z]+ 20\d\d$/],
    ['/calendar?view=list', /^Meeting \d+$/],
    ['/files', 'Nothing is here yet.'],
    ['/keep-in-touch', 'Keep in touch'],
    [`/contacts/${person.id}?tab=sharing`, person.name],
    [`/served/person/${person.id}`, 'Pixel 9'],
    ['/account/devices', 'Pixel 9'],
    [`/account/devices/${device}`, 'Pixel 9'],
    ['/admin/accounts', account],
    ['/admin/groups', /^There are no groups yet/],
    ['/admin/rooms', 'There are no rooms yet.'],
    ['/admin/roles', /^What people may do beside/],
    ['/admin/devices', 'Pixel 9'],
    ['/admin/sign-ins', account],
    ['/admin/outbox', /^There is nothing here/],
    ['/admin/settings', /^What is changed here counts at once/],
    ['/admin/jobs', 'Empties the trash and drops what is too old'],
    ['/admin/server', 'Cards, events and tasks'],
    ['/import/move', 'Address of the other server'],
    ['/trash', 'Trash'],
  ]
}

/** What pages say where something went wrong. */
function complaints(page: Page): Promise<string[]> {
  return page.getByRole('alert').allTextContents()
}

const odd = card('odd', 'Olga Oddbody', ['TEL;TYPE=WORK:+49 30 1', 'X-ODD;X-P=1:keep me'])

function tasksOf(count: number): Item[] {
  return Array.from({ length: count }, (_, n) => {
    const day = String(1 + (n % 28)).padStart(2, '0')
    const lines = [
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VTODO', `UID:task-${n}`],
      ...[
        'DTSTAMP:20260101T000000Z',
        `SUMMARY:Task ${n}`,
        ...(n % 3 === 0 ? [] : [`DUE;VALUE=DATE:203001${day}`]),
      ],
      ...['END:VTODO', 'END:VCALENDAR', ''],
    ]
    return { name: `task-${n}.ics`, body: lines.join('\r\n') }
  })
}

/** Some of these are there already, by their mail addresses and names. */
function importedFile(seed: number): string {
  return Array.from({ length: importedCount }, (_, n) =>
    n < 20
      ? card(`s${n}`, `Pat ${String.fromCharCode(65 + n)}ander${String(n).padStart(3, '0')}`, [
          `EMAIL:s${n}@example.org`,
          'NOTE:new',
        ])
      : card(`i${seed}-${n}`, `Ida Import${n}`, [`EMAIL:i${n}@import.example`]),
  ).join('')
}
