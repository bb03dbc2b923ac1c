import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { carddav, cs, dav } from '../../protocol/dav/names.ts'
import { child, children } from '../../protocol/dav/xml-read.ts'
import { runsOf } from '../store.ts'
import { preconditionsOf, syncBody } from './client.ts'
import { card, event } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { type Account, useServer } from './server.ts'

const vcf = (alice: Account, name: string) => `${alice.contacts}${name}.vcf`

async function putCards(alice: Account, ...names: readonly string[]): Promise<void> {
  for (const name of names) expect((await alice.put(vcf(alice, name), card(name))).status).toBe(201)
}

/** ctag and sync-token, which change together (MIN-28). */
async function tokensOf(
  alice: Account,
  path: string,
): Promise<readonly [string | undefined, string | undefined]> {
  const found = (await alice.propfind(path, 0, [cs('getctag'), dav('sync-token')])).of(path)
  return [found.text(cs('getctag')), found.text(dav('sync-token'))]
}

describe('RFC 6578 §3.4–3.5 what a sync tells', () => {
  const server = useServer()

  it('first everything that lives, and nothing that is gone; then changes alone (MIN-24, MIN-26)', async () => {
    const alice = await server.account()
    await putCards(alice, 'a', 'b', 'c')
    await alice.delete(vcf(alice, 'b'))
    const first = await alice.sync(alice.contacts, '')
    expect(first.hrefs).toEqual([vcf(alice, 'a'), vcf(alice, 'c')])
    const none = await alice.sync(alice.contacts, first.syncToken ?? '')
    expect([none.hrefs, none.syncToken]).toEqual([[], first.syncToken])
    await alice.put(vcf(alice, 'a'), card('a', 'New Name'))
    await alice.delete(vcf(alice, 'c'))
    await putCards(alice, 'd')
    const second = await alice.sync(alice.contacts, first.syncToken ?? '')
    expect(second.hrefs).toEqual([vcf(alice, 'a'), vcf(alice, 'd'), vcf(alice, 'c')])
    const gone = second.of(vcf(alice, 'c'))
    expect(gone.status).toBe(404)
    expect(children(gone.element, dav('propstat'))).toEqual([])
    for (const name of ['a', 'd']) {
      const { status, propstatLines, text } = second.of(vcf(alice, name))
      expect([status, propstatLines]).toEqual([undefined, ['HTTP/1.1 200 OK']])
      expect(text(dav('getetag'))).toBe((await alice.get(vcf(alice, name))).headers.etag)
    }
    expect((await alice.sync(alice.contacts, second.syncToken ?? '')).hrefs).toEqual([])
  })

  it('every token ever given resumes there', async () => {
    const alice = await server.account()
    const tokens: string[] = [(await alice.sync(alice.contacts, '')).syncToken ?? '']
    for (const name of ['a', 'b', 'c', 'd']) {
      await putCards(alice, name)
      tokens.push((await alice.sync(alice.contacts, '')).syncToken ?? '')
    }
    await alice.delete(vcf(alice, 'b'))
    for (const [known, token] of tokens.entries()) {
      const { changed, removed } = await alice.syncAll(alice.contacts, token)
      expect(changed).toEqual(
        ['a', 'b', 'c', 'd']
          .slice(known)
          .filter((name) => name !== 'b')
          .map((name) => vcf(alice, name)),
      )
      expect(removed).toEqual([vcf(alice, 'b')])
    }
  })

  it('made and deleted between two tokens: 404 or nothing, never a member', async () => {
    const alice = await server.account()
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    await putCards(alice, 'a')
    await alice.delete(vcf(alice, 'a'))
    const { responses } = await alice.sync(alice.contacts, syncToken)
    expect(responses.filter(({ status }) => status !== 404)).toEqual([])
  })

  it('deleted and made again, even with the same octets: a member once', async () => {
    const alice = await server.account()
    await putCards(alice, 'a')
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    await alice.delete(vcf(alice, 'a'))
    await putCards(alice, 'a')
    const { hrefs, responses } = await alice.sync(alice.contacts, syncToken)
    expect([hrefs, responses[0]?.status]).toEqual([[vcf(alice, 'a')], undefined])
  })

  it('changed several times: once, with the newest ETag', async () => {
    const alice = await server.account()
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    await putCards(alice, 'a')
    for (const fn of ['B C', 'D E']) await alice.put(vcf(alice, 'a'), card('a', fn))
    const { hrefs, of } = await alice.sync(alice.contacts, syncToken)
    expect(hrefs).toEqual([vcf(alice, 'a')])
    expect(of(vcf(alice, 'a')).text(dav('getetag'))).toBe((await alice.get(vcf(alice, 'a'))).headers.etag)
  })

  it('other properties too, address-data among them; unknown ones 404 (TBA-04, TBC-03)', async () => {
    const alice = await server.account()
    await putCards(alice, 'a')
    const names = [
      dav('getetag'),
      carddav('address-data'),
      dav('resourcetype'),
      dav('getcontenttype'),
      '{x:}none',
    ]
    const answer = await alice.report(alice.contacts, syncBody('', undefined, names))
    const { text, namesWith } = answer.of(vcf(alice, 'a'))
    expect(text(carddav('address-data'))).toBe(card('a'))
    expect(text(dav('getcontenttype'))).toMatch(/^text\/vcard; charset=utf-8/)
    expect(namesWith(200)).toContain(dav('resourcetype'))
    expect(namesWith(404)).toEqual(['{x:}none'])
  })

  it('names beside each other that need encoding', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}%C3%BC%20%25%26%3C.vcf`
    await alice.put(path, card('a'))
    const { syncToken = '', hrefs } = await alice.sync(alice.contacts, '')
    expect(hrefs).toEqual([path])
    await alice.delete(path)
    expect((await alice.sync(alice.contacts, syncToken)).of(path).status).toBe(404)
  })
})

describe('RFC 6578 §3.2 the request', () => {
  const server = useServer()

  it('takes any Depth or none, no sync-level, children in any order (MIN-17, IOS-10, TSD-03)', async () => {
    const alice = await server.account()
    await putCards(alice, 'a')
    const expected = (await alice.sync(alice.contacts, '')).text
    for (const Depth of ['0', '1', 'infinity']) {
      expect((await alice.report(alice.contacts, syncBody(''), { Depth })).text).toBe(expected)
    }
    const inner = '<prop><getetag/></prop><sync-level>1</sync-level><sync-token/>'
    for (const body of [inner, '<prop><getetag/></prop>', `\n ${inner}<x xmlns="y:"/>`]) {
      const answer = await alice.request('REPORT', alice.contacts, {
        body: `\n<sync-collection xmlns="DAV:" xmlns:D="DAV:">${body}</sync-collection>`,
      })
      expect([answer.status, answer.text]).toEqual([207, expected])
    }
    const infinite = syncBody('').replace('>1<', '>infinite<')
    expect((await alice.report(alice.contacts, infinite)).text).toBe(expected)
  })

  it.each(['2', '0', 'deep', ''])('a sync-level of "%s" is 400', async (level) => {
    const alice = await server.account()
    const body = syncBody('').replace('>1<', `>${level}<`)
    expect((await alice.request('REPORT', alice.contacts, { body })).status).toBe(400)
  })

  it.each(['0', '-1', 'many', '', '1.5'])('a limit of "%s" is 400', async (limit) => {
    const alice = await server.account()
    const body = syncBody('', 5).replace('>5<', `>${limit}<`)
    expect((await alice.request('REPORT', alice.contacts, { body })).status).toBe(400)
  })

  it('is not for members, principals or the root: supported-report', async () => {
    const alice = await server.account()
    await putCards(alice, 'a')
    for (const path of [vcf(alice, 'a'), alice.principal, '/', '/dav/calendars/']) {
      const answer = await alice.request('REPORT', path, { body: syncBody('') })
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('supported-report')]])
    }
    expect((await alice.request('REPORT', `${alice.books}none/`, { body: syncBody('') })).status).toBe(404)
  })
})

describe('RFC 6578 §3.2 tokens that are not ours', () => {
  const server = useServer()
  const thunderbird = { 'User-Agent': 'Mozilla/5.0 Gecko/20100101 Thunderbird/140.0' }

  it('are 403 valid-sync-token, and 400 for Thunderbird on a book (MIN-25, IOS-09, TBA-02, DVX-05)', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const own = (await alice.sync(alice.contacts, '')).syncToken ?? ''
    const [, epoch = '', feed = '', change = ''] = /^urn:farley:sync:([^:]+):(\d+)\.(\d+)$/.exec(own) ?? []
    const foreign = [
      'urn:x:gone',
      '3E5A0C0E-0000-4000-8000-000000000000',
      'http://sabre.io/ns/sync/5',
      '1',
      own.replace(epoch, `${epoch}x`),
      `urn:farley:sync:${epoch}:${feed}.${Number(change) + 1}`,
      `urn:farley:sync:${epoch}:${feed}.-1`,
      `urn:farley:sync:${epoch}:${feed}.99999999999999999999`,
      `${own}-${Number(feed) + 1}.0`,
      `${own}x`,
      (await alice.sync(alice.calendar, '')).syncToken ?? '',
      (await bob.sync(bob.contacts, '')).syncToken ?? '',
      (await alice.sync(alice.books, '')).syncToken ?? '',
    ]
    for (const token of foreign) {
      for (const [headers, status] of [
        [{}, 403],
        [thunderbird, 400],
      ] as const) {
        const answer = await alice.request('REPORT', alice.contacts, { body: syncBody(token), headers })
        expect([token, answer.status, preconditionsOf(answer)]).toEqual([
          token,
          status,
          [dav('valid-sync-token')],
        ])
      }
      const answer = await alice.request('REPORT', alice.calendars, {
        body: syncBody(token),
        headers: thunderbird,
      })
      expect([token, answer.status]).toEqual([token, 403])
    }
    expect((await alice.report(alice.contacts, syncBody(own), thunderbird)).status).toBe(207)
    expect((await alice.report(alice.contacts, syncBody(`\n ${own} \n`))).hrefs).toEqual([])
  })

  it('so is that of a collection of the same name that was deleted', async () => {
    const alice = await server.account()
    const path = await makeCalendar(alice, 'again', ['VEVENT'])
    const { syncToken = '' } = await alice.sync(path, '')
    await alice.delete(path)
    await makeCalendar(alice, 'again', ['VEVENT'])
    const answer = await alice.request('REPORT', path, { body: syncBody(syncToken) })
    expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('valid-sync-token')]])
  })
})

describe('RFC 6578 §3.6 limit', () => {
  const server = useServer()

  it('of every size comes to the same, one step at a time (MIN-27, DVX-07)', async () => {
    const alice = await server.account()
    await putCards(alice, 'a', 'b')
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    await putCards(alice, 'c', 'd', 'e', 'f')
    for (const name of ['a', 'd']) await alice.delete(vcf(alice, name))
    await alice.put(vcf(alice, 'b'), card('b', 'N M'))
    const whole = await alice.syncAll(alice.contacts, syncToken)
    for (let limit = 1; limit <= 8; limit += 1) {
      const answer = await alice.sync(alice.contacts, syncToken, limit)
      const members = answer.responses.filter(({ status }) => status !== 507)
      expect(members).toHaveLength(Math.min(limit, 6))
      expect(answer.responses.length - members.length).toBe(limit < 6 ? 1 : 0)
      if (limit < 6) {
        const cut = answer.responses.at(-1)
        expect([cut?.href, cut?.status]).toEqual([alice.contacts, 507])
        const error = cut && child(cut.element, dav('error'))
        expect(error && child(error, dav('number-of-matches-within-limits'))).toBeDefined()
      }
      const all = await alice.syncAll(alice.contacts, syncToken, limit)
      expect([all.changed.sort(), all.removed.sort()]).toEqual([
        [...whole.changed].sort(),
        [...whole.removed].sort(),
      ])
      expect(all.token).toBe(whole.token)
    }
  })

  it('with others writing between the steps, no change is lost', async () => {
    const alice = await server.account()
    const step = fc.record({
      limit: fc.integer({ min: 1, max: 4 }),
      write: fc.constantFrom('put', 'delete', 'none'),
      on: fc.integer({ min: 0, max: 5 }),
    })
    const world = new Set<string>()
    const known = new Set<string>()
    let token = ''
    let serial = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        for (const { limit, write, on } of steps) {
          const path = vcf(alice, `n${on}`)
          if (write === 'put') await alice.put(path, card(`n${on}`, `A ${(serial += 1)}`))
          if (write === 'put') world.add(path)
          if (write === 'delete' && world.delete(path)) await alice.delete(path)
          const { responses, syncToken = '' } = await alice.sync(alice.contacts, token, limit)
          for (const { href, status } of responses) {
            if (status === 404) known.delete(href)
            else if (status === undefined) known.add(href)
          }
          token = syncToken
        }
        const { changed, removed, token: last } = await alice.syncAll(alice.contacts, token, 2)
        for (const href of changed) known.add(href)
        for (const href of removed) if (!world.has(href)) known.delete(href)
        token = last
        expect([...known].sort()).toEqual([...world].sort())
      }),
      { seed: 6578, numRuns: runsOf(40) },
    )
  })

  it('is never cut where no limit was asked for (TBA-08, OCS-07)', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 600 }, (_, n) => `n${n}`)
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((name) => alice.put(vcf(alice, name), card(name))))
    }
    const { responses } = await alice.sync(alice.contacts, '')
    expect(new Set(responses.map(({ href, status }) => `${href} ${status}`)).size).toBe(600)
    expect((await alice.syncAll(alice.contacts, '', 499)).changed).toHaveLength(600)
  })
})

describe('RFC 6578 §3.5.2 MOVE and COPY (IOS-23)', () => {
  const server = useServer()

  it('a member moved to another calendar is gone here and new there; both tokens change', async () => {
    const alice = await server.account()
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    const [from, to] = [`${alice.calendar}a.ics`, `${other}a.ics`]
    const { etag } = (await alice.put(from, event('a'))).headers
    const [left, arrived] = [await alice.sync(alice.calendar, ''), await alice.sync(other, '')]
    expect((await alice.request('MOVE', from, { headers: { Destination: to } })).status).toBe(201)
    const [leftNow, arrivedNow] = [
      await alice.sync(alice.calendar, left.syncToken ?? ''),
      await alice.sync(other, arrived.syncToken ?? ''),
    ]
    expect(leftNow.responses.map(({ href, status }) => [href, status])).toEqual([[from, 404]])
    expect(arrivedNow.responses.map((r) => [r.href, r.status, r.text(dav('getetag'))])).toEqual([
      [to, undefined, etag],
    ])
    expect(leftNow.syncToken).not.toBe(left.syncToken)
    expect(arrivedNow.syncToken).not.toBe(arrived.syncToken)
  })

  it('a member renamed is gone under the old name and new under the new', async () => {
    const alice = await server.account()
    await putCards(alice, 'a')
    const { syncToken = '' } = await alice.sync(alice.contacts, '')
    await alice.request('MOVE', vcf(alice, 'a'), { headers: { Destination: vcf(alice, 'b') } })
    const { responses } = await alice.sync(alice.contacts, syncToken)
    expect(responses.map(({ href, status }) => [href, status]).sort()).toEqual([
      [vcf(alice, 'a'), 404],
      [vcf(alice, 'b'), undefined],
    ])
  })

  it('there and back again leaves one member, and every token resumes (complaint 6)', async () => {
    const alice = await server.account()
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    const places = [alice.calendar, other]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const tokens = await Promise.all(
      places.map(async (place) => (await alice.sync(place, '')).syncToken ?? ''),
    )
    for (let turn = 0; turn < 20; turn += 1) {
      const [from, to] = turn % 2 === 0 ? places : [other, alice.calendar]
      const moved = await alice.request('MOVE', `${from}a.ics`, { headers: { Destination: `${to}a.ics` } })
      expect(moved.status).toBe(201)
    }
    expect((await alice.syncAll(alice.calendar, tokens[0] ?? '')).changed).toEqual([`${alice.calendar}a.ics`])
    const there = await alice.syncAll(other, tokens[1] ?? '')
    expect([there.changed, there.removed.filter((href) => href !== `${other}a.ics`)]).toEqual([[], []])
  })
})

describe('MIN-28 ctag and sync-token', () => {
  const server = useServer()

  it('change together, and only when a member does', async () => {
    const alice = await server.account()
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    const path = `${alice.calendar}a.ics`
    const to = { headers: { Destination: `${other}b.ics` } }
    const steps: readonly (readonly [string, boolean, () => Promise<{ status: number }>])[] = [
      ['PUT', true, () => alice.put(path, event('a'))],
      ['PUT of the same', false, () => alice.put(path, event('a'))],
      ['PUT of another', true, () => alice.put(path, event('a', ['DTSTART:20270101T000000Z']))],
      ['a refused PUT', false, () => alice.put(path, 'x')],
      ['a PUT with a condition that fails', false, () => alice.put(path, event('a'), { 'If-Match': '"x"' })],
      ['a failed MOVE', false, () => alice.request('MOVE', `${alice.calendar}none.ics`, to)],
      ['COPY elsewhere', false, () => alice.request('COPY', path, to)],
      ['GET', false, () => alice.get(path)],
      ['MOVE onto it', true, () => alice.request('MOVE', path, to)],
      ['DELETE of nothing', false, () => alice.delete(path)],
      ['MOVE back', true, () => alice.request('MOVE', `${other}b.ics`, { headers: { Destination: path } })],
      ['DELETE', true, () => alice.delete(path)],
    ]
    let [ctag, token] = await tokensOf(alice, alice.calendar)
    for (const [what, changes, act] of steps) {
      await act()
      const [nextCtag, nextToken] = await tokensOf(alice, alice.calendar)
      expect([what, nextToken !== token, nextCtag !== ctag]).toEqual([what, changes, changes])
      const inHome = await alice.propfind(alice.calendars, 1, [cs('getctag'), dav('sync-token')])
      expect(inHome.of(alice.calendar).text(cs('getctag'))).toBe(nextCtag)
      expect(inHome.of(alice.calendar).text(dav('sync-token'))).toBe(nextToken)
      ;[ctag, token] = [nextCtag, nextToken]
    }
    expect((await alice.sync(alice.calendar, '')).syncToken).toBe(token)
    expect(token).toMatch(/^urn:.*:.*\D/)
  })
})
