import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()

async function world() {
  const alice = await server.account()
  await alice.put(`${alice.contacts}tom.vcf`, card('tom', 'Tom Doe'))
  return { alice, ...(await jane(alice)) }
}

async function partyOf(alice: Account, id: number) {
  return (await call(alice, 'GET', `/parties/${id}`)).json
}

/** Puts away what was said, which may lie over what comes next. */
async function putAway(page: Page): Promise<void> {
  const close = page.getByRole('alert').getByRole('button', { name: 'Close' })
  // One that goes by itself meanwhile is gone too. It is not waited for until it stands still, which it never may on a busy machine.
  while ((await close.count()) > 0)
    await close
      .first()
      .dispatchEvent('click', {}, { timeout: 1_000 })
      .catch(() => {})
}

/** Does one of the things that can be done with a fact. */
async function act(page: Page, name: string, what: string): Promise<void> {
  // By keyboard: on a phone what was said last may lie over it for a while.
  await page.getByRole('button', { name: `More about ${name}` }).press('Enter')
  await page.getByRole('menuitem', { name: what, exact: true }).press('Enter')
}

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('what is known beside the cards, %o', (viewport) => {
  it('is added, changed, ended and removed in place, and taken back; a name on the card becomes somebody', async () => {
    const { alice, id } = await world()
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, `/contacts/${id}`)
    await page.getByRole('button', { name: 'Add a job' }).click()
    const job = page.getByRole('form', { name: 'Job' })
    await job.getByRole('combobox', { name: 'Company' }).fill('Nova Ltd')
    await page.getByRole('option', { name: 'Make company “Nova Ltd”' }).click()
    await job.getByText('Nova Ltd').waitFor()
    await job.getByRole('textbox', { name: 'Job title' }).fill('Adviser')
    await job.getByRole('textbox', { name: 'From' }).fill('2024-03')
    await picture(page, 'beside-job')
    await expectGood(tab)
    await job.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('button', { name: 'More about Nova Ltd' }).waitFor()
    await act(page, 'Nova Ltd', 'End it today')
    await expect
      .poll(async () => (await partyOf(alice, id)).memberships.at(-1))
      .toMatchObject({ title: 'Adviser', from: '2024-03', until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    await act(page, 'Nova Ltd', 'Remove')
    await expect.poll(async () => (await partyOf(alice, id)).memberships.length).toBe(1)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByRole('article').getByRole('link', { name: 'Nova Ltd' }).waitFor()
    const question = page.getByRole('group', { name: 'Who is Tom Doe?' })
    await question.scrollIntoViewIfNeeded()
    await putAway(page)
    await picture(page, 'beside-suggestion')
    await expectGood(tab)
    await question.getByRole('button', { name: 'Yes, Tom Doe' }).press('Enter')
    await question.waitFor({ state: 'detached' })
    await page.getByRole('article').getByRole('link', { name: 'Tom Doe' }).waitFor()
    const { relations } = await partyOf(alice, id)
    expect(relations).toMatchObject([{ type: 'spouse', other: { name: 'Tom Doe' } }])
    await page.getByRole('button', { name: 'Add a relation' }).press('Enter')
    const form = page.getByRole('form', { name: 'Relation' })
    await putAway(page)
    await form.getByRole('combobox', { name: 'Person' }).fill('Zoe Roe')
    await page.getByRole('option', { name: 'Make person “Zoe Roe”' }).click()
    await form.getByRole('combobox', { name: 'What they are to Jane Doe' }).fill('mentor')
    await form.getByRole('combobox', { name: 'What Jane Doe is to them' }).fill('pupil')
    await picture(page, 'beside-relation')
    await expectGood(tab)
    await form.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('article').getByRole('link', { name: 'Zoe Roe' }).click()
    await page.getByRole('region', { name: 'Relations' }).getByText('pupil').waitFor()
    expect((await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('X-ODD-THING;X-P=1:keep me')
    expect(tab.faults).toEqual([])
  })
})

describe('what another changed meanwhile', () => {
  it('is shown beside what was wanted; what is elsewhere is no matter; a company becomes part of another', async () => {
    const { alice, id, company } = await world()
    await using tab = await open(server.url, {
      ...{ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    })
    const { page } = tab
    // What the server tells of it would be there before it is saved.
    await page.addInitScript(() => Object.assign(globalThis, { EventSource: class extends EventTarget {} }))
    await signedIn(tab, alice, `/contacts/${id}`)
    const [own] = (await partyOf(alice, id)).memberships
    await act(page, 'Millner & Söhne', 'Edit')
    const job = page.getByRole('form', { name: 'Job' })
    await call(alice, 'POST', `/parties/${id}/relations`, { type: 'friend', name: 'Max' })
    await job.getByRole('textbox', { name: 'Job title' }).fill('Director')
    await job.getByRole('button', { name: 'Save' }).press('Enter')
    await expect.poll(async () => (await partyOf(alice, id)).memberships[0].title).toBe('Director')
    expect((await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('TITLE:Director')
    await page.getByText('Max').waitFor()
    await act(page, 'Millner & Söhne', 'Edit')
    await call(alice, 'PATCH', `/parties/${id}/memberships/${own.id}`, { title: 'Chair' })
    await job.getByRole('textbox', { name: 'Job title' }).fill('Owner')
    await job.getByRole('button', { name: 'Save' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await dialog.getByText('Chair').waitFor()
    await picture(page, 'beside-conflict')
    await expectGood(tab)
    await dialog.getByRole('button', { name: 'Keep yours' }).click()
    await expect.poll(async () => (await partyOf(alice, id)).memberships[0].title).toBe('Owner')
    await page.goto(`/contacts/${company}`)
    await page.getByRole('button', { name: 'Add a company above or below' }).click()
    await page.getByRole('combobox', { name: 'Company' }).fill('Holding')
    await page.getByRole('option', { name: 'Make company “Holding”' }).click()
    await page.getByRole('form', { name: 'Group of companies' }).getByRole('button', { name: 'Save' }).click()
    await page.getByRole('article').getByRole('link', { name: 'Holding' }).waitFor()
    await expect.poll(async () => (await partyOf(alice, company)).above.length).toBe(1)
    await picture(page, 'beside-company')
    await expectGood(tab)
  })
})
