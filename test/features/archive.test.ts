import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAppPassword } from '../../src/features/accounts/accounts.ts'
import { zipOctets } from '../../src/features/archive/archive.ts'
import { endPublicLink } from '../../src/features/sharing/ended-links.ts'
import { makePublicLink } from '../../src/features/sharing/public-links.ts'
import { TransferError } from '../../src/features/transfer/transfer-error.ts'
import { card, event, todo } from '../dav/objects.ts'
import { type Account, startServer, useServer } from '../dav/server.ts'
import { openFolder } from './archive-full.ts'
import { exportTo, restoreFrom, signIn, walk, zipOf } from './archive-world.ts'
import { useFolder } from './folder.ts'
import { useShares } from './shares.ts'
import { importAll, rowOf } from './world.ts'

const server = useServer()
const folder = useFolder()
let alice: Account
let out: string
beforeEach(async () => {
  alice = await server.account()
  out = join(folder.path, 'out')
})

const proppatch = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:note xmlns:x="urn:x">kept</x:note></d:prop></d:set></d:propertyupdate>`
const json = (path: string): unknown => JSON.parse(folder.files('out').get(path)?.toString() ?? '')
const lines = (path: string): unknown[] =>
  (folder.files('out').get(path)?.toString().trimEnd().split('\n') ?? []).map((line) => JSON.parse(line))

describe('an archive of an account', () => {
  it('has a folder for each collection and a file for each object, octet for octet', async () => {
    const odd = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from(card('odd', 'Zoë Doe'))])
    await alice.put(`${alice.contacts}odd.vcf`, odd)
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    await alice.put(`${alice.tasks}t.ics`, todo('t'))
    const places = ['calendars/calendar', 'calendars/tasks', 'addressbooks/contacts']
    expect(await exportTo(server, out, alice)).toEqual(
      places.map((place) => ({ kind: 'exported', path: `${alice.segment}/${place}`, count: 1 })),
    )
    const files = folder.files(`out/${alice.segment}`)
    const described = places.flatMap((place) => [`${place}/collection.json`, `${place}/members.jsonl`])
    const objects = ['calendars/calendar/e.ics', 'calendars/tasks/t.ics', 'addressbooks/contacts/odd.vcf']
    expect([...files.keys()]).toEqual([...described, ...objects, 'principal.json'].toSorted())
    expect(files.get('addressbooks/contacts/odd.vcf')).toEqual(odd)
    expect(files.get('calendars/calendar/e.ics')?.toString()).toBe(event('e'))
    expect(json('manifest.json')).toMatchObject({
      format: 'farley-archive',
      version: 2,
      counts: { accounts: 1, collections: 3, objects: 3, documents: 0 },
      accounts: [{ kind: 'user', name: alice.name, folder: alice.segment }],
      files: { count: 11 },
    })
  })

  it('has the properties of a collection and of its objects beside them', async () => {
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    for (const path of ['', 'e.ics'])
      expect((await alice.request('PROPPATCH', alice.calendar + path, { body: proppatch })).status).toBe(207)
    await exportTo(server, out, alice)
    const properties = [{ name: '{urn:x}note', xml: expect.stringContaining('kept') }]
    const place = `${alice.segment}/calendars/calendar`
    expect(json(`${place}/collection.json`)).toMatchObject({
      kind: 'calendar',
      name: 'calendar',
      displayname: 'Calendar',
      components: ['VEVENT'],
      isDefault: true,
      properties,
    })
    expect(lines(`${place}/members.jsonl`)).toMatchObject([
      { file: 'e.ics', name: 'e.ics', uid: 'e', component: 'VEVENT', properties },
    ])
  })

  it('has names that no file system minds, and says whose they are', async () => {
    const names = ['a?b', 'a\\b.vcf', 'CASE.vcf', 'case.vcf', `${'l'.repeat(240)}.vcf`, 'con.vcf']
    for (const [n, name] of names.entries()) {
      const { status } = await alice.put(alice.contacts + encodeURIComponent(name), card(`u${n}`), {
        'Content-Type': 'text/vcard',
      })
      expect(status).toBe(201)
    }
    await exportTo(server, out, alice)
    const place = `${alice.segment}/addressbooks/contacts`
    const files = [...folder.files(`out/${place}`).keys()].filter((name) => name.endsWith('.vcf'))
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length)
    for (const file of files) expect(file).toMatch(/^[\w.%-]{1,170}\.vcf$/)
    const members = lines(`${place}/members.jsonl`) as { file: string; name: string }[]
    expect(members.map(({ name }) => name)).toEqual(names)
    expect(members.map(({ file }) => file).toSorted()).toEqual(files)
  })

  it('has no secrets: no hash of a password, no address of a link', async () => {
    const { store, settings } = server.services
    const row = await rowOf(server, alice)
    const device = { label: 'Pixel', scope: 'write' } as const
    const { secret } = await store.write((tx) => createAppPassword(tx, row, device))
    const collection = await useShares(server).at(alice.calendar)
    const { token } = await store.write((tx) => makePublicLink(tx, collection, 'team', settings))
    const ended = await store.write((tx) => makePublicLink(tx, collection, 'ended', settings))
    await store.write((tx) => endPublicLink(tx, row.id, ended.id, settings))
    await alice.request('MKCOL', `${alice.files}open/`)
    const folders = (await openFolder(alice, 'open', [null])).map((path) => path.split('/')[2] ?? '')
    const hashes = await store.read(({ sql }) =>
      sql.all<{ hash: string }>('SELECT secret_hash AS hash FROM app_passwords'),
    )
    await exportTo(server, out)
    const all = Buffer.concat([...folder.files('out').values()]).toString('latin1')
    expect(all).toContain('"team"')
    const links = [token, ended.token, ...folders]
    for (const hidden of [secret, ...links, row.passwordHash ?? '', ...hashes.map(({ hash }) => hash)]) {
      expect(hidden.length).toBeGreaterThan(10)
      expect(all).not.toContain(hidden)
    }
  })

  it('is not written into a folder that holds something', async () => {
    folder.write('out/mine.txt', 'mine')
    await expect(exportTo(server, out, alice)).rejects.toThrow(TransferError)
    expect([...folder.files('out').keys()]).toEqual(['mine.txt'])
  })

  it('can be imported like any folder: into the same account nothing changes, into another all comes', async () => {
    const bob = await server.account()
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    await alice.put(`${alice.contacts}c.vcf`, card('c'))
    await alice.put(`${alice.files}document.ics`, event('document'))
    await exportTo(server, out, alice)
    const kinds = async (account: Account) =>
      (await importAll(server, account, [out])).map(({ kind }) => kind)
    expect(await kinds(alice)).toEqual(['unchanged', 'unchanged'])
    expect(await kinds(bob)).toEqual(['created', 'created'])
    expect((await bob.get(`${bob.calendar}e.ics`)).text).toBe(event('e'))
  })
})

describe('an archive as a ZIP file', () => {
  it('is the same as the folder, and is restored the same', async () => {
    const octets = Buffer.from(Array.from({ length: 2_500_000 }, (_, n) => (n * n) % 251))
    await alice.put(`${alice.contacts}c.vcf`, card('c'))
    await alice.put(`${alice.files}big.bin`, octets)
    await alice.request('MKCOL', `${alice.files}%C5%BE/`)
    const path = folder.write('out.zip', await zipOf(server, alice))
    await using other = await startServer()
    expect(await restoreFrom(other, path)).toMatchObject([
      { kind: 'restored', name: alice.name, segment: alice.segment, objects: 1, documents: 2 },
    ])
    expect(await walk(await signIn(other, alice))).toEqual(await walk(alice))
  })

  it('may have been made of the folder by another program', async () => {
    await alice.put(`${alice.contacts}c.vcf`, card('c'))
    await exportTo(server, out, alice)
    async function* around() {
      for (const [name, octets] of [...folder.files('out'), ['.DS_Store', Buffer.from('x')] as const]) {
        const path = `my export/${name.normalize('NFD')}`
        yield { kind: 'file', path, octets, size: octets.length, modifiedAt: 0 } as const
      }
    }
    const pieces: Buffer[] = []
    for await (const piece of zipOctets(around())) pieces.push(piece)
    const path = folder.write('again.zip', Buffer.concat(pieces))
    await using other = await startServer()
    expect(await restoreFrom(other, path)).toMatchObject([{ kind: 'restored', objects: 1 }])
  })
})
