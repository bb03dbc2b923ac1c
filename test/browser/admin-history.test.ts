import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { type Job, jobs } from '../../src/jobs/runner.ts'
import { addToOutbox } from '../../storage/events/outbox.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { ensureJob, hasDueJob } from '../../storage/upkeep/jobs.ts'
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
      await using tab = await open(server.url, { viewport: { width, height: 844 } })
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
    await server.services.store.write(({ sql }) => sql.run('DELETE FROM outbox'))

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

describe('work of the server that failed', () => {
  it('says why, and is done again at once', async () => {
    const root = await administratorOf(server)
    const { services } = server
    const { signal } = new AbortController()
    const broken: Job = { kind: 'sweep-blobs', run: async () => ({ failed: 'The disk is full.' }) }
    await services.store.write((tx) => ensureJob(tx, broken.kind, tx.now))
    await runNextJob(services, [broken], signal, broken.kind)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, root, '/admin/jobs')
    const row = page.getByRole('row').filter({ hasText: broken.kind })
    await row.getByText('Failing').waitFor()
    await row.getByText('Failed once: The disk is full.').waitFor()
    await picture(page, 'admin-job-failed')
    await expectGood(tab)
    expect(await services.store.read((reader) => hasDueJob(reader, server.clock.now))).toBe(false)
    await row.getByRole('button', { name: `Run now: ${broken.kind}` }).click()
    await row.getByText('Last failure: The disk is full.').waitFor()
    expect(await services.store.read((reader) => hasDueJob(reader, server.clock.now))).toBe(true)
    await runNextJob(services, jobs, signal)
    await page.reload()
    await row.getByText('Waiting', { exact: true }).waitFor()
    expect(await row.getByText('The disk is full.').count()).toBe(0)
  })

  it('is tried again or dropped where it did not leave, and is left alone where it did', async () => {
    const root = await administratorOf(server)
    const { store } = server.services
    await store.write(async (tx) => {
      const principalId = (await findPrincipalByName(tx, root.name))?.id ?? 0
      const row = { kind: 'webhook', payload: '{}', principalId }
      await addToOutbox(tx, [
        { ...row, target: '7', key: 'given-up' },
        { ...row, target: '8', key: 'gone' },
      ])
      const text =
        'UPDATE outbox SET state = $2, attempts = $3, last_error = $4, ended_at = $5 WHERE key = $1'
      await tx.sql.run(text, ['given-up', 'dead', 9, 'No answer within 10 seconds.', tx.now])
      await tx.sql.run(text, ['gone', 'sent', 1, null, tx.now])
    })
    const counts = async () => (await call(root, 'GET', '/outbox')).json.counts
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, root, '/admin/outbox')
    const states = page.getByRole('radiogroup', { name: 'State' })
    await states.getByText('Sent').click()
    await page.getByRole('cell', { name: /^Webhook/ }).waitFor()
    expect(await page.getByRole('button', { name: /^(?:Send again|Drop): / }).count()).toBe(0)
    await states.getByText('Given up').click()
    await page.getByText('Last failure: No answer within 10 seconds.').waitFor()
    await picture(page, 'admin-outbox-dead')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Send again: 7' }).click()
    await expect.poll(counts).toEqual({ waiting: 1, sent: 1, dead: 0, dropped: 0 })
    await store.write(({ sql }) => sql.run("UPDATE outbox SET state = 'dead' WHERE key = 'given-up'"))
    await states.getByText('Waiting').click()
    await states.getByText('Given up').click()
    await page.getByRole('button', { name: 'Drop: 7' }).click()
    await page.getByText('It does not leave any more.').waitFor()
    await expect.poll(counts).toEqual({ waiting: 0, sent: 1, dead: 0, dropped: 1 })
    await states.getByText('Dropped').click()
    await page.getByRole('button', { name: 'Send again: 7' }).waitFor()
    expect(await page.getByRole('button', { name: 'Drop: 7' }).count()).toBe(0)
    expect(tab.faults).toEqual([])
  })
})
