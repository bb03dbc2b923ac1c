import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { group, join } from '../dav/directory.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane, janesLines } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('a note, %o', (viewport) => {
  it('mentions whoever is found after an @, and is for a group alone', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const team = await group(server, `team${Math.random()}`)
    await join(server, team.name, alice.name)
    await join(server, team.name, bob.name)
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}?tab=timeline`)
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.fill('Ask ')
    await text.press('End')
    await text.pressSequentially(`@${bob.name.slice(0, 4)}`)
    await page.getByRole('option', { name: `@${bob.name}` }).waitFor()
    await picture(page, 'notes-mention')
    await expectGood(tab)
    await page.getByRole('option', { name: `@${bob.name}` }).click()
    await text.pressSequentially('about it')
    expect(await text.inputValue()).toBe(`Ask @${bob.name} about it`)
    await page.getByRole('combobox', { name: 'Seen by' }).click()
    await page.getByRole('option', { name: `my team ${team.name}` }).click()
    await text.press('Control+Enter')
    await page.getByRole('listitem').getByText(`@${bob.name}`).first().waitFor()
    const { items } = (await call(alice, 'GET', `/parties/${id}/timeline?sources=activities`)).json
    const note = (await call(alice, 'GET', `/activities/${items[0].data.activity}`)).json
    expect(note).toMatchObject({
      visibility: 'team',
      team: { name: team.name },
      mentions: [{ name: bob.name }],
    })

    // Nobody else is to see it, and then the team again.
    const row = page.getByRole('listitem').filter({ hasText: `@${bob.name}` })
    await row.getByText(`my team ${team.name}`).waitFor()
    await row.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Who sees it' }).click()
    const dialog = page.getByRole('dialog', { name: 'Who sees it' })
    await dialog.getByRole('combobox', { name: 'Seen by' }).click()
    await page.getByRole('option', { name: 'only me' }).click()
    await picture(page, 'notes-seen-by')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await row.getByText('only me').waitFor()
    await picture(page, 'notes-only-me')
    await expectGood(tab)
    expect((await call(bob, 'GET', `/activities/${note.id}`)).status).toBe(404)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await row.getByText(`my team ${team.name}`).waitFor()
    expect((await call(alice, 'GET', `/activities/${note.id}`)).json.visibility).toBe('team')

    // The team is found by its name as well.
    await text.fill('For ')
    await text.press('End')
    await text.pressSequentially(`@${team.name.slice(0, 6)}`)
    await page.getByRole('option', { name: `@${team.name}` }).click()
    expect(await text.inputValue()).toBe(`For @${team.name} `)
    expect(tab.faults).toEqual([])
  })
})

describe('the history of a person', () => {
  it('is told in the language of the page, cards and facts, without the writing of vCard', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await call(alice, 'POST', `/parties/${id}/memberships`, {
      organisationName: 'Nova',
      title: 'Rat',
      from: '2024-03',
    })
    const changed = janesLines.map((line) => line.replace('+49 30 998877', '+49 30 222'))
    await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe', changed))
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
    const { page } = tab
    await signedIn(tab, alice)
    await call(alice, 'PATCH', '/account', { language: 'de' })
    await page.goto(`/contacts/${id}?tab=history`)
    const list = page.getByRole('list', { name: 'Versionen' })
    await list.getByText('Telefonnummer geändert').first().waitFor()
    await list.getByText('Stelle hinzugefügt – Firma: Nova · Position: Rat · Von: März 2024').waitFor()
    await list.getByRole('button', { name: 'Vergleichen' }).first().click()
    await list.getByText('+49 30 222 (Arbeit)').first().waitFor()
    expect(await list.getByText('TEL;').count()).toBe(0)
    await picture(page, 'notes-history')
    await expectGood(tab)
  })
})

describe('a person on paper', () => {
  it('is black on white without anything around', async () => {
    const alice = await server.account()
    const { id } = await jane(alice)
    await using tab = await open(server.url, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('region', { name: 'Work' }).waitFor()
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    for (const around of [
      page.getByRole('list', { name: 'People and companies' }),
      page.getByRole('tab', { name: 'Details' }),
      page.getByRole('button', { name: 'More actions' }),
      page.getByRole('button', { name: 'Add a job' }),
    ])
      expect(await around.isVisible()).toBe(false)
    expect(await page.getByText('+49 30 998877').isVisible()).toBe(true)
    const colors = await page.evaluate(() => {
      const { document, getComputedStyle } = globalThis as unknown as {
        document: { body: object; querySelector(selector: string): object }
        getComputedStyle(element: object): { color: string; backgroundColor: string }
      }
      const body = getComputedStyle(document.body)
      return [body.backgroundColor, body.color, getComputedStyle(document.querySelector('.fact-value')).color]
    })
    expect(colors).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)', 'rgb(0, 0, 0)'])
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const pages = pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
    expect([1, 2]).toContain(pages)
    await picture(page, 'notes-print')
    expect(tab.faults).toEqual([])
  })
})
