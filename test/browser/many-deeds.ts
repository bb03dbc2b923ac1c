import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import type { Account, TestServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, type useChromium } from './browser.ts'
import { working } from './jobs.ts'
import { cutOff, show } from './pages.ts'
import { readPdf } from './pdf.ts'

interface World {
  readonly server: TestServer
  /** Who has all of the people, 5,000 events in this month and 5,000 tasks. */
  readonly alice: Account
}

const wide = { viewport: { width: 1280, height: 800 } }
const narrow = { viewport: { width: 390, height: 844 } }
const entries = /^100,\d{3} entries$/
const staffCount = 5_000
const guests = 20

/** What is made, changed, shared and taken back, where one account has 100,000 people. */
export function manyDeeds(world: () => World, open: ReturnType<typeof useChromium>): void {
  beforeAll(async () => {
    const { alice } = world()
    for (let n = 0; n < guests; n += 1)
      await alice.put(
        `${alice.contacts}guest${n}.vcf`,
        card(`guest${n}`, `Gus Guest${n}`, ['TEL:+49 30 77', 'NOTE:pays late', 'CATEGORIES:Guests']),
      )
    for (const [uid, note] of Object.entries({ tina1: 'the first', tina2: 'the second' }))
      await alice.put(
        `${alice.contacts}${uid}.vcf`,
        card(uid, 'Tina Twice', ['EMAIL:tina@twice.example', `NOTE:${note}`]),
      )
  })

  it('two are made one, and two again; somebody is made, edited and removed, and all of it is undone', async () => {
    const { alice } = world()
    await using tab = await open(world().server.url, wide)
    const { page } = tab
    await signedIn(tab, alice, '/duplicates')
    const twins = page.getByRole('listitem').filter({ hasText: 'Tina Twice' })
    await twins.getByRole('button', { name: 'Compare and merge' }).click()
    await page.getByRole('radiogroup', { name: 'Notes' }).getByLabel('both').click()
    await page.getByRole('button', { name: 'Merge', exact: true }).click()
    await page.getByRole('heading', { name: 'Tina Twice' }).waitFor()
    const notes = () => Promise.all(['tina1', 'tina2'].map((uid) => noteOf(alice, uid)))
    expect((await notes()).filter((note) => note !== undefined)).toHaveLength(1)
    await undo(page)
    await expect.poll(notes).toEqual(['the first', 'the second'])

    await show(page, '/contacts')
    await page.getByText(entries).waitFor()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'New person or company' })
    await dialog.getByRole('textbox', { name: 'First name' }).fill('Nora')
    await dialog.getByRole('textbox', { name: 'Last name' }).fill('Newcomer')
    await dialog.getByRole('textbox', { name: 'Mail' }).fill('nora@new.example')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Nora Newcomer' }).waitFor()
    const nora = () => foundBy(alice, 'nora newcomer')
    await page.getByRole('button', { name: /^Edit .*nora@new\.example/ }).click()
    await page.getByRole('textbox', { name: 'Mail' }).fill('nora@other.example')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'nora@other.example', exact: true }).waitFor()
    await undo(page)
    await page.getByRole('link', { name: 'nora@new.example', exact: true }).waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Nora Newcomer deleted').waitFor()
    expect(await nora()).toEqual([])
    await undo(page)
    await page.getByRole('heading', { name: 'Nora Newcomer' }).waitFor()
    expect(await nora()).toHaveLength(1)
    expect(tab.faults).toEqual([])
  })

  it('a label is shared without what is hidden, and read by the colleague', async () => {
    const { server, alice } = world()
    const bob = await server.account()
    await using tab = await open(server.url, wide)
    const { page } = tab
    await signedIn(tab, alice, '/contacts?label=Guests')
    await page.getByText(`${guests} entries`).waitFor()
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Share with' }).fill(bob.name)
    await dialog.getByRole('option', { name: bob.name }).click()
    await dialog.getByRole('combobox', { name: 'What they see' }).click()
    await dialog.getByRole('option', { name: 'All but some things' }).click()
    await dialog.getByRole('checkbox', { name: 'notes' }).click()
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.getByText('does not see: notes').waitFor()
    await expectGood(tab)
    await using colleague = await open(server.url, narrow)
    await signedIn(colleague, bob, '/contacts')
    await colleague.page.getByText(`${guests} entries`).waitFor()
    await colleague.page.getByRole('link', { name: 'Gus Guest7' }).click()
    await colleague.page.getByRole('heading', { name: 'Gus Guest7' }).waitFor()
    await colleague.page.getByRole('link', { name: '+49 30 77' }).waitFor()
    expect(await colleague.page.getByText('pays late').count()).toBe(0)
    await picture(colleague.page, 'many-shared')
    await expectGood(colleague)
  })

  it('one of 5,000 tasks is done and undone, one of 5,000 events is dragged and goes back', async () => {
    const { server, alice } = world()
    await using tab = await open(server.url, { ...wide, timezoneId: 'UTC' })
    const { page } = tab
    await signedIn(tab, alice, '/tasks')
    const box = page.getByRole('checkbox', { name: /^Complete Task \d+$/ }).first()
    const task = /Task (\d+)$/.exec((await box.getAttribute('aria-label')) ?? '')?.[1] ?? ''
    const textOf = async (path: string): Promise<string> => (await alice.get(path)).text
    await box.click()
    await page.getByText(`Task ${task} is done.`).waitFor()
    expect(await textOf(`${alice.tasks}task-${task}.ics`)).toContain('STATUS:COMPLETED')
    await undo(page)
    await expect.poll(() => textOf(`${alice.tasks}task-${task}.ics`)).not.toContain('COMPLETED')

    await show(page, '/calendar?view=week')
    await page.locator('.fc-timegrid-event').first().waitFor()
    const { name, x, y } = await page.evaluate<{ name: string; x: number; y: number }>(oneToDrag)
    const path = `${alice.calendar}event-${/\d+/.exec(name)?.[0]}.ics`
    const before = await textOf(path)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + 20, { steps: 4 })
    await page.mouse.move(x, y + 100, { steps: 8 })
    await page.mouse.up()
    await expect.poll(() => textOf(path)).not.toBe(before)
    expect((await textOf(path)).replace(/^(DTSTART|DTEND):.*\r\n/gm, '')).toContain(`SUMMARY:${name}\r\n`)
    await picture(page, 'many-week')
    await undo(page)
    await expect.poll(() => textOf(path)).toBe(before)
    expect(tab.faults).toEqual([])
  })

  it('a company with 5,000 people shows them a part at a time', async () => {
    const { server, alice } = world()
    await alice.put(
      `${alice.contacts}brewery.vcf`,
      card('brewery', 'Zymurgy Ltd', ['ORG:Zymurgy Ltd', 'X-ABShowAs:COMPANY']),
    )
    const [company] = await foundBy(alice, 'zymurgy')
    await server.services.store.write(({ sql }) =>
      sql.run(
        `INSERT INTO memberships (party_id, org_id, org_name, department, title, role)
         SELECT party_id, $1, 'Zymurgy Ltd', '', 'Brewer', '' FROM placements WHERE kind = 'person' LIMIT ${staffCount}`,
        [company?.id],
      ),
    )
    await using tab = await open(server.url, narrow)
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${company?.id}`)
    await page.getByRole('heading', { name: 'Zymurgy Ltd' }).waitFor()
    await page.getByText('Brewer').first().waitFor()
    const shown = await page.getByText('Brewer').count()
    expect(shown).toBeLessThan(500)
    await picture(page, 'many-staff')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Show more' }).last().click()
    await expect.poll(() => page.getByText('Brewer').count()).toBeGreaterThan(shown)
    expect(tab.faults).toEqual([])
  })

  it('all of them get a label, with progress: stopped on the way, what is done stays', async () => {
    const { server, alice } = world()
    await using _ = working(server, 'bulk-people')
    await using tab = await open(server.url, wide)
    const { page } = tab
    await signedIn(tab, alice)
    await page.getByText(entries).waitFor()
    await chooseFirst(page)
    await page.getByRole('button', { name: 'Select all' }).click()
    await page.getByText(/^100,\d{3} selected$/).waitFor()
    await page.getByRole('button', { name: 'Add a label' }).click()
    await page.getByRole('textbox', { name: 'New label' }).fill('Everybody')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByText(/^[1-9]\d* of 100,\d{3}$/).waitFor()
    await picture(page, 'many-progress')
    await page.setViewportSize(narrow.viewport)
    await picture(page, 'many-progress')
    expect(await cutOff(page)).toEqual([])
    await page.setViewportSize(wide.viewport)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped:').waitFor()
    expect((await call(alice, 'GET', '/parties?label=Everybody&limit=1')).json.items).toHaveLength(1)
    await expectGood(tab)
  })

  it('those who are chosen are taken along in a file, and one of them is printed', async () => {
    const { server, alice } = world()
    await using tab = await open(server.url, wide)
    const { page } = tab
    await signedIn(tab, alice, '/contacts?label=Guests')
    await page.getByText(`${guests} entries`).waitFor()
    await chooseFirst(page)
    await page.getByRole('button', { name: 'Select all' }).click()
    await page.getByText(`${guests} selected`).waitFor()
    const bar = page.getByRole('toolbar', { name: 'With all who are selected' })
    await bar.getByRole('button', { name: 'Export' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV' }).click(),
    ])
    expect(readFileSync(await file.path(), 'utf8').match(/^.*Guest\d+.*$/gm)).toHaveLength(guests)
    await page.getByRole('link', { name: 'Gus Guest7' }).click()
    await page.getByRole('heading', { name: 'Gus Guest7' }).waitFor()
    const { text } = readPdf(await page.pdf({ format: 'A4' }))
    for (const said of ['GusGuest7', '+493077', 'payslate']) expect(text).toContain(said)
    expect(text).not.toContain('Mainnavigation')
    expect(tab.faults).toEqual([])
  })
}

async function undo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Undo' }).last().click()
}

/** Chooses the first of a list, by the keyboard. */
async function chooseFirst(page: Page): Promise<void> {
  await page.locator('.people-rows .person-check input').first().focus()
  await page.keyboard.press('Space')
}

async function noteOf(account: Account, uid: string): Promise<string | undefined> {
  const { status, text } = await account.get(`${account.contacts}${uid}.vcf`)
  return status === 200 ? /^NOTE:(.*)\r$/m.exec(text)?.[1] : undefined
}

async function foundBy(account: Account, q: string): Promise<readonly { readonly id: number }[]> {
  return (await call(account, 'POST', '/parties/query', { filter: { all: [] }, q })).json.items
}

/** An event of some minutes that is seen, with room below it, and a place on it that nothing covers. */
const oneToDrag = `(() => {
  for (const event of document.querySelectorAll('.fc-timegrid-event')) {
    const name = event.querySelector('.event-title')?.textContent ?? ''
    const { left, top, width, height } = event.getBoundingClientRect()
    const [x, y] = [left + width / 2, top + Math.min(height / 2, 12)]
    const seen = document.elementFromPoint(x, y)
    if (/^Meeting \\d+$/.test(name) && top > 200 && top < innerHeight - 250 && height < 150 && event.contains(seen))
      return { name, x, y }
  }
  throw new Error('There is none.')
})()`
