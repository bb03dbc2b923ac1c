import { describe, expect, it } from 'vitest'
import { findAccount, removeAccount } from '../../../src/features/accounts/accounts.ts'
import { findOwnCollection } from '../../../src/features/accounts/own-collection.ts'
import { restoreFromTrash } from '../../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../../src/features/trash/trash.ts'
import { birthdaysOfBook } from '../../../storage/generated/birthdays.ts'
import { collect, rowOf } from '../../features/world.ts'
import { type Account, useServer } from '../server.ts'
import { callApi, putCard, switchedOn, titlesIn } from './birthdays.ts'

const server = useServer()

const makeBook = (account: Account, name: string) =>
  account.request('MKCOL', `${account.books}${name}/`, {
    headers: { 'Content-Type': 'application/xml' },
    body: '<d:mkcol xmlns:d="DAV:" xmlns:a="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
  })

/** Shares a collection; the sharee takes it. @returns its path in his home */
async function share(owner: Account, collection: string, sharee: Account, home: string): Promise<string> {
  await callApi(owner, 'POST', '/shares', { collection, with: sharee.name, access: 'read' })
  const { invites } = JSON.parse((await callApi(sharee, 'GET', '/invites')).text)
  const { id } = invites.find((one: { state: string }) => one.state === 'invited')
  const accepted = JSON.parse((await callApi(sharee, 'POST', `/invites/${id}/accept`)).text)
  return `${home}${accepted.name}/`
}

/** What has changed in a collection since a token. */
function syncedFrom(account: Account, path: string, token: string) {
  const body = `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>`
  return account.request('REPORT', path, { headers: { 'Content-Type': 'application/xml' }, body })
}

describe('birthdays that are shared', () => {
  it('go from a sharee’s home with the book, come back with it, and follow it again', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await makeBook(alice, 'team')
    await putCard(alice, 'a', ['BDAY:1980-03-22'], 'Jane Doe', `${alice.books}team/`)
    const path = await switchedOn(alice, { book: 'team', displayName: 'Team' })
    const mounted = await share(alice, 'birthdays', bob, bob.calendars)
    expect(await titlesIn(bob, mounted)).toHaveLength(1)
    expect((await alice.delete(`${alice.books}team/`)).status).toBe(204)
    expect([(await bob.get(mounted)).status, (await alice.get(path)).status]).toEqual([404, 404])
    const row = await rowOf(server, alice)
    const { store } = server.services
    const [entry] = await collect(listTrashEntries(store, row))
    await store.write((tx) => restoreFromTrash(tx, row, entry?.id ?? '', server.services))
    await putCard(alice, 'b', ['BDAY:1990-03-22'], 'Bob', `${alice.books}team/`)
    expect(await titlesIn(bob, mounted)).toEqual(['Bob: birthday (1990)', 'Jane Doe: birthday (1980)'])
    await alice.delete(path)
    expect((await bob.get(mounted)).status).toBe(404)
  })

  it('come back as they were taken away: at their address, with their looks, for a sharee, and for tokens of before', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    const path = await switchedOn(alice, { displayName: 'Cakes', alarms: '09:00' })
    const mounted = await share(alice, 'birthdays', bob, bob.calendars)
    const [{ id }] = JSON.parse((await callApi(alice, 'GET', '/birthdays')).text).birthdays
    await callApi(alice, 'PATCH', `/calendars/${id}`, { color: '#8e44ad' })
    const seen = async (): Promise<unknown> => {
      const { text } = await callApi(alice, 'GET', `/calendars/${id}`)
      const { name, title, color } = JSON.parse(text)
      return { name, title, color }
    }
    const before = await seen()
    const token = /<d:sync-token>([^<]+)/i.exec((await syncedFrom(alice, path, '')).text)?.[1] ?? ''
    expect(token).not.toBe('')
    expect((await callApi(alice, 'DELETE', `/calendars/${id}`)).status).toBe(204)
    expect([(await bob.get(mounted)).status, (await alice.get(path)).status]).toEqual([404, 404])
    const back = (account: Account) =>
      callApi(account, 'POST', '/birthdays', { calendar: id, alarms: '09:00', otherDates: false })
    // What is another's is not there.
    expect((await back(bob)).status).toBe(404)
    expect((await back(alice)).status).toBe(201)
    expect(await seen()).toEqual(before)
    expect(await titlesIn(bob, mounted)).toEqual(['Jane Doe: birthday (1980)'])
    await putCard(alice, 'b', ['BDAY:1990-03-22'], 'Bob')
    const since = await syncedFrom(alice, path, token)
    expect(since.status).toBe(207)
    expect(since.text.match(/<d:response>/gi)).toHaveLength(1)
    // It is there: there is nothing to bring back.
    expect((await callApi(alice, 'DELETE', `/birthdays/${id}`)).status).toBe(204)
    expect((await callApi(alice, 'POST', '/birthdays', { calendar: id + 100_000 })).status).toBe(404)
  })

  it('come back to the book that they were made of alone, the last that were, and never beside others', async () => {
    const alice = await server.account()
    await makeBook(alice, 'work')
    const made = async (body: object): Promise<number> =>
      JSON.parse((await callApi(alice, 'POST', '/birthdays', body)).text).id
    const end = (id: number) => callApi(alice, 'DELETE', `/birthdays/${id}`)
    const back = async (book: string, calendar: number) => {
      const { status, text } = await callApi(alice, 'POST', '/birthdays', { book, calendar })
      return status === 201 ? JSON.parse(text).id : status
    }
    const [own, work] = [await made({ book: 'contacts' }), await made({ book: 'work' })]
    await end(own)
    expect(await back('work', own)).toBe(409)
    await end(work)
    expect(await back('work', own)).toBe(404)
    expect([await back('contacts', own), await back('contacts', own)]).toEqual([own, own])
    expect(await back('contacts', work)).toBe(409)
    const later = await made({ book: 'work' })
    await end(later)
    expect([await back('work', work), await back('work', later)]).toEqual([404, later])
  })

  it('do not keep an account from leaving, and stay with no heir of the book', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    await putCard(alice, 'a', ['BDAY:1980-03-22'])
    await switchedOn(alice)
    const mounted = await share(alice, 'birthdays', bob, bob.calendars)
    await share(alice, 'contacts', bob, bob.books)
    const { services } = server
    const options = { purge: true, giveTo: carol.name }
    const { given } = await services.store.write((tx) => removeAccount(tx, alice.name, options, services))
    expect(given).toEqual([`contacts-${alice.segment}`])
    expect((await bob.get(mounted)).status).toBe(404)
    const inherited = `${carol.books}contacts-${alice.segment}/`
    await putCard(carol, 'b', ['BDAY:1990-03-22'], 'Bob', inherited)
    const found = await services.store.read(async (reader) => {
      const book = await findOwnCollection(
        reader,
        await findAccount(reader, carol.name),
        `contacts-${alice.segment}`,
      )
      return birthdaysOfBook(reader, book.id)
    })
    expect(found).toBeUndefined()
    const path = await switchedOn(carol, { book: `contacts-${alice.segment}` })
    expect(await titlesIn(carol, path)).toHaveLength(2)
  })

  it('follow whoever writes into a shared book, by his mount of it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = await switchedOn(alice)
    await callApi(alice, 'POST', '/shares', { collection: 'contacts', with: bob.name, access: 'read-write' })
    const [{ id }] = JSON.parse((await callApi(bob, 'GET', '/invites')).text).invites
    const { name } = JSON.parse((await callApi(bob, 'POST', `/invites/${id}/accept`)).text)
    await putCard(bob, 'x', ['BDAY:--0101'], 'New Year', `${bob.books}${name}/`)
    expect(await titlesIn(alice, path)).toEqual(['New Year: birthday'])
  })
})
