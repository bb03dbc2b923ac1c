import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { createClient, multigetBody, readMultistatus } from './client.ts'
import { basic, exchange } from './listen.ts'
import { card } from './objects.ts'
import { type Account, useServer } from './server.ts'

describe('RFC 3986 §2 names in URLs', () => {
  const server = useServer()

  const listed = async (alice: Account): Promise<readonly string[]> =>
    (await alice.propfind(alice.contacts, 1, [dav('getetag')])).hrefs.slice(1)

  it('have one canonical encoding in every answer, whatever was sent (MIN-12, MIN-13, TBA-03)', async () => {
    const sent = [
      ['a b.vcf', 'a%20b.vcf'],
      ['%61%2Db.vcf', 'a-b.vcf'],
      ["it's(1)!*.vcf", 'it%27s%281%29%21%2A.vcf'],
      ['x@y:z;q=1,$&+.vcf', 'x%40y%3Az%3Bq%3D1%2C%24%26%2B.vcf'],
      ['%e4%bd%a0.vcf', '%E4%BD%A0.vcf'],
      ['~a_b-c.d.vcf', '~a_b-c.d.vcf'],
    ] as const
    for (const [name, canonical] of sent) {
      const alice = await server.account()
      const path = `${alice.contacts}${name.replace(' ', '%20')}`
      const href = `${alice.contacts}${canonical}`
      expect((await alice.put(path, card('a'))).status, name).toBe(201)
      expect(await listed(alice)).toEqual([href])
      expect((await alice.sync(alice.contacts, '')).hrefs).toEqual([href])
      expect((await alice.report(alice.contacts, multigetBody('addressbook', [path]))).hrefs).toEqual([href])
      expect((await alice.get(href)).text).toBe(card('a'))
      expect((await alice.get(path)).text).toBe(card('a'))
      expect((await alice.delete(href)).status).toBe(204)
    }
  })

  it('are decoded once: %2520 is another resource than %20, + is a plus (VDS-03, behaviours)', async () => {
    const alice = await server.account()
    const names = ['a%20b.vcf', 'a%2520b.vcf', 'a+b.vcf', 'a%252Fb.vcf']
    for (const name of names)
      expect((await alice.put(`${alice.contacts}${name}`, card(name))).status, name).toBe(201)
    expect((await listed(alice)).map((href) => href.slice(alice.contacts.length)).sort()).toEqual(
      ['a%20b.vcf', 'a%2520b.vcf', 'a%2Bb.vcf', 'a%252Fb.vcf'].sort(),
    )
    for (const name of names) expect((await alice.get(`${alice.contacts}${name}`)).text).toBe(card(name))
  })

  it('may hold anything but a slash or a NUL, which are 400', async () => {
    const alice = await server.account()
    for (const name of [
      'a%2Fb.vcf',
      'a%00b.vcf',
      '%zz.vcf',
      '%',
      '%C3.vcf',
      '%ED%A0%80.vcf',
      '..%2f',
      '%2e%2e',
    ]) {
      for (const method of ['GET', 'PUT', 'PROPFIND', 'DELETE', 'MKCOL']) {
        expect((await alice.request(method, `${alice.contacts}${name}`)).status, `${method} ${name}`).toBe(
          400,
        )
      }
    }
    expect((await alice.get('/dav/../etc/passwd')).status).toBe(400)
  })

  it('keep letters of all scripts apart as they were sent, composed or not', async () => {
    const alice = await server.account()
    const names = ['\u00e9.vcf', 'e\u0301.vcf', '名前.vcf', '🎉.vcf', 'Straße.vcf']
    expect(names[0]?.normalize('NFC')).toBe(names[1]?.normalize('NFC'))
    for (const name of names) {
      expect((await alice.put(`${alice.contacts}${encodeURIComponent(name)}`, card(name))).status).toBe(201)
    }
    expect(await listed(alice)).toHaveLength(names.length)
    for (const name of names) {
      expect((await alice.get(`${alice.contacts}${encodeURIComponent(name)}`)).text).toBe(card(name))
    }
  })

  it('are the same with doubled slashes, and without or with one at the end (MIN-13)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    for (const path of [
      `/${alice.contacts}a.vcf`,
      `${alice.contacts.replaceAll('/', '//')}a.vcf`,
      `${alice.contacts}a.vcf/`,
    ]) {
      expect((await alice.get(path)).text, path).toBe(card('a'))
    }
    for (const path of [
      '//',
      '///dav//',
      `/${alice.contacts}`,
      alice.contacts.slice(0, -1),
      `${alice.contacts}/`,
    ]) {
      const answer = await alice.request('PROPFIND', path, { headers: { Depth: '0' } })
      expect(answer.status, path).toBe(207)
      expect([answer.headers['content-location'] ?? path]).toEqual(readMultistatus(answer).hrefs)
    }
  })

  it('are found by path alone where the request names a whole URL (RFC 9112 §3.2.2)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    expect((await alice.get(`http://elsewhere.example:81${alice.contacts}a.vcf`)).text).toBe(card('a'))
    expect((await alice.get(`${alice.contacts}a.vcf?x=/../..%zz`)).text).toBe(card('a'))
  })

  it('may come unescaped, as Apple’s clients send them (IOS-18)', async () => {
    const alice = await server.account()
    const credentials = basic(alice.name, alice.password)
    const raw = (method: string, name: string, body: string): Promise<string> =>
      exchange(
        server.url,
        Buffer.concat([
          Buffer.from(`${method} ${alice.contacts}`),
          Buffer.from(name, 'utf8'),
          Buffer.from(
            ` HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${credentials}\r\nContent-Type: text/vcard\r\n`,
          ),
          Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
        ]),
      )
    for (const [n, name] of ['{a|b}^"<>.vcf', 'a[1].vcf', "naive'#1.vcf", 'a\\b.vcf', '`@:.vcf'].entries()) {
      expect(await raw('PUT', name, card(`u${n}`)), name).toMatch(/^HTTP\/1\.1 201 /)
      expect((await alice.get(`${alice.contacts}${encodeURIComponent(name)}`)).text, name).toBe(card(`u${n}`))
      expect(await raw('GET', name, ''), name).toContain(`UID:u${n}`)
    }
    // Node's parser takes no octets beyond ASCII in a request line.
    expect(await raw('GET', 'voil\u00e0.vcf', '')).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('tell strangers nothing: 401 comes before any look (behaviours)', async () => {
    const alice = await server.account()
    const stranger = createClient(server.url)
    for (const path of [
      alice.contacts.slice(0, -1),
      `${alice.contacts}none.vcf`,
      '/dav/nothing',
      '//dav//x',
      '/x',
    ]) {
      const answer = await stranger.request('PROPFIND', path)
      expect([answer.status, answer.headers.location, answer.headers['content-location']]).toEqual([
        401,
        undefined,
        undefined,
      ])
    }
  })
})
