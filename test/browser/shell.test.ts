import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`the web app, ${viewport.width} wide`, () => {
    it('lets somebody in with the right password only', async () => {
      const alice = await server.account()
      await using tab = await open(server.url, { viewport })
      await tab.page.goto('/')
      await tab.page.getByLabel('User name').fill(alice.name)
      await tab.page.getByLabel('Password', { exact: true }).fill('wrong')
      await picture(tab.page, 'sign-in')
      await tab.page.getByRole('button', { name: 'Sign in' }).click()
      await tab.page.getByRole('alert').getByText('The name or the password is wrong.').waitFor()
      await expectGood(tab)
      await signedIn(tab, alice)
      await tab.page.getByText('Nobody is here yet').waitFor()
      await picture(tab.page, 'begin')
      await expectGood(tab)
    })

    it('shows who is there, and what a phone adds without being loaded again', async () => {
      const alice = await server.account()
      for (let n = 0; n < 60; n += 1)
        await alice.put(`${alice.contacts}p${n}.vcf`, card(`p${n}`, `Person ${String(n).padStart(2, '0')}`))
      await using tab = await open(server.url, { viewport })
      await signedIn(tab, alice)
      await tab.page.getByRole('link', { name: 'Person 00' }).waitFor()
      await picture(tab.page, 'contacts')
      await alice.put(`${alice.contacts}new.vcf`, card('new', 'Aaron 0', ['TITLE:Baker', 'ORG:Bakery']))
      await tab.page.getByRole('link', { name: 'Aaron 0' }).click()
      await tab.page.getByRole('heading', { name: 'Aaron 0' }).waitFor()
      await picture(tab.page, 'person')
      await expectGood(tab)
    })

    it('speaks seven languages, and remembers which', async () => {
      const alice = await server.account()
      await using tab = await open(server.url, { viewport })
      await signedIn(tab, alice)
      await tab.page.goto('/account/settings')
      await tab.page.getByRole('combobox', { name: 'Language' }).waitFor()
      await picture(tab.page, 'account')
      await expectGood(tab)
      await tab.page.getByRole('combobox', { name: 'Language' }).click()
      await tab.page.getByRole('option', { name: 'Deutsch' }).click()
      await tab.page.getByRole('combobox', { name: 'Zeitzone' }).waitFor()
      await tab.page.reload()
      await tab.page.getByRole('combobox', { name: 'Zeitzone' }).waitFor()
      expect(await tab.page.locator('html').getAttribute('lang')).toBe('de')
    })
  })
}

describe('a part that cannot be loaded', () => {
  it('is said, takes nothing else with it, and is loaded the next time', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice)
    await page.getByText('Nobody is here yet').waitFor()
    await page.route('**/keys-help-*.js', (route) => route.abort(), { times: 1 })
    await page.keyboard.press('?')
    await page.getByText('The server cannot be reached.').waitFor()
    expect(await page.getByText('Nobody is here yet').isVisible()).toBe(true)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    expect(tab.faults.splice(0).filter((fault) => !/keys-help|ERR_FAILED/.test(fault))).toEqual([])
  })
})

describe('the page', () => {
  it('lets in no script but our own, and nobody puts it into a frame', async () => {
    const answer = await fetch(`${server.url}/contacts`, { headers: { Accept: 'text/html' } })
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy.replace(/nonce-[\w-]+/, 'nonce').split('; ')).toEqual([
      ...[
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce'",
        "img-src 'self' data: blob:",
      ],
      ...["font-src 'self' data:", "connect-src 'self'", "frame-src 'self'", "manifest-src 'self'"],
      ...["worker-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
    ])
    const again = await fetch(`${server.url}/contacts`, { headers: { Accept: 'text/html' } })
    expect(again.headers.get('content-security-policy')).not.toBe(policy)
  })

  it('has its scripts compressed as the browser takes it, for ever under the name of what is in them', async () => {
    const page = await (await fetch(`${server.url}/contacts`, { headers: { Accept: 'text/html' } })).text()
    const script = `${server.url}${/src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1]}`
    const asked = (headers: Record<string, string>) => fetch(script, { headers })
    for (const [accepted, coding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const answer = await asked({ 'Accept-Encoding': accepted })
      expect([accepted, answer.status, answer.headers.get('content-encoding')]).toEqual([
        accepted,
        200,
        coding,
      ])
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(answer.headers.get('vary')).toBe('Accept-Encoding')
      const again = await asked({
        'Accept-Encoding': accepted,
        // Without it fetch asks for all of it.
        'Cache-Control': 'max-age=0',
        'If-None-Match': answer.headers.get('etag') ?? '',
      })
      expect(again.status).toBe(304)
    }
  })
})
