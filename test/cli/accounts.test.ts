import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley user', () => {
  it('add makes an account with a password that is printed once', async () => {
    const [made, password] = await farley.must(['user', 'add', 'alice', '--email', 'alice@example.org'])
    expect(made).toBe('The account alice was made.')
    expect(password).toMatch(/^password {2}\S{12,}$/)
  })

  it('add --password-stdin takes the password given, and prints none', async () => {
    const words = ['user', 'add', 'Bob', '--display-name', 'Bob Builder', '--password-stdin']
    expect(await farley.must(words, { input: 'a good password\n' })).toEqual(['The account Bob was made.'])
    expect(await farley.run([...words.slice(0, 2), 'carl', '--password-stdin'], { input: '' })).toMatchObject(
      {
        code: 1,
        stderr: 'farley: The password is empty.\n',
      },
    )
  })

  it('add refuses a name that is taken, or cannot be one', async () => {
    expect(await farley.run(['user', 'add', 'ALICE'])).toMatchObject({
      code: 1,
      stderr: 'farley: There is an account "alice" already.\n',
    })
    expect(await farley.run(['user', 'add', 'a:b'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('list names all', async () => {
    expect(await farley.must(['user', 'list'])).toEqual([
      'alice\talice\talice@example.org',
      'bob\tBob Builder',
    ])
  })

  it('quota says how much an account may keep, at once, and shows it', async () => {
    expect(await farley.must(['user', 'quota', 'alice'])).toEqual([
      'alice keeps 0 octets and may keep 10737418240 more.',
    ])
    expect(await farley.must(['user', 'quota', 'alice', '2k'])).toEqual([
      'alice keeps 0 octets and may keep 2048 more.',
    ])
    expect(await farley.must(['user', 'quota', 'alice', '0'])).toEqual([
      'alice keeps 0 octets and may keep 0 more.',
    ])
    expect(await farley.must(['user', 'quota', 'alice', 'default'])).toEqual([
      'alice keeps 0 octets and may keep 10737418240 more.',
    ])
    for (const bytes of ['much', '-1', '1.5G', '999999999999999T']) {
      expect(await farley.run(['user', 'quota', 'alice', bytes]), bytes).toMatchObject({ code: 2 })
    }
    expect(await farley.run(['user', 'quota', 'nobody', '1G'])).toMatchObject({ code: 1 })
  })

  it('password sets a new one, from standard input only', async () => {
    expect(await farley.run(['user', 'password', 'bob'])).toMatchObject({ code: 2 })
    await farley.must(['user', 'password', 'bob', '--password-stdin'], { input: 'another password' })
    const serving = await farley.serve()
    const status = async (password: string) =>
      (
        await createClient(serving.url, { name: 'bob', password }).request('PROPFIND', '/', {
          headers: { Depth: '0' },
        })
      ).status
    expect(await status('another password')).toBe(207)
    expect(await status('a good password')).toBe(401)
    await farley.must(['user', 'password', 'bob', '--password-stdin'], { input: 'a third one' })
    expect(await status('another password')).toBe(401)
    expect(await status('a third one')).toBe(207)
    const bob = createClient(serving.url, { name: 'bob', password: 'a third one' })
    expect((await bob.put('/dav/addressbooks/bob/contacts/a.vcf', card('a'))).status).toBe(201)
    expect(await serving.stop()).toBe(0)
  })

  it('password asks twice at a terminal, shows nothing of it, and changes nothing where the two differ', async () => {
    const set = ['user', 'password', 'bob']
    const first = (answer: string) => ['New password of bob: ', answer] as const
    const second = (answer: string) => ['Once more: ', answer] as const
    const differing = await farley.atTerminal(set, [first('Käse & Brot 1'), second('Käse & Brot 2')])
    expect(differing.code).toBe(2)
    expect(differing.screen).toContain('The two are not the same: nothing was changed.')
    const nothing = await farley.atTerminal(set, [first('')])
    expect([nothing.code, nothing.screen.includes('The password is empty.')]).toEqual([2, true])
    const same = await farley.atTerminal(set, [first('Käse & Brot'), second('Käse & Brot')])
    expect([same.code, same.screen.includes('The password of bob was set.')]).toEqual([0, true])
    for (const { screen } of [differing, nothing, same]) expect(screen).not.toContain('Brot')
    const serving = await farley.serve()
    const status = async (password: string) =>
      (await createClient(serving.url, { name: 'bob', password }).request('OPTIONS', '/dav/')).status
    expect([await status('Käse & Brot'), await status('Käse & Brot 2')]).toEqual([200, 401])
    expect(await serving.stop()).toBe(0)
  })

  it('remove keeps what there is until it is brought back, or purged', async () => {
    const [, way = ''] = await farley.must(['user', 'remove', 'bob'])
    const id = /removed restore (\d+)/.exec(way)?.[1] ?? ''
    const [line = '', ...more] = await farley.must(['removed', 'list'])
    expect([line.split('\t').slice(2, 4), line.split('\t')[0], more]).toEqual([['user', 'bob'], id, []])
    await farley.must(['user', 'add', 'bob'])
    expect((await farley.run(['removed', 'restore', id])).stderr).toContain('an account "bob" by now')
    expect(await farley.must(['removed', 'restore', id, '--as', 'robert'])).toEqual(['robert is back.'])
    expect((await farley.must(['export', 'robert', '--collection', 'contacts'])).join()).toContain('VCARD')
    expect(await farley.must(['removed', 'list'])).toEqual([])
    await farley.must(['user', 'remove', 'robert'])
    expect(await farley.run(['removed', 'purge', id, 'bob'])).toMatchObject({ code: 1 })
    expect(await farley.must(['removed', 'purge', id, 'robert'])).toEqual(['robert is gone for good.'])
    expect(await farley.run(['removed', 'restore', id])).toMatchObject({ code: 1 })
    await farley.must(['user', 'remove', 'bob', '--purge'])
    await farley.must(['user', 'remove', 'alice'])
    expect(await farley.must(['user', 'list'])).toEqual([])
    expect(await farley.run(['user', 'remove', 'alice'])).toMatchObject({ code: 1 })
  })
})

describe('farley user set', () => {
  it('says language, time zone and limit, takes them back, and refuses what is none', async () => {
    await farley.must(['user', 'add', 'zoe'])
    const set = ['user', 'set', 'zoe', '--language', 'pt-br', '--time-zone', 'Europe/Lisbon']
    expect(await farley.must([...set, '--requests-per-minute', '90'])).toEqual([
      'language             pt-BR',
      'time zone            Europe/Lisbon',
      'requests per minute  90',
    ])
    expect((await farley.must(['user', 'set', 'zoe', '--language', 'default']))[0]).toMatch(/ default$/)
    for (const [option, value] of [
      ['--language', '!!'],
      ['--time-zone', 'Mars'],
      ['--requests-per-minute', '0'],
    ] as const)
      expect(await farley.run(['user', 'set', 'zoe', option, value])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('farley app-password', () => {
  it('is printed once, works at once, and is void at once when revoked', async () => {
    await farley.must(['user', 'add', 'dora'])
    const [secret, ...nothing] = await farley.must(['app-password', 'add', 'dora', '--label', 'Pixel 9'])
    const words = ['app-password', 'add', 'dora', '--label', 'Wall', '--read-only']
    const [readOnly] = await farley.must(words)
    expect(nothing).toEqual([])
    const serving = await farley.serve()
    const device = (password = '') => createClient(serving.url, { name: 'dora', password })
    const href = '/dav/addressbooks/dora/contacts/a.vcf'
    expect((await device(secret).put(href, card('a'))).status).toBe(201)
    expect((await device(readOnly).get(href)).status).toBe(200)
    expect((await device(readOnly).put(href, card('a', 'New Name'))).status).toBe(403)
    const listed = await farley.must(['app-password', 'list', 'dora'])
    const cells = listed.map((line) => line.split('\t'))
    expect(cells).toEqual([
      [
        expect.stringMatching(/^\d+$/),
        'Pixel 9',
        'write',
        'other',
        expect.stringMatching(/^made 2/),
        expect.any(String),
      ],
      [expect.stringMatching(/^\d+$/), 'Wall', 'read', 'other', expect.any(String), expect.any(String)],
    ])
    expect(listed.join()).not.toContain(secret)
    const id = cells[0]?.[0] ?? ''
    await farley.must(['app-password', 'revoke', 'dora', id])
    expect((await device(secret).get(href)).status).toBe(401)
    expect((await device(readOnly).get(href)).status).toBe(200)
    expect((await farley.must(['app-password', 'list', 'dora']))[0]).toContain('revoked 2')
    expect(await farley.run(['app-password', 'revoke', 'dora', id])).toMatchObject({ code: 1 })
    expect(await serving.stop()).toBe(0)
  })

  it('knows the kind of its device, and what it looks like', async () => {
    await farley.must(['user', 'add', 'emil'])
    const add = ['app-password', 'add', 'emil', '--label']
    const [phone = ''] = await farley.must([...add, 'iPhone', '--device', 'apple'])
    const [unknown = ''] = await farley.must([...add, 'Tablet'])
    const [open = ''] = await farley.must([...add, 'Pixel 9', '--device', 'auto'])
    expect(await farley.run([...add, 'x', '--device', 'nokia'])).toMatchObject({ code: 1 })
    const serving = await farley.serve()
    const agent = { 'User-Agent': 'DAVx5/4.5.6-ose (at.bitfire.davdroid)' }
    const href = '/dav/addressbooks/emil/contacts/'
    for (const password of [phone, unknown, open]) {
      const device = createClient(serving.url, { name: 'emil', password })
      expect((await device.request('OPTIONS', href, { headers: agent })).status).toBe(200)
    }
    const kinds = async (): Promise<(string | undefined)[]> =>
      (await farley.must(['app-password', 'list', 'emil'])).map((line) => line.split('\t')[3])
    await expect.poll(kinds).toEqual(['apple (looks like davx5)', 'other (looks like davx5)', 'davx5'])
    const id = (await farley.must(['app-password', 'list', 'emil']))[1]?.split('\t')[0] ?? ''
    const set = (number: string, kind: string) => ['app-password', 'set', 'emil', number, '--device', kind]
    await farley.must(set(id, 'davx5-groups'))
    expect((await kinds())[1]).toBe('davx5-groups')
    await farley.must(set(id, 'auto'))
    expect((await kinds())[1]).toBe('davx5')
    expect(await farley.run(set('99999', 'apple'))).toMatchObject({ code: 1 })
    expect(await farley.run(set('1x', 'apple'))).toMatchObject({ code: 1 })
    const merge = (word: string) => farley.run(['app-password', 'set', 'emil', id, '--merge', word])
    expect(await merge('off')).toMatchObject({ code: 0 })
    expect((await farley.must(['app-password', 'list', 'emil']))[1]).toContain('merge off')
    expect(await merge('auto')).toMatchObject({ code: 0 })
    expect((await farley.must(['app-password', 'list', 'emil']))[1]).not.toContain('merge')
    expect(await merge('perhaps')).toMatchObject({ code: 1 })
    expect(await farley.run(['app-password', 'set', 'emil', id])).toMatchObject({ code: 2 })
    expect(await serving.stop()).toBe(0)
  })

  it('wants a label and an account', async () => {
    expect(await farley.run(['app-password', 'add', 'dora'])).toMatchObject({ code: 2 })
    expect(await farley.run(['app-password', 'add', 'dora', '--label', ' '])).toMatchObject({ code: 1 })
    expect(await farley.run(['app-password', 'add', 'nobody', '--label', 'x'])).toMatchObject({
      code: 1,
      stderr: 'farley: There is no account "nobody"; see "farley user list".\n',
    })
    expect(await farley.run(['app-password', 'list'])).toMatchObject({ code: 2 })
  })
})
