import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { mustSetAcl } from '../acls.ts'
import { preconditionsOf, readMultistatus } from '../client.ts'
import { filesOf } from '../files/files.ts'
import { type Account, useServer } from '../server.ts'

/** Finder, Explorer's WebDAV client, davfs2 and their like, as SEQ-19 has them. */

const server = useServer()

const xml = { 'Content-Type': 'text/xml; charset="utf-8"' }
const exclusive = `<?xml version="1.0" encoding="utf-8"?>
<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner><D:href>http://www.apple.com/webdav_fs/</D:href></D:owner></D:lockinfo>`

const tokenIn = (header: string | readonly string[] | undefined) => String(header).replace(/^<|>$/g, '')

/** A PUT in chunks of unknown number, as Finder sends it. */
function putChunked(
  account: Account,
  path: string,
  pieces: readonly string[],
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const { hostname, port } = new URL(server.url)
  const authorization = `Basic ${Buffer.from(`${account.name}:${account.password}`).toString('base64')}`
  return new Promise((resolve, reject) => {
    const sent = http.request(
      {
        hostname,
        port,
        method: 'PUT',
        path,
        headers: { Authorization: authorization, 'Transfer-Encoding': 'chunked', ...headers },
      },
      (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.once('error', reject)
    for (const piece of pieces) sent.write(piece)
    sent.end()
  })
}

describe('Finder (FND)', () => {
  const asked = `<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:getlastmodified/><D:getcontentlength/><D:creationdate/><D:resourcetype/></D:prop></D:propfind>`
  const quota = `<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:quota-available-bytes/><D:quota-used-bytes/><D:quota/><D:quotaused/></D:prop></D:propfind>`

  it('FND-01 finds class 2 and locking on the address it mounts, and FND-07 numbers for its quota', async () => {
    const account = await server.account()
    const options = await account.request('OPTIONS', account.files)
    expect(options.status).toBe(200)
    expect(String(options.headers.dav)).toMatch(/^1, 2\b/)
    expect(String(options.headers.allow)).toContain('LOCK, UNLOCK')
    const found = await account.request('PROPFIND', account.files, {
      headers: { ...xml, Depth: '0' },
      body: quota,
    })
    const [home] = readMultistatus(found).responses
    expect(home?.text(dav('quota-available-bytes'))).toMatch(/^\d+$/)
    expect(home?.text(dav('quota-used-bytes'))).toBe('0')
  })

  it('FND-03 is told quickly what is not there, and may keep its own files', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    for (const probe of [
      '._.',
      '.DS_Store',
      '.Spotlight-V100',
      'mach_kernel',
      'Backups.backupdb',
      '.hidden',
    ]) {
      const answer = await account.request('PROPFIND', mine.home + probe, {
        headers: { ...xml, Depth: '0' },
        body: asked,
      })
      expect([probe, answer.status]).toEqual([probe, 404])
    }
    expect((await mine.put('._a.txt', 'resource fork')).status).toBe(201)
    expect((await mine.put('.DS_Store', 'x')).status).toBe(201)
  })

  it('creates a file: empty, locked, in chunks, looked at, unlocked; FND-02, FND-04, FND-05, FND-06', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const path = mine.home + encodeURIComponent('ü.txt'.normalize('NFD'))
    expect((await account.request('PUT', path, { headers: { 'Content-Length': '0' } })).status).toBe(201)
    const locked = await account.request('LOCK', path, {
      headers: { ...xml, Depth: '0', Timeout: 'Second-600' },
      body: exclusive,
    })
    expect(locked.status).toBe(200)
    const token = tokenIn(locked.headers['lock-token'])
    const If = `(<${token}>)`
    const expected = { 'X-Expected-Entity-Length': '10' }
    expect(await putChunked(account, path, ['hello'], expected)).toBe(423)
    expect(await putChunked(account, path, ['hello', 'world'], { If, ...expected })).toBe(204)
    const refreshed = await account.request('LOCK', path, { headers: { If, Timeout: 'Second-600' } })
    expect(refreshed.status).toBe(200)
    const found = readMultistatus(
      await account.request('PROPFIND', path, { headers: { ...xml, Depth: '0' }, body: asked }),
    )
    expect(found.responses[0]?.text(dav('getcontentlength'))).toBe('10')
    const got = await account.get(path)
    expect([got.text, got.headers['content-length']]).toEqual(['helloworld', '10'])
    expect((await account.request('UNLOCK', path, { headers: { 'Lock-Token': `<${token}>` } })).status).toBe(
      204,
    )
  })

  it('FND-08 renames by a Destination whose host is another’s spelling', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b')
    for (const [base, from, to] of [
      ['https://files.example.org:443', 'a/b', 'a/c'],
      ['http://FILES.local', 'a/c', 'd'],
    ] as const) {
      const Destination = `${base}${mine.home}${to}`
      const answer = await account.request('MOVE', mine.home + from, {
        headers: { Destination, Overwrite: 'F' },
      })
      expect(answer.status).toBe(201)
    }
    expect(await mine.tree()).toEqual(['a/', 'd'])
  })

  it('FND-09 gets ranges as they are, whatever coding it would take', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.put('a.txt', 'abcdef')
    const got = await mine.get('a.txt', { Range: 'bytes=1-2', 'Accept-Encoding': 'gzip, deflate' })
    expect([got.status, got.text, got.headers['content-encoding']]).toEqual([206, 'bc', undefined])
  })
})

describe('Explorer’s WebDAV client (MRD)', () => {
  it('MRD-01 asks the root of the host first, MRD-03 and is not redirected for want of a slash', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('dir/', 'dir/a')
    const headers = { translate: 'f', 'User-Agent': 'Microsoft-WebDAV-MiniRedir/10.0.19045' }
    const options = await account.request('OPTIONS', '/', { headers })
    expect([options.status, options.headers['ms-author-via']]).toEqual([200, 'DAV'])
    expect(String(options.headers.dav)).toMatch(/^1, 2\b/)
    const root = await account.request('PROPFIND', '/', { headers: { ...headers, Depth: '0' } })
    expect(root.status).toBe(207)
    const above = readMultistatus(
      await account.request('PROPFIND', '/dav/', { headers: { ...headers, Depth: '1' } }),
    )
    expect(above.hrefs).toContain('/dav/files/')
    const homes = readMultistatus(
      await account.request('PROPFIND', '/dav/files', { headers: { Depth: '1' } }),
    )
    expect(homes.hrefs).toEqual(['/dav/files/', mine.home])
    const found = await account.request('PROPFIND', `${mine.home}dir`, {
      headers: { ...headers, Depth: '1' },
    })
    expect(found.status).toBe(207)
    expect(readMultistatus(found).hrefs).toEqual([`${mine.home}dir/`, `${mine.home}dir/a`])
    expect(found.headers['content-location']).toBe(`${mine.home}dir/`)
  })

  it('MRD-02, MRD-04 to MRD-08: locks a free name, fills it, sets its times, which stay', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const path = `${mine.home}100%25%20neu.docx`
    const locked = await account.request('LOCK', path, {
      headers: { ...xml, Timeout: 'Second-3600' },
      body: exclusive,
    })
    expect(locked.status).toBe(201)
    const token = tokenIn(locked.headers['lock-token'])
    const empty = await account.request('HEAD', path)
    expect([empty.status, empty.headers['content-length']]).toEqual([200, '0'])
    const If = `<${server.url}${path}> (<${token}>)`
    expect((await account.request('PUT', path, { headers: { If }, body: 'content' })).status).toBe(204)
    const names = ['Win32CreationTime', 'Win32LastAccessTime', 'Win32LastModifiedTime', 'Win32FileAttributes']
    const values = names.map((name) => `<Z:${name}>Fri, 27 Nov 2026 10:00:00 GMT</Z:${name}>`).join('')
    const body = `<?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop>${values}</D:prop></D:set></D:propertyupdate>`
    expect((await account.request('PROPPATCH', path, { headers: xml, body })).status).toBe(423)
    const patched = await account.request('PROPPATCH', path, { headers: { ...xml, If }, body })
    expect([patched.status, readMultistatus(patched).responses[0]?.propstatLines]).toEqual([
      207,
      ['HTTP/1.1 200 OK'],
    ])
    expect((await account.request('UNLOCK', path, { headers: { 'Lock-Token': token } })).status).toBe(204)
    const all = readMultistatus(await account.request('PROPFIND', path, { headers: { Depth: '0' } }))
      .responses[0]
    for (const name of names) {
      expect(all?.text(`{urn:schemas-microsoft-com:}${name}`)).toBe('Fri, 27 Nov 2026 10:00:00 GMT')
    }
    expect(all?.href).toBe(path)
    expect(all?.text(dav('getlastmodified'))).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
    expect(all?.text(dav('creationdate'))).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })
})

describe('davfs2, cadaver, gvfs, Cyberduck and rclone (DFS)', () => {
  it('DFS-01 If-Match and If are judged both, DFS-02 with a strong ETag that stays', async () => {
    const account = await server.account()
    const path = `${account.files}a`
    const made = await account.request('PUT', path, { body: 'one' })
    const etag = String(made.headers.etag)
    expect(etag).toMatch(/^"[^"]+"$/)
    expect(made.headers['last-modified']).toBeDefined()
    const locked = await account.request('LOCK', path, { headers: { ...xml, Depth: '0' }, body: exclusive })
    const If = `(<${tokenIn(locked.headers['lock-token'])}>)`
    const put = (headers: Readonly<Record<string, string>>) =>
      account.request('PUT', path, { headers, body: 'two' })
    expect((await put({ If, 'If-Match': '"other"' })).status).toBe(412)
    expect((await put({ If: '(<urn:uuid:other>)', 'If-Match': etag })).status).toBe(412)
    expect((await put({ 'If-Match': etag })).status).toBe(423)
    const head = await account.request('HEAD', path)
    expect([head.headers.etag, head.headers['last-modified'] !== undefined]).toEqual([etag, true])
    expect((await put({ If, 'If-Match': etag })).status).toBe(204)
  })

  it('DFS-03 the executable bit is kept, DFS-05 and an update of nothing is no error', async () => {
    const account = await server.account()
    const path = `${account.files}run.sh`
    await account.request('PUT', path, { body: '#!/bin/sh' })
    const apache = 'http://apache.org/dav/props/'
    const set = `<propertyupdate xmlns="DAV:"><set><prop><executable xmlns="${apache}">T</executable></prop></set></propertyupdate>`
    expect((await account.request('PROPPATCH', path, { headers: xml, body: set })).status).toBe(207)
    const found = await account.propfind(path, 0, [`{${apache}}executable`])
    expect(found.responses[0]?.text(`{${apache}}executable`)).toBe('T')
    for (const inner of ['<remove><prop/></remove>', '<set><prop/></set>']) {
      const body = `<propertyupdate xmlns="DAV:">${inner}</propertyupdate>`
      expect((await account.request('PROPPATCH', path, { headers: xml, body })).status).toBe(207)
    }
  })

  it('DFS-04 allprop and propname at Depth 0 and 1, DFS-06 an empty body is allprop', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'b')
    for (const body of [
      '',
      '<propfind xmlns="DAV:"><allprop/></propfind>',
      '<propfind xmlns="DAV:"><propname/></propfind>',
    ]) {
      for (const [Depth, count] of [
        ['0', 1],
        ['1', 3],
      ] as const) {
        const headers = body === '' ? { Depth } : { ...xml, Depth }
        const found = await account.request('PROPFIND', mine.home, { headers, body })
        const { responses } = readMultistatus(found)
        expect(responses).toHaveLength(count)
        const file = responses.find(({ href }) => href.endsWith('/b'))
        if (file) expect([...file.props.keys()]).toContain(dav('getetag'))
      }
    }
    const deep = await account.request('PROPFIND', mine.home, { headers: { Depth: 'infinity' } })
    expect([deep.status, preconditionsOf(deep)]).toEqual([403, [dav('propfind-finite-depth')]])
  })
})

describe('RFC 4918 §7 locks among files', () => {
  const lock = (account: Account, path: string, Depth: string) =>
    account.request('LOCK', path, { headers: { ...xml, Depth }, body: exclusive })

  it('on a folder keep others from all that is below it, and from what would come there', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const hers = filesOf(alice)
    const his = filesOf(bob, alice.files)
    await hers.make('a/', 'a/b/', 'a/b/c', 'd')
    await mustSetAcl(alice, hers.home, [{ who: bob.principal, grant: ['read', 'write'] }])
    const locked = await lock(alice, `${hers.home}a/`, 'infinity')
    const If = { If: `<${hers.home}a/> (<${tokenIn(locked.headers['lock-token'])}>)` }
    expect((await his.put('a/b/c', 'x')).status).toBe(423)
    expect((await his.put('a/new', 'x')).status).toBe(423)
    expect((await his.mkcol('a/new/')).status).toBe(423)
    expect((await his.delete('a/b/c')).status).toBe(423)
    expect((await his.delete('a/')).status).toBe(423)
    expect((await his.move('a/b/c', 'e')).status).toBe(423)
    expect((await his.copy('d', 'a/b/c')).status).toBe(423)
    expect((await his.copy('a/b/c', 'e')).status).toBe(201)
    expect((await hers.put('a/b/c', 'x')).status).toBe(423)
    expect((await hers.put('a/b/c', 'x', If)).status).toBe(204)
    expect((await hers.move('a/', 'z/', If)).status).toBe(201)
    expect((await his.put('z/b/c', 'y')).status).toBe(204)
  })

  it('below a folder that goes are named, and go with it when their tokens come', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b')
    const token = tokenIn((await lock(account, `${mine.home}a/b`, '0')).headers['lock-token'])
    const refused = await mine.delete('a/')
    expect([refused.status, preconditionsOf(refused)]).toEqual([423, [dav('lock-token-submitted')]])
    expect(refused.text).toContain(`<d:href>${mine.home}a/b</d:href>`)
    expect((await mine.delete('a/', { If: `<${mine.home}a/b> (<${token}>)` })).status).toBe(204)
    await mine.make('a/', 'a/b')
    expect((await mine.put('a/b', 'free')).status).toBe(204)
  })
})
