import { describe, expect, it } from 'vitest'
import { carddav, dav } from '../../protocol/dav/names.ts'
import { multigetBody, preconditionsOf, syncBody } from './client.ts'
import { card } from './objects.ts'
import { addressQueryBody, putAll } from './queries.ts'
import { type Account, useServer } from './server.ts'

describe('RFC 6352 §10.4 address-data', () => {
  const server = useServer()

  async function dataOf(alice: Account, element: string): Promise<string | undefined> {
    const path = `${alice.contacts}a.vcf`
    const body = multigetBody('addressbook', [path]).replace(/<x:address-data[^>]*\/>/, element)
    return (await alice.report(alice.contacts, body)).of(path).text(carddav('address-data'))
  }

  it('whole, by allprop, with or without odd attributes, as one text node (KDE-02, KDE-05, VDS-07)', async () => {
    const alice = await server.account()
    const body = card('a', 'A B', ['NOTE:<x>&amp;]]>'])
    await putAll(alice, alice.contacts, 'vcf', { a: body })
    const forms = [
      '<m:address-data/>',
      '<m:address-data><m:allprop/></m:address-data>',
      '<m:address-data content-type="text/vcard"/>',
      '<m:address-data content-type="text/vcard" version="3.0"/>',
      '<m:address-data content-type="text/vcard; version=3.0"/>',
      '<m:address-data Content-Type="text/vcard" Version="3.0" novalue="yes" x="y"/>',
    ]
    for (const form of forms) expect(await dataOf(alice, form)).toBe(body)
  })

  it('parts: the asked lines as they are, groups by their bare name (§10.4.2)', async () => {
    const alice = await server.account()
    const lines = ['item1.EMAIL;TYPE=HOME:a@example.org', 'item1.X-ABLabel:Home', 'TEL:1\r\n 2', 'NOTE:n']
    await putAll(alice, alice.contacts, 'vcf', { a: card('a', 'A B', lines) })
    const props = ['UID', 'email', 'TEL'].map((name) => `<m:prop name="${name}"/>`).join('')
    expect(await dataOf(alice, `<m:address-data>${props}</m:address-data>`)).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nitem1.EMAIL;TYPE=HOME:a@example.org\r\nTEL:1\r\n 2\r\nEND:VCARD\r\n',
    )
  })

  it('novalue: the name and the parameters, without the value (§10.4.2)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a', 'A B', ['item1.TEL;TYPE=HOME:1', 'NOTE:n']) })
    const props = '<m:prop name="TEL" novalue="yes"/><m:prop name="NOTE" novalue="no"/>'
    expect(await dataOf(alice, `<m:address-data>${props}</m:address-data>`)).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nitem1.TEL;TYPE=HOME:\r\nNOTE:n\r\nEND:VCARD\r\n',
    )
  })

  it('non-standard names, and what the card does not have (§8.5)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a', 'A B', ['X-Own;X-P=1:yes']) })
    const props = '<m:prop name="x-own"/><m:prop name="X-OTHER"/>'
    expect(await dataOf(alice, `<m:address-data>${props}</m:address-data>`)).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nX-Own;X-P=1:yes\r\nEND:VCARD\r\n',
    )
  })

  it('is given by sync-collection as well (TBA-04), and is none of allprop’s', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a') })
    const path = `${alice.contacts}a.vcf`
    const name = carddav('address-data')
    const synced = await alice.report(alice.contacts, syncBody('', undefined, [dav('getetag'), name]))
    expect(synced.of(path).text(name)).toBe(card('a'))
    const all = addressQueryBody([]).replace(/<d:prop>.*<\/d:prop>/, '<d:allprop/>')
    const { props } = (await alice.report(alice.contacts, all)).of(path)
    expect([props.has(dav('getetag')), props.has(name)]).toEqual([true, false])
  })
})

describe('RFC 6352 §8.6, §8.7 supported-address-data', () => {
  const server = useServer()

  const asking = (attributes: string): string =>
    `<m:address-data xmlns:m="urn:ietf:params:xml:ns:carddav" ${attributes}/>`

  const reports = (alice: Account, attributes: string): string[] => [
    multigetBody('addressbook', [`${alice.contacts}a.vcf`]).replace(
      /<x:address-data[^>]*\/>/,
      asking(attributes),
    ),
    addressQueryBody([], { props: `<d:getetag/>${asking(attributes)}` }),
  ]

  it.each([
    'content-type="application/vcard+json" version="3.0"',
    'content-type="application/jscontact+json"',
    'content-type="text/calendar"',
    'content-type="text/vcard; version=2.1"',
    'Version="2.1"',
    'version="2.1"',
    'version="5.0"',
  ])('refuses %s, whether or not a card is found', async (attributes) => {
    const alice = await server.account()
    const refused = async (): Promise<void> => {
      for (const body of reports(alice, attributes)) {
        const answer = await alice.request('REPORT', alice.contacts, { body })
        expect([answer.status, preconditionsOf(answer)]).toEqual([403, [carddav('supported-address-data')]])
      }
    }
    await refused()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a') })
    await refused()
  })
})
