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

describe('the page', () => {
  it('lets in no script but our own, and nobody puts it into a frame', async () => {
    const answer = await fetch(`${server.url}/contacts`, { headers: { Accept: 'text/html' } })
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const again = await fetch(`${server.url}/contacts`, { headers: { Accept: 'text/html' } })
    expect(again.headers.get('content-security-policy')).not.toBe(policy)
  })
})
