import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, type Tab, useChromium } from './browser.ts'
import { dropFiles } from './drop.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

/** Does what the page has asked for, as the server does by itself; other than `past`. @returns the id in the address */
async function work({ page }: Tab, kind: string, past = 0): Promise<number> {
  const idNow = (): number => Number(/\/import\/(\d+)$/.exec(page.url())?.[1] ?? 0)
  await expect.poll(idNow, { timeout: 30_000 }).toBeGreaterThan(past)
  await runNextJob(server.services, jobs, new AbortController().signal, `${kind}:${idNow()}`)
  return idNow()
}

const table =
  'First Name,Last Name,Email,Shoe size\nAda,Byron,ada@example.org,38\nBob,Stone,bob@example.org,44\nCleo,Day,cleo@example.org,40\n'

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
]) {
  describe(`import, ${viewport.width} wide`, () => {
    it('is tried, mapped, done and undone; what was deleted is brought back from the trash', async () => {
      const alice = await server.account()
      const ada = card('ada', 'Ada Byron', ['EMAIL:ada@example.org', 'X-KEPT:as it is'])
      await alice.put(`${alice.contacts}ada.vcf`, ada)
      const cleo = card('cleo', 'Cleo', ['EMAIL:cleo@example.org'])
      await alice.put(`${alice.contacts}cleo.vcf`, cleo)
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/import')
      await page.getByText('Drop a file here').waitFor()
      await page.getByRole('button', { name: 'Google Contacts' }).click()
      await page.getByText('Open contacts.google.com on a computer.').waitFor()
      await picture(page, 'import')
      await expectGood(tab)
      await dropFiles(page, page.getByText('Drop a file here'), { 'people.csv': table })
      const first = await work(tab, 'import')
      await page.getByText('A trial: nothing is stored yet.').waitFor()
      const column = page.getByRole('combobox', { name: 'Where Shoe size goes' })
      await column.click()
      await page.getByRole('option', { name: 'Number', exact: true }).click()
      await page.getByRole('button', { name: 'Try it with these columns' }).click()
      const second = await work(tab, 'import', first)
      await page.getByRole('button', { name: /^Import / }).waitFor()
      expect(await column.inputValue()).toBe('Number')
      await page.getByText('contacts into “Contacts”, events into “Calendar”, tasks into “Tasks”').waitFor()
      await picture(page, 'import-trial')
      // The bar that is always in sight lies over what is scrolled to otherwise.
      await page.evaluate("document.querySelector('[type=radio]').scrollIntoView({ block: 'center' })")
      await expectGood(tab)
      // Side by side: what is there, and what it will be.
      await page.getByRole('button', { name: 'Ada Byron', exact: true }).click()
      const preview = page.getByRole('dialog')
      await preview.getByRole('columnheader', { name: 'There already' }).waitFor()
      await preview.getByRole('row', { name: /ada@example.org/ }).waitFor()
      await picture(page, 'import-preview')
      await expectGood(tab)
      await preview.getByRole('button', { name: 'Show the text of it' }).click()
      await preview.getByText('X-KEPT:as it is').waitFor()
      await page.keyboard.press('Escape')
      expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(2)
      // What is there already: for all, and for one by itself; the counts follow.
      const will = page.getByRole('region', { name: 'What would become of it' })
      await will.getByText('To be completed: 1').waitFor()
      await page.getByRole('radio', { name: 'is imported once more' }).click()
      await will.getByText('New: 3').waitFor()
      await page.getByRole('radio', { name: 'is completed; nothing is overwritten' }).click()
      await will.getByText('To be completed: 1').waitFor()
      await page.getByText('There already', { exact: true }).click()
      await page.getByText('Bob Stone').waitFor({ state: 'detached' })
      await page.getByRole('combobox', { name: 'What becomes of Cleo Day' }).selectOption('Leave out')
      await will.getByText('Left out: 1').waitFor()
      // Another device goes on with it, and says something else meanwhile; nothing is overwritten unseen.
      const wish = `/imports/${second}/wish`
      const kept = () => call(alice, 'GET', wish)
      await expect.poll(async () => (await kept()).json.choices).toMatchObject([{ number: 3, way: 'skip' }])
      await call(alice, 'PATCH', wish, { match: ['email', 'name'] })
      await page.getByRole('radio', { name: 'stays as it is' }).click()
      const both = page.getByRole('dialog')
      await both.getByRole('row', { name: /Who is there already/ }).waitFor()
      await picture(page, 'import-conflict')
      await expectGood(tab)
      await both.getByRole('button', { name: 'Keep what is there' }).click()
      const byName = page.getByRole('checkbox', { name: 'Name', exact: true })
      await expect.poll(() => byName.isChecked()).toBe(true)
      expect((await kept()).json).toMatchObject({ onMatch: 'update', match: ['email', 'name'] })
      // It is found again by whoever begins anew.
      await page.goto('/import')
      const waiting = page.getByRole('region', { name: 'Waiting imports' })
      await waiting.getByRole('link', { name: 'people.csv' }).waitFor()
      await picture(page, 'import-waiting')
      await expectGood(tab)
      await waiting.getByRole('button', { name: 'Put people.csv away' }).click()
      await waiting.waitFor({ state: 'detached' })
      await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click()
      await waiting.getByRole('link', { name: 'people.csv' }).click()
      await will.getByText('One is chosen by itself.').waitFor()
      // What was said lies over the page for a while.
      const said = page.locator('.mantine-Notification-root')
      await expect.poll(() => said.count(), { timeout: 30_000 }).toBe(0)
      await page.evaluate('scrollTo(0, document.body.scrollHeight)')
      await picture(page, 'import-choices')
      await expectGood(tab)
      await will.getByRole('button', { name: 'Import one item' }).click()
      const third = await work(tab, 'import', second)
      await page.getByRole('button', { name: 'Undo all of it' }).waitFor()
      await page.getByText(/items? (?:is|are) imported\./).waitFor()
      await picture(page, 'import-done')
      await expectGood(tab)
      expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(3)
      expect((await alice.get(`${alice.contacts}ada.vcf`)).text).toContain('X-KEPT:as it is')
      expect((await alice.get(`${alice.contacts}cleo.vcf`)).text).toBe(cleo)
      await page.getByRole('button', { name: 'Undo all of it' }).click()
      await page.getByText('Undoing').waitFor()
      await work(tab, 'undo-import', third - 1)
      await page.getByText('Undone', { exact: true }).first().waitFor()
      expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(2)
      await page.goto('/trash')
      await page.getByRole('button', { name: 'Bring back Bob Stone' }).waitFor()
      await picture(page, 'trash')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Bring back Bob Stone' }).click()
      await page.getByText('The trash is empty.').waitFor()
      expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(3)
      await page.goto('/import/export')
      await page.getByRole('link', { name: 'vCard 4.0' }).first().waitFor()
      await picture(page, 'export')
      await expectGood(tab)
      await page.goto('/import/move')
      await page.getByRole('textbox', { name: 'Address of the other server' }).waitFor()
      await picture(page, 'move')
      await expectGood(tab)
    })
  })
}

describe('files that are not what they seem', () => {
  it('are refused in words, read in other letters, and gone on with where they wait already', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/import')
    let last = 0
    const sendFile = async (name: string, buffer: Buffer): Promise<void> => {
      await page.goto('/import')
      await page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'text/csv', buffer }])
      last = await work(tab, 'import', last)
    }
    await sendFile('picture.csv', Buffer.from('\u0089PNG\r\n', 'latin1'))
    await page.getByRole('alert').getByText('Nothing in this file could be read.').waitFor()
    await page.getByText('It is a picture or a film').waitFor()
    expect(await page.getByRole('button', { name: /^Import / }).count()).toBe(0)
    await picture(page, 'import-unread')
    await expectGood(tab)
    // "Zoë" as old Macs wrote it.
    const mac = Buffer.from('First Name,Email\nZo\u0091,zoe@example.org\n', 'latin1')
    await sendFile('mac.csv', mac)
    await page.getByRole('combobox', { name: 'Read as' }).selectOption('macintosh')
    last = await work(tab, 'import', last)
    await page.getByRole('button', { name: 'Zoë', exact: true }).waitFor()
    const waiting = last
    await sendFile('mac.csv', mac)
    await page.getByText('The very same file waits already.').waitFor()
    await picture(page, 'import-twin')
    await expectGood(tab)
    await page.getByRole('button', { name: 'Go on with that one' }).click()
    await expect.poll(() => page.url()).toMatch(new RegExp(`/import/${waiting}$`))
    // What is said stands above the bar with the buttons.
    await page.goto('/import')
    await page.getByRole('button', { name: 'Put picture.csv away' }).click()
    await page.getByRole('link', { name: 'mac.csv' }).click()
    const bar = await page.getByRole('region', { name: 'What would become of it' }).boundingBox()
    const said = page.getByRole('alert').filter({ hasText: 'It waits no longer.' })
    const end = async () => {
      const box = await said.boundingBox()
      return (box?.y ?? 0) + (box?.height ?? 0)
    }
    await expect.poll(end).toBeLessThan(bar?.y ?? 0)
    await page.getByRole('button', { name: /^Import / }).click()
    last = await work(tab, 'import', last)
    const [path = ''] = (await alice.syncAll(alice.contacts, '')).changed
    expect((await alice.get(path)).text).toContain('Zoë')
    // An import that runs is stopped and taken back; nothing of it is offered again.
    await sendFile('mac.csv', Buffer.from(`${table}`))
    await page.getByRole('button', { name: /^Import / }).click()
    await page.getByRole('button', { name: 'Stop and undo' }).click()
    await page.getByText('Undoing').waitFor()
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-import:${last + 1}`)
    await page.getByText('Undone', { exact: true }).waitFor()
    expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(1)
  })
})

describe('a file of many', () => {
  it('is looked at from end to end by the keyboard; only what is seen is in the page', async () => {
    const alice = await server.account()
    const rows = Array.from({ length: 5_000 }, (_, n) => `P${n},p${n}@example.org\n`).join('')
    const body = `First Name,Email\n${rows}`
    const headers = { 'Content-Type': 'application/octet-stream' }
    const sent = await alice.request('POST', '/api/imports?name=many.csv&dryRun=1', { headers, body })
    const { id } = JSON.parse(sent.text)
    await runNextJob(server.services, jobs, new AbortController().signal, `import:${id}`)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, `/import/${id}`)
    const list = page.getByRole('list', { name: /^Items:/ })
    await list.getByRole('button', { name: 'P0', exact: true }).waitFor()
    await list.locator('[data-position="0"]').focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.locator(':focus').textContent()).toContain('P1')
    const began = performance.now()
    await page.keyboard.press('End')
    await list.getByRole('button', { name: 'P4999', exact: true }).waitFor()
    expect(performance.now() - began).toBeLessThan(5_000)
    await expect.poll(() => page.locator(':focus').textContent()).toContain('P4999')
    expect(await list.getByRole('listitem').count()).toBeLessThan(60)
    await picture(page, 'import-many')
    await expectGood(tab)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'P4999' }).waitFor()
  })
})

describe('an import that runs', () => {
  it('tells how far it is, and is stopped midway: all of it is taken back', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}mine.vcf`, card('mine', 'Mine', ['EMAIL:p7@example.org']))
    const rows = Array.from({ length: 20_000 }, (_, n) => `P${n},p${n}@example.org\n`).join('')
    const body = `First Name,Email\n${rows}`
    const headers = { 'Content-Type': 'application/octet-stream' }
    const { text } = await alice.request('POST', '/api/imports?name=all.csv', { headers, body })
    const { id } = JSON.parse(text)
    const state = async () => (await call(alice, 'GET', `/imports/${id}`)).json
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, `/import/${id}`)
    await using _ = working(server, 'import', 'undo-import')
    const status = page.getByRole('status').filter({ hasText: 'Working' })
    const told = async (): Promise<number> => {
      const [, done = '0'] = /([\d,]+) (?:of|items)/.exec((await status.textContent()) ?? '') ?? []
      return Number(done.replaceAll(',', ''))
    }
    const [soon, later] = [{ timeout: 60_000 }, { timeout: 60_000, interval: 20 }]
    await expect.poll(told, later).toBeGreaterThan(0)
    const seen = await told()
    await expect.poll(told, later).toBeGreaterThan(seen)
    await picture(page, 'import-running')
    await page.getByRole('button', { name: 'Stop and undo' }).click()
    await page.getByRole('status').filter({ hasText: 'Undoing' }).waitFor(soon)
    await page.getByText('Undone', { exact: true }).first().waitFor({ timeout: 100_000 })
    const ended = await state()
    expect(ended.counts.created).toBeGreaterThan(seen - 1)
    expect(ended.counts.created).toBeLessThan(20_000)
    expect(ended).toMatchObject({ state: 'undone', kept: 0 })
    expect((await alice.syncAll(alice.contacts, '')).changed).toEqual([`${alice.contacts}mine.vcf`])
    expect(tab.faults).toEqual([])
  })
})

describe('an import whose cards somebody has edited since', () => {
  it('keeps those when it is undone, and says so', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/import')
    await using _ = working(server, 'import', 'undo-import')
    await dropFiles(page, page.getByText('Drop a file here'), { 'people.csv': table })
    await page.getByRole('button', { name: 'Import 3 items' }).click()
    await page.getByRole('button', { name: 'Undo all of it' }).waitFor()
    const { changed } = await alice.syncAll(alice.contacts, '')
    const texts = await Promise.all(changed.map(async (path) => (await alice.get(path)).text))
    const ada = texts.findIndex((text) => text.includes('ada@example.org'))
    const edited = (texts[ada] ?? '').replace('END:VCARD', 'NOTE:Met her in Turin\r\nEND:VCARD')
    expect((await alice.put(changed[ada] ?? '', edited)).status).toBe(204)
    await page.getByRole('button', { name: 'Undo all of it' }).click()
    await page.getByText('2 undone, 1 kept because they were changed since.').waitFor()
    await picture(page, 'import-undone-kept')
    await expectGood(tab)
    expect((await alice.syncAll(alice.contacts, '')).changed).toEqual([changed[ada]])
    expect((await alice.get(changed[ada] ?? '')).text).toBe(edited)
  })
})

describe('a file that was cut off', () => {
  it('gives what is whole in it, and says where it ends; what breaks off on its way is nowhere', async () => {
    const alice = await server.account()
    const whole = card('ada', 'Ada Byron', ['EMAIL:ada@example.org'])
    const half = card('bob', 'Bob Stone', ['EMAIL:bob@example.org']).slice(0, -30)
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/import')
    await page.route('**/api/imports?**', (route) => route.abort('connectionreset'), { times: 1 })
    await dropFiles(page, page.getByText('Drop a file here'), { 'cut.vcf': whole + half })
    await page.getByRole('alert').first().waitFor()
    await picture(page, 'import-broken-off')
    expect((await call(alice, 'GET', '/imports')).json.imports).toEqual([])
    await using _ = working(server, 'import')
    await dropFiles(page, page.getByText('Drop a file here'), { 'cut.vcf': whole + half })
    const will = page.getByRole('region', { name: 'What would become of it' })
    await will.getByText('New: 1').waitFor()
    await will.getByText('Cannot be read: 1').waitFor()
    await picture(page, 'import-cut')
    await page.getByRole('button', { name: 'Import one item' }).click()
    await page.getByRole('button', { name: 'Undo all of it' }).waitFor()
    const { changed } = await alice.syncAll(alice.contacts, '')
    expect(changed).toHaveLength(1)
    expect((await alice.get(changed[0] ?? '')).text).toContain('FN:Ada Byron')
  })
})

describe('what is exported', () => {
  it('is the same where it is imported again, octet by octet', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const odd = ['X-ODD-THING;X-P=1:keep me', 'item1.TEL:+49 40 5555', 'item1.X-ABLabel:Boat']
    await alice.put(`${alice.contacts}ada.vcf`, card('ada', 'Ada Byron', ['EMAIL:ada@example.org', ...odd]))
    await alice.put(`${alice.contacts}zoe.vcf`, card('zoe', 'Zoë Ζωή', ['NOTE:One\\nTwo\\, three']))
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    await signedIn(tab, alice, '/import/export')
    const loading = tab.page.waitForEvent('download')
    await tab.page.getByRole('link', { name: 'vCard 3.0' }).first().click()
    const file = readFileSync(await (await loading).path())
    await using other = await open(server.url, { viewport: { width: 390, height: 844 } })
    await signedIn(other, bob, '/import')
    await using _ = working(server, 'import')
    await dropFiles(other.page, other.page.getByText('Drop a file here'), { 'contacts.vcf': file })
    await other.page.getByRole('button', { name: 'Import 2 items' }).click()
    await other.page.getByRole('button', { name: 'Undo all of it' }).waitFor()
    const { changed } = await bob.syncAll(bob.contacts, '')
    const texts = await Promise.all(changed.map(async (path) => (await bob.get(path)).text))
    const before = await Promise.all(
      ['ada', 'zoe'].map(async (uid) => (await alice.get(`${alice.contacts}${uid}.vcf`)).text),
    )
    expect(texts.toSorted()).toEqual(before.toSorted())
    // What is there already is seen to be.
    await other.page.goto('/import')
    await dropFiles(other.page, other.page.getByText('Drop a file here'), { 'again.vcf': file })
    const will = other.page.getByRole('region', { name: 'What would become of it' })
    await will.getByText('There already: 2').waitFor()
    expect([...tab.faults, ...other.faults]).toEqual([])
  })
})
