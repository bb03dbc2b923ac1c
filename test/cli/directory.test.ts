import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { event } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley group', () => {
  it('makes groups, lists them with their members, and tells them from accounts', async () => {
    for (const name of ['alice', 'bob'])
      await farley.must(['user', 'add', name, '--password-stdin'], { input: name })
    expect(await farley.must(['group', 'add', 'Sales', '--display-name', 'The Sellers'])).toEqual([
      'The group Sales was made.',
    ])
    await farley.must(['group', 'add', 'staff'])
    expect(await farley.must(['group', 'add-member', 'sales', 'bob'])).toEqual(['bob is in sales.'])
    await farley.must(['group', 'add-member', 'staff', 'sales'])
    expect(await farley.must(['group', 'list'])).toEqual(['sales\tThe Sellers', 'staff\tstaff'])
    expect(await farley.must(['group', 'members', 'staff'])).toEqual(['sales\tgroup\tThe Sellers'])
    expect(await farley.must(['user', 'list'])).toEqual(['alice\talice', 'bob\tbob'])
    const refused = async (...words: string[]) => (await farley.run(words)).stderr
    expect(await refused('group', 'add-member', 'sales', 'staff')).toContain('circle')
    expect(await refused('group', 'members', 'alice')).toBe(
      'farley: There is no group "alice"; "alice" is an account.\n',
    )
    expect(await refused('app-password', 'add', 'sales', '--label', 'x')).toContain('"sales" is a group.')
  })

  it('takes members out', async () => {
    expect(await farley.must(['group', 'remove-member', 'sales', 'bob'])).toEqual([
      'bob is not in sales any more.',
    ])
    await farley.must(['group', 'add-member', 'sales', 'bob'])
  })
})

describe('farley acl', () => {
  it('grants, denies, revokes and lists in the order of judgement', async () => {
    await farley.must(['acl', 'grant', 'alice', 'calendar', 'staff', 'read'])
    await farley.must(['acl', 'grant', 'alice', 'Calendar', 'staff', 'bind,unbind'])
    await farley.must(['acl', 'deny', 'alice', 'calendar', 'bob', 'unbind'])
    await farley.must(['acl', 'grant', 'alice', ':calendars', ':all', 'read-free-busy'])
    expect(await farley.must(['acl', 'list', 'alice', 'calendar'])).toEqual([
      'built in\tgrant\t:owner\tall',
      'built in\tgrant\tdelegates who write\tread,write,unlock',
      'built in\tgrant\tdelegates who read\tread',
      'own\tdeny\tbob\tunbind',
      'own\tgrant\tstaff\tread,bind,unbind',
      'inherited\tgrant\t:all\tread-free-busy',
    ])
    const serving = await farley.serve()
    const bob = createClient(serving.url, { name: 'bob', password: 'bob' })
    const href = '/dav/calendars/alice/calendar/a.ics'
    expect((await bob.put(href, event('a'))).status).toBe(201)
    expect((await bob.delete(href)).status).toBe(403)
    await farley.must(['acl', 'revoke', 'alice', 'calendar', 'staff', 'all'])
    expect((await bob.get(href)).status).toBe(403)
    expect(await serving.stop()).toBe(0)
  })

  it('lets others into a folder, whose owner then does not go', async () => {
    const serving = await farley.serve()
    const alice = createClient(serving.url, { name: 'alice', password: 'alice' })
    const bob = createClient(serving.url, { name: 'bob', password: 'bob' })
    await alice.request('MKCOL', '/dav/files/alice/offers')
    await alice.request('MKCOL', '/dav/files/alice/offers/2026')
    await alice.put('/dav/files/alice/offers/2026/a.txt', 'text')
    await farley.must(['acl', 'grant', 'alice', ':files/offers', 'bob', 'read'])
    expect((await bob.get('/dav/files/alice/offers/2026/a.txt')).text).toBe('text')
    expect((await bob.request('PROPFIND', '/dav/files/alice/', { headers: { Depth: '1' } })).status).toBe(403)
    expect(await farley.run(['user', 'remove', 'alice', '--purge'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('lets others into 1 of its folders'),
    })
    await farley.must(['acl', 'revoke', 'alice', ':files/offers', 'bob', 'read'])
    expect((await bob.get('/dav/files/alice/offers/2026/a.txt')).status).toBe(403)
    expect((await farley.run(['acl', 'list', 'alice', ':files/none'])).stderr).toContain('no folder "none"')
    expect(await serving.stop()).toBe(0)
  })

  it('says what it does not know', async () => {
    const refused = async (...words: string[]) => {
      const { code, stderr } = await farley.run(['acl', 'grant', ...words])
      return [code, stderr]
    }
    expect(await refused('alice', 'calendar', 'bob', 'fly')).toEqual([2, expect.stringContaining('"fly"')])
    expect(await refused('alice', 'contacts', 'bob', 'read-free-busy')).toEqual([2, expect.any(String)])
    expect(await refused('alice', 'calendar', ':some', 'read')).toEqual([2, expect.any(String)])
    expect(await refused('alice', 'calendar', 'carl', 'read')).toEqual([1, expect.stringContaining('"carl"')])
    expect(await refused('alice', 'none', 'bob', 'read')).toEqual([1, expect.stringContaining('"none"')])
  })
})

describe('farley room, resource and proxy', () => {
  it('a room has a calendar, and delegates who book it', async () => {
    await farley.must(['room', 'add', 'attic', '--email', 'attic@example.org'])
    await farley.must(['resource', 'add', 'beamer', '--description', 'with HDMI'])
    expect(await farley.must(['room', 'list'])).toEqual(['attic\tattic\tattic@example.org'])
    const like = ['--place', 'third floor', '--capacity', '12', '--description', 'low ceiling']
    expect(await farley.must(['room', 'set', 'attic', ...like])).toEqual([
      'display name  attic',
      'mail          attic@example.org',
      'place         third floor',
      'capacity      12',
      'description   low ceiling',
    ])
    expect(await farley.must(['room', 'list'])).toEqual([
      'attic\tattic\tattic@example.org\tthird floor\t12\tlow ceiling',
    ])
    expect(await farley.run(['room', 'set', 'attic', '--capacity', 'many'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--capacity: '),
    })
    await farley.must(['room', 'set', 'attic', '--place=', '--capacity=', '--description='])
    expect(await farley.must(['room', 'list'])).toEqual(['attic\tattic\tattic@example.org'])
    expect((await farley.run(['room', 'set', 'beamer', '--place', 'x'])).code).toBe(1)
    expect(await farley.must(['resource', 'list'])).toEqual(['beamer\tbeamer\t\t\t\twith HDMI'])
    await farley.must(['proxy', 'add', 'attic', 'staff', '--write'])
    await farley.must(['proxy', 'add', 'beamer', 'bob'])
    expect(await farley.must(['proxy', 'list', 'attic'])).toEqual(['staff\twrite\tstaff'])
    const serving = await farley.serve()
    const bob = createClient(serving.url, { name: 'bob', password: 'bob' })
    expect((await bob.put('/dav/calendars/attic/calendar/a.ics', event('a'))).status).toBe(201)
    expect((await bob.put('/dav/calendars/beamer/calendar/a.ics', event('a'))).status).toBe(403)
    expect((await bob.get('/dav/calendars/beamer/calendar/')).status).toBe(200)
    await farley.must(['proxy', 'remove', 'beamer', 'bob'])
    expect((await bob.get('/dav/calendars/beamer/calendar/')).status).toBe(403)
    expect(await serving.stop()).toBe(0)
  })

  it('refuse what cannot be, and go when they are removed', async () => {
    expect(await farley.run(['proxy', 'remove', 'beamer', 'bob'])).toMatchObject({ code: 1 })
    expect(await farley.run(['proxy', 'add', 'staff', 'bob'])).toMatchObject({ code: 1 })
    expect(await farley.run(['proxy', 'add', 'alice', 'alice'])).toMatchObject({ code: 1 })
    await farley.must(['room', 'remove', 'attic', '--purge'])
    await farley.must(['resource', 'remove', 'beamer'])
    await farley.must(['group', 'remove', 'staff'])
    expect(await farley.must(['group', 'list'])).toEqual(['sales\tThe Sellers'])
  })
})

describe('farley user rename', () => {
  it('changes the name to sign in with, and no URL', async () => {
    expect(await farley.must(['user', 'rename', 'bob', 'robert'])).toEqual([
      'The account bob is called robert now.',
    ])
    expect(await farley.must(['user', 'list'])).toEqual(['alice\talice', 'robert\trobert'])
    expect(await farley.run(['user', 'rename', 'bob', 'rob'])).toMatchObject({ code: 1 })
    expect(await farley.run(['user', 'rename', 'robert', 'alice'])).toMatchObject({ code: 1 })
    const serving = await farley.serve()
    const robert = createClient(serving.url, { name: 'robert', password: 'bob' })
    expect((await robert.get('/dav/calendars/bob/calendar/')).status).toBe(200)
    expect(await serving.stop()).toBe(0)
  })
})
