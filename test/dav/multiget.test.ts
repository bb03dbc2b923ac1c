import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { child, children, textOf } from '../../protocol/dav/xml-read.ts'
import { multigetBody, preconditionsOf } from './client.ts'
import { card, event } from './objects.ts'
import { makeCalendar, putAll } from './queries.ts'
import { type Account, useServer } from './server.ts'

const names = ['a', 'b', 'c', 'd', 'e'] as const

async function withEvents(alice: Account): Promise<readonly string[]> {
  await putAll(alice, alice.calendar, 'ics', Object.fromEntries(names.map((name) => [name, event(name)])))
  return names.map((name) => `${alice.calendar}${name}.ics`)
}

async function withCards(alice: Account): Promise<readonly string[]> {
  await putAll(alice, alice.contacts, 'vcf', Object.fromEntries(names.map((name) => [name, card(name)])))
  return names.map((name) => `${alice.contacts}${name}.vcf`)
}

const kinds = [
  ['calendar', withEvents, (alice: Account) => alice.calendar, caldav('calendar-data')],
  ['addressbook', withCards, (alice: Account) => alice.contacts, carddav('address-data')],
] as const

describe.each(kinds)('RFC 4791 §7.9, RFC 6352 §8.7 %s-multiget', (kind, fill, placeOf, data) => {
  const server = useServer()

  it('answers every href once, in the order asked, what is gone by a status alone (MIN-30, VDS-02)', async () => {
    const alice = await server.account()
    const [a = '', b = '', c = '', d = ''] = await fill(alice)
    const place = placeOf(alice)
    await alice.delete(b)
    const asked = [d, `${place}never.x`, a, b, c]
    const answer = await alice.report(place, multigetBody(kind, asked))
    expect(answer.hrefs).toEqual(asked)
    for (const { href, status, propstatLines, text } of answer.responses) {
      const isGone = href === b || href.endsWith('never.x')
      expect(status).toBe(isGone ? 404 : undefined)
      expect(propstatLines).toEqual(isGone ? [] : ['HTTP/1.1 200 OK'])
      if (!isGone) expect(text(dav('getetag'))).toMatch(/^".+"$/)
    }
    const gone = answer.of(b).element
    expect(children(gone, dav('propstat'))).toEqual([])
    expect(textOf(child(gone, dav('status')) ?? gone)).toBe('HTTP/1.1 404 Not Found')
  })

  it('takes Depth 0, 1 or none alike (MIN-17, DVX-04)', async () => {
    const alice = await server.account()
    const asked = await fill(alice)
    const place = placeOf(alice)
    const body = multigetBody(kind, asked)
    const answers = [
      await alice.report(place, body, { Depth: '0' }),
      await alice.report(place, body, { Depth: '1' }),
      await alice.report(place, body, { Depth: 'infinity' }),
    ]
    for (const { responses } of answers) {
      expect(responses.map((response) => response.text(data))).toEqual(
        answers[0]?.responses.map((r) => r.text(data)),
      )
    }
    const without = await alice.request('REPORT', place, { body })
    expect(without.status).toBe(207)
    expect(without.text).toBe(answers[0]?.text)
  })

  it('finds a member by any spelling of its path, and answers its own (MIN-12, MIN-13, TBC-06, VDS-03)', async () => {
    const alice = await server.account()
    const place = placeOf(alice)
    const [extension, body] = kind === 'calendar' ? ['ics', event('u')] : ['vcf', card('u')]
    const canonical = `${place}a%40b%3Ac%2Bd%20e-f%C3%BC.${extension}`
    expect((await alice.put(canonical, body)).status).toBe(201)
    const [, , , , last = ''] = place.split('/')
    const spellings = [
      canonical,
      `${place}a@b:c+d%20e-f%c3%bc.${extension}`,
      `${place}%61%40b%3ac%2Bd e%2Dfü.${extension}`,
      `http://elsewhere.example${canonical}`,
      `${server.url}${canonical}`,
      canonical.replace(`/${last}/`, `/%${last.charCodeAt(0).toString(16)}${last.slice(1)}/`),
      canonical.replace('/dav/', '//dav//'),
    ]
    for (const spelling of spellings) {
      const { hrefs, responses } = await alice.report(place, multigetBody(kind, [spelling]))
      expect(hrefs).toEqual([canonical])
      expect(responses[0]?.text(data)).toBe(body)
    }
    const wrong = [
      'a+b.ics',
      'a%2540b%253Ac%252Bd%2520e-f%25C3%25BC.ics',
      '%E0.ics',
      'x%2Fy',
      'x%00',
      '..',
    ].map((n) => place + n)
    for (const href of wrong) {
      const { responses } = await alice.report(place, multigetBody(kind, [href]))
      expect(responses.map(({ status }) => status)).toEqual([404])
    }
  })

  it('up to 500 hrefs, and more up to the limit (TBA-07)', async () => {
    const alice = await server.account()
    const [a = ''] = await fill(alice)
    const place = placeOf(alice)
    const asked = Array.from({ length: 499 }, (_, n) => `${place}none-${n}.x`)
    const answer = await alice.report(place, multigetBody(kind, [...asked, a]))
    expect(answer.hrefs).toEqual([...asked, a])
    expect(answer.of(a).text(data)).toBeTruthy()
  })

  it('refuses a body without href, and a resource it does not work on', async () => {
    const alice = await server.account()
    expect((await alice.request('REPORT', placeOf(alice), { body: multigetBody(kind, []) })).status).toBe(400)
    const answer = await alice.request('REPORT', alice.principal, { body: multigetBody(kind, ['/x']) })
    expect(answer.status).toBe(403)
    expect(preconditionsOf(answer)).toEqual([dav('supported-report')])
  })

  it('of the other kind of member, of a collection or another account: 404, and nothing leaks', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const [mine = ''] = await fill(alice)
    const [theirs = ''] = await fill(bob)
    const other = kind === 'calendar' ? (await withCards(alice))[0] : (await withEvents(alice))[0]
    const asked = [
      theirs,
      `${placeOf(bob)}none.x`,
      other ?? '',
      placeOf(alice),
      alice.principal,
      '/',
      'mailto:a',
      mine,
    ]
    const answer = await alice.report(placeOf(alice), multigetBody(kind, asked))
    expect(answer.responses.map(({ status }) => status)).toEqual([...Array(7).fill(404), undefined])
  })
})

describe('RFC 4791 §7.9 calendar-multiget of several collections', () => {
  const server = useServer()

  it('answers members of other calendars, each asked of a calendar or of the home', async () => {
    const alice = await server.account()
    const [a = '', b = ''] = await withEvents(alice)
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    await putAll(alice, other, 'ics', { a: event('other') })
    const asked = [a, `${other}a.ics`, `${other}b.ics`, b]
    for (const place of [alice.calendar, alice.calendars, other, a]) {
      const answer = await alice.report(place, multigetBody('calendar', asked))
      expect(answer.hrefs).toEqual(asked)
      expect(answer.of(`${other}a.ics`).text(caldav('calendar-data'))).toBe(event('other'))
      expect(answer.of(`${other}b.ics`).status).toBe(404)
    }
  })

  it('schedule-tag is missing where nothing is scheduled (SEQ-07, DVX-11)', async () => {
    const alice = await server.account()
    const [a = ''] = await withEvents(alice)
    const body = multigetBody('calendar', [a]).replace(
      '<d:getetag/>',
      '<d:getetag/><m:schedule-tag/><d:getcontenttype/>',
    )
    const { namesWith, propstatLines } = (await alice.report(alice.calendar, body)).of(a)
    expect(propstatLines).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found'])
    expect(namesWith(404)).toEqual([caldav('schedule-tag')])
    const minimal = await alice.report(alice.calendar, body, { Prefer: 'return=minimal' })
    expect(minimal.of(a).propstatLines).toEqual(['HTTP/1.1 200 OK'])
  })
})
