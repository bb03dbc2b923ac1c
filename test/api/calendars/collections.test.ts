import { describe, expect, it } from 'vitest'
import { event } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { useShares } from '../../features/shares.ts'
import { call } from '../json.ts'

const server = useServer()
const shares = useShares(server)

describe('the API: calendars and books themselves', () => {
  it('are made, changed and thrown away', async () => {
    const account = await server.account()
    const wish = {
      title: 'Work',
      color: '#112233',
      components: ['VEVENT', 'VTODO'],
      timeZone: 'Europe/Berlin',
    }
    const made = await call(account, 'POST', '/calendars', wish)
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({ ...wish, isOwn: true, isDefault: false })
    const path = `/calendars/${made.json.id}`
    const changed = await call(account, 'PATCH', path, {
      title: 'Other',
      isTransparent: true,
      isDefault: true,
    })
    expect(changed.json).toMatchObject({
      title: 'Other',
      color: '#112233',
      isTransparent: true,
      isDefault: true,
    })
    const seen = await call(account, 'GET', path)
    const headers = { 'If-Match': `${seen.headers.etag}` }
    expect((await call(account, 'PATCH', path, { order: 5 }, headers)).json.order).toBe(5)
    expect((await call(account, 'PATCH', path, { order: 6 }, headers)).status).toBe(412)
    expect((await call(account, 'DELETE', path)).status).toBe(204)
    expect((await call(account, 'GET', path)).status).toBe(404)
    const { calendars } = (await call(account, 'GET', '/calendars')).json
    expect(calendars.some(({ isDefault }: { isDefault: boolean }) => isDefault)).toBe(true)
    const book = await call(account, 'POST', '/books', { title: 'Friends' })
    expect(book.json).toMatchObject({ had: 'own', description: null })
    const renamed = await call(account, 'PATCH', `/books/${book.json.id}`, {
      title: 'Foes',
      description: 'x',
    })
    expect(renamed.json).toMatchObject({ title: 'Foes', description: 'x' })
    expect((await call(account, 'GET', `/books/${book.json.id}`)).json).toEqual(renamed.json)
    expect((await call(account, 'DELETE', `/books/${book.json.id}`)).status).toBe(204)
    const [only] = (await call(account, 'GET', '/books')).json.books
    expect((await call(account, 'DELETE', `/books/${only.id}`)).status).toBe(403)
  })

  it('of another are called otherwise by whoever has them, and only not had any more', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    await shares.accept(bob)
    const of = async (who: typeof bob, isOwn: boolean) =>
      (await call(who, 'GET', '/calendars')).json.calendars.find(
        (own: { isOwn: boolean; components: string[] | null }) =>
          own.isOwn === isOwn && own.components?.[0] !== 'VTODO',
      )
    const { id } = await of(bob, false)
    const mine = await call(bob, 'PATCH', `/calendars/${id}`, { title: 'Hers', color: '#abcdef' })
    expect(mine.json).toMatchObject({ title: 'Hers', color: '#abcdef' })
    expect((await of(alice, true)).title).not.toBe('Hers')
    expect((await call(bob, 'PATCH', `/calendars/${id}`, { isDefault: true })).status).toBe(409)
    expect((await call(bob, 'DELETE', `/calendars/${id}`)).status).toBe(204)
    expect(await of(bob, false)).toBeUndefined()
    expect((await of(alice, true)).id).toBe(id)
  })

  it('books of another, too, are called and described as one likes by whoever has them', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const hers = async () =>
      (await call(bob, 'GET', '/books')).json.books.find(({ had }: { had: string }) => had === 'shared')
    const { id } = await hers()
    await call(bob, 'PATCH', `/books/${id}`, { title: 'Hers', description: 'Of the firm' })
    expect(await hers()).toMatchObject({ title: 'Hers', description: 'Of the firm', isOwn: false })
    expect((await call(alice, 'GET', `/books/${id}`)).json).toMatchObject({ had: 'own', description: null })
    expect((await call(bob, 'DELETE', `/books/${id}`)).status).toBe(204)
    expect(await hers()).toBeUndefined()
  })
})

describe('the API: what is followed', () => {
  it('is told, changed, fetched again and left', async () => {
    const account = await server.account()
    const wish = { url: 'https://u:secret@127.0.0.1:9/a.ics', title: 'Holidays', everyMinutes: 90 }
    const made = await call(account, 'POST', '/subscriptions', wish)
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({ title: 'Holidays', everyMinutes: 90, keepsAlarms: false, events: 0 })
    expect(made.text).not.toContain('secret')
    const path = `/subscriptions/${made.json.id}`
    expect((await call(account, 'PATCH', path, { keepsAlarms: true })).json.keepsAlarms).toBe(true)
    expect((await call(account, 'POST', `${path}/refresh`)).status).toBe(202)
    expect((await call(account, 'GET', '/subscriptions')).json.subscriptions).toHaveLength(1)
    expect((await call(account, 'POST', '/subscriptions', { url: 'gopher://x' })).status).toBe(403)
    expect((await call(await server.account(), 'GET', path)).status).toBe(404)
    expect((await call(account, 'DELETE', path)).status).toBe(204)
    expect((await call(account, 'GET', path)).status).toBe(404)
  })
})

describe('the API: who is here, and when busy', () => {
  it('finds people by a part of their name, and says who one is oneself', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { items } = (await call(alice, 'GET', `/principals?q=${bob.name}&kinds=user`)).json
    expect(items.map(({ name }: { name: string }) => name)).toContain(bob.name)
    const none = (await call(alice, 'GET', `/principals?q=${bob.name}&kinds=room,group`)).json
    expect(none.items).toEqual([])
    const own = (await call(alice, 'GET', '/account')).json
    expect(own).toMatchObject({ name: alice.name, groups: [], publicUrl: null })
    expect((await alice.request('PROPFIND', own.principal)).status).toBe(207)
  })

  it('RFC 4791 §7.10 tells when somebody is busy to whom he tells it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a', ['DTSTART:20260302T090000Z', 'DURATION:PT1H']))
    const asked = `/free-busy?who=${alice.name}&from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z`
    const busy = [{ start: '2026-03-02T09:00:00Z', end: '2026-03-02T10:00:00Z', type: 'BUSY' }]
    expect((await call(alice, 'GET', asked)).json.periods).toEqual(busy)
    expect((await call(bob, 'GET', asked)).json.periods).toEqual([])
    await shares.share(alice.calendar, bob, 'free-busy')
    expect((await call(bob, 'GET', asked)).json.periods).toEqual(busy)
    expect((await call(bob, 'GET', asked.replace(alice.name, 'nobody'))).status).toBe(404)
  })
})
