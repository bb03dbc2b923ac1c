import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { readCode } from './qr.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
beforeAll(() => {
  server.settings.publicUrl = server.url
})

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`the account, ${viewport.width} wide`, () => {
    it('adds a phone by its camera, tries the connection, and shows its sync until it is revoked', async () => {
      const alice = await server.account()
      await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe'))
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice)
      await page.goto('/account')
      await page.getByText('No device yet.').waitFor()
      await picture(page, 'devices-none')
      await page.getByRole('link', { name: 'Add a device' }).click()
      await page.getByRole('radio', { name: 'Android with DAVx⁵' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('Pixel 9')
      await picture(page, 'device-new')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Make its password' }).click()
      await page.getByRole('img', { name: 'Code for the camera of the device' }).waitFor()
      await page.getByRole('button', { name: 'Test the connection' }).click()
      await page.getByText('A program on this computer can connect; no device elsewhere can yet.').waitFor()
      await picture(page, 'device-made')
      await expectGood(tab)
      const href = await page.getByRole('link', { name: 'Open it on this device' }).getAttribute('href')
      const code = page.getByRole('img', { name: 'Code for the camera of the device' })
      expect(href).toMatch(new RegExp(`^${server.url}/setup#davx5\\.[\\w-]+$`))
      expect(await readCode(code)).toBe(href)
      await using phone = await open(server.url, { viewport: { width: 390, height: 844 } })
      await phone.page.goto(href ?? '')
      await phone.page.getByRole('button', { name: 'Fetch the password' }).click()
      await phone.page.locator('code').nth(2).waitFor()
      const [, , secret] = await phone.page.locator('code').allTextContents()
      await picture(phone.page, 'setup-told')
      await expectGood(phone)
      await phone.page.reload()
      await phone.page.getByRole('button', { name: 'Fetch the password' }).click()
      await phone.page.getByRole('alert').getByText('This link was used already').waitFor()
      const pixel = createClient(server.url, { name: alice.name, password: secret ?? '' })
      const { syncToken = '' } = await pixel.sync(alice.contacts, '')
      await pixel.sync(alice.contacts, syncToken)
      const [{ id }] = (await call(alice, 'GET', '/devices')).json.devices
      await expect
        .poll(async () => (await call(alice, 'GET', `/devices/${id}`)).json.collections)
        .toHaveLength(1)
      await page.getByRole('link', { name: 'Done' }).click()
      await page.getByRole('cell', { name: 'Has everything' }).waitFor()
      await picture(page, 'device')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Revoke' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
      await page.getByText('No device yet.').waitFor()
      expect((await pixel.request('OPTIONS', alice.contacts)).status).toBe(401)
    })

    it('gives an iPhone a profile, once, and steps for all others', async () => {
      const alice = await server.account()
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice)
      await page.goto('/account/devices/new')
      await page.getByRole('textbox', { name: 'Name' }).fill('iPhone')
      await page.getByRole('button', { name: 'Make its password' }).click()
      const href = await page.getByRole('link', { name: 'Open it on this device' }).getAttribute('href')
      await picture(page, 'device-apple')
      await expectGood(tab)
      await page.goto(href ?? '')
      await page.reload()
      await page.getByRole('link', { name: 'Load the profile' }).waitFor()
      await picture(page, 'setup-apple')
      await expectGood(tab)
      const loading = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Load the profile' }).click()
      const download = await loading
      expect(download.suggestedFilename()).toBe('farley.mobileconfig')
      const plist = plistOf(readFileSync(await download.path(), 'utf8'))
      expect(plist).toMatchObject({ PayloadType: 'Configuration', PayloadRemovalDisallowed: 'false' })
      const accounts = accountsIn(plist)
      expect(accounts.map(({ PayloadType }) => PayloadType)).toEqual([
        ...['com.apple.carddav.account', 'com.apple.caldav.account'],
      ])
      for (const [index, kind] of (['CardDAV', 'CalDAV'] as const).entries()) {
        const of = (key: string): string => accounts[index]?.[`${kind}${key}`] ?? ''
        expect([of('Username'), of('UseSSL')]).toEqual([alice.name, 'false'])
        const root = `http://${of('HostName')}:${of('Port')}`
        expect(root).toBe(server.url)
        // What the profile says is what the phone then does.
        const phone = createClient(root, { name: of('Username'), password: of('Password') })
        const { responses } = await phone.propfind(of('PrincipalURL'), 0, ['{DAV:}current-user-principal'])
        expect(responses.map(({ href }) => href)).toEqual([of('PrincipalURL')])
      }
    })

    it('changes the password, signs others out, and says who was refused', async () => {
      const alice = await server.account()
      await using other = await open(server.url, { viewport })
      await signedIn(other, alice)
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice)
      await page.goto('/account/security')
      await page.getByLabel('Present password').fill('not it')
      await page.getByLabel('New password', { exact: true }).fill('battery staple')
      await page.getByLabel('New password once more').fill('battery staple')
      await page.getByRole('button', { name: 'Change password' }).click()
      const present = page.locator('.mantine-InputWrapper-root', { hasText: 'Present password' })
      await present.getByText('That is not the password of now.').waitFor()
      await picture(page, 'security')
      await page.getByLabel('Present password').fill(alice.password)
      await page.getByRole('button', { name: 'Change password' }).click()
      await page.getByText('The password was changed').waitFor()
      await expectGood(tab)
      await other.page.reload()
      await other.page.getByLabel('User name').waitFor()
      await other.page.getByLabel('User name').fill(alice.name)
      await other.page.getByLabel('Password', { exact: true }).fill(alice.password)
      await other.page.getByRole('button', { name: 'Sign in' }).click()
      await other.page.getByRole('alert').waitFor()
      await page.reload()
      await page.getByText('Refused').first().waitFor()
      await page.goto('/account/settings')
      await page.getByRole('combobox', { name: 'Time zone' }).click()
      await page.getByRole('combobox', { name: 'Time zone' }).fill('Athens')
      await page.getByRole('option', { name: 'Europe/Athens' }).click()
      await page.getByText('Saved.').waitFor()
      await picture(page, 'settings')
      await expectGood(tab)
    })
  })
}

describe('somebody who is signed in to several browsers', () => {
  it('signs out all others, and then everywhere, asked before; devices go on', async () => {
    const alice = await server.account()
    const viewport = { width: 390, height: 844 }
    await using tab = await open(server.url, { viewport })
    await using other = await open(server.url, { viewport })
    await using third = await open(server.url, { viewport })
    for (const one of [tab, other, third]) await signedIn(one, alice)
    const made = (await call(alice, 'POST', '/devices', { label: 'Pixel 9', kind: 'davx5' })).json
    const pixel = createClient(server.url, { name: alice.name, password: made.password })
    const { page } = tab
    await page.goto('/account/security')
    const sessions = page.getByRole('button', { name: /^Sign out: / })
    await sessions.first().waitFor()
    await expect.poll(() => sessions.count()).toBe(2)
    await sessions.first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect.poll(() => sessions.count()).toBe(1)
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await sessions.count()).toBe(1)
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await picture(page, 'sign-out-others')
    await expectGood(tab)
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out all others' }).click()
    await expect.poll(() => sessions.count()).toBe(0)
    for (const one of [other, third]) {
      await one.page.reload()
      await one.page.getByLabel('User name').waitFor()
    }
    await signedIn(other, alice)
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByLabel('User name').waitFor()
    await other.page.reload()
    await other.page.getByLabel('User name').waitFor()
    expect((await pixel.request('OPTIONS', alice.contacts)).status).toBe(200)
    expect(tab.faults).toEqual([])
  })
})

type Dictionary = Readonly<Record<string, string>>

/** The keys and values of a property list, those of a dictionary below left out. */
function plistOf(text: string): Dictionary & { readonly text: string } {
  expect(text).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<!DOCTYPE plist PUBLIC .*\n<plist version="1.0"><dict>/,
  )
  return { ...valuesOf(text.replace(/<array>.*<\/array>/s, '<string></string>')), text }
}

/** The accounts that a profile sets up. */
function accountsIn({ text }: { readonly text: string }): readonly Dictionary[] {
  const [, accounts = ''] = /<array>(.*)<\/array>/s.exec(text) ?? []
  return [...accounts.matchAll(/<dict>(.*?)<\/dict>/gs)].map(([, inner = '']) => valuesOf(inner))
}

function valuesOf(text: string): Dictionary {
  const pairs = text.matchAll(/<key>([^<]*)<\/key>\s*(?:<(true|false)\/>|<(?:string|integer)>([^<]*)<)/g)
  return Object.fromEntries([...pairs].map(([, key = '', flag, value = '']) => [key, flag ?? value]))
}
