import { describe, expect, it } from 'vitest'
import { card } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { useShares } from '../../features/shares.ts'
import { call } from '../json.ts'

const server = useServer()
const shares = useShares(server)

describe('the API: calendars', () => {
  it('are those whose events somebody reads, with what he may do there', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    await shares.accept(bob)
    const { json } = await call(bob, 'GET', '/calendars')
    const own = json.calendars.filter(({ isOwn }: { isOwn: boolean }) => isOwn)
    expect(own.every(({ rights }: { rights: { add: boolean } }) => rights.add)).toBe(true)
    const shared = json.calendars.find(({ isOwn }: { isOwn: boolean }) => !isOwn)
    expect(shared).toMatchObject({
      name: 'calendar',
      isFollowed: false,
      rights: { edit: false, add: false, remove: false },
    })
    expect(json.calendars).toHaveLength(own.length + 1)
  })

  it('are those too that show only when somebody is busy, and nothing else of them', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'free-busy')
    await shares.accept(bob)
    const { calendars } = (await call(bob, 'GET', '/calendars')).json
    const seen = calendars.filter(({ shows }: { shows: string }) => shows !== 'all')
    expect(seen).toHaveLength(1)
    const nothing = { edit: false, add: false, remove: false }
    expect(seen[0]).toMatchObject({ shows: 'busy', components: ['VEVENT'], change: 0, rights: nothing })
  })

  it('are named where a task about somebody is to go', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Ann Doe'))
    const [{ id: party }] = (await call(alice, 'GET', '/parties')).json.items
    const { json } = await call(alice, 'GET', '/calendars')
    const takesTasks = ({ components }: { components: string[] | null }) =>
      components?.includes('VTODO') ?? true
    const list = json.calendars.find(takesTasks)
    const made = await call(alice, 'POST', `/parties/${party}/tasks`, { summary: 'Call', calendar: list.id })
    expect(made.status).toBe(201)
  })
})
