import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import type { DeviceKind } from '../../src/features/devices/kinds.ts'
import { makePublicLink, publicLinkPath } from '../../src/features/sharing/public-links.ts'
import { createClient, type Headers } from './client.ts'
import { deviceOf } from './devices.ts'
import { card, event } from './objects.ts'
import { putAll } from './queries.ts'
import { useServer } from './server.ts'

const three = card('a', 'A B', ['TEL;TYPE=pref:1'])
const four = three.replace('VERSION:3.0', 'VERSION:4.0').replace('TYPE=pref', 'PREF=1')
const plain = 'text/vcard; charset=utf-8'
const [as3, as4] = [`${plain}; version=3.0`, `${plain}; version=4.0`]
const server = useServer()

describe('RFC 9110 §12.5.1 Accept on a card (MIN-34)', () => {
  it.each([
    [undefined, four, plain, three, plain],
    ['*/*', four, plain, three, plain],
    ['text/vcard', four, plain, three, plain],
    ['text/vcard;version=3.0', three, as3, three, as3],
    ['text/vcard; version="4.0"', four, as4, four, as4],
    ['text/vcard;version=4.0;q=0.9, text/vcard;version=3.0;q=0.2', four, as4, four, as4],
    ['text/vcard;version=4.0, text/vcard;version=3.0', four, as4, three, as3],
    ['text/html, */*;q=0.1', four, plain, three, plain],
    ['text/xml', four, plain, three, plain],
    ['text/vcard;version=2.1', four, plain, three, plain],
  ])('%s', async (accept, ofFour, typeOfFour, ofThree, typeOfThree) => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { three, four: four.replace('UID:a', 'UID:b') })
    const headers: Headers = accept === undefined ? {} : { Accept: accept }
    const got = await alice.get(`${alice.contacts}four.vcf`, headers)
    expect([got.text, got.headers['content-type']]).toEqual([ofFour.replace('UID:a', 'UID:b'), typeOfFour])
    const other = await alice.get(`${alice.contacts}three.vcf`, headers)
    expect([other.text, other.headers['content-type']]).toEqual([ofThree, typeOfThree])
    expect([got.headers.vary, other.headers.vary]).toEqual(['Accept', 'Accept'])
  })

  it('HEAD and conditions are about the form that GET gives; there are no ranges of it', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: three })
    const path = `${alice.contacts}a.vcf`
    const { etag = '' } = (await alice.get(path)).headers
    const asked = { Accept: 'text/vcard;version=4.0' }
    const head = await alice.request('HEAD', path, { headers: asked })
    expect(head.headers).toMatchObject({ etag, vary: 'Accept', 'content-type': as4 })
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(four)))
    const same = await alice.get(path, { ...asked, 'If-None-Match': etag })
    expect([same.status, same.headers.etag, same.headers.vary]).toEqual([304, etag, 'Accept'])
    const part = await alice.get(path, { ...asked, Range: 'bytes=0-4' })
    expect([part.status, part.text, part.headers['accept-ranges']]).toEqual([200, four, undefined])
    expect((await alice.get(path, { ...asked, 'If-Match': '"other"' })).status).toBe(412)
  })

  it('what is listed is what is stored: its length, its type (RFC 4918 §15.4)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: three })
    const { text } = (
      await alice.propfind(alice.contacts, 1, [dav('getcontentlength'), dav('getcontenttype')])
    ).of(`${alice.contacts}a.vcf`)
    expect(text(dav('getcontentlength'))).toBe(String(Buffer.byteLength(three)))
    expect(text(dav('getcontenttype'))).toBe(plain)
  })

  it('a card in UTF-16 keeps its octets as it is, and is UTF-8 in another version', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const octets = Buffer.from(`\ufeff${three}`, 'utf16le')
    await alice.put(path, octets)
    const stored = await alice.get(path, { Accept: 'text/vcard;version=3.0' })
    expect(stored.body.equals(octets)).toBe(true)
    expect(stored.headers['content-type']).toBe('text/vcard; charset=utf-16')
    const newer = await alice.get(path, { Accept: 'text/vcard;version=4.0' })
    expect([newer.text, newer.headers['content-type']]).toEqual([four, as4])
  })
})

describe('ABK-01 who can read 3.0 only is given nothing else, also by GET without Accept', () => {
  it.each<DeviceKind>(['apple', 'outlook', 'thunderbird', 'davx5', 'other'])('%s', async (kind) => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: four })
    const path = `${alice.contacts}a.vcf`
    const device = await deviceOf(server, alice, kind)
    const expected = kind === 'apple' ? three : four
    for (const headers of [{}, { Accept: '*/*' }, { Accept: 'text/vcard' }]) {
      const got = await device.get(path, headers)
      expect([got.text, got.headers['content-type']]).toEqual([expected, plain])
    }
    expect((await device.get(path, { Accept: 'text/vcard;version=4.0' })).text).toBe(four)
    expect((await device.get(alice.contacts)).text).toBe(expected)
  })

  it('without a kind of device its User-Agent says so', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: four })
    const path = `${alice.contacts}a.vcf`
    const agent = 'macOS/26.2 (25C56) AddressBookCore/2695'
    expect((await alice.get(path, { 'User-Agent': agent })).text).toBe(three)
    expect((await alice.get(path, { 'User-Agent': `curl/8 ${agent}` })).text).toBe(four)
    const device = await deviceOf(server, alice, 'other')
    expect((await device.get(path, { 'User-Agent': agent })).text).toBe(four)
  })
})

describe('RFC 9110 §12.5.1 Accept on a book as one file', () => {
  const all = (answer: { readonly text: string }) => answer.text.match(/^VERSION:.*\b/gm)

  it('gives every card in the version that is accepted, else as it is stored', async () => {
    const alice = await server.account()
    const other = four.replace('UID:a', 'UID:b')
    await putAll(alice, alice.contacts, 'vcf', { a: three, b: other })
    const whole = await alice.get(alice.contacts)
    expect([whole.text, whole.headers.vary]).toEqual([three + other, 'Accept'])
    expect(whole.headers['content-type']).toBe(plain)
    for (const version of ['3.0', '4.0']) {
      const got = await alice.get(alice.contacts, { Accept: `text/vcard;version=${version}` })
      expect(all(got)).toEqual([`VERSION:${version}`, `VERSION:${version}`])
      expect(got.headers['content-type']).toBe(`${plain}; version=${version}`)
      expect(got.headers.etag).toBe(whole.headers.etag)
    }
    for (const accept of ['application/vcard+json', 'text/calendar', 'text/vcard'])
      expect((await alice.get(alice.contacts, { Accept: accept })).text).toBe(whole.text)
  })

  it('has the photos that are kept apart in every version', async () => {
    const alice = await server.account()
    const octets = Buffer.alloc(60_000, 0xa5).toString('base64')
    const folded = octets.match(/.{1,74}/g)?.join('\r\n ')
    const photo = (head: string) => `${head}\r\n ${folded}`
    await putAll(alice, alice.contacts, 'vcf', {
      a: card('a', 'A B', [photo('PHOTO;ENCODING=b;TYPE=JPEG:')]),
    })
    for (const path of [alice.contacts, `${alice.contacts}a.vcf`]) {
      const { text } = await alice.get(path, { Accept: 'text/vcard;version=4.0' })
      expect(text.replace(/\r\n /g, '')).toContain(`PHOTO:data:image/jpeg;base64,${octets}\r\n`)
      expect((await alice.get(path)).text).toContain(photo('PHOTO;ENCODING=b;TYPE=JPEG:'))
    }
  })

  it('so does a public link, and a calendar is what it was', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: four })
    await putAll(alice, alice.calendar, 'ics', { a: event('a') })
    const linkTo = (name: string) =>
      server.services.store.write(async (tx) => {
        const collection = await findOwnCollection(tx, await findAccount(tx, alice.name), name)
        return publicLinkPath(collection, (await makePublicLink(tx, collection, '', server.settings)).token)
      })
    const stranger = createClient(server.url)
    const book = await linkTo('contacts')
    expect((await stranger.get(book)).text).toBe(four)
    const older = await stranger.get(book, { Accept: 'text/vcard;version=3.0' })
    expect([older.text, older.headers['content-type'], older.headers.vary]).toEqual([three, as3, 'Accept'])
    expect((await stranger.get(book, { 'User-Agent': 'iOS/26.2 (23C54) dataaccessd/1.0' })).text).toBe(three)
    const calendar = await stranger.get(await linkTo('calendar'), { Accept: 'application/calendar+json' })
    expect(calendar.headers['content-type']).toBe('text/calendar; charset=utf-8')
    // To a browser it is a page.
    expect(calendar.headers.vary).toBe('Accept')
  })
})

describe('RFC 8144 §3 the representation after a write is negotiated too', () => {
  it('after PUT and after a condition that failed', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const prefer = { Prefer: 'return=representation', Accept: 'text/vcard;version=4.0' }
    const made = await alice.put(path, three, prefer)
    expect([made.status, made.text, made.headers['content-type']]).toEqual([201, four, as4])
    expect(made.headers.vary).toBe('Accept, Brief, Prefer')
    const failed = await alice.put(path, three, { ...prefer, 'If-Match': '"other"' })
    expect([failed.status, failed.text, failed.headers.etag]).toEqual([412, four, made.headers.etag])
    const plainly = await alice.put(path, three, { Prefer: 'return=representation' })
    expect([plainly.text, plainly.headers['content-type']]).toEqual([three, plain])
  })
})
