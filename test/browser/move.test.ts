import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { card, event } from '../dav/objects.ts'
import { type Account, startServer, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({
  auth: { bcryptCost: 4 },
  migration: { privateNetworks: '127.0.0.0/8', followMs: 50 },
})
const open = useChromium()

describe('moving in from another server', () => {
  let other: Awaited<ReturnType<typeof startServer>>
  let there: Account
  beforeAll(async () => {
    other = await startServer({ auth: { bcryptCost: 4 } })
    there = await other.account()
    for (let n = 0; n < 12; n += 1)
      await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`, `Pat ${n}`, ['X-ODD;a=b:\\q']))
    await there.put(`${there.calendar}e.ics`, event('e'))
  })
  afterAll(() => other[Symbol.asyncDispose]())

  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 390, height: 844 },
  ])
    it(`tells how far it is, follows until it is stopped, and is undone as a whole, ${viewport.width} wide`, async () => {
      const alice = await server.account()
      const had = async () => (await alice.syncAll(alice.contacts, '')).changed
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/import/move')
      const start = async (password: string): Promise<void> => {
        await page.getByRole('textbox', { name: 'Address of the other server' }).fill(other.url)
        await page.getByRole('textbox', { name: 'User name there' }).fill(there.name)
        await page.getByLabel('Password there').fill(password)
        await page.getByRole('checkbox', { name: 'Follow what changes there' }).check()
        await page.getByRole('button', { name: 'Move in' }).click()
      }
      await start('wrong')
      await page.getByRole('alert').first().waitFor()
      expect(await had()).toEqual([])
      await start(there.password)
      await page.getByText('13 · the same').waitFor()
      await picture(page, 'move-following')
      await expectGood(tab)

      // What changes there comes along, until it is stopped.
      const name = `late-${viewport.width}`
      await there.put(`${there.contacts}${name}.vcf`, card(name, `Late ${viewport.width}`))
      await page.getByText('14 · the same').waitFor()
      const texts = await Promise.all((await had()).map(async (path) => (await alice.get(path)).text))
      expect(texts.filter((text) => text.includes('X-ODD;a=b:\\q'))).toHaveLength(12)
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByRole('button', { name: 'Undo all of it' }).first().click()
      await page.getByText('Undone', { exact: true }).waitFor()
      expect(await had()).toEqual([])
      await there.request('DELETE', `${there.contacts}${name}.vcf`)
      await picture(page, 'move-undone')
      await expectGood(tab)
    })
})
