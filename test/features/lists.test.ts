import { describe, expect, it } from 'vitest'
import { undoBatch } from '../../src/features/batches/undo.ts'
import { reindexAll } from '../../src/features/reindex.ts'
import { findImport } from '../../src/features/transfer/open-import.ts'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import { byCategories, byGroups, device, etagOf, group, listed } from '../dav/lists/devices.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { acceptOnly, postShare, set } from '../dav/sharing.ts'
import { useFolder } from './folder.ts'
import { collect, importAll, rowOf } from './world.ts'

const server = useServer()
const folder = useFolder()

const both = async (alice: Account) =>
  [await device(server, alice, 'apple'), await device(server, alice, 'davx5')] as const

/** The rows about lists, without numbers of this database's own. */
function rows(): Promise<unknown[]> {
  return server.services.store.read(async ({ sql }) => [
    await sql.all('SELECT * FROM list_faces ORDER BY object_id'),
    await sql.all('SELECT * FROM card_labels ORDER BY object_id, label'),
    await sql.all('SELECT * FROM list_members ORDER BY object_id, uid_key'),
  ])
}

describe('law 1: lists are an index', () => {
  it('that a reindex gives again, with what history alone knows of it', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    const photo = `PHOTO;ENCODING=b;TYPE=JPEG:${Buffer.alloc(6_000, 'x').toString('base64')}`
    await droid.put(`${droid.book}a.vcf`, card('a', 'Ann', [photo, 'CATEGORIES:One,Two']))
    await droid.put(`${droid.book}b.vcf`, card('b', 'Bob', ['CATEGORIES:One']))
    await phone.put(`${phone.book}b.vcf`, card('b', 'Bob B'))
    await droid.put(`${droid.book}a.vcf`, card('a', 'Ann', [photo]))
    const before = await rows()
    expect(before.flat().length).toBeGreaterThan(4)
    await reindexAll(server.services)
    expect(await rows()).toEqual(before)
    await server.services.store.write(({ sql }) => sql.run('DELETE FROM card_labels'))
    await reindexAll(server.services)
    expect(await rows()).toEqual(before)
  })

  it('in which names and lists have a limit, and beyond it stay in the card', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    const many = Array.from({ length: 210 }, (_, at) => `L${at}`)
    const text = card('a', 'Ann', [`CATEGORIES:${many.join(',')},${'x'.repeat(600)}`])
    await droid.put(`${droid.book}a.vcf`, text)
    expect((await droid.get(`${droid.book}a.vcf`)).text).toBe(text)
    expect(byGroups(await listed(phone))).toHaveLength(200)
  })
})

describe('lists and what brings cards otherwise than devices do', () => {
  it('an import of groups, again, changes nothing, and is undone as a whole', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    const cards = ['a', 'b', 'c'].map((uid) => card(uid, 'Jane Doe', uid === 'c' ? ['CATEGORIES:Own'] : []))
    const file = folder.write('book.vcf', [...cards, group('g', 'Team', ['a', 'b', 'c'])].join(''))
    let id = 0
    await importAll(server, alice, [file], { onBatch: (batch) => (id = batch) })
    expect(byCategories(await listed(droid))).toEqual(['Own: c', 'Team: a b c'])
    expect(byGroups(await listed(phone))).toEqual(['Own: c', 'Team: a b c'])
    const again = await importAll(server, alice, [file])
    expect(again.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged'])
    const batch = await findImport(server.services, await rowOf(server, alice), id)
    expect(await collect(undoBatch(server.services, batch))).toEqual([])
    expect([...(await listed(phone)).keys()]).toEqual([])
  })

  it('an import of thousands in one category writes its group once for each batch', async () => {
    const alice = await server.account()
    const [phone] = await both(alice)
    const cards = Array.from({ length: 120 }, (_, at) => card(`u${at}`, 'Jane Doe', ['CATEGORIES:All']))
    await importAll(server, alice, [folder.write('many.vcf', cards.join(''))])
    const [href = ''] = [...(await listed(phone))].find(([, { text }]) => /KIND:group/.test(text)) ?? []
    const states = await server.services.store.read(({ sql }) =>
      sql.all('SELECT id FROM revisions WHERE name = $1', [href.slice(phone.book.length)]),
    )
    expect(states.length).toBeLessThanOrEqual(4)
    expect(byGroups(await listed(phone))[0]?.split(' ')).toHaveLength(121)
  })

  it('whoever comes back out of the trash is in his lists, and a list that does has its people', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    for (const uid of ['a', 'b']) await phone.put(`${phone.book}${uid}.vcf`, card(uid))
    await phone.put(`${phone.book}g.vcf`, group('g', 'Team', ['a', 'b']))
    const restore = async (name: string): Promise<void> => {
      const account = await rowOf(server, alice)
      const trash = await collect(listTrashEntries(server.services.store, account))
      const id = trash.find((entry) => entry.name === name)?.id ?? ''
      const outcome = await server.services.store.write((tx) =>
        restoreFromTrash(tx, account, id, server.services),
      )
      expect(outcome.kind).toBe('restored')
    }
    await droid.delete(`${droid.book}a.vcf`)
    expect(byGroups(await listed(phone))).toEqual(['Team: b'])
    await restore('a.vcf')
    expect(byCategories(await listed(droid))).toEqual(['Team: a b'])
    await phone.delete(`${phone.book}g.vcf`)
    expect(byCategories(await listed(droid))).toEqual([])
    await restore('g.vcf')
    expect(byCategories(await listed(droid))).toEqual(['Team: a b'])
  })

  it('a card that is copied or moved by an iPhone takes its CATEGORIES along', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    const text = card('a', 'Ann', ['CATEGORIES:Team'])
    await droid.put(`${droid.book}a.vcf`, text)
    const to = `${alice.books}other/`
    const copy = await phone.request('COPY', phone.book, { headers: { Destination: to } })
    expect(copy.status).toBe(201)
    expect((await droid.get(`${to}a.vcf`)).text).toBe(text)
    const there = await device(server, alice, 'apple', to)
    expect(byGroups(await listed(there))).toEqual(['Team: a'])
    expect((await listed(await device(server, alice, 'other', to))).size).toBe(1)
    await phone.delete(`${to}a.vcf`)
    const moved = await phone.request('MOVE', `${phone.book}a.vcf`, {
      headers: { Destination: `${to}a.vcf` },
    })
    expect(moved.status).toBe(201)
    expect(byGroups(await listed(there))).toEqual(['Team: a'])
    expect([...(await listed(phone)).keys()]).toEqual([])
  })

  it('a device that does not see a list takes neither its name nor its UID', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    await phone.put(`${phone.book}g.vcf`, group('g', 'Team', []))
    await droid.put(`${droid.book}a.vcf`, card('a'))
    expect((await droid.put(`${droid.book}g.vcf`, card('x'))).status).toBe(403)
    const moved = await droid.request('MOVE', `${droid.book}a.vcf`, {
      headers: { Destination: `${droid.book}g.vcf` },
    })
    expect(moved.status).toBe(403)
    expect((await droid.delete(`${droid.book}g.vcf`)).status).toBe(404)
    expect((await phone.get(`${phone.book}g.vcf`)).status).toBe(200)
  })

  it('a sharee knows them in the way of his own device', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const [, droid] = await both(alice)
    await droid.put(`${droid.book}a.vcf`, card('a', 'Ann', ['CATEGORIES:Team']))
    expect((await postShare(alice, alice.contacts, set(bob.principal, 'read-write'))).status).toBe(200)
    const contacts = await acceptOnly(bob, bob.books)
    const his = await device(server, bob, 'apple', contacts)
    expect(byGroups(await listed(his))).toEqual(['Team: a'])
    const [href = ''] = [...(await listed(his))].find(([, { text }]) => /KIND:group/.test(text)) ?? []
    expect((await his.delete(href)).status).toBe(204)
    expect((await droid.get(`${droid.book}a.vcf`)).text).toBe(card('a', 'Ann'))
  })

  it('an edit of an iPhone that was refused is merged without the CATEGORIES that it has not seen', async () => {
    const alice = await server.account()
    const [phone, droid] = await both(alice)
    const first = card('a', 'Ann Doe', ['TEL:1', 'CATEGORIES:VIP'])
    await droid.put(`${droid.book}a.vcf`, first)
    const seen = { 'If-Match': (await etagOf(phone, 'a.vcf')) ?? '' }
    await droid.put(`${droid.book}a.vcf`, first.replace('TEL:1', 'TEL:1\r\nROLE:Chair'))
    expect((await phone.put(`${phone.book}a.vcf`, card('a', 'Ann Doe', ['TEL:2']), seen)).status).toBe(412)
    const [edit] = JSON.parse((await alice.get('/api/held')).text).held
    const applied = await alice.request('POST', `/api/held/${edit.id}/apply`, {
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    })
    expect(applied.status).toBe(200)
    const linesOf = (text: string): string[] => text.split('\r\n').sort()
    const { text } = await droid.get(`${droid.book}a.vcf`)
    expect(linesOf(text)).toEqual(linesOf(first.replace('TEL:1', 'TEL:2\r\nROLE:Chair')))
  })
})
