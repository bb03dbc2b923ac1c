import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { call } from '../api/json.ts'
import { lines } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const viewport = { width: 1280, height: 800 }
/** In the week that ends with the night in which Berlin puts its clocks forward. */
const now = new Date('2026-03-25T12:00:00Z')

async function put(alice: Account, uid: string, own: readonly string[]): Promise<void> {
  await alice.put(
    `${alice.calendar}${uid}.ics`,
    lines([
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Phone//EN', 'BEGIN:VEVENT', `UID:${uid}`],
      ...['DTSTAMP:20260101T000000Z', ...own, 'END:VEVENT', 'END:VCALENDAR'],
    ]),
  )
}

async function bodyOf(alice: Account, uid: string): Promise<string> {
  return (await alice.get(`${alice.calendar}${uid}.ics`)).text
}

/** What is in the calendar beside those that were put there. */
async function newObjects(alice: Account, old: readonly string[]): Promise<readonly string[]> {
  const { responses } = await alice.propfind(alice.calendar, 1, [dav('getetag')])
  const paths = responses.map(({ href }) => href).filter((href) => href.endsWith('.ics'))
  const made = paths.filter((path) => !old.some((uid) => path.endsWith(`/${uid}.ics`)))
  return Promise.all(made.map(async (path) => (await alice.get(path)).text))
}

function eventCalled(page: Page, title: string): Locator {
  return page.locator('.fc-timegrid-event', { hasText: title })
}

async function middle(at: Locator): Promise<{ readonly x: number; readonly y: number }> {
  await at.scrollIntoViewIfNeeded()
  const box = await at.boundingBox()
  if (!box) throw new Error('It is not there.')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** A day and an hour of the sheet. */
async function cell(
  page: Page,
  day: string,
  hour: string,
): Promise<{ readonly x: number; readonly y: number }> {
  const { x } = await middle(page.locator(`.fc-timegrid-col[data-date="${day}"]`))
  const lane = await page.locator(`.fc-timegrid-slot-lane[data-time="${hour}"]`).boundingBox()
  if (!lane) throw new Error('It is not there.')
  return { x, y: lane.y + 3 }
}

interface Point {
  readonly x: number
  readonly y: number
}

async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 4, from.y + 6, { steps: 3 })
  await page.mouse.move(to.x, to.y, { steps: 8 })
  await page.mouse.up()
}

/** The one that begins on a day. */
function eventOf(page: Page, day: string): Locator {
  return page.locator(`.fc-timegrid-col[data-date="${day}"] .fc-timegrid-event`)
}

/** Drags it to about an hour of the same day. */
async function dragTo(page: Page, day: string, hour: string): Promise<void> {
  const from = await middle(eventOf(page, day))
  await drag(page, from, { x: from.x, y: (await cell(page, day, hour)).y + 22 })
}

describe('the clocks of the calendar', () => {
  it('are those of the account, in a browser of another zone and over a change of clocks', async () => {
    const alice = await server.account()
    await call(alice, 'PATCH', '/account', { timeZone: 'Europe/Berlin' })
    await put(alice, 'before', ['DTSTART:20260327T080000Z', 'DTEND:20260327T090000Z', 'SUMMARY:Before'])
    await put(alice, 'after', ['DTSTART:20260329T070000Z', 'DTEND:20260329T080000Z', 'SUMMARY:After'])
    await using tab = await open(server.url, { viewport, timezoneId: 'America/New_York' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    await eventCalled(page, 'Before').getByText('09:00').waitFor()
    await eventCalled(page, 'After').getByText('09:00').waitFor()
    const told = page.getByText('Times are those of Europe/Berlin')
    await told.getByText('This device is in America/New York.').waitFor()
    await picture(page, 'calendar-zone')
    await expectGood(tab)
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()

    // Over the change, to the same time of the clock.
    const from = await middle(eventCalled(page, 'Before'))
    const { x } = await cell(page, '2026-03-29', '09:00:00')
    await drag(page, from, { x, y: from.y })
    await expect.poll(() => bodyOf(alice, 'before')).toContain('DTSTART:20260329T070000Z')
    expect(await bodyOf(alice, 'before')).toContain('DTEND:20260329T080000Z')

    await eventCalled(page, 'After').hover()
    const edge = await middle(eventCalled(page, 'After').locator('.fc-event-resizer-end'))
    const until = await cell(page, '2026-03-29', '11:00:00')
    await drag(page, edge, { x: edge.x, y: until.y - 4 })
    await expect.poll(() => bodyOf(alice, 'after')).toContain('DTEND:20260329T090000Z')
    expect(await bodyOf(alice, 'after')).toContain('DTSTART:20260329T070000Z')

    await drag(page, await cell(page, '2026-03-28', '12:00:00'), await cell(page, '2026-03-28', '12:30:00'))
    const form = page.getByRole('dialog', { name: 'New event' })
    await form.getByLabel('Title').fill('Picked')
    await form.getByLabel('Title').press('Enter')
    await page.getByText('Picked is in the calendar.').waitFor()
    const made = await newObjects(alice, ['before', 'after'])
    expect(made).toEqual([expect.stringContaining('DTSTART;TZID=Europe/Berlin:20260328T120000')])

    await page.reload()
    await eventCalled(page, 'Picked').getByText('12:00').waitFor()
    expect(await told.count()).toBe(0)
    expect(tab.faults).toEqual([])
  })

  it('show twelve hours where those are usual', async () => {
    const alice = await server.account()
    await put(alice, 'late', ['DTSTART:20260325T143000Z', 'DTEND:20260325T153000Z', 'SUMMARY:Late'])
    for (const [locale, hour, slot] of [
      ['en-US', /2:30.*(?:p|PM)/, /^9\s?am$/i],
      ['en-AU', /2:30.*(?:p|pm)/, /^9\s?am$/i],
      ['de-DE', /14:30/, /^0?9(?::00)?( Uhr)?$/],
    ] as const) {
      await using tab = await open(server.url, { viewport, timezoneId: 'UTC', locale })
      await tab.page.clock.setFixedTime(now)
      await tab.page.goto('/calendar')
      await tab.page.locator('input[autocomplete=username]').fill(alice.name)
      await tab.page.locator('input[type=password]').fill(alice.password)
      await tab.page.locator('button[type=submit]').click()
      await eventCalled(tab.page, 'Late').getByText(hour).waitFor()
      await tab.page.locator('.fc-timegrid-slot-label-cushion').getByText(slot).waitFor()
      expect(tab.faults).toEqual([])
    }
  })
})

describe('an event of a series', () => {
  it('that is dragged asks for which times, and goes back where nobody answers', async () => {
    const alice = await server.account()
    await put(alice, 'daily', [
      ...['DTSTART:20260323T100000Z', 'DTEND:20260323T110000Z', 'SUMMARY:Daily', 'RRULE:FREQ=DAILY;COUNT=5'],
    ])
    const before = await bodyOf(alice, 'daily')
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    const third = eventOf(page, '2026-03-25')
    const asked = page.getByRole('dialog', { name: 'Change repeating event' })
    await third.getByText('10:00').waitFor()
    await dragTo(page, '2026-03-25', '13:00:00')
    await asked.waitFor()
    await page.keyboard.press('Escape')
    await third.getByText('10:00').waitFor()
    expect(await bodyOf(alice, 'daily')).toBe(before)

    await dragTo(page, '2026-03-25', '13:00:00')
    await asked.getByRole('radio', { name: 'only this time' }).check()
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => bodyOf(alice, 'daily')).toMatch(/RECURRENCE-ID:20260325T100000Z\r\n/)
    await third.getByText('13:00').waitFor()

    await dragTo(page, '2026-03-24', '11:00:00')
    await asked.getByRole('radio', { name: 'all of the series' }).check()
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => bodyOf(alice, 'daily')).toContain('DTSTART:20260323T110000Z')
    expect(tab.faults).toEqual([])
  })

  it('that is dragged takes those that follow with it, and both halves keep what the page does not know', async () => {
    const alice = await server.account()
    const odd = ['X-ODD-THING;X-P=1:keep me', 'X-OTHER;X-Q="a;b":and me']
    await put(alice, 'daily', [
      ...['DTSTART:20260323T100000Z', 'DTEND:20260323T110000Z', 'SUMMARY:Daily', 'RRULE:FREQ=DAILY;COUNT=5'],
      ...odd,
    ])
    const before = await bodyOf(alice, 'daily')
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    await eventOf(page, '2026-03-25').getByText('10:00').waitFor()
    await dragTo(page, '2026-03-25', '13:00:00')
    const asked = page.getByRole('dialog', { name: 'Change repeating event' })
    await asked.getByRole('radio', { name: 'this and all following' }).check()
    await asked.getByRole('button', { name: 'Save' }).click()
    for (const [day, hour] of ['10:00', '10:00', '13:00', '13:00', '13:00'].entries())
      await eventOf(page, `2026-03-${23 + day}`)
        .getByText(hour)
        .waitFor()
    const made = await newObjects(alice, ['daily'])
    expect(made).toHaveLength(1)
    const [first, second = ''] = [await bodyOf(alice, 'daily'), ...made]
    expect(first).toMatch(/DTSTART:20260323T100000Z\r\n/)
    expect(first).toMatch(/RRULE:FREQ=DAILY;UNTIL=20260325T095959Z\r\n/)
    expect(second).toMatch(/DTSTART:20260325T130000Z\r\nDTEND:20260325T140000Z\r\n/)
    expect(second).toMatch(/RRULE:FREQ=DAILY;COUNT=3\r\n/)
    for (const half of [first, second]) for (const line of odd) expect(half).toContain(`\r\n${line}\r\n`)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('Undone.').waitFor()
    expect(await newObjects(alice, ['daily'])).toEqual([])
    expect(await bodyOf(alice, 'daily')).toBe(before)
    expect(tab.faults).toEqual([])
  })
})

describe('a whole day', () => {
  it('gets hours of a chosen zone and reminders, and is a day again; what the page does not know stays', async () => {
    const alice = await server.account()
    await call(alice, 'PATCH', '/account', { timeZone: 'Europe/Berlin' })
    const odd = ['X-ODD-THING;X-P=1:keep me', 'X-NOBODY-KNOWS;VALUE=DATE:20260326']
    const mail = ['BEGIN:VALARM', 'ACTION:EMAIL', 'TRIGGER:-P3D', 'SUMMARY:Soon', 'X-ODD:1', 'END:VALARM']
    await put(alice, 'fair', ['DTSTART;VALUE=DATE:20260326', 'SUMMARY:Trade fair', ...odd, ...mail])
    await using tab = await open(server.url, { viewport, timezoneId: 'Europe/Berlin' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    const form = page.getByRole('dialog', { name: 'Edit event' })
    const edit = async (): Promise<void> => {
      await page.locator('.fc-event', { hasText: 'Trade fair' }).first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click()
      await form.getByLabel('Title').waitFor()
    }
    await edit()
    expect(await form.getByLabel('Start', { exact: true }).count()).toBe(0)
    await form.getByRole('switch', { name: 'All day' }).click()
    await form.getByLabel('Start', { exact: true }).fill('10:30')
    await form.getByLabel('End', { exact: true }).fill('12:00')
    await form.getByRole('combobox', { name: 'Time zone' }).click()
    await form.getByRole('combobox', { name: 'Time zone' }).fill('Tokyo')
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click()
    await form.getByRole('button', { name: 'Add a reminder' }).click()
    await form.getByRole('combobox', { name: 'Reminder' }).last().click()
    await page.getByRole('option', { name: '1 hour before' }).click()
    await picture(page, 'event-zone-alarm')
    await expectGood(tab)
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The event is changed.').first().waitFor()
    const timed = await bodyOf(alice, 'fair')
    for (const line of [
      'DTSTART;TZID=Asia/Tokyo:20260326T103000',
      'DTEND;TZID=Asia/Tokyo:20260326T120000',
      ...['BEGIN:VTIMEZONE', 'TZID:Asia/Tokyo', ...odd, mail.join('\r\n')],
    ])
      expect(timed).toContain(`${line}\r\n`)
    expect(timed).toMatch(/BEGIN:VALARM\r\n(?:(?!END:VALARM)[^\r]*\r\n)*TRIGGER[^\r]*:-PT1H\r\n/)
    // Half past ten in Tokyo is the middle of the night here.
    await eventCalled(page, 'Trade fair').getByText('02:30').waitFor()
    await edit()
    await form.getByRole('button', { name: 'Remove the reminder' }).last().click()
    await form.getByRole('switch', { name: 'All day' }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await page.locator('.fc-daygrid-event', { hasText: 'Trade fair' }).waitFor()
    const again = await bodyOf(alice, 'fair')
    expect(again).toContain('DTSTART;VALUE=DATE:20260326\r\n')
    expect(again).not.toContain('-PT1H')
    for (const line of [...odd, mail.join('\r\n')]) expect(again).toContain(`${line}\r\n`)
    // A new one is a day as phones have it: the end is the day after.
    await page.keyboard.press('n')
    const fresh = page.getByRole('dialog', { name: 'New event' })
    await fresh.getByLabel('Title').fill('Holiday')
    await fresh.getByRole('switch', { name: 'All day' }).click()
    await fresh.getByLabel('From', { exact: true }).fill('27/03/2026')
    await fresh.getByLabel('To', { exact: true }).fill('28/03/2026')
    await fresh.getByLabel('Title').press('Enter')
    await page.getByText('Holiday is in the calendar.').waitFor()
    const [made = ''] = await newObjects(alice, ['fair'])
    expect(made).toContain('DTSTART;VALUE=DATE:20260327\r\n')
    expect(made).toContain('DTEND;VALUE=DATE:20260329\r\n')
    expect(tab.faults).toEqual([])
  })
})

describe('the colour of a calendar', () => {
  it('is chosen, seen by phones and worn by its events, which are hidden and shown again', async () => {
    const alice = await server.account()
    await put(alice, 'fair', ['DTSTART:20260326T100000Z', 'DTEND:20260326T120000Z', 'SUMMARY:Trade fair'])
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    const fair = eventCalled(page, 'Trade fair')
    await fair.waitFor()
    await page.getByRole('button', { name: 'Settings of Calendar' }).click()
    const settings = page.getByRole('dialog', { name: 'Calendar', exact: true })
    await settings.getByLabel('Colour').click()
    await picture(page, 'calendar-colour')
    await page.locator('.mantine-ColorInput-dropdown button').nth(3).click()
    expect(await settings.getByLabel('Colour').inputValue()).toBe('#c0392b')
    await settings.getByRole('button', { name: 'Save' }).click()
    await settings.waitFor({ state: 'detached' })
    const colour = { ns: 'http://apple.com/ns/ical/', local: 'calendar-color' }
    const { responses } = await alice.propfind(alice.calendar, 0, [`{${colour.ns}}${colour.local}`])
    expect(JSON.stringify(responses).toLowerCase()).toContain('#c0392b')
    const event = "document.querySelector('.fc-timegrid-event')"
    const worn = () => page.evaluate(`getComputedStyle(${event}).getPropertyValue('--event-color').trim()`)
    await expect.poll(worn).toBe('#c0392b')
    // Hidden is said to this browser alone, and remembered.
    const box = page.getByRole('checkbox', { name: 'Calendar', exact: true })
    await box.uncheck()
    await fair.waitFor({ state: 'detached' })
    await page.reload()
    await box.waitFor()
    expect(await box.isChecked()).toBe(false)
    expect(await fair.count()).toBe(0)
    await box.check()
    await fair.waitFor()
    expect(tab.faults).toEqual([])
  })
})

describe('a series that was cut in two', () => {
  it('is one again from its history, in all its octets, and is cut again by the undo of that, which a job does', async () => {
    const alice = await server.account()
    const rule = ['RRULE:FREQ=DAILY;COUNT=5', 'X-ODD-THING;X-P=1:keep me']
    await put(alice, 'round', [
      'DTSTART:20260323T090000Z',
      'DTEND:20260323T093000Z',
      'SUMMARY:Round',
      ...rule,
    ])
    const before = await bodyOf(alice, 'round')
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    await eventOf(page, '2026-03-25').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Title').fill('Late round')
    await page.getByRole('button', { name: 'Save' }).click()
    const asked = page.getByRole('dialog', { name: 'Change repeating event' })
    await asked.getByRole('radio', { name: 'this and all following' }).check()
    await asked.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => eventCalled(page, 'Late round').count()).toBe(3)
    const cut = await newObjects(alice, ['round'])
    expect(cut).toEqual([expect.stringContaining('X-ODD-THING;X-P=1:keep me\r\n')])
    await page.reload()
    await eventOf(page, '2026-03-23').click()
    await page.getByRole('dialog', { name: 'Round' }).getByRole('button', { name: 'History' }).click()
    const changes = page.getByRole('dialog', { name: 'History of Round' }).getByRole('listitem')
    await changes
      .first()
      .getByRole('button', { name: /^Take back/ })
      .click()
    await page.getByText('Brought back').waitFor()
    expect(await bodyOf(alice, 'round')).toBe(before)
    expect(await newObjects(alice, ['round'])).toEqual([])
    await using _ = working(server, 'undo-changes')
    const answering = page.waitForResponse((answer) => /\/history\/undos\/\d+\/undo$/.test(answer.url()))
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
    expect((await answering).status()).toBe(202)
    await expect.poll(() => newObjects(alice, ['round']), { timeout: 20_000 }).toEqual(cut)
    await page.keyboard.press('Escape')
    await expect.poll(() => eventCalled(page, 'Late round').count()).toBe(3)
    expect(tab.faults).toEqual([])
  })
})
