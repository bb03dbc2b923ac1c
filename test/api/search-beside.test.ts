import { describe, expect, it } from 'vitest'
import { deriveStaleValues } from '../../src/features/fields/follow-values.ts'
import { reindexAll } from '../../src/features/reindex.ts'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import { mustSetAcl } from '../dav/acls.ts'
import { type Account, useServer } from '../dav/server.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { placedAt } from '../features/people/sessions.ts'
import { addCards, named, settle } from '../features/search/search-world.ts'
import { useShares } from '../features/shares.ts'
import { collect, rowOf } from '../features/world.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

async function search(account: Pick<Account, 'request'>, text: string, more = '') {
  const { status, json } = await call(account, 'GET', `/search?q=${encodeURIComponent(text)}${more}`)
  expect(status, JSON.stringify(json)).toBe(200)
  return json.items
}

const titles = async (...asked: Parameters<typeof search>): Promise<string[]> =>
  (await search(...asked)).map(({ title }: { title: string }) => title)

let count = 0
const define = async (account: Account, type: string, more = {}) => {
  count += 1
  const made = await call(account, 'POST', '/fields', { label: `Beside ${count}`, type, ...more })
  expect(made.status, made.text).toBe(201)
  return made.json as { id: number; key: string }
}

/** Somebody with values of fields. */
const somebody = async (account: Account, name: string, values: object) => {
  const [href = ''] = await addCards(account, [named(name, 'Doe')])
  const { partyId, collectionId } = await placedAt(server, href)
  const set = await call(account, 'PATCH', `/parties/${partyId}/fields`, values)
  expect(set.status, set.text).toBe(200)
  return { href, partyId, book: collectionId }
}

describe('the API: search by what stands in fields', () => {
  it('finds what is beside cards and what is on them, before and after the index has it, and after reindex', async () => {
    const alice = await server.account()
    const text = await define(alice, 'text')
    const choice = await define(alice, 'multi-choice', {
      options: {
        choices: [
          { key: 'a', label: 'Allotment' },
          { key: 'b', label: 'Butterfly' },
        ],
      },
    })
    const money = await define(alice, 'money')
    const values = { [text.key]: 'Zeppelins over Ghent', [choice.key]: ['a', 'b'] }
    await somebody(alice, 'Jane', { ...values, [money.key]: { amount: '7351.25', currency: 'EUR' } })
    const onCard: Record<string, unknown> = {}
    for (const [type, value] of [
      ['link', 'https://quaggasite.example'],
      ['person', { name: 'Rumpelstilz' }],
      ['date', '2031-07-19'],
      ['phone', '+49 30 987001'],
      ['mail', 'wombat@example.org'],
      ['address', { street: 'Ostrichlane 5' }],
    ] as const)
      onCard[(await define(alice, type)).key] = value
    await somebody(alice, 'Joan', onCard)
    const all = async () => {
      for (const sought of ['zeppelin', 'ghent zepp', 'butterfly', 'allot', '7351.25', '7351'])
        expect(await titles(alice, sought), sought).toEqual(['Jane Doe'])
      for (const sought of ['quaggasite', 'rumpelst', '2031-07', '987001', 'wombat', 'ostrichlane'])
        expect(await titles(alice, sought), sought).toEqual(['Joan Doe'])
    }
    await all()
    await settle(server)
    await all()
    await server.services.store.write(({ sql }) =>
      sql.run(`DELETE FROM search_documents WHERE source = 'value'`),
    )
    expect(await search(alice, 'zeppelin')).toEqual([])
    await reindexAll(server.services)
    await all()
    const [hit] = await search(alice, 'zeppelin', '&kinds=person')
    expect(hit).toMatchObject({ kind: 'person', match: { field: 'value', text: 'Zeppelins over Ghent' } })
    expect((await call(alice, 'GET', `/cards/${hit.cardId}`)).status).toBe(200)
    expect(await search(alice, 'zeppelin', '&kinds=org,note')).toEqual([])
  })

  it('follows what is set, taken away, deleted, put back and moved', async () => {
    const alice = await server.account()
    const { key, id } = await define(alice, 'text')
    const { href, partyId } = await somebody(alice, 'Jane', { [key]: 'Okapi' })
    const path = `/parties/${partyId}/fields`
    await call(alice, 'PATCH', path, { [key]: 'Tapir' })
    expect([await titles(alice, 'okapi'), await titles(alice, 'tapir')]).toEqual([[], ['Jane Doe']])
    await call(alice, 'PATCH', `/fields/${id}`, { label: 'Animal', isRetired: true })
    expect(await titles(alice, 'tapir')).toEqual(['Jane Doe'])
    const body = (await alice.get(href)).text
    await alice.put(href, body.replace('FN:Jane Doe', 'FN:Janet Doe'))
    expect(await titles(alice, 'tapir')).toEqual(['Janet Doe'])
    await alice.request('DELETE', href)
    expect(await titles(alice, 'tapir')).toEqual([])
    await alice.put(href, body)
    expect(await titles(alice, 'tapir')).toEqual(['Jane Doe'])
    await call(alice, 'PATCH', path, { [key]: null })
    expect(await titles(alice, 'tapir')).toEqual([])
  })

  it('follows a merge, and its undoing', async () => {
    const alice = await server.account()
    const { key } = await define(alice, 'text')
    const one = await somebody(alice, 'Jane', {})
    const other = await somebody(alice, 'Joan', { [key]: 'Caracal' })
    const merged = await call(alice, 'POST', '/merges', { survivor: one.partyId, loser: other.partyId })
    expect(merged.status, merged.text).toBe(201)
    expect((await search(alice, 'caracal')).map(({ partyId }: { partyId: number }) => partyId)).toEqual([
      one.partyId,
    ])
    expect((await call(alice, 'POST', `/merges/${merged.json.id}/undo`)).status).toBe(200)
    expect((await search(alice, 'caracal')).map(({ partyId }: { partyId: number }) => partyId)).toEqual([
      other.partyId,
    ])
  })

  it('finds people by the new name of an answer, however many have given it', async () => {
    const alice = await server.account()
    const choices = [{ key: 'a', label: 'Hippogriff' }]
    const { key, id } = await define(alice, 'choice', { options: { choices } })
    const { partyId } = await somebody(alice, 'Jane', { [key]: 'a' })
    const renamed = { options: { choices: [{ key: 'a', label: 'Wyvern' }] } }
    expect((await call(alice, 'PATCH', `/fields/${id}`, renamed)).status).toBe(200)
    expect([await titles(alice, 'hippogriff'), await titles(alice, 'wyvern')]).toEqual([[], ['Jane Doe']])
    await server.services.store.write(({ sql }) =>
      sql.run(`UPDATE custom_fields SET stale_after = 0, options = replace(options, 'Wyvern', 'Kelpie')`),
    )
    expect(await deriveStaleValues(server.services.store, new AbortController().signal)).toBeGreaterThan(0)
    expect(await titles(alice, 'kelpie')).toEqual(['Jane Doe'])
    expect(partyId).toBeGreaterThan(0)
  })

  it('finds no more than the caller sees: the person, and the field', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const everybodys = await define(alice, 'text')
    const { href, partyId, book } = await somebody(alice, 'Jane', { [everybodys.key]: 'Pangolin' })
    const own = await define(alice, 'text', { book })
    await call(alice, 'PATCH', `/parties/${partyId}/fields`, { [own.key]: 'Aardvark' })
    expect(await titles(alice, 'aardvark')).toEqual(['Jane Doe'])
    expect([...(await search(bob, 'pangolin')), ...(await search(bob, 'aardvark'))]).toEqual([])
    await masked(server, { hide: ['X-ABDATE', 'TEL'] }, carol)
    await sharedWith(alice, carol, 'read')
    expect(await search(carol, 'aardvark')).toMatchObject([{ partyId, cardId: null, title: 'Jane Doe' }])
    const hidden = await define(alice, 'phone')
    await call(alice, 'PATCH', `/parties/${partyId}/fields`, { [hidden.key]: '+49 30 4445556' })
    expect(await titles(alice, '4445556')).toEqual(['Jane Doe'])
    expect(await search(carol, '4445556')).toEqual([])
    const other = `${alice.books}other/`
    await alice.request('MKCOL', other, { headers: { 'Content-Type': 'application/xml' }, body: mkcol })
    expect((await alice.request('MOVE', href, { headers: { Destination: `${other}j.vcf` } })).status).toBe(
      201,
    )
    expect([await titles(alice, 'pangolin'), await titles(alice, 'aardvark')]).toEqual([['Jane Doe'], []])
    expect([...(await search(carol, 'pangolin')), ...(await search(carol, 'aardvark'))]).toEqual([])
  })
})

describe('the API: search for documents by their names', () => {
  const put = async (account: Account, path: string) =>
    expect((await account.put(path, 'octets', { 'Content-Type': 'text/plain' })).status).toBe(201)
  const mkdir = async (account: Account, path: string) =>
    expect((await account.request('MKCOL', path)).status).toBe(201)
  const files = (account: Pick<Account, 'request'>, text: string) => search(account, text, '&kinds=document')

  it('follows a file that is made, renamed, moved, copied, deleted and restored, with its folders', async () => {
    const alice = await server.account()
    await mkdir(alice, `${alice.files}Offers/`)
    await mkdir(alice, `${alice.files}Offers/2026/`)
    await put(alice, `${alice.files}Offers/2026/Blueprint%20Nordlicht.pdf`)
    for (const settled of [false, true]) {
      if (settled) await settle(server)
      for (const text of ['blue', 'nordlicht', 'print nord', 'blueprnit', 'pdf'])
        expect(await files(alice, text), text).toMatchObject([
          { kind: 'document', title: 'Blueprint Nordlicht.pdf', folders: ['Offers', '2026'], partyId: null },
        ])
    }
    const to = (path: string) => ({ headers: { Destination: path } })
    await alice.request('MOVE', `${alice.files}Offers/`, to(`${alice.files}Bids/`))
    expect(await files(alice, 'blueprint')).toMatchObject([{ folders: ['Bids', '2026'] }])
    const path = `${alice.files}Bids/2026/Blueprint%20Nordlicht.pdf`
    await alice.request('COPY', path, to(`${alice.files}Cuttlefish.pdf`))
    expect(await files(alice, 'cuttle')).toMatchObject([{ title: 'Cuttlefish.pdf', folders: [] }])
    await alice.request('MOVE', `${alice.files}Cuttlefish.pdf`, to(`${path}`))
    expect(await files(alice, 'cuttle')).toEqual([])
    expect(await files(alice, 'blueprint')).toHaveLength(1)
    await alice.request('DELETE', `${alice.files}Bids/`)
    expect(await files(alice, 'blueprint')).toEqual([])
    await restoreLatest(alice)
    expect(await files(alice, 'blueprint')).toMatchObject([{ folders: ['Bids', '2026'] }])
    await server.services.store.write(({ sql }) =>
      sql.run(`DELETE FROM search_documents WHERE source = 'node'`),
    )
    await reindexAll(server.services)
    expect(await files(alice, 'blueprint')).toHaveLength(1)
  })

  it('finds what the caller may read, and nothing else, however much lies around it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await mkdir(alice, `${alice.files}Secret/`)
    await mkdir(alice, `${alice.files}Secret/Shared/`)
    await mkdir(alice, `${alice.files}Secret/Shared/Closed/`)
    for (let n = 0; n < 40; n += 1) await put(alice, `${alice.files}Secret/Ledger%20${n}.txt`)
    await put(alice, `${alice.files}Secret/Shared/Ledger%20shown.txt`)
    await put(alice, `${alice.files}Secret/Shared/Closed/Ledger%20closed.txt`)
    await settle(server)
    expect(await files(bob, 'ledger')).toEqual([])
    const shared = `${alice.files}Secret/Shared/`
    await mustSetAcl(alice, shared, [{ who: bob.principal, grant: ['read'] }])
    await mustSetAcl(alice, `${shared}Closed/`, [{ who: bob.principal, deny: ['read'] }])
    for (const settled of [false, true]) {
      if (settled) await settle(server)
      expect(await files(bob, 'ledger')).toMatchObject([{ title: 'Ledger shown.txt', folders: ['Shared'] }])
      expect(await search(alice, 'ledger', '&kinds=document&limit=100')).toHaveLength(42)
    }
    const Destination = `${shared}Ledger%20moved.txt`
    await alice.request('MOVE', `${alice.files}Secret/Ledger%201.txt`, { headers: { Destination } })
    expect(await files(bob, 'moved')).toHaveLength(1)
    await mustSetAcl(alice, shared, [])
    expect(await files(bob, 'ledger')).toEqual([])
    expect(await search(alice, 'ledger', '&kinds=document&limit=100')).toHaveLength(42)
    await mustSetAcl(alice, alice.files, [{ who: '<d:authenticated/>', grant: ['read'] }])
    expect(await search(bob, 'ledger', '&kinds=document&limit=100')).toHaveLength(41)
  })

  it('says whom a document is linked to, where he is seen', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await put(alice, `${alice.files}Contract.txt`)
    const [{ fileId }] = await files(alice, 'contract')
    const { partyId } = await somebody(alice, 'Jane', {})
    const linked = await call(alice, 'POST', `/parties/${partyId}/links`, { kind: 'file', id: fileId })
    expect(linked.status, linked.text).toBe(201)
    expect(await files(alice, 'contract')).toMatchObject([{ partyId }])
    await mustSetAcl(alice, alice.files, [{ who: bob.principal, grant: ['read'] }])
    expect(await files(bob, 'contract')).toMatchObject([{ fileId, partyId: null }])
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    expect(await files(bob, 'contract')).toMatchObject([{ fileId, partyId }])
  })
})

/** Brings back what went to the trash last. */
async function restoreLatest(account: Account): Promise<void> {
  const row = await rowOf(server, account)
  const [latest] = await collect(listTrashEntries(server.services.store, row))
  const outcome = await server.services.store.write((tx) =>
    restoreFromTrash(tx, row, latest?.id ?? '', server.services),
  )
  expect(outcome.kind).toBe('restored')
}

const mkcol = `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype>
  <d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>`
