import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { card, lines } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { accessibilityFaults, signedIn, type Tab, useChromium } from './browser.ts'
import { jane, janesLines } from './jane.ts'
import { cutOff, settled } from './pages.ts'
import { readPdf } from './pdf.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
const now = new Date('2026-05-13T09:00:00Z')

/** The edges that Chromium leaves where somebody prints; what they leave of A4. */
const margin = { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' }
const screen = { width: 1280, height: 800 }
const upright = { width: 718, height: 1046 }
const across = { width: 1046, height: 718 }

/** What nobody can press on paper, and what is not all there. */
function unfit(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(() => {
    const isShown = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    const pressed = [...document.querySelectorAll('nav, header, input, textarea, [role=tab], button, [role=button], a')]
      .filter((one) => isShown(one) && !one.matches('.event-row, .fc-event') && (!one.matches('a') || !one.innerText.trim()))
    const isOut = (part) => part.getBoundingClientRect().bottom > part.closest('.fc-event').getBoundingClientRect().bottom + 1
    const cut = [...document.querySelectorAll('main *')].filter((one) => {
      // A short event has no room for its place, but for its name and time.
      if (one.matches('.fc-event')) return [...one.querySelectorAll('.event-title, .event-time')].some(isOut)
      const { overflowX, overflowY } = getComputedStyle(one)
      const [isWide, isHigh] = [one.scrollWidth > one.clientWidth + 1, one.scrollHeight > one.clientHeight + 1]
      return isShown(one) && one.clientWidth > 1 && one.innerText?.trim() &&
        ((overflowX !== 'visible' && isWide) || (overflowY !== 'visible' && isHigh))
    })
    return [
      ...pressed.map((one) => 'to press: ' + one.outerHTML.slice(0, 120)),
      ...cut.map((one) => 'cut: ' + one.outerHTML.slice(0, 160)),
    ]
  })()`)
}

/** All that is wrong with a page on paper, whatever the screen shows. */
async function faultsOnPaper({ page, faults }: Tab, paper = upright): Promise<readonly string[]> {
  await page.setViewportSize(paper)
  await page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await settled(page)
  const found = [...(await unfit(page)), ...(await cutOff(page))]
  found.push(...(await accessibilityFaults(page, ['color-contrast'])), ...faults)
  await page.emulateMedia({ media: null, colorScheme: 'light' })
  await page.evaluate("window.dispatchEvent(new Event('afterprint'))")
  await page.setViewportSize(screen)
  return found
}

async function printed(page: Page, name: string) {
  const octets = await page.pdf({
    ...{ preferCSSPageSize: true, format: 'A4', printBackground: false },
    margin,
  })
  const screenshots = process.env.FARLEY_SCREENSHOTS
  if (screenshots !== undefined) writeFileSync(`${screenshots}/print-${name}.pdf`, octets)
  return readPdf(octets)
}

describe('on paper', () => {
  it('a person is all there, and nothing else', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    const long = 'A long note that goes on. '.repeat(120)
    const all = janesLines.map((line) => (line.startsWith('NOTE:') ? `NOTE:${long}The end of it.` : line))
    await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe', all))
    await using tab = await open(server.url, { viewport: screen })
    const { page } = tab
    for (const part of ['details', 'timeline']) {
      if (part === 'details') await signedIn(tab, alice, `/contacts/${id}`)
      else await page.goto(`/contacts/${id}?tab=${part}`)
      await page.getByRole('heading', { name: 'Jane Doe' }).waitFor()
      await settled(page)
      expect(await faultsOnPaper(tab)).toEqual([])
      const { pages, text } = await printed(page, `person-${part}`)
      expect(pages).toBeGreaterThan(0)
      expect(text).toContain('JaneDoe')
      for (const unsaid of ['Mainnavigation', 'Keepintouch']) expect(text).not.toContain(unsaid)
      if (part === 'details') for (const said of ['+4930998877', 'Theendofit.']) expect(text).toContain(said)
      else expect(text).toContain('Nevercallbeforeten.')
    }
  })

  it('a calendar shows its days by each view, and its list to the end', async () => {
    const alice = await server.account()
    await manyDays(alice)
    await using tab = await open(server.url, { viewport: screen, timezoneId: 'UTC' })
    const { page } = tab
    await page.clock.setFixedTime(now)
    await signedIn(tab, alice, '/calendar')
    for (const view of ['month', 'week', 'day', 'list']) {
      await page.goto(`/calendar?view=${view}`)
      await page.getByText('Round 13').first().waitFor()
      await settled(page)
      // What is narrow is a phone, which has a view of its own.
      const wrong = await faultsOnPaper(tab, across)
      expect({ view, wrong }).toEqual({ view, wrong: [] })
      const { pages, text } = await printed(page, `calendar-${view}`)
      expect(text).toContain('Round13')
      if (view === 'list') {
        expect(pages).toBeGreaterThan(1)
        expect(text).toMatch(/Saturday2May2026.*Sunday31May2026.*Round31/s)
      } else expect(pages).toBe(1)
      if (view === 'week' || view === 'day') expect(text).toMatch(/09:00.10:00.*23:00|23:00.*09:00.10:00/s)
    }
  })
})

/** Two things on each day of a month. */
async function manyDays(alice: Account): Promise<void> {
  for (let day = 1; day <= 31; day += 1) {
    const date = `202605${String(day).padStart(2, '0')}`
    const own = [
      [`DTSTART:${date}T090000Z`, `DTEND:${date}T100000Z`, `SUMMARY:Round ${day}`],
      [`DTSTART:${date}T140000Z`, `DTEND:${date}T150000Z`, `SUMMARY:Tea ${day}`, 'LOCATION:Kitchen'],
    ]
    for (const [nth, ownLines] of own.entries())
      await alice.put(
        `${alice.calendar}d${day}-${nth}.ics`,
        lines([
          ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Phone//EN', 'BEGIN:VEVENT'],
          ...[`UID:d${day}-${nth}`, 'DTSTAMP:20260101T000000Z', ...ownLines, 'END:VEVENT', 'END:VCALENDAR'],
        ]),
      )
  }
}
