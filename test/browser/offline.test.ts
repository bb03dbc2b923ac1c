import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { accessibilityFaults, expectGood, picture, signedIn, type Tab, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** Until pages come from what was installed. */
async function installed(page: Page): Promise<void> {
  await page.evaluate(`navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ??
    new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', () => resolve(1))))
    .then(() => undefined)`)
}

/** As `expectGood`, but for what a browser without a line says of its own: that is no fault of the page. */
async function expectGoodOffline({ page, faults }: Tab): Promise<void> {
  const known = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|Failed to load resource/
  expect(await accessibilityFaults(page)).toEqual([])
  expect(faults.splice(0).filter((fault) => !known.test(fault))).toEqual([])
}

/** Of what is kept something, by the first word of its key. */
function seen(page: Page): Promise<string> {
  return page.evaluate(`new Promise((done) => {
    const opening = indexedDB.open('farley')
    opening.onsuccess = () => {
      const all = opening.result.transaction('seen').objectStore('seen').getAll()
      all.onsuccess = () => {
        opening.result.close()
        done(all.result.map(({ key }) => key[0]).sort().join(' '))
      }
    }
  })`)
}

describe('the web app as one that is installed', () => {
  it('is what Chromium lets people install', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { serviceWorkers: 'allow' })
    await signedIn(tab, alice)
    await installed(tab.page)
    const chromium = await tab.page.context().newCDPSession(tab.page)
    const { errors, data } = await chromium.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const manifest = JSON.parse(data ?? '{}') as { icons: { src: string; type: string }[] }
    for (const { src, type } of manifest.icons) {
      const answer = await fetch(server.url + src)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
    }
    const { installabilityErrors } = await chromium.send('Page.getInstallabilityErrors')
    // Windows of tests count as private ones.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
      [],
    )
  })
})

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`without a line, ${viewport.width} wide`, () => {
    it('shows who was seen last, says that it is old, and comes back by itself', async () => {
      const alice = await server.account()
      await alice.put(`${alice.contacts}ada.vcf`, card('ada', 'Ada Adler', ['TITLE:Baker']))
      await alice.put(`${alice.contacts}bob.vcf`, card('bob', 'Bob Berg'))
      await using tab = await open(server.url, { viewport, serviceWorkers: 'allow' })
      const { page } = tab
      await signedIn(tab, alice)
      await installed(page)
      await page.getByRole('link', { name: 'Ada Adler' }).click()
      await page.getByText('Baker').first().waitFor()
      await page.waitForTimeout(1_500)
      await expect.poll(() => seen(page), { timeout: 10_000 }).toMatch(/card.*party.*session/)
      await page.context().setOffline(true)
      await page.goto('/contacts')
      await page.getByRole('link', { name: 'Bob Berg' }).waitFor()
      await page.getByText('You are offline.').waitFor()
      await picture(page, 'offline')
      await page.getByRole('link', { name: 'Ada Adler' }).click()
      await page.getByRole('heading', { name: 'Ada Adler' }).waitFor()
      await page.goto('/trash')
      await page.getByText('this was not opened here before').waitFor()
      await picture(page, 'offline-unseen')
      await expectGoodOffline(tab)
      await page.goto('/contacts')
      await alice.put(`${alice.contacts}cy.vcf`, card('cy', 'Cy Cohen'))
      await page.context().setOffline(false)
      await page.getByRole('link', { name: 'Cy Cohen' }).waitFor()
      await page.getByText('You are offline.').waitFor({ state: 'hidden' })
      await expectGoodOffline(tab)
    })
  })
}

describe('a page that began without a line', () => {
  it('sends files when the line is back, as one that began with it', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}ada.vcf`, card('ada', 'Ada Adler'))
    await using tab = await open(server.url, { serviceWorkers: 'allow' })
    const { page } = tab
    await signedIn(tab, alice)
    await installed(page)
    await expect.poll(() => seen(page), { timeout: 10_000 }).toMatch(/session/)
    await page.context().setOffline(true)
    await page.goto('/files')
    await page.getByText('You are offline.').waitFor()
    await page.context().setOffline(false)
    await page.getByText('You are offline.').waitFor({ state: 'hidden' })
    const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('one') }
    await page.locator('input[type=file]').first().setInputFiles(file)
    await page.getByRole('button', { name: /^a\.txt/ }).waitFor()
    const got = await alice.get(`${alice.files}a.txt`)
    expect([got.status, got.text]).toEqual([200, 'one'])
    await expectGoodOffline(tab)
  })
})

describe('a new version', () => {
  it('is offered quietly, and shown when it is wanted', async () => {
    const alice = await server.account()
    await using newer = await newerServer()
    await using tab = await open(newer.url, { serviceWorkers: 'allow' })
    const { page } = tab
    await signedIn(tab, alice)
    await installed(page)
    newer.next = true
    await page.evaluate('navigator.serviceWorker.ready.then((one) => one.update()).then(() => undefined)')
    await page.getByText('A new version is there.').waitFor()
    await expectGood(tab)
    await picture(page, 'new-version')
    await Promise.all([
      page.waitForEvent('load'),
      page.getByRole('button', { name: 'Load it', exact: true }).click(),
    ])
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor({ state: 'attached' })
    expect(await page.evaluate('caches.keys()')).toContain('farley-next')
    expect(await page.getByText('A new version is there.').count()).toBe(0)
  })
})

describe('what was seen', () => {
  it('is gone from the browser when its owner signs out, in all tabs', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await alice.put(`${alice.contacts}ada.vcf`, card('ada', 'Ada Adler'))
    await using tab = await open(server.url, { serviceWorkers: 'allow' })
    await signedIn(tab, alice)
    await installed(tab.page)
    const other = await tab.page.context().newPage()
    for (const page of [tab.page, other]) {
      await page.goto('/contacts')
      await page.getByRole('link', { name: 'Ada Adler' }).waitFor()
    }
    await expect.poll(() => seenIn(tab.page)).toContain('Ada Adler')
    expect(await seenIn(tab.page)).not.toMatch(/"csrfToken":"/)
    await tab.page.goto('/account')
    await tab.page.getByRole('button', { name: 'Sign out', exact: true }).click()
    for (const page of [tab.page, other]) await page.getByLabel('User name').waitFor()
    expect(await seenIn(tab.page)).toBe('[]')
    await signedIn(tab, bob)
    await tab.page.getByText('Nobody is here yet').waitFor()
    await tab.page.waitForTimeout(1_500)
    expect(await seenIn(tab.page)).not.toContain('Ada Adler')
    await tab.page.context().clearCookies()
    await tab.page.goto('/contacts')
    await tab.page.getByLabel('User name').waitFor()
    await expect.poll(() => seenIn(tab.page)).toBe('[]')
    await tab.page.context().setOffline(true)
    await tab.page.goto('/contacts')
    await tab.page.getByText('You are offline, and this was not opened here before.').waitFor()
  })

  it('is none of the answers of the API: those the worker leaves alone', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { serviceWorkers: 'allow' })
    await signedIn(tab, alice)
    await installed(tab.page)
    await tab.page.goto('/calendar')
    await tab.page.getByRole('button', { name: 'Today' }).waitFor()
    const paths = await tab.page.evaluate<string[]>(`(async () => {
      const found = []
      for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname)
      return found
    })()`)
    expect(paths.length).toBeGreaterThan(50)
    expect(paths.filter((path) => !/^\/(?:assets\/.+|[\w-]+\.png|)$/.test(path))).toEqual([])
    const worker = await fetch(`${server.url}/worker.js`)
    expect(worker.headers.get('content-security-policy')).toBe("default-src 'none'; connect-src 'self'")
    expect(worker.headers.get('cache-control')).toBe('no-cache')
  })
})

/** All that is kept of what was seen, as JSON. */
function seenIn(page: Page): Promise<string> {
  return page.evaluate<string>(`new Promise((resolve) => {
    const request = indexedDB.open('farley', 1)
    request.onsuccess = () => {
      const rows = request.result.transaction('seen').objectStore('seen').getAll()
      rows.onsuccess = () => resolve(JSON.stringify(rows.result))
    }
  })`)
}

/** The server of the file behind another address, with the worker of the next version where that is wanted. */
async function newerServer(): Promise<{ readonly url: string; next: boolean } & AsyncDisposable> {
  const proxy = createServer(async (asked, answer) => {
    if (asked.url === '/worker.js' && made.next) {
      const worker = await (await fetch(`${server.url}/worker.js`)).text()
      answer.setHeader('Content-Type', 'text/javascript')
      answer.end(worker.replace(/"version":"[^"]*"/, '"version":"next"'))
      return
    }
    const { method, headers } = asked
    const onward = request(server.url + asked.url, { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers)
      given.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const made = {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    next: false,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
  return made
}
