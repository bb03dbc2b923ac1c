import { createDAVClient, type DAVCalendar } from 'tsdav'
import { describe, expect, it } from 'vitest'
import type { Dav } from './dav.ts'
import { card, event, sameLines, task } from './objects.ts'
import { newName } from './programs.ts'
import type { Account } from './server.ts'
import { stages } from './world.ts'

const newStage = stages()

function clientOf(account: Account, defaultAccountType: 'caldav' | 'carddav') {
  return createDAVClient({
    serverUrl: `${account.url}/`,
    credentials: { username: account.user, password: account.password },
    authMethod: 'Basic',
    defaultAccountType,
  })
}

type Client = Awaited<ReturnType<typeof clientOf>>

/** The collection of a list whose last path segment is `name`. */
function named<T extends { url: string }>(collections: readonly T[], name: string): T {
  const found = collections.find(({ url }) => url.endsWith(`/${name}/`))
  if (found === undefined) throw new Error(`${name} is not in ${collections.map(({ url }) => url).join(' ')}`)
  return found
}

async function calendarWorld() {
  const stage = await newStage()
  const name = newName('ts')
  const path = await stage.dav.makeCalendar(name, ['VEVENT', 'VTODO'])
  const client = await clientOf(stage.account, 'caldav')
  const fetched = async () => named(await client.fetchCalendars(), name)
  return { ...stage, name, path, client, fetched, calendar: await fetched() }
}

async function bookWorld() {
  const stage = await newStage()
  const name = newName('ts')
  const path = await stage.dav.makeAddressBook(name)
  const client = await clientOf(stage.account, 'carddav')
  const fetched = async () => named(await client.fetchAddressBooks(), name)
  return { ...stage, name, path, client, fetched, addressBook: await fetched() }
}

describe('tsdav accounts', () => {
  it('makes a CalDAV account from the root address (RFC 6764, RFC 4791 §6.2.1)', async () => {
    const { account, dav, isFarley } = await newStage()
    const client = await clientOf(account, 'caldav')
    const made = await client.createAccount({ account: { accountType: 'caldav' }, loadCollections: true })
    expect(new URL(made.homeUrl ?? '').pathname).toBe(await dav.home('caldav'))
    expect(made.principalUrl).toMatch(/^http/)
    const names = made.calendars?.map(({ displayName }) => displayName) ?? []
    if (isFarley) expect(names).toHaveLength(2)
    for (const name of names) expect(name).toSatisfy((text) => typeof text === 'string' && text !== '')
  })

  it('makes a CardDAV account from the root address (RFC 6764, RFC 6352 §7.1.1)', async () => {
    const { account, dav, isFarley } = await newStage()
    const client = await clientOf(account, 'carddav')
    const made = await client.createAccount({ account: { accountType: 'carddav' }, loadCollections: true })
    expect(new URL(made.homeUrl ?? '').pathname).toBe(await dav.home('carddav'))
    if (isFarley) expect(made.addressBooks).toHaveLength(1)
  })

  it('is refused with a wrong password', async () => {
    const { account } = await newStage()
    await expect(clientOf({ ...account, password: 'wrong' }, 'caldav')).rejects.toThrow(/credentials|401/i)
  })
})

describe('tsdav and calendars', () => {
  it('makes a calendar and reads its properties back (RFC 4791 §5.3.1)', async () => {
    const { account, dav } = await newStage()
    const client = await clientOf(account, 'caldav')
    const name = newName('made')
    const url = new URL(`${await dav.home('caldav')}${name}/`, account.url).href
    const components = { 'c:comp': { _attributes: { name: 'VTODO' } } }
    const props = { 'd:displayname': '2026 & more', 'c:supported-calendar-component-set': components }
    await client.makeCalendar({ url, props })
    const made = named(await client.fetchCalendars(), name)
    expect(made).toMatchObject({ displayName: '2026 & more', components: ['VTODO'] })
    expect(made.ctag).toMatch(/\D/)
    expect(made.syncToken).toMatch(/\D/)
    expect(made.reports).toEqual(
      expect.arrayContaining(['calendarQuery', 'calendarMultiget', 'syncCollection']),
    )
  })

  it('creates, reads, changes and deletes objects with conditions (RFC 9110 §13.1)', async () => {
    const { client, calendar, dav, path } = await calendarWorld()
    const uid = newName('uid')
    const filename = `${uid}.ics`
    const iCalString = event(uid, 'Standup')
    const created = await client.createCalendarObject({ calendar, filename, iCalString })
    expect(created.status).toBe(201)
    const again = await client.createCalendarObject({ calendar, filename, iCalString })
    expect(again.status).toBe(412)
    const [object] = await client.fetchCalendarObjects({ calendar })
    if (object === undefined) throw new Error('the new object is not listed')
    expect(object.etag).toBe(created.headers.get('ETag') ?? object.etag)
    expect(sameLines(object.data)).toContain('SUMMARY:Standup')
    const changed = { ...object, data: event(uid, 'Standup later') }
    const updated = await client.updateCalendarObject({ calendarObject: changed })
    expect([200, 201, 204]).toContain(updated.status)
    expect((await client.updateCalendarObject({ calendarObject: changed })).status).toBe(412)
    expect((await client.deleteCalendarObject({ calendarObject: object })).status).toBe(412)
    expect(await dav.get(`${path}${filename}`)).toContain('Standup later')
    const [fresh] = await client.fetchCalendarObjects({ calendar, objectUrls: [object.url] })
    expect(fresh?.etag).not.toBe(object.etag)
    expect((await client.deleteCalendarObject({ calendarObject: fresh ?? object })).ok).toBe(true)
    expect(await client.fetchCalendarObjects({ calendar })).toEqual([])
  })

  it('fetches by time range and expanded (RFC 4791 §7.8, §9.6.5)', async () => {
    const { client, calendar, dav, path } = await calendarWorld()
    const uid = newName('uid')
    const rule = ['DTSTART:20260101T090000Z', 'DTEND:20260101T093000Z', 'RRULE:FREQ=WEEKLY']
    await dav.put(`${path}series.ics`, event(uid, 'Weekly', ...rule))
    await dav.put(`${path}once.ics`, event(newName('uid'), 'Once'))
    await dav.put(`${path}task.ics`, task(newName('uid'), 'Task'))
    const within = (start: string, end: string, more: object = {}) =>
      client.fetchCalendarObjects({ calendar, timeRange: { start, end }, ...more })
    expect(await within('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z')).toHaveLength(1)
    expect(await within('2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z')).toHaveLength(1)
    expect(await within('2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z')).toHaveLength(2)
    expect(await within('2026-03-03T00:00:00Z', '2026-03-05T00:00:00Z')).toEqual([])
    const unused = { useMultiGet: false }
    expect(await within('2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z', unused)).toHaveLength(2)
    const expanded = await within('2026-03-05T00:00:00Z', '2026-03-20T00:00:00Z', { expand: true })
    expect(expanded).toHaveLength(1)
    expect(expanded[0]?.data).not.toContain('RRULE')
    expect(String(expanded[0]?.data).match(/RECURRENCE-ID:\d{8}T090000Z/g)).toHaveLength(3)
  })

  it('learns what changed from a sync token (RFC 6578 §3.2)', async () => {
    const { client, calendar, dav, path } = await calendarWorld()
    await dav.put(`${path}one.ics`, event(newName('one'), 'One'))
    const two = newName('two')
    await dav.put(`${path}two.ics`, event(two, 'Two'))
    const first = await synced(client, calendar, undefined)
    expect(first).toMatchObject({ changed: ['one.ics', 'two.ics'], gone: [] })
    expect(await synced(client, calendar, first.token)).toMatchObject({ changed: [], gone: [] })
    await dav.put(`${path}two.ics`, event(two, 'Two changed'))
    await dav.put(`${path}three.ics`, event(newName('three'), 'Three'))
    await dav.remove(`${path}one.ics`)
    const second = await synced(client, calendar, first.token)
    expect(second).toMatchObject({ changed: ['three.ics', 'two.ics'], gone: ['one.ics'] })
    expect(second.token).not.toBe(first.token)
  })

  it('keeps a calendar in step with smartCollectionSync, by token and by ctag', async () => {
    const { client, dav, path, fetched } = await calendarWorld()
    const uid = newName('one')
    await dav.put(`${path}one.ics`, event(uid, 'One'))
    for (const method of ['webdav', 'basic'] as const) {
      const calendar = await fetched()
      const known = {
        ...calendar,
        objects: await client.fetchCalendarObjects({ calendar }),
        objectMultiGet: client.calendarMultiGet,
        fetchObjects: () => client.fetchCalendarObjects({ calendar }),
      }
      await changeTwo(dav, path, uid)
      const { objects } = await client.smartCollectionSyncDetailed({ collection: known, method })
      const files = (list: readonly { url: string }[]) => list.map(({ url }) => url.split('/').at(-1))
      expect([method, files(objects.created), files(objects.updated)]).toEqual([
        method,
        ['new.ics'],
        ['one.ics'],
      ])
      await dav.remove(`${path}new.ics`)
      const state = await fetched()
      expect(state.ctag).not.toBe(known.ctag)
    }
  })

  it('is told 403 and valid-sync-token for an invented token (RFC 6578 §3.2)', async () => {
    const { dav, path } = await calendarWorld()
    const body =
      '<sync-collection xmlns="DAV:"><sync-token>urn:uuid:3a1b1c9e-0000-4000-8000-000000000000</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>'
    const headers = { 'Content-Type': 'application/xml; charset=utf-8' }
    const answer = await dav.request('REPORT', path, { body, headers })
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('valid-sync-token')
  })
})

/** One event more and one changed, as a second device would. */
async function changeTwo(dav: Dav, path: string, uid: string) {
  await dav.put(`${path}new.ics`, event(newName('new'), 'New'))
  await dav.put(`${path}one.ics`, event(uid, newName('One')))
}

async function synced(client: Client, { url }: DAVCalendar, syncToken: string | undefined) {
  const props = { 'd:getetag': {} }
  const ask = { url, props, syncLevel: 1, ...(syncToken === undefined ? {} : { syncToken }) }
  const responses = await client.syncCollection(ask)
  const members = responses.filter(({ href }) => href?.endsWith('.ics'))
  const files = (wanted: (status: number) => boolean) =>
    members
      .filter(({ status }) => wanted(status))
      .map(({ href }) => href?.split('/').at(-1))
      .sort()
  return {
    changed: files((status) => status !== 404),
    gone: files((status) => status === 404),
    token: String(responses[0]?.raw.multistatus.syncToken),
  }
}

describe('tsdav and address books', () => {
  it('lists an address book with its name, ctag and token (RFC 6352 §5.2)', async () => {
    const { addressBook, name } = await bookWorld()
    expect(addressBook.displayName).toBe(name)
    expect(addressBook.ctag).toMatch(/\D/)
    expect(addressBook.syncToken).toMatch(/\D/)
    expect(addressBook.reports).toEqual(
      expect.arrayContaining(['addressbookQuery', 'addressbookMultiget', 'syncCollection']),
    )
  })

  it('creates, reads, changes and deletes cards with conditions (RFC 9110 §13.1)', async () => {
    const { client, addressBook } = await bookWorld()
    const uid = newName('uid')
    const filename = `${uid}.vcf`
    const vCardString = card(uid, 'Ada Lovelace', 'NOTE:a < b & c')
    expect((await client.createVCard({ addressBook, filename, vCardString })).status).toBe(201)
    expect((await client.createVCard({ addressBook, filename, vCardString })).status).toBe(412)
    const [vCard] = await client.fetchVCards({ addressBook })
    if (vCard === undefined) throw new Error('the new card is not listed')
    expect(sameLines(vCard.data)).toBe(sameLines(vCardString))
    const changed = { ...vCard, data: card(uid, 'Ada King') }
    expect((await client.updateVCard({ vCard: changed })).ok).toBe(true)
    expect((await client.updateVCard({ vCard: changed })).status).toBe(412)
    const [fresh] = await client.fetchVCards({ addressBook, objectUrls: [vCard.url] })
    expect(fresh?.data).toContain('FN:Ada King')
    expect((await client.deleteVCard({ vCard: fresh ?? vCard })).ok).toBe(true)
    expect(await client.fetchVCards({ addressBook })).toEqual([])
  })

  it('queries by text and gets many at once (RFC 6352 §8.6, §8.7)', async () => {
    const { client, addressBook, dav, path } = await bookWorld()
    await dav.put(`${path}ada.vcf`, card(newName('ada'), 'Ada Lovelace', 'EMAIL:ada@example.org'))
    await dav.put(`${path}alan.vcf`, card(newName('alan'), 'Alan Turing'))
    const props = { 'd:getetag': {}, 'card:address-data': {} }
    const having = async (name: string, content: object) => {
      const filters = { 'prop-filter': { _attributes: { name }, ...content } }
      const found = await client.addressBookQuery({ url: addressBook.url, props, filters, depth: '1' })
      return found.flatMap(({ href }) => (href?.endsWith('.vcf') ? [href.split('/').at(-1)] : [])).sort()
    }
    const match = { 'text-match': { _attributes: { collation: 'i;unicode-casemap' }, _text: 'LOVE' } }
    expect(await having('FN', match)).toEqual(['ada.vcf'])
    expect(await having('FN', {})).toEqual(['ada.vcf', 'alan.vcf'])
    expect(await having('EMAIL', { 'is-not-defined': {} })).toEqual(['alan.vcf'])
    const objectUrls = [`${path}ada.vcf`, `${path}alan.vcf`]
    const many = await client.addressBookMultiGet({ url: addressBook.url, props, objectUrls, depth: '1' })
    expect(many.map(({ ok, props: got }) => [ok, typeof got?.addressData])).toEqual([
      [true, 'string'],
      [true, 'string'],
    ])
  })

  it('keeps an address book in step with smartCollectionSync (RFC 6578 §3.2)', async () => {
    const { client, dav, path, fetched } = await bookWorld()
    const [ada, alan] = [newName('ada'), newName('alan')]
    await dav.put(`${path}ada.vcf`, card(ada, 'Ada Lovelace'))
    await dav.put(`${path}alan.vcf`, card(alan, 'Alan Turing'))
    const addressBook = await fetched()
    const objects = await client.fetchVCards({ addressBook })
    const known = { ...addressBook, objects, objectMultiGet: client.addressBookMultiGet }
    await dav.put(`${path}ada.vcf`, card(ada, 'Ada King'))
    await dav.put(`${path}grace.vcf`, card(newName('grace'), 'Grace Hopper'))
    await dav.remove(`${path}alan.vcf`)
    const changes = await client.smartCollectionSyncDetailed({ collection: known, method: 'webdav' })
    const files = (list: readonly { url: string }[]) => list.map(({ url }) => url.split('/').at(-1))
    expect(files(changes.objects.created)).toEqual(['grace.vcf'])
    expect(files(changes.objects.updated)).toEqual(['ada.vcf'])
    expect(files(changes.objects.deleted)).toEqual(['alan.vcf'])
  })
})
