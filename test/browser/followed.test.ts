import { describe, expect, it } from 'vitest'
import { call } from '../api/json.ts'
import { calendar, card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { usePublisher } from '../publisher.ts'
import { expectGood, picture, signedIn, type Tab, useChromium } from './browser.ts'
import { working } from './jobs.ts'

const server = useServer({ auth: { bcryptCost: 4 }, subscriptions: { privateNetworks: '127.0.0.0/8' } })
const publisher = usePublisher()
const open = useChromium()

/** A calendar with something that takes place today. */
function today(title: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  const lines = [`UID:${title}`, 'DTSTAMP:20260101T000000Z', `DTSTART;VALUE=DATE:${day}`, `SUMMARY:${title}`]
  return calendar(['BEGIN:VEVENT', ...lines, 'END:VEVENT'])
}

/** What is done beside the calendar, which a phone opens first. */
async function press({ page }: Tab, name: string, isWide: boolean): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  if (!isWide && (await button.count()) === 0) await page.getByRole('button', { name: 'Calendars' }).click()
  await button.click()
}

describe.each([
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
])('calendars that are made of something else, %o', (viewport) => {
  const isWide = viewport.width > 1000

  it('are followed, say by themselves that they cannot be fetched, get another address, and are left with a way back', async () => {
    const alice = await server.account()
    const url = publisher.publish('/team.ics', today('Team outing'))
    await using _ = working(server, 'subscription')
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await press(tab, 'Follow a calendar', isWide)
    const following = page.getByRole('dialog', { name: 'Follow a calendar' })
    await following.getByLabel('Address').fill(url)
    await following.getByLabel('Name').fill('Team')
    await following.getByRole('button', { name: 'Follow' }).click()
    await page.getByText('Team outing').first().waitFor({ state: 'attached' })
    const followed = async () => (await call(alice, 'GET', '/subscriptions')).json.subscriptions
    await expect.poll(async () => (await followed())[0]?.events).toBe(1)

    // The publisher has gone; what was read stays, and nobody reads the page anew.
    publisher.paths.clear()
    const [{ id }] = await followed()
    await call(alice, 'POST', `/subscriptions/${id}/refresh`)
    if (!isWide && (await page.getByRole('group', { name: 'My calendars' }).count()) === 0)
      await page.getByRole('button', { name: 'Calendars' }).click()
    await page.getByRole('status').filter({ hasText: '“Team” could not be fetched' }).waitFor()
    await picture(page, 'followed-failed')
    await expectGood(tab)
    await page.getByText('Team outing').first().waitFor({ state: 'attached' })

    publisher.publish('/moved.ics', today('Team lunch'))
    await press(tab, 'Settings of Team', isWide)
    const settings = page.getByRole('dialog', { name: 'Team' })
    await settings.getByLabel('Address').fill(`${publisher.url}/moved.ics`)
    await picture(page, 'followed-settings')
    await expectGood(tab)
    await settings.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByText('The address is changed').waitFor()
    await page.getByText('Team lunch').first().waitFor({ state: 'attached' })
    await page.getByRole('status').filter({ hasText: 'could not be fetched' }).waitFor({ state: 'detached' })
    expect(await followed()).toMatchObject([{ url: `${publisher.url}/moved.ics`, lastError: null }])

    for (const close of await page.getByRole('alert').getByRole('button', { name: 'Close' }).all())
      await close.click({ timeout: 1_000 }).catch(() => undefined)
    await settings.getByRole('button', { name: 'Delete calendar' }).click()
    await page.getByText('Team is no longer here.').waitFor()
    expect(await followed()).toEqual([])
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
    await page.getByText('Undone.').waitFor()
    expect(await followed()).toMatchObject([{ title: 'Team', url: `${publisher.url}/moved.ics` }])
  })

  it('birthdays are switched on, told with reminders, and taken away again', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}ann.vcf`, card('ann', 'Ann Zebra', ['BDAY:1980-11-28']))
    await using tab = await open(server.url, { viewport })
    const { page } = tab
    await signedIn(tab, alice, '/calendar')
    await press(tab, 'Birthdays of my contacts', isWide)
    const making = page.getByRole('dialog', { name: 'Birthdays of my contacts' })
    await making.getByText('follows your contacts by itself').waitFor()
    await making.getByRole('combobox', { name: 'Remind me' }).click()
    await page.getByRole('option', { name: 'The evening before' }).click()
    await picture(page, 'birthdays-new')
    await expectGood(tab)
    await making.getByRole('button', { name: 'Show birthdays' }).click()
    await page.getByText('“Birthdays” is there.').waitFor()
    const made = async () => (await call(alice, 'GET', '/birthdays')).json.birthdays
    expect(await made()).toMatchObject([{ alarms: '1d 18:00', otherDates: false }])
    await page.getByRole('button', { name: 'Birthdays of my contacts' }).waitFor({ state: 'detached' })
    await press(tab, 'Settings of Birthdays', isWide)
    const settings = page.getByRole('dialog', { name: 'Birthdays' })
    await settings.getByRole('checkbox', { name: 'Other dates of contacts, too' }).click()
    await page.getByText('The calendar is changed.').waitFor()
    expect(await made()).toMatchObject([{ alarms: '1d 18:00', otherDates: true }])
    await picture(page, 'birthdays-settings')
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
    await expect.poll(made).toMatchObject([{ otherDates: false }])
    const [{ id }] = await made()
    await settings.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Birthdays is no longer here.').waitFor()
    expect(await made()).toEqual([])
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
    // It is the same one, which devices know.
    await expect.poll(made).toMatchObject([{ id, alarms: '1d 18:00', otherDates: false }])
  })
})
