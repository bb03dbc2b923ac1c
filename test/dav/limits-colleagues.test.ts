import { describe, expect, it } from 'vitest'
import { cs, dav } from '../../protocol/dav/names.ts'
import { readFeedHeader } from '../../protocol/ical/feed.ts'
import { preconditionsOf } from './client.ts'
import { type Account, useServer } from './server.ts'
import { notificationsOf, postReply, postShare, remove, set, toldTo } from './sharing.ts'

const limits = {
  sharees: 3,
  delegates: 3,
  directoryConditions: 5,
  publicLinks: 3,
  deadPropertyBytes: 2_000,
}
const server = useServer({ limits })
const xml = { 'Content-Type': 'application/xml', Depth: '0' }

const patch = (account: Account, path: string, inner: string) =>
  account.request('PROPPATCH', path, {
    headers: xml,
    body: `<d:propertyupdate xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>${inner}</d:prop></d:set></d:propertyupdate>`,
  })

describe('what colleagues can make each other keep (design law 10)', () => {
  it('RFC 4918 §9.2 a property that is known is no longer than one that is not', async () => {
    const alice = await server.account()
    for (const name of ['d:displayname', 'c:calendar-description']) {
      const answer = await patch(alice, alice.calendar, `<${name}>${'x'.repeat(2_000)}</${name}>`)
      expect(answer.text).toContain('507')
      expect(answer.text).toContain('sufficient-disk-space')
    }
    const names = await alice.propfind(alice.calendar, 0, [dav('displayname')])
    expect(names.of(alice.calendar).text(dav('displayname'))).toBe('Calendar')
  })

  it('caldav-sharing: a summary is a name', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const long = await postShare(alice, alice.calendar, set(bob.principal, 'read', 'x'.repeat(1_001)))
    expect([long.status, preconditionsOf(long)]).toEqual([403, [cs('valid-request')]])
    await postShare(alice, alice.calendar, set(bob.principal, 'read', 'x'.repeat(1_000)))
    const [invite] = await toldTo(bob)
    const uid = invite?.text('uid') ?? ''
    expect((await postReply(bob, bob.calendars, uid, 'accepted', 'y'.repeat(1_001))).status).toBe(403)
    expect((await postReply(bob, bob.calendars, uid, 'accepted', 'mine')).status).toBe(200)
  })

  it('caldav-sharing: a CS:share names no more than may have it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const sets = (count: number) => Array.from({ length: count }, () => set(bob.principal, 'read'))
    expect((await postShare(alice, alice.calendar, ...sets(4))).status).toBe(403)
    expect((await bob.propfind(notificationsOf(bob), 1, [])).hrefs).toEqual([notificationsOf(bob)])
    const removes = Array.from({ length: 4 }, () => remove(bob.principal))
    expect((await postShare(alice, alice.calendar, ...removes)).status).toBe(403)
    expect((await postShare(alice, alice.calendar, ...sets(3))).status).toBe(200)
  })

  it('calendarserver-proxy: a delegate who is named often is one', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const folder = `${alice.principal}calendar-proxy-read/`
    const name = (count: number, href: (at: number) => string) =>
      patch(
        alice,
        folder,
        `<d:group-member-set>${Array.from({ length: count }, (_, at) => `<d:href>${href(at)}</d:href>`).join('')}</d:group-member-set>`,
      )
    expect((await name(20, () => bob.principal)).text).toContain('200 OK')
    const others = [await server.account(), await server.account(), await server.account(), bob]
    expect((await name(4, (at) => others[at]?.principal ?? '')).status).toBe(403)
  })

  it('RFC 3744 §9.4 a search has so many conditions', async () => {
    const alice = await server.account()
    const search = (count: number) =>
      `<d:principal-property-search xmlns:d="DAV:">${'<d:property-search><d:prop><d:displayname/></d:prop><d:match>u</d:match></d:property-search>'.repeat(count)}<d:prop><d:displayname/></d:prop></d:principal-property-search>`
    const tokens = (count: number) =>
      `<s:calendarserver-principal-search xmlns:s="http://calendarserver.org/ns/" xmlns:d="DAV:">${'<s:search-token>u</s:search-token>'.repeat(count)}<d:prop><d:displayname/></d:prop></s:calendarserver-principal-search>`
    for (const body of [search, tokens]) {
      const ask = (count: number) =>
        alice.request('REPORT', '/dav/principals/', { headers: xml, body: body(count) })
      expect((await ask(5)).status).toBe(207)
      expect((await ask(6)).status).toBe(403)
    }
  })

  it('an account has so many public links, and may make another when it withdraws one', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const make = (account: Account) =>
      account.request('POST', '/api/links', {
        headers: { 'Content-Type': 'application/json' },
        body: '{"collection": "calendar"}',
      })
    const made = [await make(alice), await make(alice), await make(alice)]
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201])
    expect((await make(alice)).status).toBe(403)
    expect((await make(bob)).status).toBe(201)
    const { id } = JSON.parse(made[0]?.text ?? '') as { id: number }
    expect((await alice.delete(`/api/links/${id}`)).status).toBe(204)
    expect((await make(alice)).status).toBe(201)
  })

  it('RFC 7986 §5.1 the name that a publisher gives is cut', () => {
    const text = `BEGIN:VCALENDAR\r\nNAME:${'n'.repeat(5_000)}\r\nEND:VCALENDAR\r\n`
    expect(readFeedHeader(text).name).toBe('n'.repeat(500))
  })
})
