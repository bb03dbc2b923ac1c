import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** Of one context, more than a browser has connections to a server over HTTP/1.1. */
const many = 7

/** Who has asked for the stream of what happens so far, in order. */
function listenersOf(context: BrowserContext): Page[] {
  const listeners: Page[] = []
  context.on('request', (request) => {
    if (request.url().endsWith('/api/events')) listeners.push(request.frame().page())
  })
  return listeners
}

async function others(context: BrowserContext, count: number): Promise<Page[]> {
  const pages: Page[] = []
  for (let n = 0; n < count; n += 1) {
    const page = await context.newPage()
    await page.goto('/contacts')
    pages.push(page)
  }
  return pages
}

const add = (account: Account, name: string) =>
  account.put(`${account.contacts}${name}.vcf`, card(name, `${name} Added`))

/** That all show somebody, without being loaded again. */
const allShow = (pages: readonly Page[], name: string) =>
  Promise.all(pages.map((page) => page.getByRole('link', { name: `${name} Added` }).waitFor()))

/** As when another tab is in front, which no browser without a window tells. */
const hide = (page: Page, isHidden: boolean) =>
  page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${isHidden ? 'hidden' : 'visible'}', configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`)

describe('many tabs of one browser', () => {
  it('load, and show what a phone changes, though one alone listens, and another after it', async () => {
    const alice = await server.account()
    await add(alice, 'Ann')
    await using tab = await open(server.url)
    const context = tab.page.context()
    const listeners = listenersOf(context)
    await signedIn(tab, alice, '/contacts')
    const rest = await others(context, many - 1)
    await allShow([tab.page, ...rest], 'Ann')
    await add(alice, 'Bob')
    await allShow([tab.page, ...rest], 'Bob')
    expect(listeners).toEqual([tab.page])
    await expectGood(tab)

    // What happens while nobody listens is read by who listens next, and told to the others.
    await tab.page.close()
    await add(alice, 'Cleo')
    await allShow(rest, 'Cleo')
    await add(alice, 'Dora')
    await allShow(rest, 'Dora')
    expect(listeners).toHaveLength(2)

    // A tab that nobody looks at may be put to sleep: it listens for nobody.
    const [, second] = listeners
    const seen = rest.filter((page) => page !== second)
    if (second === undefined) throw new Error('Nobody listens any more.')
    await hide(second, true)
    await expect.poll(() => listeners.length).toBe(3)
    await add(alice, 'Ed')
    await allShow(seen, 'Ed')
    expect(await second.getByRole('link', { name: 'Ed Added' }).count()).toBe(0)
    await hide(second, false)
    await allShow([second], 'Ed')
  })

  it('are signed out together, and show nothing of who was there before', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await add(alice, 'Ann')
    await add(bob, 'Zoe')
    await using tab = await open(server.url)
    const context = tab.page.context()
    const listeners = listenersOf(context)
    await signedIn(tab, alice, '/contacts')
    const [other] = await others(context, 1)
    if (other === undefined) throw new Error('There is no other tab.')
    await allShow([other], 'Ann')

    // His session ends without a word, and somebody else signs in beside him.
    await context.clearCookies()
    await tab.page.goto('/')
    await signedIn(tab, bob)
    await allShow([tab.page, other], 'Zoe')
    expect(await other.getByRole('link', { name: 'Ann Added' }).count()).toBe(0)
    await add(bob, 'Yve')
    await allShow([tab.page, other], 'Yve')

    await tab.page.evaluate(`fetch('/api/session', { headers: { Accept: 'application/json' } })
      .then((answer) => answer.json())
      .then(({ csrfToken }) => fetch('/api/session', { method: 'DELETE', headers: { 'X-CSRF-Token': csrfToken } }))
      .then(() => new BroadcastChannel('farley-session').postMessage('out'))`)
    await Promise.all([tab.page, other].map((page) => page.getByLabel('User name').waitFor()))
    const before = listeners.length
    await signedIn(tab, alice)
    await add(alice, 'Xena')
    await allShow([tab.page, other], 'Xena')
    expect(listeners).toHaveLength(before + 1)
  })

  it('listen each by itself where there are no locks, as without TLS, while somebody looks', async () => {
    const alice = await server.account()
    await add(alice, 'Ann')
    await using tab = await open(server.url)
    const context = tab.page.context()
    await context.addInitScript('delete Navigator.prototype.locks')
    const listeners = listenersOf(context)
    await signedIn(tab, alice, '/contacts')
    const [other] = await others(context, 1)
    if (other === undefined) throw new Error('There is no other tab.')
    await allShow([tab.page, other], 'Ann')
    expect(new Set(listeners)).toEqual(new Set([tab.page, other]))
    await Promise.all([hide(tab.page, true), hide(other, true)])
    await add(alice, 'Bob')
    await hide(other, false)
    await allShow([other], 'Bob')
    await add(alice, 'Cleo')
    await allShow([other], 'Cleo')
    await hide(tab.page, false)
    await allShow([tab.page], 'Cleo')
  })
})
