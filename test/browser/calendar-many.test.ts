import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { lines } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const now = new Date('2026-05-13T09:00:00Z')

/** On 13 May 2026 thirty meetings from 8 on, an hour each, five begin at a time; a fair of three days and a whole day. */
async function fullDay(alice: Account): Promise<void> {
  const two = (n: number): string => String(n).padStart(2, '0')
  const items = Array.from({ length: 30 }, (_, n) => [
    `DTSTART:20260513T${two(8 + Math.floor(n / 5))}0000Z`,
    ...[`DTEND:20260513T${two(9 + Math.floor(n / 5))}0000Z`, `SUMMARY:Meeting ${two(n)}`],
  ])
  const fair = ['DTSTART;VALUE=DATE:20260512', 'DTEND;VALUE=DATE:20260515', 'SUMMARY:Trade fair']
  const leave = ['DTSTART;VALUE=DATE:20260513', 'SUMMARY:Holiday']
  const all = [...items, fair, leave].map((own, n) =>
    lines([
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Phone//EN', 'BEGIN:VEVENT', `UID:many-${n}`],
      ...['DTSTAMP:20260101T000000Z', ...own, 'END:VEVENT', 'END:VCALENDAR'],
    ]),
  )
  await Promise.all(all.map((body, n) => alice.put(`${alice.calendar}many-${n}.ics`, body)))
}

/** Which events the sheet shows, by the names they have. */
function shownOn(page: Page): Promise<readonly string[]> {
  return page.locator('.fc-event .event-title').allTextContents()
}

/** The name of a day that is seen at the top of a list, as it is or scrolled so far, and where. */
function topOfList(page: Page, scrolled?: number): Promise<string> {
  return page.evaluate<string>(`(async () => {
    const frame = document.querySelector('.event-rows-frame')
    ${scrolled === undefined ? '' : `frame.scrollTo(0, ${scrolled})`}
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const { left, top } = frame.getBoundingClientRect()
    const name = document.elementFromPoint(left + 40, top + 4).closest('.event-rows-day')
    return name ? name.textContent + ' at ' + (name.getBoundingClientRect().top - top) : ''
  })()`)
}

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('a day of more than there is room for, $width wide', (viewport) => {
  it('says how many more there are, and shows all of them by the keyboard', async () => {
    const alice = await server.account()
    await fullDay(alice)
    await using tab = await open(server.url, { viewport, timezoneId: 'UTC' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar?view=month')
    const more = page.getByRole('button', { name: /^\+\d+.*Wednesday.* 13 May$/ })
    await more.waitFor()
    const shown = await shownOn(page)
    expect(['Trade fair', 'Holiday', 'Meeting 00']).toEqual(expect.arrayContaining([...shown]))
    expect(shown[0]).toBe('Trade fair')
    expect(Number(/\d+/.exec((await more.textContent()) ?? '')?.[0])).toBe(32 - shown.length)
    expect(await page.locator('.fc-daygrid-more-link').count()).toBe(0)
    await picture(page, 'month-more')
    await expectGood(tab)

    await more.focus()
    await page.keyboard.press('Enter')
    const day = page.getByRole('dialog', { name: /Wednesday.* 13 May 2026/ })
    await day.getByText('32 events').waitFor()
    await day.getByRole('button', { name: /Trade fair/ }).waitFor()
    await picture(page, 'day-list')
    await expectGood(tab)
    await page.keyboard.press('Escape')
    await day.waitFor({ state: 'detached' })
    await page.locator('.more-link:focus').waitFor()
    await page.keyboard.press('Enter')
    await day.getByRole('button', { name: /Meeting 00/ }).press('Enter')
    await page.getByRole('dialog', { name: 'Meeting 00' }).waitFor()
    await page.keyboard.press('Escape')

    await page.keyboard.press('w')
    await page.locator('.fc-timeGridWeek-view').waitFor()
    await more.waitFor()
    const inWeek = (await shownOn(page)).length
    expect(Number(/\d+/.exec((await more.textContent()) ?? '')?.[0])).toBe(32 - inWeek)
    await picture(page, 'week-more')
    await expectGood(tab)
    await page.keyboard.press('l')
    await page.getByRole('heading', { name: /Wednesday.*13 May 2026/ }).waitFor()
    await page.getByRole('button', { name: /08:00.*Meeting 00/ }).waitFor()
    await picture(page, 'list-many')
    await expectGood(tab)
    await expect.poll(() => topOfList(page, 800)).toBe('Today · Wednesday 13 May 2026 at 0')
    await picture(page, 'list-scrolled')
    // The name of the next day pushes it out.
    await expect.poll(() => topOfList(page, 64)).toBe('Tuesday 12 May 2026 at -16')
    await picture(page, 'list-pushed')
    // It begins with today, though nothing comes after.
    await page.clock.setFixedTime(new Date('2026-05-29T09:00:00Z'))
    await page.goto('/calendar?view=list')
    await page.getByRole('heading', { name: 'Today · Friday' }).waitFor()
    await expect.poll(() => topOfList(page)).toBe('Today · Friday 29 May 2026 at 0')
    await picture(page, 'list-today')
  })
})
