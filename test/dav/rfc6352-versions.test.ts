import { describe, expect, it } from 'vitest'
import { carddav, dav } from '../../protocol/dav/names.ts'
import { child, elements } from '../../protocol/dav/xml-read.ts'
import type { DeviceKind } from '../../src/features/devices/kinds.ts'
import { type Client, createClient, multigetBody, preconditionsOf, syncBody } from './client.ts'
import { deviceOf } from './devices.ts'
import { card, lines } from './objects.ts'
import { addressQueryBody, propFilter, putAll, textMatch } from './queries.ts'
import { type Account, useServer } from './server.ts'
import { acceptOnly, postShare, set } from './sharing.ts'

/** The same card, as 3.0 and as 4.0. */
const three = lines([
  'BEGIN:VCARD',
  'VERSION:3.0',
  'UID:a',
  'FN:A B',
  'N:B;A;;;',
  'item1.EMAIL;TYPE=pref:a@example.org',
  'item1.X-ABLabel:_$!<Other>!$_',
  'X-ADDRESSBOOKSERVER-KIND:location',
  'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af',
  'END:VCARD',
])
const four = lines([
  'BEGIN:VCARD',
  'VERSION:4.0',
  'UID:a',
  'FN:A B',
  'N:B;A;;;',
  'item1.EMAIL;PREF=1:a@example.org',
  'item1.X-ABLabel:_$!<Other>!$_',
  'KIND:location',
  'MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af',
  'END:VCARD',
])
const texts = { '3.0': three, '4.0': four }
const versions = ['3.0', '4.0'] as const

const data = carddav('address-data')

/** How a card comes by each report that can give it, and by PROPFIND, with these attributes of address-data. */
async function given(
  client: Client,
  { contacts }: Account,
  attributes = '',
): Promise<(string | undefined)[]> {
  const path = `${contacts}a.vcf`
  const asking = `<m:address-data xmlns:m="urn:ietf:params:xml:ns:carddav" ${attributes}/>`
  const plain = /<x:address-data[^>]*\/>/
  const bodies = [
    multigetBody('addressbook', [path]).replace(plain, asking),
    addressQueryBody([], { props: `<d:getetag/>${asking}` }),
    syncBody('', undefined, [data]).replace(plain, asking),
  ]
  const found: (string | undefined)[] = []
  for (const body of bodies) found.push((await client.report(contacts, body)).of(path).text(data))
  const propfind = `<d:propfind xmlns:d="DAV:"><d:prop>${asking}</d:prop></d:propfind>`
  for (const [on, depth] of [
    [path, '0'],
    [contacts, '1'],
  ] as const) {
    const { text } = await client.request('PROPFIND', on, { headers: { Depth: depth }, body: propfind })
    found.push(unescaped(/address-data>([^<]*)</.exec(text)?.[1]))
  }
  return found
}

const unescaped = (text: string | undefined): string | undefined =>
  text?.replace(/&(lt|gt|amp|#13);/g, (_, name: string) => ({ lt: '<', gt: '>', amp: '&' })[name] ?? '\r')

const five = (text: string): string[] => Array.from({ length: 5 }, () => text)

describe('RFC 6352 §10.4 the version of address-data (MIN-34, ABK-07, ABK-09, TBA-05)', () => {
  const server = useServer()

  describe.each(versions)('a card kept as %s', (kept) => {
    it.each(versions)('asked for as %s, is so by whatever way, and as GET gives it', async (asked) => {
      const alice = await server.account()
      await putAll(alice, alice.contacts, 'vcf', { a: texts[kept] })
      expect(await given(alice, alice, `content-type="text/vcard" version="${asked}"`)).toEqual(
        five(texts[asked]),
      )
      expect(await given(alice, alice, `Content-Type="text/vcard" Version="${asked}"`)).toEqual(
        five(texts[asked]),
      )
      const got = await alice.get(`${alice.contacts}a.vcf`, { Accept: `text/vcard;version=${asked}` })
      expect(got.text).toBe(texts[asked])
    })

    it('is 3.0 where no version is asked for, and as kept for Thunderbird and Evolution', async () => {
      const alice = await server.account()
      await putAll(alice, alice.contacts, 'vcf', { a: texts[kept] })
      expect(await given(alice, alice)).toEqual(five(three))
      expect(await given(alice, alice, 'content-type="text/vcard"')).toEqual(five(three))
      for (const agent of [
        'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0',
        'Evolution/3.56.1',
      ]) {
        const client = agentOf(alice, agent)
        expect(await given(client, alice)).toEqual(five(texts[kept]))
        expect(await given(client, alice, 'version="3.0"')).toEqual(five(three))
      }
    })

    it.each<[DeviceKind, '3.0' | 'stored']>([
      ['apple', '3.0'],
      ['davx5', 'stored'],
      ['thunderbird', 'stored'],
      ['evolution', 'stored'],
      ['kde', '3.0'],
      ['outlook', '3.0'],
      ['other', '3.0'],
    ])('is for an app password of %s, that asks for none, %s', async (kind, version) => {
      const alice = await server.account()
      await putAll(alice, alice.contacts, 'vcf', { a: texts[kept] })
      const device = await deviceOf(server, alice, kind)
      expect(await given(device, alice)).toEqual(five(version === 'stored' ? texts[kept] : three))
      expect(await given(device, alice, 'version="4.0"')).toEqual(five(four))
    })
  })

  it('what an app password is for counts, and not what its client calls itself', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: four })
    const body = multigetBody('addressbook', [`${alice.contacts}a.vcf`])
    const asThunderbird = async (kind: DeviceKind | 'auto') => {
      const device = await deviceOf(server, alice, kind)
      const answer = await device.report(alice.contacts, body, { 'User-Agent': 'Thunderbird/140.0' })
      return answer.of(`${alice.contacts}a.vcf`).text(data)
    }
    expect(await asThunderbird('other')).toBe(three)
    expect(await asThunderbird('auto'), 'not settled yet').toBe(four)
  })

  it('the properties that are asked for are those of the version that is (§10.4.2)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: three })
    const path = `${alice.contacts}a.vcf`
    const props = '<m:prop name="KIND"/><m:prop name="X-ADDRESSBOOKSERVER-KIND"/>'
    const asking = (version: string) => `<m:address-data version="${version}">${props}</m:address-data>`
    const asked = async (version: string) => {
      const body = multigetBody('addressbook', [path]).replace(/<x:address-data[^>]*\/>/, asking(version))
      return (await alice.report(alice.contacts, body)).of(path).text(data)
    }
    const frame = (version: string, line: string) =>
      `BEGIN:VCARD\r\nVERSION:${version}\r\n${line}\r\nEND:VCARD\r\n`
    expect(await asked('4.0')).toBe(frame('4.0', 'KIND:location'))
    expect(await asked('3.0')).toBe(frame('3.0', 'X-ADDRESSBOOKSERVER-KIND:location'))
  })

  it('a filter is about the card as it is kept', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: three })
    const matching = async (name: string) => {
      const filter = [propFilter(name, textMatch('location'))]
      const props = '<c:address-data version="4.0" xmlns:c="urn:ietf:params:xml:ns:carddav"/>'
      return (await alice.report(alice.contacts, addressQueryBody(filter, { props }))).hrefs
    }
    expect(await matching('X-ADDRESSBOOKSERVER-KIND')).toEqual([`${alice.contacts}a.vcf`])
    expect(await matching('KIND')).toEqual([])
  })

  it('one entity tag, whatever is given (ABK-09)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: four })
    const path = `${alice.contacts}a.vcf`
    const etags = new Set<string | undefined>()
    for (const attributes of [
      '',
      'version="3.0"',
      'version="4.0"',
      'content-type="application/vcard+json"',
    ]) {
      const asking = `<m:address-data ${attributes}/>`
      const body = multigetBody('addressbook', [path]).replace(/<x:address-data[^>]*\/>/, asking)
      etags.add((await alice.report(alice.contacts, body)).of(path).text(dav('getetag')))
    }
    for (const accept of ['*/*', 'text/vcard;version=3.0', 'application/jscontact+json'])
      etags.add((await alice.get(path, { Accept: accept })).headers.etag)
    expect([...etags]).toEqual([(await alice.get(path)).headers.etag])
  })

  it('a shared book gives every sharee what his own device asks for', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await putAll(alice, alice.contacts, 'vcf', { a: four })
    expect((await postShare(alice, alice.contacts, set(bob.principal, 'read-write'))).status).toBe(200)
    const contacts = await acceptOnly(bob, bob.books)
    const mount = { ...bob, contacts }
    expect(await given(await deviceOf(server, bob, 'apple'), mount)).toEqual(five(three))
    expect(await given(await deviceOf(server, bob, 'thunderbird'), mount)).toEqual(five(four))
    expect(await given(bob, mount, 'version="4.0"')).toEqual(five(four))
  })

  function agentOf(account: Account, agent: string): Client {
    const client = createClient(server.url, account)
    const request: Client['request'] = (method, path, { headers, body } = {}) =>
      client.request(method, path, {
        headers: { ...headers, 'User-Agent': agent },
        ...(body !== undefined && { body }),
      })
    return {
      ...client,
      request,
      report: (path, body, headers) => client.report(path, body, { ...headers, 'User-Agent': agent }),
    }
  }
})

describe('RFC 6352 §6.2.2 supported-address-data (DVX-09, MIN-34)', () => {
  const server = useServer()

  it('names 3.0 first, then 4.0, then jCard, and each can be asked for', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: three })
    const name = carddav('supported-address-data')
    const { props } = (await alice.propfind(alice.contacts, 0, [name])).of(alice.contacts)
    const property = props.get(name)
    const types = property && elements(property).map(({ attributes }) => [...attributes.values()])
    expect(types).toEqual([
      ['text/vcard', '3.0'],
      ['text/vcard', '4.0'],
      ['application/vcard+json', '4.0'],
    ])
    for (const [type, version] of types ?? []) {
      const all = await given(alice, alice, `content-type="${type}" version="${version}"`)
      expect(all.map((text) => text?.slice(0, 6))).toEqual(five(type === 'text/vcard' ? 'BEGIN:' : '["vcar'))
    }
  })

  it('is what PUT takes as vCard, and nothing else: jCard and 2.1 are refused (§6.3.2.1)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    for (const [type, body] of [
      ['application/vcard+json', '["vcard",[["version",{},"text","4.0"],["fn",{},"text","A B"]]]'],
      ['text/vcard', card('a').replace('3.0', '2.1')],
    ] as const) {
      const refused = await alice.put(path, body, { 'Content-Type': type })
      expect([refused.status, preconditionsOf(refused)]).toEqual([403, [carddav('supported-address-data')]])
    }
    for (const version of versions) {
      const put = await alice.put(path, texts[version], { 'Content-Type': `text/vcard;version=${version}` })
      expect([put.status < 300, put.headers.etag]).toEqual([true, expect.stringMatching(/^"/)])
      expect((await alice.get(path)).text).toBe(texts[version])
    }
  })

  it('the error of one card that cannot be given is its own, and 415 (§8.7.2)', async () => {
    const alice = await server.account()
    const broken = card('b').replace('BEGIN', 'BEGUN')
    await putAll(alice, alice.contacts, 'vcf', { a: three, b: card('b') })
    await server.services.store.write(({ sql }) =>
      sql.run(`UPDATE bodies SET bytes = $1 WHERE id = (SELECT body_id FROM objects WHERE uid = $2)`, [
        Buffer.from(broken),
        'b',
      ]),
    )
    const [a, b] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
    const asked = (attributes: string) =>
      multigetBody('addressbook', [a, b]).replace(
        /<x:address-data[^>]*\/>/,
        `<m:address-data ${attributes}/>`,
      )
    const json = await alice.report(alice.contacts, asked('content-type="application/vcard+json"'))
    expect(json.of(a).text(data)).toMatch(/^\["vcard",/)
    const { status, element, propstatLines } = json.of(b)
    expect([status, propstatLines]).toEqual([415, []])
    const error = child(element, dav('error'))
    expect(error && elements(error).map(({ name }) => name)).toEqual([
      carddav('supported-address-data-conversion'),
    ])
    // As vCard it is given as it is (law 9).
    const vcards = await alice.report(alice.contacts, asked('version="4.0"'))
    expect([vcards.of(a).text(data), vcards.of(b).text(data)]).toEqual([four, broken])
    for (const accept of ['text/vcard;version=4.0', 'application/vcard+json', 'application/jscontact+json']) {
      const got = await alice.get(b, { Accept: accept })
      const { status: found, text, headers } = got
      expect([found, text]).toEqual([200, broken])
      expect(headers['content-type']).toBe('text/vcard; charset=utf-8')
    }
  })
})

describe('law 10: what a conversion costs is bounded', () => {
  const server = useServer({ limits: { convertedLines: 20 } })

  it('a card of too many lines is given as it is; a long photo is one line', async () => {
    const alice = await server.account()
    const phones = Array.from({ length: 20 }, (_, n) => `TEL:${n}`)
    const photo = ['PHOTO;ENCODING=b;TYPE=JPEG:', ...Array.from({ length: 99 }, () => ' AAAA')]
    const [long, folded] = [card('a', 'A B', phones), card('b', 'A B', photo)]
    await putAll(alice, alice.contacts, 'vcf', { a: long, b: folded })
    const [a, b] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
    const body = multigetBody('addressbook', [a, b]).replace(
      /<x:address-data[^>]*\/>/,
      '<m:address-data version="4.0"/>',
    )
    const { of } = await alice.report(alice.contacts, body)
    expect(of(a).text(data)).toBe(long)
    expect(of(b).text(data)).toContain('VERSION:4.0')
    for (const [path, version] of [
      [a, '3.0'],
      [b, '4.0'],
    ] as const) {
      const got = await alice.get(path, { Accept: 'text/vcard;version=4.0' })
      expect(got.text).toContain(`VERSION:${version}`)
      expect(got.headers['content-type']).toBe(
        `text/vcard; charset=utf-8${version === '4.0' ? '; version=4.0' : ''}`,
      )
    }
  })
})
