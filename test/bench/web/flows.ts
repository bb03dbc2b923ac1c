import type { Browser, Page } from 'playwright-core'
import { account } from './fill.ts'
import { listening, longestTask, opened, type Times, timed } from './timings.ts'

interface Run {
  readonly url: string
  readonly each: number
  /** How many events this month has. */
  readonly events: number
}

interface Flow {
  readonly name: string
  readonly run: (browser: Browser, run: Run) => Promise<ReadonlyMap<string, Times>>
}

/** What is typed, letter by letter: names and a company that many have, one with an accent, one misspelt. */
const words = ['maria schmi', 'rheingold', 'elodie', 'cristopher', 'lübeck', 'brgqvist'] as const

/** Everything that is timed. */
export const flows: readonly Flow[] = [
  { name: 'first paint', run: firstPaint },
  { name: 'keystroke to result', run: keystrokes },
  { name: 'a person', run: people },
  { name: 'a far letter', run: farLetters },
  { name: 'month', run: months },
]

/** A page of somebody who is signed in, with an empty cache. */
async function signedIn(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({
    ...{ baseURL: url, locale: 'en-GB', viewport: { width: 1280, height: 800 } },
    ...{ reducedMotion: 'reduce', serviceWorkers: 'block' },
  })
  const answer = await context.request.post('/api/session', { data: account })
  if (!answer.ok()) throw new Error(`Signing in was answered with ${answer.status()}.`)
  const page = await context.newPage()
  await page.addInitScript(listening)
  return page
}

async function onPage(browser: Browser, url: string, path: string, use: (page: Page) => Promise<void>) {
  const page = await signedIn(browser, url)
  await page.goto(path)
  await use(page).finally(() => page.context().close())
}

async function firstPaint(browser: Browser, { url, each }: Run): Promise<ReadonlyMap<string, Times>> {
  const found = new Map<string, Times>()
  const note = (what: string, { paint, row }: { paint: number; row: number }): void => {
    push(found, `first paint, ${what}`, paint)
    push(found, `first row of the list, ${what}`, row)
  }
  for (let n = 0; n < Math.ceil(each / 4); n += 1) {
    const page = await signedIn(browser, url)
    note('cold', await opened(page, () => page.goto('/contacts')))
    note('warm', await opened(page, () => page.reload()))
    await page.context().close()
  }
  return found
}

async function keystrokes(browser: Browser, { url, each }: Run): Promise<ReadonlyMap<string, Times>> {
  const found = new Map<string, Times>()
  await onPage(browser, url, '/contacts', async (page) => {
    await page.locator('.people-rows a').first().waitFor()
    const field = page.locator('input[type=search]').first()
    for (const word of words.slice(0, Math.max(1, Math.ceil(each / 3)))) {
      await field.fill('')
      await page.locator('.people-rows a').first().waitFor()
      let typed = ''
      for (const letter of word) {
        typed += letter
        // What nobody has is told too: the answer is there, and nothing shown waits for another.
        const asked = new URLSearchParams({ q: typed.trim() }).toString()
        const isNew = typed.trim() === typed
        const shown = `answered(${JSON.stringify(`${asked}&`)}) && !document.querySelector('.hits[aria-busy=true]') && !document.querySelector('.people-rows')`
        if (!isNew) await page.keyboard.press('Space')
        else push(found, 'keystroke to result', await timed(page, () => press(page, letter), shown))
      }
    }
  })
  return found
}

/** A letter that has no key of its own is put in as keyboards of its language do it. */
async function press(page: Page, letter: string): Promise<void> {
  if (/^[a-z]$/.test(letter)) return page.keyboard.press(letter)
  await page.keyboard.press('Shift')
  await page.keyboard.insertText(letter)
}

async function people(browser: Browser, { url, each }: Run): Promise<ReadonlyMap<string, Times>> {
  const found = new Map<string, Times>()
  await onPage(browser, url, '/contacts', async (page) => {
    const links = page.locator('.people-rows a')
    await links.first().waitFor()
    for (let n = 0; n < each; n += 1) {
      // Below the first row, which may lie under what sticks to the top.
      const link = links.nth(1 + (n % 8))
      const href = await link.getAttribute('href')
      const shown = `location.pathname === ${JSON.stringify(href?.split('?')[0])} &&
        document.querySelector('article.person [role=tabpanel] *') !== null`
      push(found, 'opening a person', await timed(page, () => link.click(), shown))
      await page.goBack()
      await page.locator('article.person').waitFor({ state: 'detached' })
      if (n % 8 === 7) await page.evaluate("document.querySelector('.people-frame').scrollBy(0, 2000)")
      await page.locator('.people-rows .mantine-Skeleton-root').first().waitFor({ state: 'hidden' })
    }
  })
  return found
}

async function farLetters(browser: Browser, { url, each }: Run): Promise<ReadonlyMap<string, Times>> {
  const found = new Map<string, Times>()
  await onPage(browser, url, '/contacts', async (page) => {
    const letters = page.locator('.letter-bar button')
    await letters.first().waitFor()
    // Before its rows are there, the list has nowhere to go.
    await page.locator('.people-rows a').first().waitFor()
    const count = await letters.count()
    for (let n = 0; n < each; n += 1) {
      const place = (n * 7 + Math.floor(count / 2)) % count
      const button = letters.nth(place)
      // From the other end of the list, so that each goes somewhere.
      await page.evaluate(
        `{ const list = document.querySelector('.people-frame'); list.scrollTo(0, ${place < count / 2 ? 'list.scrollHeight' : '0'}) }`,
      )
      const before = await page.evaluate<number>("document.querySelector('.people-frame').scrollTop")
      const shown = `document.querySelector('.people-frame').scrollTop !== ${before} && !document.querySelector('.people-rows .mantine-Skeleton-root') && document.querySelector('.people-rows a')`
      push(found, 'scrolling to a far letter', await timed(page, () => button.click(), shown))
    }
  })
  return found
}

/** The month with all the events, from another page and from the month beside it; then the other views of it. */
async function months(browser: Browser, { url, each, events }: Run): Promise<ReadonlyMap<string, Times>> {
  const found = new Map<string, Times>()
  const many = `${events.toLocaleString('en')} events`
  for (let n = 0; n < Math.ceil(each / 4); n += 1)
    await onPage(browser, url, '/tasks', async (page) => {
      const look = async (what: string, key: string, shown: string): Promise<void> => {
        await longestTask(page)
        push(found, what, await timed(page, () => page.keyboard.press(key), shown))
        push(found, `${what}, longest task`, await longestTask(page))
      }
      await page.getByRole('heading').first().waitFor()
      await page.getByRole('link', { name: 'Calendar' }).click()
      await page.locator('.fc-timegrid-event').first().waitFor()
      const month = "document.querySelectorAll('.fc-dayGridMonth-view .fc-daygrid-event').length > 20"
      await look(`month of ${many}`, 'm', month)
      await page.keyboard.press('ArrowRight')
      await page.waitForFunction(`!(${month})`)
      await look('back to that month', 'ArrowLeft', month)
      await look('its list', 'l', "document.querySelector('.event-row') !== null")
      await look(
        'a week of it',
        'w',
        "document.querySelector('.fc-timeGridWeek-view .fc-timegrid-event') !== null",
      )
      await look(
        'a day of it',
        'd',
        "document.querySelector('.fc-timeGridDay-view .fc-timegrid-event') !== null",
      )
    })
  return found
}

function push(found: Map<string, Times>, what: string, ms: number): void {
  const times = found.get(what)
  if (times) times.push(ms)
  else found.set(what, [ms])
}
