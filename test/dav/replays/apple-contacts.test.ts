import { describe, expect, it } from 'vitest'
import { carddav, cs, dav, me } from '../../../protocol/dav/names.ts'
import { card, lines } from '../objects.ts'
import { useServer } from '../server.ts'
import { etagOf, fixture, hrefElements, multistatus, namesIn, privilegesIn } from './exchange.ts'

/** SEQ-08: Contacts on macOS and iOS. */

const headers = {
  'User-Agent': 'macOS/26.2 (25C56) AddressBookCore/2695',
  'Content-Type': 'text/xml',
  Accept: '*/*',
}
const server = useServer()

/** What Contacts writes: item groups, labels of its own, a birthday without a year, a photo cut to a rectangle. */
function appleCard(uid: string, photoBytes: number): string {
  const photo = Buffer.alloc(photoBytes, 0xa5).toString('base64')
  const folded = photo.match(/.{1,74}/g)?.join('\r\n ') ?? ''
  return lines([
    'BEGIN:VCARD',
    'VERSION:3.0',
    'PRODID:-//Apple Inc.//macOS 26.2//EN',
    'N:Groß;Zoë;;;',
    'FN:Zoë Groß',
    'item1.EMAIL;type=INTERNET;type=pref:zoe@example.org',
    'item1.X-ABLabel:_$!<Other>!$_',
    'item2.X-ABDATE;type=pref:2004-05-01',
    'item2.X-ABLabel:_$!<Anniversary>!$_',
    'BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01',
    'X-ABShowAs:COMPANY',
    `PHOTO;ENCODING=b;TYPE=JPEG;X-ABCROP-RECTANGLE=ABClipRect_1&0&0&600&600&0a0b==:`,
    ` ${folded}`,
    `UID:${uid}`,
    'END:VCARD',
  ])
}

describe('SEQ-08 Apple Contacts (RFC 6352)', () => {
  it('lists the default book first, always, and announces neither add-member nor push (ABK-02, ABK-05, ABK-06, ABK-08)', async () => {
    const alice = await server.account()
    const made = `<?xml version="1.0" encoding="UTF-8"?><A:mkcol xmlns:A="DAV:"><A:set><A:prop><A:resourcetype><A:collection/><B:addressbook xmlns:B="urn:ietf:params:xml:ns:carddav"/></A:resourcetype><A:displayname>A first one</A:displayname></A:prop></A:set></A:mkcol>`
    const other = `${alice.books}0-first/`
    expect((await alice.request('MKCOL', other, { headers, body: made })).status).toBe(201)
    const asked = { ...headers, Depth: '1' }
    const answer = await multistatus(
      alice,
      'PROPFIND',
      alice.books,
      asked,
      fixture('apple/addressbook-home.xml'),
    )
    expect(answer.hrefs).toEqual([alice.books, alice.contacts, other])
    const { props, text, namesWith } = answer.of(alice.contacts)
    expect(namesIn(props.get(dav('resourcetype')))).toEqual([dav('collection'), carddav('addressbook')])
    expect(Number(text(carddav('max-resource-size')))).toBeGreaterThanOrEqual(10 * 2 ** 20)
    expect(privilegesIn(props.get(dav('current-user-privilege-set')))).toContain('write')
    const missing = [dav('add-member'), me('bulk-requests'), cs('push-transports'), cs('pushkey')]
    expect(namesWith(404)).toEqual(expect.arrayContaining(missing))
  })

  it('polls ctag and token, syncs with Depth 1, and fetches what GET gives (ABK-03, ABK-09, RFC 6578 §3.4)', async () => {
    const alice = await server.account()
    const poll =
      '<?xml version="1.0" encoding="UTF-8"?><A:propfind xmlns:A="DAV:"><A:prop><C:getctag xmlns:C="http://calendarserver.org/ns/"/><A:sync-token/></A:prop></A:propfind>'
    const state = async () => {
      const asked = { ...headers, Depth: '0' }
      const { text } = (await multistatus(alice, 'PROPFIND', alice.contacts, asked, poll)).of(alice.contacts)
      return [text(cs('getctag')), text(dav('sync-token'))]
    }
    const before = await state()
    const uid = '5B1E2D3C-0000-4000-8000-0000000000AB'
    const path = `${alice.contacts}${uid}.vcf`
    await alice.put(path, appleCard(uid, 300), { ...headers, 'Content-Type': 'text/vcard' })
    const [ctag, token] = await state()
    expect(before).not.toContain(ctag)
    expect(before).not.toContain(token)

    const sync = `<?xml version="1.0" encoding="UTF-8"?><A:sync-collection xmlns:A="DAV:"><A:sync-token></A:sync-token><A:sync-level>1</A:sync-level><A:prop><A:getetag/></A:prop></A:sync-collection>`
    const synced = await multistatus(alice, 'REPORT', alice.contacts, { ...headers, Depth: '1' }, sync)
    expect([synced.hrefs, synced.syncToken]).toEqual([[path], token])
    const multiget = `<?xml version="1.0" encoding="UTF-8"?><B:addressbook-multiget xmlns:B="urn:ietf:params:xml:ns:carddav"><A:prop xmlns:A="DAV:"><A:getetag/><B:address-data/></A:prop>${hrefElements('A:href', [path]).replace('<A:href>', '<A:href xmlns:A="DAV:">')}</B:addressbook-multiget>`
    const fetched = await multistatus(alice, 'REPORT', alice.contacts, headers, multiget)
    const got = await alice.get(path)
    expect(fetched.of(path).text(carddav('address-data'))).toBe(got.text)
    expect(fetched.of(path).text(dav('getetag'))).toBe(got.headers.etag)
    expect(synced.of(path).text(dav('getetag'))).toBe(got.headers.etag)
  })

  it('is given 3.0 of a card that is stored as 4.0, by REPORT and by GET, with Apple’s group properties (ABK-01, ABK-07, ABK-09)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}group.vcf`
    const stored = lines([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'PRODID:-//Mozilla.org/NONSGML Thunderbird//EN',
      'FN:Friends',
      'KIND:group',
      'MEMBER:urn:uuid:5B1E2D3C-0000-4000-8000-0000000000AD',
      'item1.URL;PREF=1:https://example.org',
      'item1.X-ABLabel:_$!<HomePage>!$_',
      'UID:urn:uuid:5B1E2D3C-0000-4000-8000-0000000000AF',
      'END:VCARD',
    ])
    await alice.put(path, stored)
    const multiget = `<?xml version="1.0" encoding="UTF-8"?><B:addressbook-multiget xmlns:B="urn:ietf:params:xml:ns:carddav"><A:prop xmlns:A="DAV:"><A:getetag/><B:address-data/></A:prop><A:href xmlns:A="DAV:">${path}</A:href></B:addressbook-multiget>`
    const fetched = await multistatus(alice, 'REPORT', alice.contacts, headers, multiget)
    const text = fetched.of(path).text(carddav('address-data')) ?? ''
    expect(text).toMatch(/^BEGIN:VCARD\r\nVERSION:3\.0\r\n/)
    expect(text.split('\r\n')).toEqual(
      expect.arrayContaining([
        'N:Friends',
        'X-ADDRESSBOOKSERVER-KIND:group',
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:5B1E2D3C-0000-4000-8000-0000000000AD',
        'item1.X-ABLabel:_$!<HomePage>!$_',
      ]),
    )
    expect(text).not.toMatch(/PREF=|^KIND|^MEMBER/m)
    const got = await alice.get(path, headers)
    expect(got.text).toBe(text)
    expect(got.headers.etag).toBe(fetched.of(path).text(dav('getetag')))
    expect((await alice.get(path)).text).toBe(stored)
  })

  it('stores a card with a photo of 1.5 MiB octet for octet (ABK-05, ABK-07)', async () => {
    const alice = await server.account()
    const uid = '5B1E2D3C-0000-4000-8000-0000000000AC'
    const path = `${alice.contacts}${uid}.vcf`
    const big = appleCard(uid, 1.5 * 2 ** 20)
    const created = await alice.put(path, big, {
      ...headers,
      'Content-Type': 'text/vcard',
      'If-None-Match': '*',
    })
    expect(created.status).toBe(201)
    const got = await alice.get(path)
    expect(got.body.equals(Buffer.from(big))).toBe(true)
    expect(got.headers.etag).toBe(etagOf(created))
  })

  it('keeps group cards of its own dialect, and the card of the owner (ABK-04, ABK-07)', async () => {
    const alice = await server.account()
    const member = card('5B1E2D3C-0000-4000-8000-0000000000AD')
    const group = lines([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Friends;;;;',
      'FN:Friends',
      'X-ADDRESSBOOKSERVER-KIND:group',
      'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:5B1E2D3C-0000-4000-8000-0000000000AD',
      'UID:5B1E2D3C-0000-4000-8000-0000000000AE',
      'END:VCARD',
    ])
    await alice.put(`${alice.contacts}member.vcf`, member)
    expect((await alice.put(`${alice.contacts}group.vcf`, group)).status).toBe(201)
    expect((await alice.get(`${alice.contacts}group.vcf`)).text).toBe(group)
  })
})
