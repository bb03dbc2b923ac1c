import { performance } from 'node:perf_hooks'
import type { Page } from 'playwright-core'

/** Milliseconds of each time that one thing was done. */
export type Times = number[]

/** Notes when somebody last pressed a key or a button, on the clock of the page. */
export const listening = `for (const type of ['keydown', 'pointerdown'])
  addEventListener(type, (event) => (globalThis.pressedAt = event.timeStamp), true)
globalThis.longest = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration)
}).observe({ type: 'longtask' })`

/**
 * From what somebody presses until the page shows what he wants, drawn.
 * @param shown  an expression of the page that is true then; `answered(text)` in it tells whether the server has answered what
 *   was asked for with it
 */
export async function timed(page: Page, act: () => Promise<void>, shown: string): Promise<number> {
  await page.evaluate('globalThis.pressedAt = undefined, performance.clearResourceTimings(), undefined')
  const done = page.evaluate<number>(`new Promise((resolve, reject) => {
    const answered = (text) => performance.getEntriesByType('resource').some(({ name }) => name.includes(text))
    const givenUpAt = performance.now() + 60000
    const look = () => {
      if (performance.now() > givenUpAt) reject(new Error(${JSON.stringify(shown)}))
      else if (globalThis.pressedAt === undefined || !(${shown})) requestAnimationFrame(look)
      else setTimeout(() => resolve(performance.now() - globalThis.pressedAt))
    }
    look()
  })`)
  await Promise.all([act(), done])
  return done
}

/** The longest time in which the page answered nobody since this was last asked. */
export function longestTask(page: Page): Promise<number> {
  return page.evaluate<number>('{ const was = globalThis.longest; globalThis.longest = 0; was }')
}

/** First paint and the first row of the list, of a page that is opened. */
export async function opened(
  page: Page,
  open: () => Promise<unknown>,
): Promise<{ paint: number; row: number }> {
  await open()
  const row = page.evaluate<number>(`new Promise((resolve) => {
    const look = () => document.querySelector('.people-rows a') ? setTimeout(() => resolve(performance.now()))
      : requestAnimationFrame(look)
    look()
  })`)
  return {
    row: await row,
    paint: await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
  }
}

/** The smallest of a share of all. */
export function quantile(times: Times, share: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN
}

export function tableRow(what: string, times: Times): string {
  const cells = [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(0))
  return `| ${what} | ${cells.join(' | ')} | ${times.length} |`
}

export const tableHead = '| what | p50 ms | p95 ms | worst ms | times |\n|---|---|---|---|---|'

/** @returns milliseconds since then */
export function since(startedAt: number): number {
  return performance.now() - startedAt
}
