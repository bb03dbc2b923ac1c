import { describe, expect, it } from 'vitest'
import { addToOutbox } from '../../storage/events/outbox.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { call } from '../api/json.ts'
import { useServer } from '../dav/server.ts'
import { administratorOf } from './administrators.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

describe('what an administrator takes away', () => {
  it.each([1280, 390])(
    'a role and a mask come back with all who held them, from the message and later, %i wide',
    async (width) => {
      const [root, alice] = [await administratorOf(server), await server.account()]
      const [mask, name] = [`Notes ${width}`, `Sellers ${width}`]
      const ofMask = `/masks/${encodeURIComponent(mask)}`
      await call(root, 'PUT', ofMask, { hide: ['NOTE'] })
      const role = { name, capabilities: ['erase'], masks: [mask] }
      const ofRole = `/team-roles/${(await call(root, 'POST', '/team-roles', role)).json.id}`
      await call(root, 'POST', `${ofRole}/holders`, { name: alice.name })
      const both = async () => [
        (await call(root, 'GET', ofMask)).json,
        (await call(root, 'GET', ofRole)).json,
      ]
      const before = await both()
      await using tab = await open(server.url, { viewport: { width, height: 1_600 } })
      const { page } = tab
      await signedIn(tab, root, '/admin/roles')
      for (const [title, path] of [
        [name, ofRole],
        [mask, ofMask],
      ] as const) {
        const edit = page.getByRole('button', { name: `Edit ${title}` })
        const remove = async (): Promise<void> => {
          await edit.click()
          await page.getByRole('button', { name: 'Remove…', exact: true }).click()
          await page.getByRole('button', { name: 'Remove', exact: true }).click()
          await page.getByText(`${title} was removed.`).waitFor()
          expect((await call(root, 'GET', path)).status).toBe(404)
        }
        await remove()
        await page.getByRole('button', { name: 'Undo' }).last().click()
        await edit.waitFor()
        expect(await both()).toEqual(before)
        await remove()
        const back = page.getByRole('button', { name: `Bring back ${title}` })
        await back.waitFor()
        await picture(page, `admin-removed-${path === ofRole ? 'role' : 'mask'}`)
        await expectGood(tab)
        await back.click()
        await edit.waitFor()
        expect(await both()).toEqual(before)
      }
      await page.getByRole('button', { name: `Edit ${name}` }).click()
      await page.getByRole('checkbox', { name: 'Export' }).check()
      await page.getByRole('button', { name: 'Save' }).click()
      const may = async () => (await call(root, 'GET', ofRole)).json.capabilities
      await expect.poll(may).toEqual(['export', 'erase'])
      await page.getByText('Saved.').last().waitFor()
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect.poll(may).toEqual(['erase'])
      await page.getByRole('button', { name: `Take out ${alice.name}` }).click()
      await page.getByText('Nobody holds it yet.').first().waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: `History of ${name}` }).click()
      const history = page.getByRole('dialog', { name: `History of ${name}` })
      const taken = history.getByRole('listitem').filter({ hasText: `Who holds it: before: ${alice.name}` })
      await history.getByText('Erase people for good').first().waitFor()
      await picture(page, 'admin-role-history')
      await expectGood(tab)
      await taken
        .first()
        .getByRole('button', { name: /^As before/ })
        .click()
      await history.getByText('Made as it was').first().waitFor()
      expect(await both()).toEqual(before)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: `History of ${mask}` }).click()
      await page.getByRole('dialog').getByText('What it hides: Notes').first().waitFor()
      await picture(page, 'admin-mask-history')
      await expectGood(tab)
    },
  )

  it('a delegate is one again as he was, and what was not to leave waits again; what cannot be is said', async () => {
    const [root, bob] = [await administratorOf(server), await server.account()]
    await call(root, 'POST', '/rooms', { name: 'attic', displayName: 'Attic' })
    await call(root, 'PUT', `/delegates/attic/${bob.name}`, { mode: 'write' })
    const delegates = async () => (await call(root, 'GET', '/delegates/attic')).json.delegates
    await using tab = await open(server.url, { viewport: { width: 1280, height: 844 } })
    const { page } = tab
    await signedIn(tab, root, '/admin/rooms')
    await page.getByRole('button', { name: 'Edit Attic' }).click()
    await page.getByRole('button', { name: `Take out ${bob.name}` }).click()
    await expect.poll(delegates).toEqual([])
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(delegates).toMatchObject([{ name: bob.name, mode: 'write' }])
    await page.getByLabel(`What ${bob.name} may do`).selectOption('read')
    await expect.poll(delegates).toMatchObject([{ mode: 'read' }])
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(delegates).toMatchObject([{ mode: 'write' }])
    await page.keyboard.press('Escape')

    await server.services.store.write(async (tx) => {
      const principalId = (await findPrincipalByName(tx, root.name))?.id ?? 0
      await addToOutbox(tx, [{ kind: 'webhook', target: '1', principalId, payload: '{}', key: 'one' }])
    })
    const waiting = async () => (await call(root, 'GET', '/outbox?state=waiting')).json.items.length
    await page.getByRole('tab', { name: 'Outbox' }).click()
    await page.getByRole('button', { name: 'Drop' }).click()
    await expect.poll(waiting).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(waiting).toBe(1)
    await page.getByRole('button', { name: 'Drop' }).waitFor()

    await call(root, 'PUT', '/masks/twice', { hide: ['NOTE'] })
    await page.getByRole('tab', { name: 'Roles' }).click()
    await page.getByRole('button', { name: 'Edit twice' }).click()
    await page.getByRole('button', { name: 'Remove…', exact: true }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('twice was removed.').waitFor()
    await call(root, 'PUT', '/masks/twice', { hide: ['TEL'] })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('There is a mask "twice" already.').waitFor()
  })
})
