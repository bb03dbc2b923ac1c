import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { call } from '../api/json.ts'
import { event, lines } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const zone = 'Europe/Berlin'

/** The Wednesday of this week: 20261125. */
function wednesday(): string {
  const now = new Date()
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()))
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7) + 2)
  return day.toISOString().slice(0, 10).replaceAll('-', '')
}

function meeting(uid: string, extra: readonly string[]): string {
  return lines([
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Phone//EN', 'BEGIN:VEVENT', `UID:${uid}`],
    ...['DTSTAMP:20260101T000000Z', ...extra, 'X-ODD-THING;X-P=1:keep me', 'END:VEVENT', 'END:VCALENDAR'],
  ])
}

/** A week with a meeting, a series, a whole day and something tentative. */
async function week(alice: Account): Promise<void> {
  const day = wednesday()
  const put = (uid: string, extra: readonly string[]): Promise<unknown> =>
    alice.put(`${alice.calendar}${uid}.ics`, meeting(uid, extra))
  await put('plan', [
    ...[`DTSTART:${day}T090000Z`, `DTEND:${day}T103000Z`, 'SUMMARY:Planning', 'LOCATION:Room 4'],
    ...['DESCRIPTION:Bring the drawings.', 'URL:https://meet.example/plan', 'CATEGORIES:Work'],
    ...[
      'ORGANIZER;CN=Bob:mailto:bob@example.com',
      'ATTENDEE;CN=Carol;PARTSTAT=ACCEPTED:mailto:carol@example.com',
    ],
    ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-PT15M', 'END:VALARM'],
  ])
  await put('standup', [
    ...[`DTSTART:${day}T073000Z`, `DTEND:${day}T074500Z`, 'SUMMARY:Stand-up', 'RRULE:FREQ=DAILY;COUNT=3'],
  ])
  await put('fair', [`DTSTART;VALUE=DATE:${day}`, 'SUMMARY:Trade fair', 'TRANSP:TRANSPARENT'])
  await put('perhaps', [
    `DTSTART:${day}T130000Z`,
    'DURATION:PT2H',
    'SUMMARY:Lunch with Ann',
    'STATUS:TENTATIVE',
  ])
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`the calendar, ${viewport.width} wide`, () => {
    it('shows days, weeks, months and a list, and all of an event', async () => {
      const alice = await server.account()
      await week(alice)
      await using tab = await open(server.url, { viewport, timezoneId: zone })
      const { page } = tab
      await signedIn(tab, alice, '/calendar')
      for (const view of ['Week', 'Month', 'Day', 'List']) {
        await page.getByRole('radiogroup', { name: 'View' }).getByText(view).click()
        if (view === 'Week') await page.getByText('Trade fair').waitFor()
        if (view === 'List') await page.getByText('Lunch with Ann').waitFor()
        await picture(page, `calendar-${view.toLowerCase()}`)
        await expectGood(tab)
      }
      expect(await page.getByText('Stand-up').count()).toBe(3)
      await page.getByText('Planning').click()
      const panel = page.getByRole('dialog', { name: 'Planning' })
      for (const text of ['Room 4', '15 minutes before', 'Bring the drawings.', 'Carol', 'Invited by Bob'])
        await panel.getByText(text).first().waitFor()
      await picture(page, 'event')
      await expectGood(tab)
      await page.keyboard.press('Escape')
      await alice.put(`${alice.calendar}late.ics`, event('late', [`DTSTART:${wednesday()}T200000Z`]))
      await page.getByText('Event late').waitFor()
    })
  })
}

describe('a search', () => {
  it('finds events, and the calendar shows the one that is chosen where it is', async () => {
    const alice = await server.account()
    await alice.put(
      `${alice.calendar}gala.ics`,
      meeting('gala', ['DTSTART;VALUE=DATE:20300504', 'SUMMARY:Summer gala']),
    )
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, timezoneId: 'UTC' })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByRole('button', { name: 'New event' }).waitFor()
    await page.keyboard.press('m')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^A name, a page/ }).fill('gala')
    await page.getByRole('option', { name: 'Summer gala' }).click()
    await page.getByRole('dialog', { name: 'Summer gala' }).getByText('4 May 2030').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'May 2030' }).waitFor()
    expect(tab.faults).toEqual([])
  })
})

describe('a calendar itself', () => {
  it('is made, coloured, shared with a colleague, published, and thrown away', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: zone })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByRole('button', { name: 'Calendars' }).click()
    await page.getByRole('button', { name: 'New calendar' }).click()
    const dialog = page.getByRole('dialog', { name: 'New calendar' })
    await dialog.getByLabel('Name').fill('Garden')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Garden is made.').waitFor()
    await page.getByRole('button', { name: 'Settings of Garden' }).click()
    const settings = page.getByRole('dialog', { name: 'Garden' })
    await settings.getByRole('combobox', { name: 'Share with' }).fill(bob.name)
    await page.getByRole('option', { name: bob.name }).click()
    await settings.getByRole('combobox', { name: /^What .* may do$/ }).waitFor()
    await accepted(bob, 'Garden')
    const access = async () => (await call(alice, 'GET', '/shares')).json.shares[0].access
    const was = await access()
    await settings.getByRole('combobox', { name: /^What .* may do$/ }).click()
    await page.getByRole('option', { name: 'add and edit' }).click()
    await expect.poll(access).toBe('no-delete')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(access).toBe(was)
    await settings.getByRole('button', { name: 'Make a link' }).click()
    const address = (await settings.getByText(/^http.*public/).textContent()) ?? ''
    await picture(page, 'calendar-settings')
    await expectGood(tab)
    const { responses } = await alice.propfind(alice.calendars, 1, [dav('displayname')])
    const garden = responses.find((one) => one.text(dav('displayname')) === 'Garden')?.href ?? ''
    await seenByStrangers(alice, garden, address, settings)
    await settings.getByRole('button', { name: 'Delete calendar' }).click()
    await page.getByText('Garden is no longer here.').waitFor()
    expect((await fetch(address)).status).toBe(404)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Settings of Garden' }).waitFor()
    expect((await fetch(address)).status).toBe(200)
    await renamed(page)
    await expectGood(tab)
    await left(bob, 'Garden')
    expect(tab.faults).toEqual([])
  })
})

/** Somebody without an account opens its link as a page, a program as a file, until it is withdrawn. */
async function seenByStrangers(
  alice: Account,
  garden: string,
  address: string,
  settings: Locator,
): Promise<void> {
  const day = new Date(server.clock.now + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  const at = [`DTSTART:${day}T150000Z`, `DTEND:${day}T163000Z`, 'LOCATION:Below the pear tree']
  await alice.put(`${garden}tea.ics`, event('tea', at))
  await alice.put(`${garden}own.ics`, event('own', [...at, 'CLASS:PRIVATE']))
  await using stranger = await open(server.url, { viewport: { width: 390, height: 844 }, locale: 'de-DE' })
  const { page } = stranger
  await page.goto(address)
  await page.getByRole('heading', { name: 'Garden' }).waitFor()
  await page
    .getByRole('listitem')
    .filter({ hasText: /^Event tea.*15:00.*16:30.*Below the pear tree$/ })
    .waitFor()
  expect(await page.getByRole('listitem').count()).toBe(1)
  await picture(page, 'public-calendar')
  await expectGood(stranger)
  const subscribe = page.getByRole('link', { name: 'In einem Kalenderprogramm abonnieren' })
  expect(await subscribe.getAttribute('href')).toBe(address.replace(/^http/, 'webcal'))
  const loading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Eine Kopie als Datei behalten' }).click()
  const download = await loading
  expect(download.suggestedFilename()).toBe('Garden.ics')
  const program = await fetch(address, { headers: { Accept: 'text/calendar, text/plain;q=0.8, */*;q=0.5' } })
  expect([program.status, program.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
  const text = await program.text()
  expect([text.includes('SUMMARY:Event tea'), text.includes('Event own')]).toEqual([true, false])
  expect(readFileSync(await download.path(), 'utf8')).toBe(text)
  await settings.getByRole('button', { name: /^Withdraw the link/ }).click()
  await settings.page().getByText('The link no longer works.').waitFor()
  expect((await fetch(address)).status).toBe(404)
  expect((await page.reload())?.status()).toBe(404)
  await page.getByRole('heading', { name: 'Hier ist nichts' }).waitFor()
  await picture(page, 'public-gone')
  await expectGood(stranger)
  await settings.page().getByRole('button', { name: 'Undo' }).last().click()
  await settings.getByText(address).waitFor()
  expect((await fetch(address)).status).toBe(200)
}

/** Called otherwise by mistake, and called again as its history has it. */
async function renamed(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings of Garden' }).click()
  const settings = page.getByRole('dialog', { name: 'Garden', exact: true })
  await settings.getByLabel('Name').fill('Yard')
  await settings.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Settings of Yard' }).click()
  await page
    .getByRole('dialog', { name: 'Yard' })
    .getByRole('button', { name: 'History', exact: true })
    .click()
  const history = page.getByRole('dialog', { name: 'History of Yard' })
  const change = history.getByRole('listitem').filter({ hasText: /Garden.*Yard/ })
  await change.waitFor()
  await picture(page, 'calendar-history')
  await change.getByRole('button', { name: 'As before' }).click()
  await page.getByText('It is again as it was.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Settings of Garden' }).waitFor()
  expect(await page.getByRole('dialog', { name: 'Garden', exact: true }).count()).toBe(0)
}

/** It is there for the other one, too, who leaves it, and has it again. */
async function left(bob: Account, title: string): Promise<void> {
  await using other = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: zone })
  await signedIn(other, bob, '/calendar')
  await other.page.getByRole('button', { name: 'Calendars' }).click()
  await other.page.getByRole('button', { name: `Settings of ${title}` }).click()
  await other.page.getByRole('button', { name: 'Remove from my calendars' }).click()
  await other.page.getByText(`shares “${title}”; you do not have it`).waitFor()
  await picture(other.page, 'calendar-left')
  await expectGood(other)
  await other.page.getByRole('button', { name: 'Undo' }).click()
  await other.page.getByRole('checkbox', { name: title }).waitFor()
  expect(other.faults).toEqual([])
}

/** Declined by mistake, brought back, and taken: the other one has it among the calendars. */
async function accepted(bob: Account, title: string): Promise<void> {
  await using other = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: zone })
  await signedIn(other, bob, '/calendar')
  const offer = other.page.getByText(`shares the calendar “${title}” with you`)
  await offer.waitFor()
  await picture(other.page, 'calendar-offered')
  await expectGood(other)
  await other.page.getByRole('button', { name: 'Decline' }).click()
  await expect.poll(() => offer.count()).toBe(0)
  await other.page.getByRole('button', { name: 'Undo' }).click()
  await other.page.getByRole('button', { name: 'Calendars' }).click()
  await other.page.getByRole('checkbox', { name: title }).waitFor()
  expect(other.faults).toEqual([])
}

describe('an event', () => {
  it('is made by the keyboard, seen by a phone, and taken back', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, timezoneId: zone })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByRole('button', { name: 'New event' }).waitFor()
    await page.keyboard.press('n')
    const form = page.getByRole('dialog', { name: 'New event' })
    await form.getByLabel('Title').fill('Visit of the auditors')
    await form.getByLabel('Place').fill('Archive')
    await form.getByRole('combobox', { name: 'Repeats' }).click()
    await page.getByRole('option', { name: /^Every week, \w+$/ }).click()
    await form.getByRole('button', { name: 'Add a reminder' }).click()
    await picture(page, 'event-form')
    await expectGood(tab)
    await form.getByLabel('Title').press('Enter')
    await page.getByText('Visit of the auditors is in the calendar.').waitFor()
    const made = await onlyObject(alice)
    expect(made).toMatch(/SUMMARY:Visit of the auditors\r\n/)
    expect(made).toMatch(/RRULE:FREQ=WEEKLY;BYDAY=[A-Z]{2}\r\n/)
    expect(made).toMatch(/TRIGGER[^\r]*:-PT15M\r\n/)
    expect(made).toContain(`DTSTART;TZID=${zone}:`)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone.').waitFor()
    expect(await objects(alice)).toEqual([])
    expect(tab.faults).toEqual([])
  })

  it('is edited in its lines alone, and dragged: what the page does not know stays', async () => {
    const alice = await server.account()
    await week(alice)
    const path = `${alice.calendar}plan.ics`
    const before = (await alice.get(path)).text
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, timezoneId: 'UTC' })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByText('Planning').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Place').fill('Room 7')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The event is changed.').first().waitFor()
    const after = (await alice.get(path)).text
    expect(after).toContain('LOCATION:Room 7\r\n')
    expect(unknownLines(after)).toEqual(unknownLines(before))
    await page.getByText('Room 7').waitFor()
    const box = await page.locator('.event', { hasText: 'Planning' }).boundingBox()
    const eleven = await page.locator('.fc-timegrid-slot-lane[data-time="11:00:00"]').boundingBox()
    if (!box || !eleven) throw new Error('It is not there.')
    await page.mouse.move(box.x + 40, box.y + 30)
    await page.mouse.down()
    await page.mouse.move(box.x + 40, box.y + 50, { steps: 4 })
    await page.mouse.move(box.x + 40, eleven.y + 32, { steps: 8 })
    await page.mouse.up()
    await expect.poll(async () => (await alice.get(path)).text).not.toContain('T090000Z')
    const moved = (await alice.get(path)).text
    const [, hour = '', minute = ''] = /DTSTART:\d{8}T(\d\d)(\d\d)00Z/.exec(moved) ?? []
    expect(Number(hour)).toBe(11)
    await page.getByText(`${hour}:${minute} - 12:`).waitFor()
    expect(unknownLines(moved)).toEqual(unknownLines(before))
    expect(tab.faults).toEqual([])
  })

  it('of a series is changed alone, with those that follow, or with all', async () => {
    const alice = await server.account()
    await week(alice)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: zone })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByText('Stand-up').nth(1).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Title').fill('Long stand-up')
    await page.getByRole('button', { name: 'Save' }).click()
    const asked = page.getByRole('dialog', { name: 'Change repeating event' })
    await asked.getByRole('radio', { name: 'only this time' }).check()
    await picture(page, 'scope')
    await expectGood(tab)
    await asked.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Long stand-up').waitFor()
    expect(await page.getByText('Stand-up', { exact: true }).count()).toBe(2)
    await page.getByText('Long stand-up').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    const gone = page.getByRole('dialog', { name: 'Delete repeating event' })
    await gone.getByRole('radio', { name: 'this and all following' }).check()
    await gone.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Long stand-up').waitFor({ state: 'detached' })
    expect(await page.getByText('Stand-up', { exact: true }).count()).toBe(1)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('Long stand-up').waitFor()
    expect(tab.faults).toEqual([])
  })

  it('of which one time was deleted comes back from its history, in all its octets', async () => {
    const alice = await server.account()
    await week(alice)
    const path = `${alice.calendar}standup.ics`
    const before = (await alice.get(path)).text
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: zone })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByText('Stand-up').nth(1).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    const gone = page.getByRole('dialog', { name: 'Delete repeating event' })
    await gone.getByRole('radio', { name: 'only this time' }).check()
    await gone.getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => page.getByText('Stand-up').count()).toBe(2)
    await page.reload()
    await page.getByText('Stand-up').first().click()
    const told = page
      .getByRole('dialog', { name: 'Stand-up', exact: true })
      .getByRole('button', { name: 'History' })
    await told.click()
    const history = page.getByRole('dialog', { name: 'History of Stand-up' })
    const changes = history.getByRole('list', { name: 'Changes, the newest first' }).getByRole('listitem')
    await changes.first().getByText('Left out dates added').waitFor()
    await changes.first().getByText(alice.name).waitFor()
    await changes.first().getByRole('button', { name: 'Compare' }).click()
    await history.getByRole('row', { name: /left out dates.*, 08:30/ }).waitFor()
    await picture(page, 'event-history')
    await expectGood(tab)
    await page.keyboard.press('Escape')
    await page.locator(':focus', { hasText: 'History' }).waitFor()
    await page.keyboard.press('Enter')
    await changes.first().getByRole('button', { name: 'Take back' }).click()
    await page.getByText('Brought back').waitFor()
    expect((await alice.get(path)).text).toBe(before)
    await changes.nth(1).getByRole('button', { name: 'Bring back this state' }).click()
    await expect.poll(async () => (await alice.get(path)).text).toContain('EXDATE')
    await page.getByText('Brought back').nth(1).waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(async () => (await alice.get(path)).text).toBe(before)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByText('Stand-up').count()).toBe(3)
    expect(tab.faults).toEqual([])
  })

  it('goes to another calendar as it is edited, and one undo takes back both', async () => {
    const alice = await server.account()
    await week(alice)
    const path = `${alice.calendar}plan.ics`
    const before = (await alice.get(path)).text
    await alice.request('MKCALENDAR', `${alice.calendars}garden/`)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 }, timezoneId: zone })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByText('Planning').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('dialog', { name: 'Edit event' })
    await form.getByLabel('Place').fill('Greenhouse')
    await form.getByRole('combobox', { name: 'Calendar' }).click()
    await page.getByRole('option', { name: 'garden' }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The event is changed.').waitFor()
    expect((await alice.get(`${alice.calendars}garden/plan.ics`)).text).toContain('LOCATION:Greenhouse')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone.').waitFor()
    expect((await alice.get(path)).text).toBe(before)
    expect(tab.faults).toEqual([])
  })

  it('that somebody else changed meanwhile is not overwritten', async () => {
    const alice = await server.account()
    await week(alice)
    const path = `${alice.calendar}plan.ics`
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, timezoneId: zone })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await page.getByText('Planning').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Place').fill('Room 7')
    await alice.put(path, (await alice.get(path)).text.replace('Room 4', 'Garden'))
    await page.getByRole('button', { name: 'Save' }).click()
    const conflict = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await conflict.getByText('Garden').waitFor()
    await picture(page, 'event-conflict')
    await expectGood(tab)
    await conflict.getByRole('button', { name: 'Keep yours' }).click()
    await page.getByText('The event is changed.').waitFor()
    // The message of it, with its way back.
    await page.getByRole('alert').getByRole('button', { name: 'Undo' }).waitFor()
    await picture(page, 'toast')
    await expectGood(tab)
    expect((await alice.get(path)).text).toContain('LOCATION:Room 7\r\n')
  })
})

/** What the page neither shows nor writes. */
function unknownLines(text: string): readonly string[] {
  return text
    .split('\r\n')
    .filter((line) => !/^(?:LOCATION|DTSTAMP|LAST-MODIFIED|SEQUENCE|DTSTART|DTEND)/.test(line))
}

async function objects(alice: Account): Promise<readonly string[]> {
  const { responses } = await alice.propfind(alice.calendar, 1, [dav('getetag')])
  const paths = responses.map(({ href }) => href).filter((href) => href.endsWith('.ics'))
  return Promise.all(paths.map(async (path) => (await alice.get(path)).text))
}

async function onlyObject(alice: Account): Promise<string> {
  const [one = '', ...others] = await objects(alice)
  expect(others).toEqual([])
  return one
}
