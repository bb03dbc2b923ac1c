import { describe, expect, it } from 'vitest'
import { carddav, dav } from '../../protocol/dav/names.ts'
import { child, readXml, textOf } from '../../protocol/dav/xml-read.ts'
import { type Answer, preconditionsOf } from './client.ts'
import { card, event } from './objects.ts'
import { addressQueryBody, foundCards, propFilter, textMatch } from './queries.ts'
import { useServer } from './server.ts'

const refused: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['octets that are not UTF-8', Buffer.from(card('u', 'caf\xe9 x'), 'latin1'), 'valid-address-data'],
  ['nothing', '', 'valid-address-data'],
  ['no vCard at all', 'hello', 'valid-address-data'],
  ['an iCalendar object', event('u'), 'valid-address-data'],
  ['an END that is missing', card('u').replace('END:VCARD\r\n', ''), 'valid-address-data'],
  ['a BEGIN that is missing', card('u').replace('BEGIN:VCARD\r\n', ''), 'valid-address-data'],
  ['a body that is cut off', card('u').slice(0, -14), 'valid-address-data'],
  ['two cards', card('u') + card('v'), 'valid-address-data'],
  ['a control character', card('u', 'a\x0bb c'), 'valid-address-data'],
  ['a NUL', card('u', 'a\0b c'), 'valid-address-data'],
  ['two UIDs', card('u', 'A B', ['UID:v']), 'valid-address-data'],
  ['no VERSION', card('u').replace('VERSION:3.0\r\n', ''), 'valid-address-data'],
  ['vCard 2.1', card('u').replace('VERSION:3.0', 'VERSION:2.1'), 'supported-address-data'],
  ['vCard 5.0', card('u').replace('VERSION:3.0', 'VERSION:5.0'), 'supported-address-data'],
]

describe('RFC 6352 §6.3.2.1 what PUT refuses', () => {
  const server = useServer()

  it.each(refused)('%s', async (_, body, precondition) => {
    const alice = await server.account()
    const path = `${alice.contacts}x.vcf`
    const before = (await alice.sync(alice.contacts, '')).syncToken
    const answer = await alice.put(path, body)
    expect(answer.status).toBe(403)
    expect(preconditionsOf(answer)).toEqual([carddav(precondition)])
    expect((await alice.get(path)).status).toBe(404)
    expect((await alice.sync(alice.contacts, '')).syncToken).toBe(before)
  })

  it('media types of anything else; those of vCards, a missing or a general one are taken', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}x.vcf`
    for (const type of ['text/calendar', 'application/vcard+json', 'image/jpeg']) {
      const answer = await alice.put(path, card('u'), { 'Content-Type': type })
      expect(answer.status).toBe(403)
      expect(preconditionsOf(answer)).toEqual([carddav('supported-address-data')])
    }
    const taken = [
      'text/vcard',
      'text/vcard;version=4.0',
      'text/x-vcard',
      'text/directory; profile=vCard',
      '',
    ]
    for (const type of taken) {
      expect((await alice.put(path, card('u'), { 'Content-Type': type })).status).toBeLessThan(300)
    }
    expect((await alice.request('PUT', path, { body: card('u') })).status).toBe(204)
  })
})

describe('RFC 6352 §6.3.2.1 no-uid-conflict', () => {
  const server = useServer()

  function conflictOf(answer: Answer): string | undefined {
    expect(answer.status).toBe(403)
    expect(preconditionsOf(answer)).toEqual([carddav('no-uid-conflict')])
    const root = readXml(answer.body, { maxBytes: 1e6, maxDepth: 9, maxNodes: 99 })
    const conflict = root && child(root, carddav('no-uid-conflict'))
    const href = conflict && child(conflict, dav('href'))
    return href && textOf(href)
  }

  it('a UID lives once in a book, and does not change in place but for urn:uuid: (MIN-37, DVX-10)', async () => {
    const alice = await server.account()
    const [a, b] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
    await alice.put(a, card('u'))
    expect(conflictOf(await alice.put(b, card('u')))).toBe(a)
    expect(conflictOf(await alice.put(a, card('v')))).toBe(a)
    expect((await alice.put(a, card('urn:uuid:u'))).status).toBe(204)
    expect((await alice.get(a)).text).toBe(card('urn:uuid:u'))
    expect((await alice.put(a, card('u'))).status).toBe(204)
  })

  it('COPY in the same book is a conflict; MOVE is not (RFC 4918 §9.8–9.9)', async () => {
    const alice = await server.account()
    const [a, b] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
    await alice.put(a, card('u'))
    expect(conflictOf(await alice.request('COPY', a, { headers: { Destination: b } }))).toBe(a)
    expect((await alice.request('MOVE', a, { headers: { Destination: b } })).status).toBe(201)
    expect((await alice.get(b)).text).toBe(card('u'))
    expect((await alice.get(a)).status).toBe(404)
  })

  it('several cards without UID live side by side, and one may get a UID later', async () => {
    const alice = await server.account()
    const nameless = card('u').replace('UID:u\r\n', '')
    for (const name of ['a', 'b', 'c']) {
      expect((await alice.put(`${alice.contacts}${name}.vcf`, nameless)).status).toBe(201)
    }
    expect((await alice.put(`${alice.contacts}a.vcf`, card('u'))).status).toBe(204)
    expect(conflictOf(await alice.put(`${alice.contacts}b.vcf`, card('u')))).toBe(`${alice.contacts}a.vcf`)
  })

  it('a group over a person, and back, is an ordinary change', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    await alice.put(path, card('u'))
    const group = card('u', 'A B', ['X-ADDRESSBOOKSERVER-KIND:group'])
    expect((await alice.put(path, group)).status).toBe(204)
    expect((await alice.put(path, card('u'))).status).toBe(204)
  })
})

describe('RFC 6352 §6.3.2 groups of any size', () => {
  const server = useServer()

  it.each([
    ['in Apple’s dialect', 'X-ADDRESSBOOKSERVER-KIND:group', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:'],
    ['as members of vCard 4.0', 'KIND:group', 'MEMBER:urn:uuid:'],
  ])('%s: ten thousand members stay, and the group is found by one (behaviours)', async (_, kind, member) => {
    const alice = await server.account()
    const members = Array.from({ length: 10_000 }, (_, n) => `${member}${n}-0000-4000-8000-000000000000`)
    const group = card('g', 'All People', [kind, ...members])
    expect((await alice.put(`${alice.contacts}g.vcf`, group)).status).toBe(201)
    expect((await alice.get(`${alice.contacts}g.vcf`)).text).toBe(group)
    const [name = ''] = member.split(':')
    const last = textMatch('urn:uuid:9999-', { 'match-type': 'starts-with' })
    const body = addressQueryBody([propFilter(name, last)])
    expect(await foundCards(alice, alice.contacts, body)).toEqual(['g'])
  })
})

describe('RFC 6352 §6.2.3 max-resource-size', () => {
  const server = useServer({ limits: { bodyBytes: 2_000_000 } })

  it('a photo of 1.5 MiB is stored; more than the limit is refused by name (ABK-05, SEQ-08)', async () => {
    const alice = await server.account()
    const photo = (octets: number) =>
      card('u', 'A B', [`PHOTO;ENCODING=b;TYPE=JPEG:${'QUJD'.repeat(octets / 4)}`])
    expect((await alice.put(`${alice.contacts}a.vcf`, photo(1_572_864))).status).toBe(201)
    const answer = await alice.put(`${alice.contacts}b.vcf`, photo(2_400_000))
    expect(answer.status).toBe(403)
    expect(preconditionsOf(answer)).toEqual([carddav('max-resource-size')])
    expect((await alice.get(`${alice.contacts}a.vcf`)).body.length).toBeGreaterThan(1_572_864)
  })
})
