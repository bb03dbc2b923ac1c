import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { filesOf } from '../dav/files/files.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, startServer, useServer } from '../dav/server.ts'
import { dialect } from '../store.ts'
import { exportTo, restoreFrom, signIn } from './archive-world.ts'
import { useFolder } from './folder.ts'
import { call } from './history/world.ts'
import { useShares } from './shares.ts'
import { collect, importAll, rowOf } from './world.ts'

const server = useServer()
const shares = useShares(server)
const folder = useFolder()
const day = 86_400_000
let alice: Account
let bob: Account
beforeEach(async () => {
  alice = await server.account()
  bob = await server.account()
})

const later = (): void => {
  server.clock.now += day
}

/** Objects that were changed by others, renamed, deleted, made anew and brought back; and a calendar that was deleted. */
async function live(): Promise<void> {
  await shares.share(alice.contacts, bob, 'read-write')
  const [mounted = ''] = await shares.accept(bob)
  const to = (name: string) => ({ Destination: alice.contacts + name })
  for (const name of ['changed', 'renamed', 'gone', 'anew', 'back'])
    await alice.put(`${alice.contacts}${name}.vcf`, card(name, 'First Form'))
  later()
  await bob.put(`${mounted}changed.vcf`, card('changed', 'Second Form'))
  await alice.request('MOVE', `${alice.contacts}renamed.vcf`, { headers: to('other.vcf') })
  later()
  await alice.put(`${alice.contacts}changed.vcf`, card('changed', 'Third Form'))
  for (const name of ['gone', 'anew', 'back']) await alice.delete(`${alice.contacts}${name}.vcf`)
  later()
  await alice.put(`${alice.contacts}anew.vcf`, card('anew', 'Another One'))
  await restoreTrashed('back.vcf', alice, server)
  await liveFiles()
  for (const n of [1, 2]) {
    const calendar = `${alice.calendars}twice/`
    expect((await alice.request('MKCALENDAR', calendar)).status).toBe(201)
    for (const title of ['Twice', `Twice ${n}`])
      expect((await rename(alice, calendar, title)).status).toBe(207)
    await alice.put(`${calendar}e.ics`, event(`e${n}`))
    await alice.put(`${calendar}e.ics`, event(`e${n}`, ['DTSTART:20260116T100000Z']))
    if (n === 1) expect((await alice.delete(calendar)).status).toBe(204)
    later()
  }
}

const rename = (account: Account, path: string, title: string) =>
  account.request('PROPPATCH', path, {
    headers: { 'Content-Type': 'text/xml' },
    body: `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>${title}</d:displayname></d:prop></d:set></d:propertyupdate>`,
  })

/** Files that were changed, renamed, deleted and made anew; a folder that was deleted with what was in it. */
async function liveFiles(): Promise<void> {
  const files = filesOf(alice)
  await files.make('d/', 'd/e/', 'd/e/f.txt', 'd/a:b', 'kept/', 'kept/one.txt', 'same.txt')
  later()
  await files.put('kept/one.txt', 'second')
  await files.put('kept/one.txt', 'third')
  await files.delete('kept/one.txt')
  await files.put('kept/one.txt', 'another file')
  await files.move('same.txt', 'renamed.txt')
  later()
  await files.delete('d/e/f.txt')
  later()
  expect((await files.delete('d/')).status).toBe(204)
  await files.make('d')
}

async function restoreTrashed(name: string, account: Account, at: typeof server): Promise<void> {
  const row = await rowOf(at, account)
  const [entry] = (await trashOf(account, at)).filter((one) => one.name === name && one.kind !== 'file')
  const outcome = await at.services.store.write((tx) =>
    restoreFromTrash(tx, row, entry?.id ?? '', at.services),
  )
  expect(outcome).toMatchObject({ kind: 'restored' })
}

async function trashOf(account: Account, at: typeof server) {
  return collect(listTrashEntries(at.services.store, await rowOf(at, account)))
}

describe('an archive with history', () => {
  it('brings back every state of every object, who wrote it when, and the trash', async () => {
    await live()
    await exportTo(server, join(folder.path, 'first'), undefined, true)
    await using other = await startServer({}, dialect === 'postgres' ? 'sqlite' : undefined)
    other.clock.now = server.clock.now + 30 * day
    const outcomes = await restoreFrom(other, join(folder.path, 'first'))
    expect(outcomes.filter(({ kind }) => kind !== 'restored')).toEqual([])
    expect(await other.services.store.read(checkInvariants)).toEqual([])
    await exportTo(other, join(folder.path, 'second'), undefined, true)
    const [first, second] = ['first', 'second'].map((name) => {
      const files = folder.files(name)
      files.delete('manifest.json')
      return new Map([...files].map(([path, octets]) => [path, octets.toString()]))
    })
    expect([...(first?.keys() ?? [])].filter((path) => path.includes('/history/')).length).toBeGreaterThan(5)
    expect(second).toEqual(first)
    const named = [...(first ?? [])].filter(([path]) => path.endsWith('/collection-history.jsonl'))
    expect(named.map(([path]) => path.includes('/trash'))).toEqual([false, true])
    expect(await trashOf(alice, other)).toMatchObject(
      (await trashOf(alice, server)).map(({ id: _, ...rest }) => rest),
    )
    await restoreTrashed('gone.vcf', alice, other)
    const again = await signIn(other, alice)
    const { calendars } = (await call(again, 'GET', '/calendars')).json
    const { id } = calendars.find(({ title }: { title: string | null }) => title === 'Twice 2')
    const { items } = (await call(again, 'GET', `/collections/${id}/history`)).json
    expect(
      items.map(({ author, changes }: { author: string; changes: unknown }) => [author, changes]),
    ).toEqual([
      [alice.name, [{ property: 'title', before: 'Twice', after: 'Twice 2' }]],
      [alice.name, [{ property: 'title', before: null, after: 'Twice' }]],
    ])
    expect(
      (await call(again, 'POST', `/collections/${id}/history/${items[0].revision}/restore`)).status,
    ).toBe(204)
    expect((await again.get(`${alice.contacts}gone.vcf`)).text).toBe(card('gone', 'First Form'))
    await again.delete(`${alice.files}d`)
    await restoreTrashed('d', alice, other)
    expect((await again.get(`${alice.files}d/a:b`)).text).toBe('d/a:b')
    expect(await other.services.store.read(checkInvariants)).toEqual([])
  })

  it('is left out unless it is asked for, and is not taken for objects by an import', async () => {
    await live()
    await exportTo(server, join(folder.path, 'plain'), alice)
    expect([...folder.files('plain').keys()].filter((path) => /history|trash/.test(path))).toEqual([])
    await exportTo(server, join(folder.path, 'whole'), alice, true)
    const outcomes = await importAll(server, alice, [join(folder.path, 'whole')])
    // What lives in the second calendar comes into the first one; nothing of the trash does.
    expect(outcomes.flatMap((one) => (one.kind === 'created' ? [one.uid] : []))).toEqual(['e2'])
  })

  it('is left out where it does not fit, and the object is there all the same', async () => {
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'First Form'))
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Second Form'))
    await exportTo(server, join(folder.path, 'out'), alice, true)
    const path = `out/${alice.segment}/addressbooks/contacts/history.jsonl`
    const text = folder.files('out').get(path.slice(4))?.toString() ?? ''
    folder.write(path, text.replace(/"kind":"updated","name":"a.vcf"/, '"kind":"updated","name":"b.vcf"'))
    await using other = await startServer()
    const outcomes = await restoreFrom(other, join(folder.path, 'out'), { force: true })
    expect(outcomes.map(({ kind }) => kind)).toEqual(['damaged', 'refused', 'restored'])
    expect(await other.services.store.read(checkInvariants)).toEqual([])
    const again = await signIn(other, alice)
    expect((await again.get(`${alice.contacts}a.vcf`)).text).toBe(card('a', 'Second Form'))
  })
})
