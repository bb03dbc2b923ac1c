import { describe, expect, it } from 'vitest'
import { renameAccount } from '../../src/features/accounts/accounts.ts'
import { createGroup, removeGroup } from '../../src/features/accounts/groups.ts'
import { shareCollection } from '../../src/features/sharing/sharing.ts'
import { findCollectionById } from '../../storage/collections.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { mustSetAcl } from './acls.ts'
import { createClient } from './client.ts'
import { delegate, group, join, leave, room } from './directory.ts'
import { card, event } from './objects.ts'
import { placesOf } from './places.ts'
import { useServer } from './server.ts'

const server = useServer({ limits: { groupMembers: 3, groupLevels: 3 } })
const sharing = () => {
  const { settings, newId } = server.services
  return { settings, newId, origin: { kind: 'job' } } as const
}

describe('groups', () => {
  it('what is granted to a group is granted to whoever is in it, however deep, and no longer', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await group(server, 'inner', bob)
    const outer = await group(server, 'outer', { name: 'inner' })
    await mustSetAcl(alice, alice.calendar, [{ who: outer.principal, grant: ['read'] }])
    expect((await bob.get(alice.calendar)).status).toBe(200)
    await leave(server, 'inner', bob.name)
    expect((await bob.get(alice.calendar)).status).toBe(403)
    await join(server, 'outer', bob.name)
    expect((await bob.get(alice.calendar)).status).toBe(200)
    await server.services.store.write((tx) => removeGroup(tx, 'outer', sharing()))
    expect((await bob.get(alice.calendar)).status).toBe(403)
  })

  it('what is shared with a group is mounted for whoever comes, and gone for whoever leaves', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await group(server, 'team')
    const { calendar } = await placesOf(server, alice)
    await server.services.store.write(async (tx) => {
      const principal = await findPrincipalByName(tx, 'team')
      const collection = await findCollectionById(tx, calendar.id)
      if (!principal || !collection) throw new Error('nothing to share')
      await shareCollection(tx, { collection, principal, access: 'read' }, sharing())
    })
    const invited = () =>
      server.services.store.read(async (reader) =>
        reader.sql.all(
          'SELECT m.id FROM mounts m JOIN principals p ON p.id = m.principal_id WHERE p.name = $1',
          [bob.name],
        ),
      )
    expect(await invited()).toHaveLength(0)
    await join(server, 'team', bob.name)
    expect(await invited()).toHaveLength(1)
    await leave(server, 'team', bob.name)
    expect(await invited()).toHaveLength(0)
  })

  it('do not go in a circle', async () => {
    await group(server, 'a')
    await group(server, 'b', { name: 'a' })
    await expect(join(server, 'a', 'a')).rejects.toThrow(/circle/)
    await expect(join(server, 'a', 'b')).rejects.toThrow(/circle/)
    await group(server, 'c', { name: 'b' })
    await expect(join(server, 'a', 'c')).rejects.toThrow(/circle/)
    await expect(join(server, 'b', 'a')).rejects.toThrow(/already/)
  })

  it('are bounded in members and in levels', async () => {
    const members = [await server.account(), await server.account(), await server.account()]
    await group(server, 'full', ...members)
    await expect(join(server, 'full', (await server.account()).name)).rejects.toThrow(/3 members at most/)
    await group(server, 'l1')
    await group(server, 'l2', { name: 'l1' })
    await group(server, 'l3', { name: 'l2' })
    await group(server, 'l4')
    await expect(join(server, 'l4', 'l3')).rejects.toThrow(/3 levels deep/)
    await expect(join(server, 'l1', 'l4')).rejects.toThrow(/3 levels deep/)
    await join(server, 'l3', 'l4')
  })

  it('share their names with accounts, and nobody signs in as one', async () => {
    const alice = await server.account()
    const make = (name: string) => server.services.store.write((tx) => createGroup(tx, { name }))
    await expect(make(alice.name)).rejects.toThrow(`There is an account "${alice.name}" already.`)
    await make('people')
    await expect(server.account({ name: 'people' })).rejects.toThrow('There is a group "people" already.')
    const stranger = createClient(server.url, { name: 'people', password: '' })
    expect((await stranger.get('/dav/')).status).toBe(401)
    expect((await alice.get('/dav/calendars/people/')).status).toBe(403)
  })
})

describe('rooms', () => {
  it('have a calendar that is closed until somebody is let in', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { calendar } = await room(server, 'attic')
    expect((await alice.get(calendar)).status).toBe(403)
    await delegate(server, 'attic', alice.name, 'write')
    expect((await alice.put(`${calendar}a.ics`, event('a'))).status).toBe(201)
    expect((await bob.get(`${calendar}a.ics`)).status).toBe(403)
    expect((await alice.get('/dav/addressbooks/attic/')).status).toBe(403)
  })
})

describe('an account that is renamed (law 7)', () => {
  it('keeps its URLs and data, and who takes the old name gets neither', async () => {
    const jane = await server.account({ name: 'jane' })
    await jane.put(`${jane.contacts}a.vcf`, card('a'))
    await server.services.store.write((tx) => renameAccount(tx, 'Jane', 'Jane.Doe'))
    const renamed = createClient(server.url, { name: 'jane.doe', password: jane.password })
    expect((await jane.get(`${jane.contacts}a.vcf`)).status, 'the old name').toBe(401)
    expect((await renamed.get(`${jane.contacts}a.vcf`)).text).toBe(card('a'))
    const other = await server.account({ name: 'jane' })
    expect(other.segment).toBe('jane-2')
    // The same name and password as before, from a client that kept them.
    expect((await jane.get(`${jane.contacts}a.vcf`)).status).toBe(403)
    expect((await jane.get(`${other.contacts}a.vcf`)).status).toBe(404)
    expect((await renamed.get(`${jane.contacts}a.vcf`)).status).toBe(200)
  })

  it('does not take a name that somebody has', async () => {
    const [a, b] = [await server.account(), await server.account()]
    const rename = server.services.store.write((tx) => renameAccount(tx, a.name, b.name))
    await expect(rename).rejects.toThrow(/already/)
    expect((await a.get(a.calendar)).status).toBe(200)
  })
})
