import { createHash } from 'node:crypto'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAccount, removeAccount } from '../../src/features/accounts/accounts.ts'
import { openArchive } from '../../src/features/archive/read/archive-source.ts'
import { restoreArchive } from '../../src/features/archive/restore/restore.ts'
import { TransferError } from '../../src/features/transfer/transfer-error.ts'
import { pageOfPrincipals } from '../../storage/directory/circles.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { listPrincipals } from '../../storage/principals.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, startServer, useServer } from '../dav/server.ts'
import { openTestStore } from '../store.ts'
import { exportTo, keptRows, restoreFrom, signIn } from './archive-world.ts'
import { useFolder } from './folder.ts'

const server = useServer()
const folder = useFolder()
let alice: Account
let out: string
let contacts: string
beforeEach(async () => {
  alice = await server.account()
  await alice.put(`${alice.contacts}a.vcf`, card('a'))
  await alice.put(`${alice.contacts}b.vcf`, card('b'))
  await alice.put(`${alice.calendar}e.ics`, event('e'))
  await alice.put(`${alice.files}f.txt`, 'f')
  out = join(folder.path, 'out')
  contacts = `out/${alice.segment}/addressbooks/contacts`
  await exportTo(server, out, alice)
})

const damage = (): void => {
  folder.write(`${contacts}/a.vcf`, card('a', 'Somebody Else'))
  rmSync(join(folder.path, contacts, 'b.vcf'))
  rmSync(join(out, alice.segment, 'files/f.txt'))
  folder.write('out/more.vcf', card('more'))
}

/** Restores into an empty installation. @returns what was said or thrown, and what is there then */
async function restored(name = 'out') {
  await using other = await startServer()
  const outcomes = await restoreFrom(other, join(folder.path, name)).catch((error: unknown) => error)
  const rows = await keptRows(other)
  return { outcomes, rows }
}

describe('a damaged archive', () => {
  it('is refused with the names of what is missing, changed and too much; nothing is restored', async () => {
    damage()
    const { outcomes, rows } = await restored()
    expect(outcomes).toBeInstanceOf(TransferError)
    const { message } = outcomes as Error
    for (const said of ['changed: ', 'missing: ']) expect(message).toContain(said + contacts.slice(4))
    expect(message).toContain('surplus: more.vcf')
    expect(message).toContain('--force')
    expect(rows.principals).toEqual([])
  })

  it('is saved as far as it can be with force, and every loss is named', async () => {
    damage()
    folder.write(`out/${alice.segment}/calendars/calendar/members.jsonl`, '{"file":1}\n')
    await using other = await startServer()
    const outcomes = await restoreFrom(other, out, { force: true })
    expect(outcomes.filter(({ kind }) => kind === 'damaged')).toHaveLength(5)
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toMatchObject([
      {
        path: expect.stringContaining('calendars/calendar'),
        reason: expect.stringContaining('farley import'),
      },
      { path: expect.stringContaining('b.vcf'), reason: expect.stringContaining('cannot be read') },
      { path: expect.stringContaining('files/f.txt') },
      { path: 'people/parties.jsonl', reason: 'a row names what is not here.' },
    ])
    expect(outcomes.at(-1)).toMatchObject({ kind: 'restored', objects: 1, documents: 0 })
    const again = await signIn(other, alice)
    expect((await again.get(`${alice.contacts}a.vcf`)).text).toBe(card('a', 'Somebody Else'))
    expect((await again.propfind(alice.calendars, 1, [])).hrefs).toContain(alice.calendar)
  })

  it('is refused when it is none, is of a later version, or leads out of its folder', async () => {
    expect((await restored('nothing')).outcomes).toMatchObject({
      message: expect.stringContaining('nothing at'),
    })
    folder.write('text.zip', 'no zip')
    expect((await restored('text.zip')).outcomes).toMatchObject({
      message: expect.stringContaining('cannot be read as a ZIP file'),
    })
    const head = folder.files('out').get('manifest.json')?.toString() ?? ''
    folder.write('out/manifest.json', head.replace('"version": 2', '"version": 3'))
    expect((await restored()).outcomes).toMatchObject({ message: expect.stringContaining('use a newer one') })
    folder.write('out/manifest.json', head)
    const list = folder.files('out').get('manifest.jsonl')?.toString() ?? ''
    folder.write('out/manifest.jsonl', list.replace(/"path":"[^"]*a\.vcf"/, '"path":"../secret"'))
    expect((await restored()).outcomes).toMatchObject({ message: expect.stringContaining('outside') })
  })
})

describe('a forged archive', () => {
  /** The manifest says of every file what it is. */
  const forge = (name: string, change: (text: string) => string): void => {
    const files = folder.files('out')
    folder.write(`out/${name}`, change(files.get(name)?.toString() ?? ''))
    const digest = (octets: string | Buffer) => createHash('sha256').update(octets).digest('hex')
    const listed = [...folder.files('out')].filter(([path]) => !path.startsWith('manifest.'))
    const lines = listed.map(([path, octets]) => ({ path, size: octets.length, sha256: digest(octets) }))
    const list = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    folder.write('out/manifest.jsonl', list)
    const head = JSON.parse(files.get('manifest.json')?.toString() ?? '')
    folder.write(
      'out/manifest.json',
      JSON.stringify({ ...head, files: { ...head.files, sha256: digest(list) } }),
    )
  }
  const book = () => `${alice.segment}/addressbooks/contacts`

  it('names no file outside of it for the octets of a member', async () => {
    folder.write('secret.vcf', card('secret'))
    forge(`${book()}/members.jsonl`, (text) => text.replace('"a.vcf"', '"../../../../secret.vcf"'))
    const { outcomes, rows } = await restored()
    expect(outcomes).toMatchObject({ message: expect.stringContaining('outside') })
    expect(rows.principals).toEqual([])
  })

  it('gives no octets that lie behind a link', async () => {
    folder.write('elsewhere/secret.vcf', card('secret'))
    symlinkSync(join(folder.path, 'elsewhere'), join(out, book(), '._link'))
    forge(`${book()}/members.jsonl`, (text) => text.replace('"a.vcf"', '"._link/secret.vcf"'))
    const { outcomes, rows } = await restored()
    expect(outcomes).toMatchObject({ message: expect.stringContaining('behind a link') })
    expect(rows.principals).toEqual([])
  })

  it.each([
    '<x xmlns="urn:x"/></prop></propstat></response><response>',
    '<x xmlns="urn:x"/><x xmlns="urn:x"/>',
    '<x xmlns="urn:other"/>',
    '<!DOCTYPE x [<!ENTITY e "e">]><x xmlns="urn:x">&e;</x>',
  ])('puts nothing into answers: %s', async (xml) => {
    const properties = [{ name: '{urn:x}x', xml }]
    forge(`${book()}/collection.json`, (text) => JSON.stringify({ ...JSON.parse(text), properties }))
    const { outcomes, rows } = await restored()
    expect(outcomes).toMatchObject({ message: expect.stringContaining('not the element') })
    expect(rows.principals).toEqual([])
  })
})

describe('restoring an archive', () => {
  it('refuses an account that is there already, and names what to do', async () => {
    await expect(restoreFrom(server, out)).rejects.toThrow(/here already.*farley user remove/)
  })

  it('takes only those that are named, and gives a password to one', async () => {
    const bob = await server.account()
    await exportTo(server, join(folder.path, 'all'))
    await using other = await startServer()
    const all = join(folder.path, 'all')
    await expect(restoreFrom(other, all, { passwordHash: 'x' })).rejects.toThrow(/one account only/)
    await expect(restoreFrom(other, all, { names: ['nobody'] })).rejects.toThrow(/has no "nobody"/)
    await restoreFrom(other, all, { names: [bob.name], passwordHash: 'x' })
    const rows = await other.services.store.read((reader) => listPrincipals(reader))
    expect(rows).toMatchObject([{ name: bob.name, passwordHash: 'x' }])
  })

  it('keeps the URLs where they are free, and finds others where not', async () => {
    await using other = await startServer()
    const { store, settings, newId } = other.services
    const sharing = { settings, newId }
    await store.write((tx) => createAccount(tx, { name: alice.name }, settings, newId))
    await store.write((tx) => removeAccount(tx, alice.name, { purge: false }, sharing))
    const [outcome] = await restoreFrom(other, out)
    expect(outcome).toMatchObject({ kind: 'restored', segment: `${alice.segment}-2` })
  })

  it('leaves nothing when it fails at any statement, and can be done again then', async () => {
    let left = Number.POSITIVE_INFINITY
    const failing = await openTestStore({
      beforeStatement: () => {
        left -= 1
        if (left === 0) throw new Error('The disk broke.')
      },
    })
    await using made = failing
    const services = { ...server.services, store: made.store }
    const rows = (table: string) =>
      made.store.read(({ sql }) => sql.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))
    for (let nth = 5; ; nth += 23) {
      left = nth
      const error = await restoreAll(services, out).catch((thrown: unknown) => thrown)
      left = Number.POSITIVE_INFINITY
      expect(await made.store.read(checkInvariants)).toEqual([])
      if (error === undefined) break
      expect((error as Error).message).toBe('The disk broke.')
      for (const table of ['principals', 'collections', 'objects', 'bodies', 'nodes', 'revisions', 'feeds'])
        expect(await rows(table), `${table} ${nth}`).toEqual({ n: 0 })
    }
    expect(await rows('objects')).toEqual({ n: 3 })
  })

  it('takes away first what a run has left behind that was killed', async () => {
    await using other = await startServer()
    const { store, settings, newId } = other.services
    await store.write((tx) => createAccount(tx, { name: 'half' }, settings, newId))
    const name = `restoring:${alice.name}`
    await store.write((tx) => tx.sql.run(`UPDATE principals SET name = $1 WHERE name = 'half'`, [name]))
    const seen = await store.read(async (reader) => [
      ...(await listPrincipals(reader)),
      ...(await pageOfPrincipals(reader, { after: 0, limit: 10 })),
    ])
    expect(seen).toEqual([])
    await restoreFrom(other, out)
    expect(await store.read((reader) => listPrincipals(reader))).toMatchObject([{ name: alice.name }])
    const rows = await store.read(({ sql }) => sql.first('SELECT count(*) AS n FROM principals'))
    expect(rows).toEqual({ n: 1 })
  })
})

async function restoreAll(services: typeof server.services, path: string): Promise<undefined> {
  await using source = await openArchive(path)
  for await (const _ of restoreArchive(services, source));
  return undefined
}
