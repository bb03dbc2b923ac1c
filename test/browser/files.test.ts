import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { filesOf } from '../dav/files/files.ts'
import { useServer } from '../dav/server.ts'
import { person } from '../features/facts/world.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { dropFiles } from './drop.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`files, ${viewport.width} wide`, () => {
    it('are put into folders, renamed, moved, deleted and brought back, as WebDAV sees it', async () => {
      const alice = await server.account()
      const dav = filesOf(alice)
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/files')
      await page.getByText('Nothing is here yet.').waitFor()
      await expectGood(tab)
      await page.getByRole('button', { name: 'New folder' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('Offers')
      await picture(page, 'files-new')
      await page.getByRole('button', { name: 'Create' }).click()
      await page.getByRole('button', { name: /^Offers/ }).click()
      await page.getByRole('heading', { name: 'Offers' }).waitFor()
      await page.locator('input[type=file]').setInputFiles([
        { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('one') },
        {
          name: 'b.html',
          mimeType: 'text/html',
          buffer: Buffer.from('<script>document.title = "run"</script>'),
        },
      ])
      await page.getByRole('button', { name: /^b\.html/ }).waitFor()
      expect((await dav.get('Offers/a.txt')).text).toBe('one')
      const input = page.locator('input[type=file]')
      expect(await input.inputValue()).toBe('')
      await input.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('two') })
      const sent = page.getByRole('status', { name: 'Uploads' })
      await sent.getByText('There is something of this name').waitFor()
      await picture(page, 'files-clash')
      await expectGood(tab)
      expect((await dav.get('Offers/a.txt')).text).toBe('one')
      await sent.getByRole('button', { name: 'Replace it' }).click()
      await sent.waitFor({ state: 'detached' })
      expect((await dav.get('Offers/a.txt')).text).toBe('two')
      await page.getByRole('button', { name: 'Actions for a.txt' }).click()
      await page.getByRole('menuitem', { name: 'Rename' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('notes.txt')
      await page.getByRole('button', { name: 'Rename' }).click()
      await page.getByRole('button', { name: /^notes\.txt/ }).waitFor()
      await picture(page, 'files-folder')
      await expectGood(tab)
      await page.getByRole('button', { name: 'Actions for notes.txt' }).click()
      await page.getByRole('menuitem', { name: 'Move', exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'My files' }).click()
      await page.getByRole('button', { name: 'Move here' }).click()
      await page.getByText('notes.txt was moved.').waitFor()
      expect(await dav.list()).toContain('notes.txt')
      await page.getByRole('button', { name: 'Actions for b.html' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      const said = page.getByRole('alert').filter({ hasText: 'b.html is in the trash.' })
      await said.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('Undone.').waitFor()
      await page.getByRole('button', { name: /^b\.html/ }).waitFor()
      expect(await dav.list('Offers/')).toEqual(['Offers/b.html'])
    })

    it('are shown, with what was in them before and whom they have to do with', async () => {
      const alice = await server.account()
      await person(alice, 'Jane Doe')
      const dav = filesOf(alice)
      await dav.put('plan.txt', 'the first plan')
      await dav.put('plan.txt', 'the second plan')
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, '/files')
      await page.getByRole('button', { name: /^plan\.txt/ }).click()
      const drawer = page.getByRole('dialog')
      await drawer.getByText('the second plan').waitFor()
      await drawer.getByRole('combobox', { name: 'Link to somebody' }).fill('Jane')
      await page.getByRole('option', { name: 'Jane Doe' }).click()
      await drawer.getByRole('link', { name: 'Jane Doe' }).waitFor()
      await picture(page, 'files-one')
      await expectGood(tab)
      await drawer.getByRole('button', { name: 'Use again' }).click()
      await drawer.getByText('the first plan').waitFor()
      expect((await dav.get('plan.txt')).text).toBe('the first plan')
      await page.keyboard.press('Escape')
      await dav.put('from-the-disk.txt', 'x')
      await page.getByRole('button', { name: /^from-the-disk\.txt/ }).waitFor()
    })
  })
}

describe('files that are dragged', () => {
  it('are kept where they are let go, and nothing happens beside it', async () => {
    const alice = await server.account()
    await filesOf(alice).make('plans/', 'plans/a.txt')
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice, '/files')
    await page.getByRole('button', { name: /^plans/ }).click()
    await page.getByRole('heading', { name: 'plans' }).waitFor()
    await page.getByRole('button', { name: /^a\.txt/ }).waitFor()
    await dropFiles(page, page.getByRole('main'), { 'b.txt': 'the second', 'c.txt': 'the third' })
    await page.getByRole('button', { name: /^c\.txt/ }).waitFor()
    const dav = filesOf(alice)
    expect([(await dav.get('plans/b.txt')).text, (await dav.get('plans/c.txt')).text]).toEqual([
      ...['the second', 'the third'],
    ])
    await page.getByRole('button', { name: /^b\.txt/ }).click()
    await page.getByRole('dialog').getByText('the second').waitFor()
    await page.keyboard.press('Escape')
    // A folder comes with all that lies in it, and goes into the trash as one.
    const old = { 'old/1.txt': 'one', 'old/deep/er/2.txt': 'two', 'old/none/': '', 'e.txt': 'the fourth' }
    await dropFiles(page, page.getByRole('main'), old)
    const undo = page
      .getByRole('alert')
      .filter({ hasText: 'old is uploaded.' })
      .getByRole('button', { name: 'Undo' })
    await undo.waitFor()
    const sent = await Promise.all(
      ['old/1.txt', 'old/deep/er/2.txt'].map(async (path) => (await dav.get(`plans/${path}`)).text),
    )
    await undo.click()
    expect(sent).toEqual(['one', 'two'])
    await expect.poll(async () => (await dav.get('plans/old/1.txt')).status).toBe(404)
    await page.getByRole('button', { name: /^old/ }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^e\.txt/ }).waitFor()
    // What somebody has put into it meanwhile stays.
    await dropFiles(page, page.getByRole('main'), { 'new/1.txt': 'one', 'new/deep/2.txt': 'two' })
    const message = page.getByRole('alert').filter({ hasText: 'new is uploaded.' })
    await message.waitFor()
    await dav.put('plans/new/9.txt', 'nine')
    await message.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone, but for one thing that was changed since.').waitFor()
    expect(await dav.list('plans/new/')).toEqual(['plans/new/9.txt'])
    await dav.make('plans/taken/')
    await dropFiles(page, page.getByRole('main'), { 'taken/3.txt': 'three' })
    await page.getByText('There is something of the name "taken" here already.').waitFor()
    // Let go on the navigation a file is neither opened in place of the app nor kept.
    await dropFiles(page, page.getByRole('navigation', { name: 'Main navigation' }), { 'd.txt': 'astray' })
    await page.getByRole('heading', { name: 'plans' }).waitFor()
    expect((await dav.list('plans/')).length).toBe(6)
    await page.goto('/import')
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await dropFiles(page, page.getByText('Choose a file'), { 'old/': '' })
    await page.getByText('A folder cannot be dropped here: drop the files').waitFor()
    expect(tab.faults).toEqual([])
  })
})

describe('a PDF', () => {
  it('is shown beside its name by the viewer of the browser, and nothing of it runs', async () => {
    const alice = await server.account()
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 } })
    const { page } = tab
    await signedIn(tab, alice, '/files')
    const pdf = await page.pdf({ format: 'A5' })
    await alice.put(`${alice.files}offer.pdf`, pdf, { 'Content-Type': 'application/pdf' })
    // What the frame is answered; before it the page asks whether it is there.
    const answering = page.waitForResponse(
      (answer) =>
        /\/api\/files\/\d+\/content/.test(answer.url()) && answer.request().resourceType() === 'document',
    )
    await page.getByRole('button', { name: /^offer\.pdf/ }).click()
    const answer = await answering
    const headers = answer.headers()
    expect([answer.status(), headers['content-type'], headers['x-content-type-options']]).toEqual([
      ...[200, 'application/pdf', 'nosniff'],
    ])
    expect(headers['content-disposition']).toContain('inline; filename="offer.pdf"')
    // Of what the server says Chromium tells of a PDF only this, which its viewer keeps to.
    expect(headers['content-security-policy']).toBe("frame-ancestors 'self'")
    const { pathname, search } = new URL(answer.url())
    const told = (await alice.request('GET', pathname + search)).headers
    expect(told['content-security-policy']).toContain("default-src 'none'; object-src 'self'")
    const drawer = page.getByRole('dialog')
    const frame = drawer.locator('iframe[title="offer.pdf"]')
    await frame.waitFor()
    await expect.poll(() => page.frames().some((one) => one.url().includes('/content?of='))).toBe(true)
    await picture(page, 'files-pdf')
    await expectGood(tab)
  })
})

describe('a folder', () => {
  it('is shared with a colleague, who then may change what lies in it, and no longer', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await filesOf(alice).make('plans/', 'plans/a.txt')
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/files')
    await page.getByRole('button', { name: 'Actions for plans' }).click()
    await page.getByRole('menuitem', { name: 'Share', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Share plans' })
    await dialog.getByRole('combobox', { name: 'Share with' }).fill(bob.name)
    await page.getByRole('option', { name: bob.name }).click()
    await dialog.getByRole('combobox', { name: /^What .* may do$/ }).click()
    await page.getByRole('option', { name: 'read and change' }).click()
    // What is shown says no longer that the server has it: the message does.
    await page.getByText(/may do is changed\.$/).waitFor()
    expect((await bob.put(`${alice.files}plans/b.txt`, 'b')).status).toBe(201)
    await picture(page, 'files-shares')
    await expectGood(tab)

    // Strangers read it by an address, in their own language, until that is withdrawn.
    const links = dialog.getByRole('region', { name: 'Public links' })
    await links.getByRole('combobox', { name: 'Valid' }).click()
    await links.getByRole('option', { name: 'for a week' }).click()
    await links.getByRole('button', { name: 'Make a link' }).click()
    await links.getByText(/^until /).waitFor()
    await picture(page, 'files-links')
    await expectGood(tab)
    const address = (await links.getByText(/\/public\//).textContent()) ?? ''
    for (const width of [1280, 390]) {
      await using stranger = await open(server.url, { viewport: { width, height: 800 }, locale: 'de-DE' })
      await stranger.page.goto(address)
      await stranger.page.getByRole('heading', { name: 'plans' }).waitFor()
      await stranger.page.getByText('Dateien, die mit Ihnen geteilt wurden.').waitFor()
      await picture(stranger.page, 'public-folder')
      await expectGood(stranger)
      const loading = stranger.page.waitForEvent('download')
      await stranger.page.getByRole('link', { name: 'a.txt' }).click()
      expect((await loading).suggestedFilename()).toBe('a.txt')
    }
    await links.getByRole('button', { name: 'Withdraw the link' }).click()
    await page.getByText('The link no longer works.').waitFor()
    expect((await fetch(address)).status).toBe(404)
    const told = (what: RegExp) => page.getByRole('alert').filter({ hasText: what })
    const undo = { name: 'Undo', exact: true } as const
    await told(/^The link no longer works/)
      .getByRole('button', undo)
      .click()
    await links.getByText(address).waitFor()
    expect((await fetch(address)).status).toBe(200)
    await links.getByRole('button', { name: 'Withdraw the link' }).click()
    await links.getByText(address).waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: /^Stop sharing with/ }).click()
    await page.getByText(/ sees it no more\.$/).waitFor()
    expect((await bob.get(`${alice.files}plans/a.txt`)).status).not.toBe(200)
    await told(/ sees it no more\./)
      .getByRole('button', undo)
      .click()
    await expect.poll(async () => (await bob.get(`${alice.files}plans/a.txt`)).status).toBe(200)

    // All that is open to strangers stands in the account too.
    await links.getByRole('button', { name: 'Make a link' }).click()
    await links.getByText(/^until /).waitFor()
    await page.goto('/account/security')
    const given = page.getByRole('region', { name: 'Public links' })
    await given.getByText('plans', { exact: true }).waitFor()
    await given.scrollIntoViewIfNeeded()
    await picture(page, 'account-links')
    await expectGood(tab)
    await given.getByRole('button', { name: 'Withdraw the link to plans' }).click()
    await given.waitFor({ state: 'detached' })
    expect((await call(alice, 'GET', '/folder-links')).json.items).toEqual([])
    const [{ id: home }] = (await call(alice, 'GET', '/file-homes')).json.items
    const [folder] = (await call(alice, 'GET', `/file-homes/${home}/children`)).json.items
    await call(alice, 'DELETE', `/files/${folder.id}/shares/${bob.name}`)
    await page.goto('/trash')
    await page.getByRole('button', { name: 'Bring back plans' }).click()
    await expect.poll(async () => (await bob.get(`${alice.files}plans/a.txt`)).status).toBe(200)
    const back = page.getByRole('button', { name: 'Bring back Public link to plans' })
    await back.first().waitFor()
    await picture(page, 'trash-links')
    await expectGood(tab)
    await back.last().click()
    await expect.poll(async () => (await fetch(address)).status).toBe(200)
  })
})

describe('a folder with very many files', () => {
  it('has in the page as many as are seen, and each says its place', async () => {
    const alice = await server.account()
    const { json: homes } = await call(alice, 'GET', '/file-homes')
    const count = 130
    const nameOf = (n: number): string => `f${String(n).padStart(3, '0')}`
    await Promise.all(
      Array.from({ length: count }, (_, n) =>
        call(alice, 'POST', `/file-homes/${homes.items[0].id}/folders`, { name: nameOf(n) }),
      ),
    )
    await using tab = await open(server.url, { viewport: { width: 390, height: 844 } })
    const { page } = tab
    await signedIn(tab, alice, '/files')
    await page.getByRole('button', { name: /^f000/ }).waitFor()
    expect(await page.locator('li[aria-posinset]').count()).toBeLessThan(60)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    const last = page.locator(`li[aria-posinset="${count}"][aria-setsize="${count}"]`)
    await last.getByRole('button', { name: new RegExp(`^${nameOf(count - 1)}`) }).waitFor()
    await expectGood(tab)
  })
})
