import { describe, expect, it } from 'vitest'
import { carddav, dav } from '../../protocol/dav/names.ts'
import { child } from '../../protocol/dav/xml-read.ts'
import { preconditionsOf } from './client.ts'
import { card } from './objects.ts'
import {
  addressQueryBody,
  foundCards,
  isNotDefined,
  paramFilter,
  propFilter,
  putAll,
  textMatch,
} from './queries.ts'
import { type Account, useServer } from './server.ts'

type Options = Parameters<typeof addressQueryBody>[1]

async function people(
  alice: Account,
): Promise<(filters: readonly string[], options?: Options) => Promise<string>> {
  await putAll(alice, alice.contacts, 'vcf', {
    a: card('uid-a', 'Ann Adams', [
      'EMAIL;TYPE=HOME:ann@example.org',
      'TEL;TYPE=CELL,VOICE:+49 30 1234',
      'CATEGORIES:Friends,Team',
    ]),
    b: card('uid-b', 'Bob Brown', [
      'item1.EMAIL;type=WORK;type=pref:bob@example.com',
      'item1.X-ABLabel:Office',
      'NICKNAME:Bobby',
    ]),
    c: card('uid-c', 'Zoë Müller', [
      'ORG:Müller & Söhne\\, Inc.;Sales',
      'NOTE:likes\\nlunch',
      'TEL;TYPE="home,fax":030 99',
    ]),
    d: card('uid-d', 'Dan Straße', ['EMAIL:dan@EXAMPLE.org', 'EMAIL:second@example.net']),
  })
  return async (filters, options) =>
    (await foundCards(alice, alice.contacts, addressQueryBody(filters, options))).join('')
}

/** A prop-filter with attributes of its own. */
const anyOrAll = (name: string, test: string, ...inner: readonly string[]) =>
  `<c:prop-filter name="${name}" test="${test}">${inner.join('')}</c:prop-filter>`

describe('RFC 6352 §10.5 filters', () => {
  const server = useServer()

  it('without conditions: every card', async () => {
    const alice = await server.account()
    const find = await people(alice)
    expect(await find([])).toBe('abcd')
    const bare = addressQueryBody([]).replace(/<c:filter>.*<\/c:filter>/, '')
    expect(await foundCards(alice, alice.contacts, bare)).toHaveLength(4)
  })

  it('text: contains, equals, starts, ends; the opposite', async () => {
    const find = await people(await server.account())
    const email = (value: string, type?: string) =>
      find([propFilter('EMAIL', textMatch(value, type ? { 'match-type': type } : {}))])
    expect(await email('example.org')).toBe('ad')
    expect(await email('ANN@example.org', 'equals')).toBe('a')
    expect(await email('nn@example.org', 'equals')).toBe('')
    expect(await email('second', 'starts-with')).toBe('d')
    expect(await email('.com', 'ends-with')).toBe('b')
    expect(await email('ann', 'ends-with')).toBe('')
    expect(await find([propFilter('UID', textMatch('uid-a', { 'match-type': 'equals' }))])).toBe('a')
    expect(await find([propFilter('UID', textMatch('-a', { 'match-type': 'ends-with' }))])).toBe('a')
    expect(await find([propFilter('UID', textMatch('uid-', { 'match-type': 'starts-with' }))])).toBe('abcd')
    expect(await find([propFilter('UID', textMatch('uid-a', { 'negate-condition': 'yes' }))])).toBe('bcd')
    expect(await find([propFilter('EMAIL', textMatch('example.org', { 'negate-condition': 'yes' }))])).toBe(
      'bd',
    )
  })

  it('collations: unicode by default, ASCII, octets', async () => {
    const find = await people(await server.account())
    const fn = (value: string, collation?: string) =>
      find([propFilter('FN', textMatch(value, collation ? { collation } : {}))])
    expect(await fn('zoË mÜLLER')).toBe('c')
    expect(await fn('zoË', 'i;unicode-casemap')).toBe('c')
    expect(await fn('zoË', 'i;ascii-casemap')).toBe('')
    expect(await fn('ZOë', 'i;ascii-casemap')).toBe('c')
    expect(await fn('ZOë', 'i;octet')).toBe('')
    expect(await fn('Zoë', 'i;octet')).toBe('c')
    const whole = { 'match-type': 'equals' }
    expect(await find([propFilter('FN', textMatch('zoe müller', whole))])).toBe('')
    expect(await find([propFilter('FN', textMatch('zoë MÜLLER', whole))])).toBe('c')
    expect(await fn('STRASSE')).toBe('d')
  })

  it('escapes, lists and structured values are what they mean', async () => {
    const find = await people(await server.account())
    expect(await find([propFilter('ORG', textMatch('söhne, inc.;sales'))])).toBe('c')
    expect(await find([propFilter('NOTE', textMatch('likes\nlunch'))])).toBe('c')
    expect(await find([propFilter('CATEGORIES', textMatch('team', { 'match-type': 'equals' }))])).toBe('a')
    expect(await find([propFilter('N', textMatch('Adams;Ann'))])).toBe('a')
  })

  it('groups by their bare name, or by the group', async () => {
    const find = await people(await server.account())
    expect(await find([propFilter('X-ABLABEL', textMatch('office'))])).toBe('b')
    expect(await find([propFilter('item1.EMAIL', textMatch('bob'))])).toBe('b')
    expect(await find([propFilter('item2.EMAIL', textMatch('bob'))])).toBe('')
  })

  it('what is defined and what is not, of properties and parameters', async () => {
    const find = await people(await server.account())
    expect(await find([propFilter('EMAIL')])).toBe('abd')
    expect(await find([propFilter('EMAIL', isNotDefined)])).toBe('c')
    expect(await find([propFilter('EMAIL', paramFilter('TYPE', isNotDefined))])).toBe('d')
    expect(await find([propFilter('EMAIL', paramFilter('TYPE'))])).toBe('ab')
  })

  it('TYPE values one by one', async () => {
    const find = await people(await server.account())
    const type = (value: string) =>
      find([propFilter('TEL', paramFilter('TYPE', textMatch(value, { 'match-type': 'equals' })))])
    expect([await type('cell'), await type('voice'), await type('fax'), await type('cell,voice')]).toEqual([
      'a',
      'a',
      'c',
      '',
    ])
    const pref = propFilter('EMAIL', paramFilter('TYPE', textMatch('pref')))
    expect(await find([pref])).toBe('b')
    const not = paramFilter('TYPE', textMatch('home', { 'negate-condition': 'yes' }))
    expect(await find([propFilter('EMAIL', not)])).toBe('b')
  })

  it('anyof and allof, of the filter and of a property', async () => {
    const find = await people(await server.account())
    const [ann, org] = [propFilter('FN', textMatch('ann')), propFilter('EMAIL', textMatch('example.org'))]
    expect(await find([ann, propFilter('NICKNAME')])).toBe('ab')
    expect(await find([ann, propFilter('NICKNAME')], { test: 'anyof' })).toBe('ab')
    expect(await find([ann, org], { test: 'allof' })).toBe('a')
    expect(await find([ann, propFilter('NICKNAME')], { test: 'allof' })).toBe('')
    const texts = [textMatch('dan'), textMatch('example.net')]
    expect(await find([anyOrAll('EMAIL', 'anyof', ...texts)])).toBe('d')
    expect(await find([anyOrAll('EMAIL', 'allof', ...texts)])).toBe('')
    expect(await find([anyOrAll('EMAIL', 'allof', textMatch('dan'), textMatch('org'))])).toBe('d')
    const home = paramFilter('TYPE', textMatch('home'))
    expect(await find([anyOrAll('EMAIL', 'allof', textMatch('ann'), home)])).toBe('a')
    expect(await find([anyOrAll('EMAIL', 'anyof', textMatch('dan'), home)])).toBe('ad')
  })

  it('several parameters, of any name, on one property (§8.5, §10.5.2)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', {
      a: card('a', 'A A', ['TEL;TYPE=HOME;X-From=Sim:1', 'TEL;TYPE=WORK:2']),
      b: card('b', 'B B', ['TEL;TYPE=HOME:1', 'TEL;TYPE=WORK;X-FROM=sim:2']),
      c: card('c', 'C C', ['X-OWN;LANGUAGE=de:ja']),
    })
    const home = paramFilter('type', textMatch('home', { 'match-type': 'equals' }))
    const sim = paramFilter('X-FROM', textMatch('si', { 'match-type': 'starts-with' }))
    const find = async (...filters: readonly string[]): Promise<string> =>
      (await foundCards(alice, alice.contacts, addressQueryBody(filters))).join('')
    expect(await find(anyOrAll('TEL', 'allof', home, sim))).toBe('a')
    expect(await find(anyOrAll('TEL', 'anyof', home, sim))).toBe('ab')
    expect(await find(anyOrAll('TEL', 'allof', home, paramFilter('X-FROM', isNotDefined)))).toBe('b')
    const language = paramFilter('LANGUAGE', textMatch('D', { 'match-type': 'equals' }))
    expect(await find(propFilter('x-own', language))).toBe('')
    expect(await find(propFilter('x-own', paramFilter('LANGUAGE', textMatch('DE'))))).toBe('c')
    const octets = { collation: 'i;octet', 'negate-condition': 'yes' }
    expect(await find(propFilter('x-own', paramFilter('LANGUAGE', textMatch('DE', octets))))).toBe('c')
  })

  it('letters however they are composed (RFC 5051)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a', 'Zoe\u0308 M'), b: card('b', 'Zo\u00eb M') })
    const match = { 'match-type': 'equals', collation: 'i;unicode-casemap' }
    for (const sought of ['ZOE\u0308 m', 'zo\u00eb M']) {
      const body = addressQueryBody([propFilter('FN', textMatch(sought, match))])
      expect(await foundCards(alice, alice.contacts, body)).toEqual(['a', 'b'])
    }
  })

  it('after a change the old text is not found any more', async () => {
    const alice = await server.account()
    const find = await people(alice)
    await alice.put(`${alice.contacts}a.vcf`, card('uid-a', 'Eve Evans'))
    expect(await find([propFilter('FN', textMatch('ann'))])).toBe('')
    expect(await find([propFilter('FN', textMatch('evans'))])).toBe('a')
    await alice.delete(`${alice.contacts}a.vcf`)
    expect(await find([propFilter('FN', textMatch('evans'))])).toBe('')
  })
})

describe('RFC 6352 §8.6 the report', () => {
  const server = useServer()

  it('any Depth or none gives the members, with the data asked for (MIN-17)', async () => {
    const alice = await server.account()
    await people(alice)
    const props = '<d:getetag/><c:address-data><c:prop name="UID"/></c:address-data>'
    const body = addressQueryBody([propFilter('FN', textMatch('ann'))], { props })
    const answer = await alice.report(alice.contacts, body)
    expect(answer.of(`${alice.contacts}a.vcf`).text(carddav('address-data'))).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:uid-a\r\nEND:VCARD\r\n',
    )
    for (const Depth of ['0', '1', 'infinity']) {
      expect((await alice.report(alice.contacts, body, { Depth })).text).toBe(answer.text)
    }
    expect((await alice.request('REPORT', alice.contacts, { body })).text).toBe(answer.text)
  })

  it('a limit is told by 507 for the request-URI, and only when something is left out (§8.6.2, §10.6)', async () => {
    const alice = await server.account()
    await people(alice)
    for (let limit = 1; limit <= 5; limit += 1) {
      for (const filter of [[], [propFilter('UID', textMatch('uid'))]]) {
        const { responses } = await alice.report(alice.contacts, addressQueryBody(filter, { limit }))
        expect(responses.filter(({ status }) => status === undefined)).toHaveLength(Math.min(limit, 4))
        const cut = responses.filter(({ status }) => status === 507)
        expect(cut.map(({ href }) => href)).toEqual(limit < 4 ? [alice.contacts] : [])
        const error = cut[0] && child(cut[0].element, dav('error'))
        expect(error && child(error, dav('number-of-matches-within-limits')) !== undefined).toBe(
          limit < 4 ? true : undefined,
        )
      }
    }
  })

  const refusals: readonly (readonly [string, number, string[], string])[] = [
    ['a test that is unknown', 403, ['supported-filter'], addressQueryBody([], { test: 'some' })],
    ['a prop-filter without name', 403, ['supported-filter'], addressQueryBody(['<c:prop-filter/>'])],
    [
      'a match-type that is unknown',
      403,
      ['supported-filter'],
      addressQueryBody([propFilter('FN', textMatch('x', { 'match-type': 'like' }))]),
    ],
    ['an element that is unknown', 403, ['supported-filter'], addressQueryBody(['<c:maybe/>'])],
    [
      'is-not-defined with a text',
      403,
      ['supported-filter'],
      addressQueryBody([propFilter('FN', isNotDefined, textMatch('x'))]),
    ],
    [
      'a collation that is unknown',
      403,
      ['supported-collation'],
      addressQueryBody([propFilter('FN', textMatch('x', { collation: 'i;x' }))]),
    ],
    ['a limit of none', 400, [], addressQueryBody([], { limit: 0 })],
  ]

  it.each(refusals)('refuses %s', async (_, status, names, body) => {
    const alice = await server.account()
    const answer = await alice.request('REPORT', alice.contacts, { body })
    expect([answer.status, preconditionsOf(answer)]).toEqual([status, names.map(carddav)])
  })

  it('of one card answers for that card (§8)', async () => {
    const alice = await server.account()
    await people(alice)
    const path = `${alice.contacts}a.vcf`
    const body = (text: string) => addressQueryBody([propFilter('FN', textMatch(text))])
    expect((await alice.report(path, body('ann'))).hrefs).toEqual([path])
    expect((await alice.report(path, body('bob'))).hrefs).toEqual([])
    expect((await alice.report(path, addressQueryBody([]))).hrefs).toEqual([path])
    for (const at of [path, alice.contacts]) {
      const reports = (await alice.propfind(at, 0, [dav('supported-report-set')])).of(at).element
      expect(JSON.stringify(reports.children), at).toContain('addressbook-query')
    }
  })

  it('what is not there is 404 in its propstat; names and all properties can be asked for as well', async () => {
    const alice = await server.account()
    await people(alice)
    const path = `${alice.contacts}a.vcf`
    const filter = [propFilter('FN', textMatch('ann'))]
    const some = await alice.report(
      alice.contacts,
      addressQueryBody(filter, { props: '<d:getetag/><d:owned/>' }),
    )
    expect(some.of(path).namesWith(200)).toEqual([dav('getetag')])
    expect(some.of(path).namesWith(404)).toEqual([dav('owned')])
    const asked = (inner: string) => addressQueryBody(filter).replace(/<d:prop>.*<\/d:prop>/, inner)
    const names = (await alice.report(alice.contacts, asked('<d:propname/>'))).of(path)
    expect(names.namesWith(200)).toContain(carddav('address-data'))
    expect(names.text(dav('getetag'))).toBe('')
    expect((await alice.report(alice.contacts, asked(''))).of(path).propstatLines).toEqual([
      'HTTP/1.1 200 OK',
    ])
  })

  it('is for address books and their cards only', async () => {
    const alice = await server.account()
    for (const path of [alice.calendar, alice.books, alice.principal]) {
      const answer = await alice.request('REPORT', path, { body: addressQueryBody([]) })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('supported-report')]])
    }
  })
})
