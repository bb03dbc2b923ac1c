import { describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import { endPublicLink } from '../../src/features/sharing/ended-links.ts'
import { makePublicLink, publicLinkPath } from '../../src/features/sharing/public-links.ts'
import { listPublicLinks } from '../../storage/public-links.ts'
import { createClient } from './client.ts'
import { card, event } from './objects.ts'
import { type Account, type TestServer, useServer } from './server.ts'

const server = useServer({ limits: { publicRequestsPerMinute: 40 } })

/** A link to a collection of the account, as a path. */
async function linkTo(at: TestServer, account: Account, name: string): Promise<string> {
  return at.services.store.write(async (tx) => {
    const collection = await findOwnCollection(tx, await findAccount(tx, account.name), name)
    return publicLinkPath(collection, (await makePublicLink(tx, collection, '', server.settings)).token)
  })
}

const stranger = () => createClient(server.url)

describe('RFC 9110 §9.3.1 a public link, asked without a password', () => {
  it('gives a calendar as one .ics, without alarms and without what is not public', async () => {
    const alice = await server.account()
    const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT5M', 'DESCRIPTION:wake', 'END:VALARM']
    await alice.put(`${alice.calendar}a.ics`, event('a', ['SUMMARY:open', ...alarm]))
    await alice.put(`${alice.calendar}b.ics`, event('b', ['SUMMARY:hidden', 'CLASS:PRIVATE']))
    await alice.put(`${alice.calendar}c.ics`, event('c', ['SUMMARY:hidden', 'CLASS:X-OWN']))
    const answer = await stranger().get(await linkTo(server, alice, 'calendar'))
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(answer.text).toContain('SUMMARY:open')
    expect(answer.text).not.toMatch(/VALARM|wake|hidden/)
    expect(answer.text.match(/BEGIN:VEVENT/g)).toHaveLength(1)
  })

  it('gives a book as one .vcf, with a strong ETag that moves with it, and 304', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const path = await linkTo(server, alice, 'contacts')
    const first = await stranger().get(path)
    const etag = first.headers.etag ?? ''
    expect([first.status, first.text.includes('BEGIN:VCARD')]).toEqual([200, true])
    expect(etag).toMatch(/^"[^"]+"$/)
    const again = await stranger().get(path, { 'If-None-Match': etag })
    expect([again.status, again.body.length]).toEqual([304, 0])
    const head = await stranger().request('HEAD', path)
    expect([head.status, head.body.length, head.headers.etag]).toEqual([200, 0, etag])
    await alice.put(`${alice.contacts}b.vcf`, card('b'))
    expect((await stranger().get(path, { 'If-None-Match': etag })).status).toBe(200)
  })

  it('is a page to somebody who opens it in a browser, in his language, and a file to every program', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const browser = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
    const [book, calendar] = [
      await linkTo(server, alice, 'contacts'),
      await linkTo(server, alice, 'calendar'),
    ]
    const seen = await stranger().get(book, { ...browser, 'Accept-Language': 'el' })
    expect([seen.status, seen.headers['content-type'], seen.headers.vary]).toEqual([
      ...[200, 'text/html; charset=utf-8', 'Accept, Accept-Language'],
    ])
    expect(seen.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(seen.text).toMatch(/<html lang="el">[\s\S]*βιβλίο διευθύνσεων/)
    expect(seen.text).not.toMatch(/webcal|Jane/)
    expect((await stranger().get(`${book}?file`, browser)).text).toContain('BEGIN:VCARD')
    // What Java asks for by itself, which some programs are written in.
    const java = { Accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' }
    expect((await stranger().get(calendar, java)).text).toMatch(/^BEGIN:VCALENDAR/)
    const gone = await stranger().get(calendar.replace(/.{5}\.ics/, 'AAAAA.ics'), browser)
    expect([gone.status, gone.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  })

  it('shows what comes up in a calendar as a page, whatever cannot be read beside', async () => {
    const alice = await server.account()
    const soon = (days: number) =>
      new Date(server.clock.now + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
    const timed = (days: number) => [`DTSTART:${soon(days)}T100000Z`, `DTEND:${soon(days)}T110000Z`]
    await alice.put(`${alice.calendar}a.ics`, event('a', [...timed(3), 'RRULE:FREQ=DAILY;COUNT=2']))
    await alice.put(`${alice.calendar}b.ics`, event('b', [`DTSTART;VALUE=DATE:${soon(1)}`, 'LOCATION:<b>']))
    await alice.put(`${alice.calendar}c.ics`, event('c', timed(40)))
    await alice.put(`${alice.calendar}d.ics`, event('d', [...timed(2), 'STATUS:CANCELLED']))
    await alice.put(`${alice.calendar}e.ics`, event('e', [...timed(2), 'CLASS:CONFIDENTIAL']))
    const Accept = 'text/html,application/xhtml+xml'
    const { text } = await stranger().get(await linkTo(server, alice, 'calendar'), { Accept })
    expect([...text.matchAll(/<b>(.*?)<\/b>/g)].map(([, title]) => title)).toEqual([
      ...['Event b', 'Event a', 'Event a'],
    ])
    expect(text).toContain('&lt;b&gt;')
    await alice.put(`${alice.calendar}f.ics`, event('f', [...timed(4), `LOCATION:${'😀'.repeat(9_000)}`]))
    const large = await stranger().get(await linkTo(server, alice, 'calendar'), { Accept })
    expect(large.text.match(/😀+…/gu)).toEqual([`${'😀'.repeat(300)}…`])
  })

  it('is gone once withdrawn, once its collection is deleted, and for whoever guesses', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const path = await linkTo(server, alice, 'calendar')
    const withdraw = (account: Account) =>
      server.services.store.write(async (tx) => {
        const owner = await findAccount(tx, alice.name)
        const [{ link } = { link: { id: 0 } }] = await listPublicLinks(tx, owner.id)
        return endPublicLink(tx, (await findAccount(tx, account.name)).id, link.id, server.settings)
      })
    expect(await withdraw(bob)).toBe(false)
    expect((await stranger().get(path)).status).toBe(200)
    expect(await withdraw(alice)).toBe(true)
    for (const wrong of [path, '/public/', '/public/x.ics', path.replace(/.{5}\.ics/, 'AAAAA.ics')])
      expect((await stranger().get(wrong)).status).toBe(404)
    const second = await linkTo(server, alice, 'calendar')
    await alice.request('MKCALENDAR', `${alice.calendars}other/`)
    await alice.delete(alice.calendar)
    expect((await stranger().get(second)).status).toBe(404)
  })

  it('can be read and nothing else', async () => {
    const alice = await server.account()
    const path = await linkTo(server, alice, 'calendar')
    for (const method of ['PUT', 'DELETE', 'PROPFIND', 'OPTIONS', 'POST', 'REPORT'])
      expect((await stranger().request(method, path)).status).toBe(405)
  })

  it('answers so many requests of an address a minute, and then says when to come again', async () => {
    const alice = await server.account()
    const path = await linkTo(server, alice, 'calendar')
    const statuses = new Set<number>()
    let wait: string | undefined
    for (let request = 0; request < 45; request += 1) {
      const answer = await stranger().get(path)
      statuses.add(answer.status)
      wait = answer.headers['retry-after'] ?? wait
    }
    expect(statuses).toContain(429)
    expect(Number(wait)).toBeGreaterThan(0)
    server.clock.now += 61_000
    expect((await stranger().get(path)).status).toBe(200)
  })
})
