import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { preconditionsOf } from '../client.ts'
import { useServer } from '../server.ts'
import { filesOf } from './files.ts'

const server = useServer({ limits: { folderDepth: 6 } })

async function files() {
  return filesOf(await server.account())
}

describe('RFC 4918 §9.7 PUT of a file', () => {
  it('answers 201, then 204, with the ETag of what was sent; the same octets have the same one', async () => {
    const mine = await files()
    const made = await mine.put('a.bin', 'one')
    expect([made.status, made.text]).toEqual([201, ''])
    const changed = await mine.put('a.bin', 'two')
    expect(changed.status).toBe(204)
    expect(changed.headers.etag).not.toBe(made.headers.etag)
    expect(changed.headers['last-modified']).toMatch(/GMT$/)
    const got = await mine.get('a.bin')
    expect([got.text, got.headers.etag]).toEqual(['two', changed.headers.etag])
    expect((await mine.put('a.bin', 'one')).headers.etag).toBe(made.headers.etag)
  })

  it('of any octets, of none, and of any type gives them back', async () => {
    const mine = await files()
    const octets = Buffer.from(Array.from({ length: 70_000 }, (_, n) => (n * 31) % 256))
    await mine.put('x', octets, { 'Content-Type': 'application/x-thing; v="1"' })
    const got = await mine.get('x')
    expect(got.body.equals(octets)).toBe(true)
    expect(got.headers['content-type']).toBe('application/x-thing; v="1"')
    expect((await mine.put('empty.txt', '')).status).toBe(201)
    const empty = await mine.get('empty.txt')
    expect([empty.status, empty.body.length, empty.headers['content-length']]).toEqual([200, 0, '0'])
    expect(empty.headers['content-type']).toBe('text/plain')
  })

  it('needs a folder around it (409), and does not replace a folder (405)', async () => {
    const mine = await files()
    await mine.make('folder/', 'file')
    expect((await mine.put('nowhere/a', 'x')).status).toBe(409)
    expect((await mine.put('file/a', 'x')).status).toBe(409)
    expect((await mine.put('folder/', 'x')).status).toBe(405)
    expect((await mine.put('folder', 'x')).status).toBe(405)
    expect((await mine.put('', 'x')).status).toBe(405)
    expect(await mine.tree()).toEqual(['file', 'folder/'])
  })

  it('refuses a part (RFC 9110 §14.5), and judges conditions before the body is read', async () => {
    const mine = await files()
    const { headers } = await mine.put('a', 'one')
    expect((await mine.put('a', 'x', { 'Content-Range': 'bytes 0-0/3' })).status).toBe(400)
    expect((await mine.put('a', 'x', { 'If-None-Match': '*' })).status).toBe(412)
    expect((await mine.put('a', 'x', { 'If-Match': '"other"' })).status).toBe(412)
    expect((await mine.put('b', 'x', { 'If-Match': '*' })).status).toBe(412)
    expect((await mine.get('a')).text).toBe('one')
    expect((await mine.put('a', 'two', { 'If-Match': String(headers.etag) })).status).toBe(204)
  })
})

describe('RFC 4918 §9.3 MKCOL of a folder', () => {
  it('answers 201; 405 where something is, 409 without a parent, 415 for a body it does not know', async () => {
    const mine = await files()
    expect((await mine.mkcol('a/')).status).toBe(201)
    expect((await mine.mkcol('a/')).status).toBe(405)
    expect((await mine.mkcol('a/b')).status).toBe(201)
    await mine.make('file')
    expect((await mine.mkcol('file')).status).toBe(405)
    expect((await mine.mkcol('x/y/')).status).toBe(409)
    expect((await mine.mkcol('file/y/')).status).toBe(409)
    expect((await mine.mkcol('z/', '<unknown xmlns="x"/>')).status).toBe(415)
    expect((await mine.mkcol('')).status).toBe(405)
    expect(await mine.tree()).toEqual(['a/', 'a/b/', 'file'])
  })

  it('sets properties (RFC 5689 §3), and makes plain collections only', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const body = (type: string, more = '') =>
      `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><d:resourcetype><d:collection/>${type}</d:resourcetype>${more}</d:prop></d:set></d:mkcol>`
    expect((await mine.mkcol('a/', body('', '<d:displayname>A &amp; B</d:displayname>'))).status).toBe(201)
    const found = await account.propfind(`${mine.home}a/`, 0, [dav('displayname')])
    expect(found.of(`${mine.home}a/`).text(dav('displayname'))).toBe('A & B')
    const refused = await mine.mkcol('b/', body('<c:calendar/>'))
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('valid-resourcetype')]])
    const protectedOne = await mine.mkcol('c/', body('', '<d:getetag>x</d:getetag>'))
    expect(protectedOne.status).toBe(424)
    expect(await mine.tree()).toEqual(['a/'])
  })

  it('bounds how deep folders lie in each other', async () => {
    const mine = await files()
    await mine.make('1/', '1/2/', '1/2/3/', '1/2/3/4/', '1/2/3/4/5/', '1/2/3/4/5/6')
    expect((await mine.mkcol('1/2/3/4/5/7/8/')).status).toBe(409)
    await mine.make('1/2/3/4/5/7/')
    expect((await mine.put('1/2/3/4/5/7/8', 'x')).status).toBe(403)
    expect((await mine.move('1/', 'z/')).status).toBe(201)
    await mine.make('y/')
    expect((await mine.move('z/', 'y/z/')).status).toBe(403)
    expect((await mine.copy('z/', 'y/z/')).status).toBe(403)
    expect((await mine.copy('z/', 'y/z/', { Depth: '0' })).status).toBe(201)
  })
})

describe('RFC 4918 §9.6 DELETE', () => {
  it('takes a file, and a folder with all that is in it', async () => {
    const mine = await files()
    await mine.make('a/', 'a/b/', 'a/b/c', 'd')
    expect((await mine.delete('d')).status).toBe(204)
    expect((await mine.delete('d')).status).toBe(404)
    expect((await mine.delete('a/', { Depth: '0' })).status).toBe(400)
    expect((await mine.delete('a', { Depth: 'infinity' })).status).toBe(204)
    expect((await mine.get('a/b/c')).status).toBe(404)
    expect(await mine.tree()).toEqual([])
    expect((await mine.delete('')).status).toBe(403)
  })

  it('judges conditions', async () => {
    const mine = await files()
    await mine.make('a', 'f/')
    expect((await mine.delete('a', { 'If-Match': '"other"' })).status).toBe(412)
    expect((await mine.delete('f/', { 'If-Match': '*' })).status).toBe(204)
    expect((await mine.delete('a', { 'If-None-Match': '"other"' })).status).toBe(204)
  })
})

describe('RFC 4918 §9.8 COPY', () => {
  it('copies a file with its properties; an existing one is replaced unless Overwrite is F', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a', 'b')
    const body =
      '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x xmlns="urn:x">kept</x></d:prop></d:set></d:propertyupdate>'
    expect((await account.request('PROPPATCH', `${mine.home}a`, { body })).status).toBe(207)
    const made = await mine.copy('a', 'c')
    expect([made.status, made.headers.location]).toEqual([201, `${mine.home}c`])
    expect((await mine.copy('a', 'b', { Overwrite: 'F' })).status).toBe(412)
    expect((await mine.copy('a', 'b')).status).toBe(204)
    expect((await mine.get('b')).text).toBe('a')
    for (const name of ['b', 'c']) {
      const found = await account.propfind(mine.home + name, 0, ['{urn:x}x'])
      expect(found.responses[0]?.text('{urn:x}x')).toBe('kept')
    }
  })

  it('copies a folder whole, or with Depth 0 alone; octets are shared, resource ids are not', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b/', 'a/b/c', 'a/d')
    expect((await mine.copy('a/', 'x/')).status).toBe(201)
    expect((await mine.copy('a/', 'y', { Depth: '0' })).status).toBe(201)
    expect((await mine.copy('a/', 'z', { Depth: '1' })).status).toBe(400)
    expect(await mine.tree()).toEqual(['a/', 'a/b/', 'a/b/c', 'a/d', 'x/', 'x/b/', 'x/b/c', 'x/d', 'y/'])
    expect((await mine.get('x/b/c')).text).toBe('a/b/c')
    const ids = await Promise.all(
      ['a/b/c', 'x/b/c'].map(async (path) => {
        const found = await account.propfind(mine.home + path, 0, [dav('resource-id')])
        return found.responses[0]?.text(dav('resource-id'))
      }),
    )
    expect(ids[0]).toMatch(/^urn:uuid:/)
    expect(ids[0]).not.toBe(ids[1])
  })

  it('over a folder takes what was there away; the result is the source, not a mixture', async () => {
    const mine = await files()
    await mine.make('a/', 'a/new', 'b/', 'b/old')
    expect((await mine.copy('a/', 'b/')).status).toBe(204)
    expect(await mine.tree()).toEqual(['a/', 'a/new', 'b/', 'b/new'])
    await mine.make('file')
    expect((await mine.copy('file', 'b/')).status).toBe(204)
    expect((await mine.copy('a/', 'file')).status).toBe(204)
    expect(await mine.tree()).toEqual(['a/', 'a/new', 'b', 'file/', 'file/new'])
  })

  it('is refused onto itself, into itself, onto what it is in, out of the files, and without a parent', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b/', 'a/b/c')
    for (const method of ['copy', 'move'] as const) {
      expect((await mine[method]('a/', 'a/')).status).toBe(403)
      expect((await mine[method]('a/', 'a/b/d/')).status).toBe(403)
      expect((await mine[method]('a/b/', 'a/')).status).toBe(403)
      expect((await mine[method]('a/b/c', 'nowhere/c')).status).toBe(409)
      expect((await mine[method]('a/b/c', 'a/b/c/d')).status).toBe(409)
      expect((await mine[method]('nothing', 'x')).status).toBe(404)
      expect((await mine[method]('a/b/c', `${account.contacts}c`)).status).toBe(403)
      expect((await mine[method]('a/b/c', account.files)).status).toBe(403)
      expect((await mine[method]('', 'x/')).status).toBe(403)
    }
    expect(await mine.tree()).toEqual(['a/', 'a/b/', 'a/b/c'])
    expect((await mine.copy('a/', 'a/b/d/', { Depth: '0' })).status).toBe(201)
  })
})

describe('RFC 4918 §9.9 MOVE', () => {
  it('keeps octets, properties, times and the resource id', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b', 'x/')
    const names = [dav('resource-id'), dav('getetag'), dav('creationdate'), dav('getlastmodified')]
    const before = await account.propfind(`${mine.home}a/b`, 0, names)
    const moved = await mine.move('a/', 'x/y/')
    expect([moved.status, moved.headers.location]).toEqual([201, `${mine.home}x/y/`])
    const after = await account.propfind(`${mine.home}x/y/b`, 0, names)
    for (const name of names) expect(after.responses[0]?.text(name)).toBe(before.responses[0]?.text(name))
    expect((await mine.get('x/y/b')).text).toBe('a/b')
    expect((await mine.get('a/b')).status).toBe(404)
  })

  it('takes the place of what is there, unless Overwrite is F', async () => {
    const mine = await files()
    await mine.make('a', 'b', 'f/', 'f/old', 'g/', 'g/new')
    expect((await mine.move('a', 'b', { Overwrite: 'F' })).status).toBe(412)
    expect((await mine.move('a', 'b')).status).toBe(204)
    expect((await mine.move('g/', 'f/')).status).toBe(204)
    expect(await mine.tree()).toEqual(['b', 'f/', 'f/new'])
    expect((await mine.get('b')).text).toBe('a')
  })
})

describe('names of files', () => {
  it('are compared after normalisation and shown as written (FND-05, MRD-07)', async () => {
    const mine = await files()
    const nfd = encodeURIComponent('Übung.txt'.normalize('NFD'))
    const nfc = encodeURIComponent('Übung.txt'.normalize('NFC'))
    expect((await mine.put(nfd, 'one')).status).toBe(201)
    expect((await mine.put(nfc, 'two')).status).toBe(204)
    expect((await mine.get(nfd)).text).toBe('two')
    expect(await mine.list()).toEqual([nfd])
  })

  it('may hold what has a meaning in URLs and XML', async () => {
    const mine = await files()
    for (const name of [
      '100%.txt',
      'a&b<c>.txt',
      '# ?;=+.txt',
      "it's (1)!*.txt",
      '%2F',
      '😀',
      '._x',
      '...',
    ]) {
      const path = encodeURIComponent(name).replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      )
      expect((await mine.put(path, name)).status, name).toBe(201)
      expect((await mine.get(path)).text).toBe(name)
      expect(await mine.list(), name).toContain(path)
    }
  })

  it('that are too long are refused with 414', async () => {
    const mine = await files()
    expect((await mine.put('n'.repeat(501), 'x')).status).toBe(414)
    expect((await mine.put('n'.repeat(500), 'x')).status).toBe(201)
  })
})
