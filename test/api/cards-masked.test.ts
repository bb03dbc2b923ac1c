import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import type { Account } from '../dav/server.ts'
import { useServer } from '../dav/server.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { call } from './json.ts'

const server = useServer()
const secret = ['TEL;TYPE=CELL:+49 170 555', 'NOTE:between-us', 'X-PIN:1234']
const open = ['EMAIL:jane@example.org', 'TEL;TYPE=WORK:+49 30 1234']
const leak = /555|between-us|1234\b(?<!30 1234)/
const hide = ['TEL;TYPE=cell', 'NOTE', 'X-PIN'] as const

async function idOf(account: Account, path: string): Promise<number> {
  const [, name = ''] = path.split(account.contacts)
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>(
      `SELECT o.id FROM objects o JOIN collections c ON c.id = o.collection_id
       JOIN principals p ON p.id = c.principal_id WHERE o.name = $1 AND p.segment = $2 AND c.generated IS NULL`,
      [name, account.segment],
    ),
  )
  return row?.id ?? 0
}

async function world(access: 'read' | 'read-write' = 'read-write') {
  const [owner, sharee] = [await server.account(), await server.account()]
  const path = `${owner.contacts}jane.vcf`
  await owner.put(path, card('jane', 'Jane Doe', [...secret, ...open]))
  await masked(server, { hide: [...hide] }, sharee)
  const book = await sharedWith(owner, sharee, access)
  return { owner, sharee, path, book, url: `/cards/${await idOf(owner, path)}` }
}

describe('the API: a card of which somebody does not see all', () => {
  it('is without that wherever it is shown, under the entity tag of what he sees', async () => {
    const { sharee, book, url } = await world()
    const seen = await call(sharee, 'GET', url)
    expect([seen.status, leak.test(seen.text)]).toEqual([200, false])
    expect(seen.json.details).toMatchObject({ notes: [], phones: [{ value: '+49 30 1234' }], others: [] })
    expect(seen.headers.etag).toBe((await sharee.get(`${book}jane.vcf`)).headers.etag)
    expect((await sharee.request('GET', `/api${url}/vcard`)).text).not.toMatch(leak)
    const { json } = await call(sharee, 'GET', '/books')
    expect(json.books).toHaveLength(2)
    const into = { book: json.books[0].id }
    const copied = await call(sharee, 'POST', `${url}/copy`, into)
    expect([copied.status, leak.test(copied.text)]).toEqual([201, false])
  })

  it('is edited by him, and keeps what he does not see', async () => {
    const { owner, sharee, path, book, url } = await world()
    const { json, headers } = await call(sharee, 'GET', url)
    const edits = [
      { op: 'change', list: 'phones', key: json.details.phones[0].key, value: '+49 30 9' },
      { op: 'employer', title: 'Boss' },
    ]
    const edited = await call(sharee, 'PATCH', url, { edits }, { 'If-Match': String(headers.etag) })
    expect([edited.status, leak.test(edited.text)]).toEqual([200, false])
    expect(edited.json.details).toMatchObject({
      titles: [{ value: 'Boss' }],
      phones: [{ value: '+49 30 9' }],
    })
    expect((await sharee.get(`${book}jane.vcf`)).headers.etag).toBe(edited.headers.etag)
    const stored = (await owner.get(path)).text
    for (const line of [...secret, 'TEL;TYPE=WORK:+49 30 9', 'TITLE:Boss'])
      expect(stored).toContain(`${line}\r\n`)
    expect((await call(sharee, 'PATCH', url, { edits }, { 'If-Match': String(headers.etag) })).status).toBe(
      412,
    )
    const noted = await call(sharee, 'PATCH', url, { edits: [{ op: 'add', list: 'notes', value: 'mine' }] })
    expect([noted.status, noted.json.details.notes]).toEqual([200, []])
    expect((await owner.get(path)).text).toContain('NOTE:mine\r\n')
  })

  it('is made, moved and deleted by him as a whole', async () => {
    const { owner, sharee, path, url } = await world()
    const book = (await call(sharee, 'GET', url)).json.book
    const edits = [{ op: 'name', parts: { given: 'Zoe' } }]
    const made = await call(sharee, 'POST', `/books/${book}/cards`, { edits })
    expect(made.status).toBe(201)
    expect((await owner.get(owner.contacts + made.json.name)).text).toContain('FN:Zoe\r\n')
    expect((await call(sharee, 'GET', `/cards/${made.json.id}`)).headers.etag).toBe(made.headers.etag)
    expect((await call(sharee, 'DELETE', url)).status).toBe(204)
    expect((await owner.get(path)).status).toBe(404)
  })

  it('is not changed by who only reads it', async () => {
    const { sharee, url } = await world('read')
    expect((await call(sharee, 'GET', url)).json.rights).toEqual({ edit: false, remove: false })
    expect((await call(sharee, 'PATCH', url, { edits: [{ op: 'employer', title: 'x' }] })).status).toBe(403)
  })
})
