import { describe, expect, it } from 'vitest'
import { findObjectById } from '../../storage/objects.ts'
import { poison } from '../dav/poison.ts'
import type { Account } from '../dav/server.ts'
import { useServer } from '../dav/server.ts'
import { picture } from '../features/photos/pictures.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

function card(uid: string, ...lines: string[]): string {
  const head = ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:Ann Lee', 'N:Lee;Ann;;;']
  return [...head, ...lines, 'END:VCARD', ''].join('\r\n')
}

async function bookOf(account: Account, path = account.contacts): Promise<number> {
  return (await shares.at(path)).id
}

let cards = 0
/** A card that a device has put into a book, and its id. */
async function put(account: Account, ...lines: string[]) {
  cards += 1
  const name = `c${cards}.vcf`
  const url = account.contacts + name
  await account.put(url, card(`uid-${cards}`, ...lines))
  const book = await bookOf(account)
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>('SELECT id FROM objects WHERE collection_id = $1 AND name = $2', [book, name]),
  )
  return { url, id: row?.id ?? 0, path: `/cards/${row?.id}`, uid: `uid-${cards}` }
}

async function secondBook(account: Account): Promise<string> {
  const path = `${account.books}second/`
  const body =
    '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/><C:addressbook/></D:resourcetype></D:prop></D:set></D:mkcol>'
  await account.request('MKCOL', path, { headers: { 'Content-Type': 'application/xml' }, body })
  return path
}

describe('the API: cards', () => {
  it('shows a card with its own entity tag, which a change honours and renews', async () => {
    const alice = await server.account()
    const { url, path } = await put(alice, 'X-ODD;a=b:\\q', 'TEL;TYPE=CELL:1', 'NOTE:n')
    const seen = await call(alice, 'GET', path)
    expect(seen.headers.etag).toBe((await alice.get(url)).headers.etag)
    expect(seen.json).toMatchObject({
      etag: seen.headers.etag,
      rights: { edit: true, remove: true },
      party: expect.any(Number),
      details: { fn: 'Ann Lee', phones: [{ value: '1', types: ['cell'] }], others: ['X-ODD'] },
    })
    const [phone] = seen.json.details.phones
    const edits = [{ op: 'change', list: 'phones', key: phone.key, value: '2', label: 'Boat' }]
    const changed = await call(alice, 'PATCH', path, { edits }, { 'If-Match': String(seen.headers.etag) })
    expect([changed.status, changed.json.details.phones[0].label]).toEqual([200, 'Boat'])
    const now = await alice.get(url)
    expect(now.headers.etag).toBe(changed.headers.etag)
    expect(now.text).toContain('X-ODD;a=b:\\q\r\nitem1.TEL;TYPE=CELL:2\r\nitem1.X-ABLabel:Boat\r\nNOTE:n\r\n')
    const stale = await call(alice, 'PATCH', path, { edits }, { 'If-Match': String(seen.headers.etag) })
    expect(stale.status).toBe(412)
    const gone = await call(alice, 'PATCH', path, { edits })
    expect([gone.status, gone.json.detail]).toEqual([
      409,
      'The card has no such value any more. Read it again.',
    ])
    expect(
      (await call(alice, 'GET', path, undefined, { 'If-None-Match': String(now.headers.etag) })).status,
    ).toBe(304)
  })

  it('that are told what they say already stay as they are, to the octet and in the history', async () => {
    const alice = await server.account()
    const { url, path } = await put(alice, 'EMAIL:a@b')
    const [before, token] = [await alice.get(url), await alice.syncAll(alice.contacts, '')]
    const { json } = await call(alice, 'GET', path)
    const edits = [
      { op: 'name', parts: { given: 'Ann', family: 'Lee' } },
      { op: 'change', list: 'mails', ...json.details.mails[0] },
    ]
    expect((await call(alice, 'PATCH', path, { edits })).headers.etag).toBe(before.headers.etag)
    expect((await alice.get(url)).text).toBe(before.text)
    expect((await alice.syncAll(alice.contacts, token.token)).changed).toEqual([])
  })

  it('are made under a UID and a name of our own, in either version', async () => {
    const alice = await server.account()
    const book = await bookOf(alice)
    const edits = [
      { op: 'name', parts: { given: 'Zoë', family: 'Berg' } },
      { op: 'add', list: 'phones', value: '+46 1', types: ['cell'] },
      { op: 'add', list: 'addresses', value: { street: 'Way 1', locality: 'Umeå', countryCode: 'SE' } },
      { op: 'date', property: 'birthday', date: { month: 2, day: 29 } },
    ]
    for (const version of ['3.0', '4.0']) {
      const made = await call(alice, 'POST', `/books/${book}/cards`, { edits, version })
      expect(made.status).toBe(201)
      expect(made.headers.location).toBe(`/api/cards/${made.json.id}`)
      expect(made.json.details).toMatchObject({
        version,
        fn: 'Zoë Berg',
        birthday: { year: null, month: 2, day: 29 },
        addresses: [{ value: { locality: 'Umeå', countryCode: 'se' } }],
      })
      const file = await alice.get(alice.contacts + made.json.name)
      expect([file.status, file.headers.etag]).toEqual([200, made.headers.etag])
      expect(file.text).toContain('FN:Zoë Berg\r\n')
    }
  })

  it('go to the trash, and come back with everything', async () => {
    const alice = await server.account()
    const { url, path, id } = await put(alice)
    expect((await call(alice, 'DELETE', path, undefined, { 'If-Match': '"other"' })).status).toBe(412)
    expect((await call(alice, 'DELETE', path)).status).toBe(204)
    expect([(await alice.get(url)).status, (await call(alice, 'GET', path)).status]).toEqual([404, 404])
    expect(await server.services.store.read((reader) => findObjectById(reader, id))).toBeUndefined()
  })

  it('move and are copied to other books, the copy as the same person', async () => {
    const alice = await server.account()
    const { path, id, uid } = await put(alice, 'TEL:1')
    const before = await call(alice, 'GET', path)
    const second = await secondBook(alice)
    const book = await bookOf(alice, second)
    const copied = await call(alice, 'POST', `${path}/copy`, { book })
    expect([copied.status, copied.json.party, copied.json.book]).toEqual([201, before.json.party, book])
    const again = await call(alice, 'POST', `${path}/copy`, { book })
    expect([again.status, (await call(alice, 'POST', `${path}/move`, { book })).status]).toEqual([403, 403])
    await call(alice, 'DELETE', `/cards/${copied.json.id}`)
    const moved = await call(alice, 'POST', `${path}/move`, { book })
    expect([moved.status, moved.json.id, moved.json.book, moved.json.details.uid]).toEqual([
      200,
      id,
      book,
      uid,
    ])
    expect((await alice.get(second + moved.json.name)).headers.etag).toBe(before.headers.etag)
  })

  it('are given as files, as they are stored or in another version', async () => {
    const alice = await server.account()
    const { url, path } = await put(alice, 'TEL;TYPE=pref:1')
    const file = await alice.request('GET', `/api${path}/vcard`)
    expect([file.text, file.headers['content-type']]).toEqual([
      (await alice.get(url)).text,
      'text/vcard; charset=utf-8',
    ])
    expect((await alice.request('GET', `/api${path}/vcard?version=4.0`)).text).toContain('TEL;PREF=1:1')
  })

  it('that cannot be read are files of their stored octets', async () => {
    const alice = await server.account()
    const { url, path, id, uid } = await put(alice, 'TEL;TYPE=pref:1')
    const half = Buffer.from(card(uid, 'NOTE:n').slice(0, 60))
    for (const bytes of [half, Buffer.concat([half, Buffer.from([0xff, 0xc0, 0x41])]), Buffer.alloc(0)]) {
      await poison(server, { uid, bytes, isExact: true })
      const file = await alice.request('GET', `/api${path}/vcard`)
      expect([file.status, file.body.equals(bytes), file.headers['content-type']]).toEqual([
        ...[200, true, 'text/vcard; charset=utf-8'],
      ])
      expect(file.headers['content-disposition']).toContain(`filename="card-${id}.vcf"`)
      expect((await alice.get(url)).body.equals(bytes)).toBe(true)
    }
  })

  it('take a photo, give it, and lose it', async () => {
    const alice = await server.account()
    const { url, path } = await put(alice, 'NOTE:n')
    const before = (await alice.get(url)).text
    const jpeg = await picture(2, { width: 8, height: 8 }).jpeg().toBuffer()
    const octets = { headers: { 'Content-Type': 'application/octet-stream' }, body: jpeg }
    const answer = await alice.request('PUT', `/api${path}/photo`, octets)
    expect(JSON.parse(answer.text).details.photo).toEqual({ mediaType: 'image/jpeg', uri: '' })
    expect((await alice.get(url)).text).toContain('PHOTO;ENCODING=b;TYPE=JPEG:/9j/')
    const photo = await alice.request('GET', `/api${path}/photo`)
    expect([photo.headers['content-type'], photo.body]).toEqual(['image/jpeg', jpeg])
    const large = await picture(1, { width: 300, height: 200 }).jpeg().toBuffer()
    await alice.request('PUT', `/api${path}/photo`, { ...octets, body: large })
    expect((await alice.request('GET', `/api${path}/photo`)).body).toEqual(large)
    const html = { ...octets, body: '<svg onload=alert(1)>' }
    expect((await alice.request('PUT', `/api${path}/photo`, html)).status).toBe(415)
    const huge = { ...octets, body: Buffer.alloc(server.settings.limits.bodyBytes / 2 + 1) }
    expect((await alice.request('PUT', `/api${path}/photo`, huge)).status).toBe(413)
    expect((await call(alice, 'DELETE', `${path}/photo`)).json.details.photo).toBe(null)
    expect((await alice.get(url)).text).toBe(before)
    expect((await alice.request('GET', `/api${path}/photo`)).status).toBe(404)
  })

  it('locked by another program are left alone until it is done', async () => {
    const alice = await server.account()
    const { url, path } = await put(alice, 'NOTE:n')
    const body =
      '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>'
    const lock = await alice.request('LOCK', url, { headers: { 'Content-Type': 'application/xml' }, body })
    const edits = [{ op: 'employer', title: 'Boss' }]
    const book = await bookOf(alice, await secondBook(alice))
    expect((await call(alice, 'PATCH', path, { edits })).status).toBe(423)
    expect((await call(alice, 'DELETE', path)).status).toBe(423)
    expect((await call(alice, 'POST', `${path}/move`, { book })).status).toBe(423)
    await alice.request('UNLOCK', url, { headers: { 'Lock-Token': String(lock.headers['lock-token']) } })
    expect((await call(alice, 'PATCH', path, { edits })).status).toBe(200)
  })

  it('that are very long are not edited much at once, and are shown as files', async () => {
    const alice = await server.account()
    const many = (count: number) => Array.from({ length: count }, (_, n) => `X-L:${n}`)
    const { path } = await put(alice, ...many(3_000))
    const edits = Array.from({ length: 100 }, () => ({ op: 'employer', title: 'Boss' }))
    expect((await call(alice, 'PATCH', path, { edits })).status).toBe(409)
    expect((await call(alice, 'PATCH', path, { edits: edits.slice(0, 10) })).status).toBe(200)
    const longer = await put(alice, ...many(50_000))
    expect((await call(alice, 'GET', longer.path)).status).toBe(409)
    expect((await alice.request('GET', `/api${longer.path}/vcard`)).status).toBe(200)
  })

  it('are edited together, all or none', async () => {
    const alice = await server.account()
    const [one, other] = [await put(alice), await put(alice)]
    const edit = { edits: [{ op: 'employer', title: 'Boss' }] }
    const etag = (await call(alice, 'GET', one.path)).headers.etag
    const operations = [
      { method: 'PATCH', path: one.path, body: edit, ifMatch: etag },
      { method: 'PATCH', path: other.path, body: edit, ifMatch: '"stale"' },
    ]
    const refused = await call(alice, 'POST', '/bulk', { mode: 'all', operations })
    expect(refused.status).toBe(422)
    expect((await call(alice, 'GET', one.path)).json.details.titles).toEqual([])
    const [first, second] = operations
    const done = await call(alice, 'POST', '/bulk', {
      operations: [first, { ...second, ifMatch: undefined }],
    })
    expect([done.status, (await call(alice, 'GET', one.path)).json.details.titles[0].value]).toEqual([
      200,
      'Boss',
    ])
  })

  it('say what labels programs translate', async () => {
    const { json } = await call(await server.account(), 'GET', '/cards/labels')
    expect(json.labels).toContainEqual({ label: 'HomePage', plain: 'home page', lists: ['urls'] })
  })
})

describe('the API: labels of cards', () => {
  it('are CATEGORIES for some programs, and group cards for others', async () => {
    const alice = await server.account()
    const group = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:g',
      'FN:Golf',
      'N:Golf',
      'X-ADDRESSBOOKSERVER-KIND:group',
    ]
    await alice.put(`${alice.contacts}g.vcf`, [...group, 'END:VCARD', ''].join('\r\n'))
    const { path, uid } = await put(alice)
    const edits = [{ op: 'categories', values: ['Golf', 'Tennis'] }]
    const { json } = await call(alice, 'PATCH', path, { edits })
    expect(json.details.categories).toEqual(['Golf', 'Tennis'])
    const member = `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${uid}`
    expect((await alice.get(`${alice.contacts}g.vcf`)).text).toContain(member)
    await call(alice, 'PATCH', path, { edits: [{ op: 'categories', values: ['Tennis'] }] })
    expect((await alice.get(`${alice.contacts}g.vcf`)).text).not.toContain(member)
  })
})

describe('the API: rights on cards', () => {
  it('who does not read a book does not see that there is a card', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { path } = await put(alice)
    const nothing = await call(bob, 'GET', '/cards/999999999')
    for (const [method, url, body] of [
      ['GET', path],
      ['PATCH', path, { edits: [{ op: 'employer', title: 'x' }] }],
      ['DELETE', path],
      ['POST', `${path}/copy`, { book: await bookOf(bob) }],
      ['POST', `/books/${await bookOf(alice)}/cards`, { edits: [] }],
    ] as const) {
      const refused = await call(bob, method, url, body)
      expect([refused.status, refused.json]).toEqual([404, nothing.json])
    }
  })

  it('who only reads is told so, and may copy into a book of his own', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { url, path } = await put(alice, 'TEL:1')
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const before = (await alice.get(url)).text
    expect((await call(bob, 'GET', path)).json.rights).toEqual({ edit: false, remove: false })
    const refused = await call(bob, 'PATCH', path, { edits: [{ op: 'employer', title: 'x' }] })
    expect([refused.status, refused.json.detail]).toEqual([
      403,
      'You may read this address book, not change its cards.',
    ])
    expect((await call(bob, 'DELETE', path)).status).toBe(403)
    const into = { book: await bookOf(bob) }
    expect((await call(bob, 'POST', `${path}/move`, into)).status).toBe(403)
    expect((await call(bob, 'POST', `${path}/copy`, into)).status).toBe(201)
    expect((await alice.get(url)).text).toBe(before)
    const { json } = await call(bob, 'GET', '/books')
    expect(json.books).toMatchObject([
      { isOwn: true, isDefault: true, rights: { edit: true, add: true, remove: true } },
      { isOwn: false, owner: { name: alice.name }, rights: { edit: false, add: false, remove: false } },
    ])
  })

  it('who may write but not delete edits, and takes nothing away', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { path } = await put(alice)
    await shares.share(alice.contacts, bob, 'no-delete')
    await shares.accept(bob)
    expect((await call(bob, 'PATCH', path, { edits: [{ op: 'employer', title: 'x' }] })).status).toBe(200)
    expect((await call(bob, 'DELETE', path)).status).toBe(403)
    expect((await call(bob, 'POST', `${path}/move`, { book: await bookOf(bob) })).status).toBe(403)
  })
})
