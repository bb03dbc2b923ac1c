import { describe, expect, it } from 'vitest'
import { mustSetAcl } from '../dav/acls.ts'
import { filesOf } from '../dav/files/files.ts'
import { type Account, useServer } from '../dav/server.ts'
import { person } from '../features/facts/world.ts'
import { call, type JsonAnswer } from './json.ts'

const server = useServer({ limits: { fileBytes: 200_000, apiRequestsPerMinute: 100_000 } })

/** A picture of one point. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function send(
  account: Account,
  method: string,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<JsonAnswer> {
  const answer = await account.request(method, `/api${path}`, {
    headers: { 'Content-Type': 'application/octet-stream', ...headers },
    body,
  })
  return { ...answer, json: answer.text === '' ? undefined : JSON.parse(answer.text) }
}

async function homeOf(account: Account): Promise<number> {
  const { json } = await call(account, 'GET', '/file-homes')
  return json.items.find(({ isMine }: { isMine: boolean }) => isMine).id
}

const names = ({ json }: JsonAnswer): string[] => json.items.map(({ name }: { name: string }) => name)

describe('the API: folders and files', () => {
  it('are those that WebDAV has: made here and read there, and the other way', async () => {
    const alice = await server.account()
    const dav = filesOf(alice)
    const home = await homeOf(alice)
    const folder = await call(alice, 'POST', `/file-homes/${home}/folders`, { name: 'Offers' })
    expect([folder.status, folder.json]).toMatchObject([201, { kind: 'folder', parent: null, home }])
    const at = `/files/${folder.json.id}`
    const made = await send(
      alice,
      'POST',
      `${at}/children?name=${encodeURIComponent('Übersicht.txt')}`,
      'Grüße',
    )
    expect(made.json).toMatchObject({ kind: 'file', size: 7, type: 'text/plain', parent: folder.json.id })
    expect(made.json.author).toMatchObject({ name: alice.name })
    expect((await dav.get(`Offers/${encodeURIComponent('Übersicht.txt')}`)).text).toBe('Grüße')
    await dav.put('Offers/b.txt', 'b')
    await dav.mkcol('Offers/Zebra/')
    expect(names(await call(alice, 'GET', `${at}/children`))).toEqual(['Zebra', 'b.txt', 'Übersicht.txt'])
    const byPath = await call(alice, 'GET', `/files?path=/${alice.files.split('/').at(-2)}/Offers/b.txt`)
    expect(byPath.json).toMatchObject({
      name: 'b.txt',
      folders: [{ name: 'Offers' }],
      owner: { isMine: true },
    })
  })

  it('come in pages, the folders first', async () => {
    const alice = await server.account()
    const home = await homeOf(alice)
    await filesOf(alice).make('b', 'a', 'd/', 'c/', 'e')
    const found: string[] = []
    for (let cursor = ''; ; ) {
      const answer = await call(alice, 'GET', `/file-homes/${home}/children?limit=2${cursor}`)
      found.push(...names(answer))
      if (answer.json.next === null) break
      cursor = `&cursor=${answer.json.next}`
    }
    expect(found).toEqual(['c', 'd', 'a', 'b', 'e'])
  })

  it('refuse a name that is taken, or take its place, or find another', async () => {
    const alice = await server.account()
    const at = `/file-homes/${await homeOf(alice)}/children?name=Offer.pdf`
    const first = await send(alice, 'POST', at, 'one')
    expect([(await send(alice, 'POST', at, 'two')).status, first.status]).toEqual([409, 201])
    const other = await send(alice, 'POST', `${at}&onClash=rename`, 'two')
    expect(other.json.name).toBe('Offer (2).pdf')
    expect((await send(alice, 'POST', `${at}&onClash=rename`, 'three')).json.name).toBe('Offer (3).pdf')
    const replaced = await send(alice, 'POST', `${at}&onClash=replace`, 'four')
    expect(replaced.json).toMatchObject({ id: first.json.id, size: 4 })
    expect((await send(alice, 'POST', at.replace('Offer.pdf', 'a%2Fb'), 'x')).status).toBe(422)
    expect((await send(alice, 'POST', at.replace('Offer', 'Large'), 'x'.repeat(200_001))).status).toBe(413)
    expect((await send(alice, 'POST', at, 'x', { 'Content-Type': 'text/plain' })).status).toBe(415)
  })

  it('are renamed and moved, if nobody was quicker, and never into themselves', async () => {
    const alice = await server.account()
    const home = await homeOf(alice)
    await filesOf(alice).make('a/', 'a/b/', 'a/b/c.txt', 'd.txt')
    const { json } = await call(alice, 'GET', `/file-homes/${home}/children`)
    const [a, d] = json.items
    const renamed = await call(alice, 'PATCH', `/files/${d.id}`, { name: 'e.txt' }, { 'If-Match': d.etag })
    expect(renamed.json).toMatchObject({ name: 'e.txt', contentEtag: d.contentEtag })
    const late = await call(alice, 'PATCH', `/files/${d.id}`, { name: 'f.txt' }, { 'If-Match': d.etag })
    expect(late.status).toBe(412)
    const [b] = (await call(alice, 'GET', `/files/${a.id}/children`)).json.items
    expect((await call(alice, 'PATCH', `/files/${a.id}`, { folder: b.id })).status).toBe(409)
    expect((await call(alice, 'PATCH', `/files/${d.id}`, { folder: b.id })).json.parent).toBe(b.id)
    expect((await call(alice, 'PATCH', `/files/${b.id}`, { home, name: 'B' })).json.parent).toBeNull()
    expect((await filesOf(alice).tree()).sort()).toEqual(['B/', 'B/c.txt', 'B/e.txt', 'a/'])
    expect((await call(alice, 'PATCH', `/files/${b.id}`, { name: 'a' })).status).toBe(409)
  })

  it('go to the trash and come back, and have the contents that they had', async () => {
    const alice = await server.account()
    const made = await send(alice, 'POST', `/file-homes/${await homeOf(alice)}/children?name=a.txt`, 'one')
    const at = `/files/${made.json.id}`
    const put = await send(alice, 'PUT', `${at}/content`, 'two!', { 'If-Match': made.json.contentEtag })
    expect(put.json.size).toBe(4)
    const late = await send(alice, 'PUT', `${at}/content`, 'late', { 'If-Match': made.json.contentEtag })
    expect(late.status).toBe(412)
    await call(alice, 'PATCH', at, { name: 'b.txt' })
    const { items } = (await call(alice, 'GET', `${at}/versions`)).json
    expect(items).toMatchObject([
      { size: 4, isNow: true },
      { size: 3, isNow: false },
    ])
    const old = `${at}/versions/${items[1].version}`
    expect((await alice.request('GET', `/api${old}/content`)).text).toBe('one')
    expect((await call(alice, 'POST', `${old}/restore`)).json).toMatchObject({ name: 'b.txt', size: 3 })
    expect((await call(alice, 'DELETE', at)).status).toBe(204)
    expect((await call(alice, 'GET', at)).status).toBe(404)
    expect((await call(alice, 'POST', `${at}/restore`)).json).toMatchObject({ name: 'b.txt', size: 3 })
    expect((await filesOf(alice).get('b.txt')).text).toBe('one')
  })

  it('run nothing in a browser: pages are saved, pictures shown, and each is told what it is', async () => {
    const alice = await server.account()
    const home = await homeOf(alice)
    const headersOf = async (name: string, body: string | Uint8Array = 'x', query = '') => {
      const path = `/file-homes/${home}/children?name=${encodeURIComponent(name)}&onClash=replace`
      const { json } = await send(alice, 'POST', path, body)
      return (await alice.request('GET', `/api/files/${json.id}/content${query}`)).headers
    }
    for (const name of ['a.html', 'a.svg', 'a.xml', 'a.js', 'a', 'a.xhtml']) {
      const headers = await headersOf(name, '<script>alert(1)</script>')
      expect(headers['content-disposition'], name).toMatch(/^attachment;/)
      expect(headers['content-security-policy'], name).toMatch(/sandbox/)
      expect(headers['x-content-type-options'], name).toBe('nosniff')
    }
    expect((await headersOf('a.png', png))['content-disposition']).toMatch(/^inline;/)
    expect((await headersOf('a.pdf'))['content-disposition']).toMatch(/^inline;/)
    expect((await headersOf('a.pdf', 'x', '?download=1'))['content-disposition']).toMatch(/^attachment;/)
    const odd = await headersOf('a"b\'é.txt')
    expect(odd['content-disposition']).toBe(
      `inline; filename="a_b'_.txt"; filename*=UTF-8''a%22b%27%C3%A9.txt`,
    )
  })

  it('show smaller pictures of pictures, and of nothing else', async () => {
    const alice = await server.account()
    const home = await homeOf(alice)
    const path = (name: string) => `/file-homes/${home}/children?name=${name}`
    const picture = (await send(alice, 'POST', path('a.png'), png)).json
    const text = (await send(alice, 'POST', path('b.txt'), 'b')).json
    const wrong = (await send(alice, 'POST', path('c.jpg'), 'no picture')).json
    expect([picture.hasPreview, text.hasPreview]).toEqual([true, false])
    const preview = `/api/files/${picture.id}/preview?size=96`
    for (const _ of ['made', 'kept']) {
      const shown = await alice.request('GET', preview)
      expect([shown.status, shown.headers['content-type']]).toEqual([200, 'image/png'])
    }
    const { etag = '' } = (await alice.request('GET', preview)).headers
    expect((await alice.request('GET', preview, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    for (const { id } of [text, wrong])
      expect((await call(alice, 'GET', `/files/${id}/preview`)).status).toBe(404)
  })

  it('are not there for others, unless a folder is open to them, and then as far as it is', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const home = await homeOf(alice)
    await filesOf(alice).make('open/', 'open/a.txt', 'closed.txt')
    const [open, closed] = (await call(alice, 'GET', `/file-homes/${home}/children`)).json.items
    for (const path of [`/files/${open.id}`, `/files/${closed.id}`, `/file-homes/${home}/children`])
      expect((await call(bob, 'GET', path)).status, path).toBe(404)
    await mustSetAcl(alice, `${alice.files}open/`, [{ who: bob.principal, grant: ['read'] }])
    const { shared } = (await call(bob, 'GET', '/file-homes')).json
    expect(shared).toMatchObject([{ name: 'open', rights: { add: false, remove: false, rename: false } }])
    const [file] = (await call(bob, 'GET', `/files/${open.id}/children`)).json.items
    expect(file).toMatchObject({ name: 'a.txt', rights: { edit: false, remove: false } })
    const asked: [string, string][] = [
      ['DELETE', `/files/${file.id}`],
      ['PATCH', `/files/${file.id}`],
      ['POST', `/files/${open.id}/folders`],
    ]
    for (const [method, path] of asked)
      expect((await call(bob, method, path, method === 'DELETE' ? undefined : { name: 'x' })).status).toBe(
        403,
      )
    expect((await send(bob, 'PUT', `/files/${file.id}/content`, 'x')).status).toBe(403)
    expect((await send(bob, 'POST', `/files/${open.id}/children?name=x`, 'x')).status).toBe(403)
    expect((await call(bob, 'GET', `/files/${closed.id}`)).status).toBe(404)
  })

  it('are opened to somebody by folder, to read or to write, and closed again, as WebDAV says it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const home = await homeOf(alice)
    await filesOf(alice).make('plans/', 'plans/a.txt')
    const [plans] = (await call(alice, 'GET', `/file-homes/${home}/children`)).json.items
    expect(plans.rights.share).toBe(true)
    const path = `/files/${plans.id}/shares`
    const one = (access: string) => [{ with: { name: bob.name, kind: 'user' }, access }]
    const shared = await call(alice, 'POST', path, { with: bob.name, access: 'read' })
    expect([shared.status, shared.json.items]).toMatchObject([200, one('read')])
    const seen = (await call(bob, 'GET', '/file-homes')).json.shared
    expect(seen).toMatchObject([{ name: 'plans', rights: { add: false, share: false } }])
    expect((await call(bob, 'POST', path, { with: bob.name, access: 'read-write' })).status).toBe(403)
    expect((await call(bob, 'GET', path)).status).toBe(403)
    await call(alice, 'POST', path, { with: bob.name, access: 'read-write' })
    expect((await send(bob, 'POST', `/files/${plans.id}/children?name=b.txt`, 'b')).status).toBe(201)
    expect((await call(alice, 'GET', path)).json.items).toMatchObject(one('read-write'))
    const [file] = (await call(alice, 'GET', `/files/${plans.id}/children`)).json.items
    expect((await call(alice, 'GET', `/files/${file.id}/shares`)).status).toBe(409)
    expect((await call(alice, 'POST', path, { with: 'nobody', access: 'read' })).status).toBe(422)
    expect((await call(alice, 'DELETE', `${path}/${bob.name}`)).json.items).toEqual([])
    expect((await call(bob, 'GET', `/files/${plans.id}`)).status).toBe(404)
  })

  it('come back out of the trash for their owner, or for whoever deleted them', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await filesOf(alice).make('open/', 'open/a.txt', 'open/b.txt')
    const [open] = (await call(alice, 'GET', `/file-homes/${await homeOf(alice)}/children`)).json.items
    await mustSetAcl(alice, `${alice.files}open/`, [{ who: bob.principal, grant: ['read', 'write'] }])
    const [a, b] = (await call(bob, 'GET', `/files/${open.id}/children`)).json.items
    for (const [account, { id }] of [[alice, a] as const, [bob, b] as const])
      expect((await call(account, 'DELETE', `/files/${id}`)).status).toBe(204)
    expect((await call(bob, 'POST', `/files/${a.id}/restore`)).status).toBe(404)
    expect((await call(bob, 'POST', `/files/${b.id}/restore`)).json).toMatchObject({ name: 'b.txt' })
    expect((await call(bob, 'DELETE', `/files/${b.id}`)).status).toBe(204)
    for (const { id } of [a, b]) expect((await call(alice, 'POST', `/files/${id}/restore`)).status).toBe(200)
  })

  it('are left alone while another program has locked them', async () => {
    const alice = await server.account()
    await filesOf(alice).make('a.txt')
    const [file] = (await call(alice, 'GET', `/file-homes/${await homeOf(alice)}/children`)).json.items
    const body =
      '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>'
    const lock = await alice.request('LOCK', `${alice.files}a.txt`, {
      headers: { 'Content-Type': 'text/xml', Depth: '0' },
      body,
    })
    expect(lock.status).toBe(200)
    expect((await call(alice, 'DELETE', `/files/${file.id}`)).status).toBe(423)
    expect((await call(alice, 'PATCH', `/files/${file.id}`, { name: 'b' })).status).toBe(423)
    expect((await send(alice, 'PUT', `/files/${file.id}/content`, 'x')).status).toBe(423)
  })

  it('are sent straight to somebody, and listed with him', async () => {
    const alice = await server.account()
    const jane = await person(alice, 'Jane Doe')
    const made = await send(alice, 'POST', `/parties/${jane}/files?name=offer.pdf`, 'one')
    expect(made.status).toBe(201)
    await send(alice, 'POST', `/parties/${jane}/files?name=offer.pdf`, 'two')
    const { items } = (await call(alice, 'GET', `/parties/${jane}/links`)).json
    expect(items).toMatchObject([
      { file: { name: 'offer (2).pdf' } },
      { file: { name: 'offer.pdf', size: 3 } },
    ])
    expect(await filesOf(alice).tree()).toContain('Contacts/Jane%20Doe/offer.pdf')
    expect((await call(alice, 'DELETE', `/party-links/${made.json.link}`)).status).toBe(204)
    expect((await call(alice, 'GET', `/parties/${jane}/links`)).json.items).toHaveLength(1)
    const bob = await server.account()
    expect((await call(bob, 'GET', `/parties/${jane}/links`)).status).toBe(404)
    expect((await send(bob, 'POST', `/parties/${jane}/files?name=a`, 'x')).status).toBe(404)
  })
})
