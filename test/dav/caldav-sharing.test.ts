import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav } from '../../protocol/dav/names.ts'
import { elements, textOf } from '../../protocol/dav/xml-read.ts'
import { useShares } from '../features/shares.ts'
import { preconditionsOf, readMultistatus } from './client.ts'
import { card, event } from './objects.ts'
import { namesIn, privilegesIn } from './replays/exchange.ts'
import { type Account, useServer } from './server.ts'
import {
  acceptOnly,
  documentOf,
  inviteOf,
  notificationsOf,
  postReply,
  postShare,
  remove,
  set,
  toldTo,
} from './sharing.ts'

const server = useServer()
const shares = useShares(server)

let people = 0
const withMail = (): Promise<Account & { readonly mail: string }> => {
  const mail = `person${(people += 1)}@example.org`
  return server.account({ email: mail }).then((account) => ({ ...account, mail: `mailto:${mail}` }))
}

describe('caldav-sharing "Feature Discovery"', () => {
  it('is the token calendarserver-sharing, exactly, wherever it works (IOS-16)', async () => {
    const alice = await server.account()
    for (const path of [alice.calendar, alice.contacts, alice.calendars, alice.principal]) {
      const { headers } = await alice.request('OPTIONS', path)
      expect(String(headers.dav).split(', ')).toContain('calendarserver-sharing')
    }
    expect((await alice.request('OPTIONS', alice.calendars)).headers.allow).toContain('POST')
  })
})

describe('caldav-sharing "Additional Properties for Calendars"', () => {
  const names = [dav('resourcetype'), cs('allowed-sharing-modes'), cs('shared-url'), cs('invite')]
  const shown = async (account: Account, path: string) => {
    const found = (await account.propfind(path, 0, names)).of(path)
    return {
      types: namesIn(found.props.get(dav('resourcetype'))).filter((name) => name.startsWith('{http')),
      modes: namesIn(found.props.get(cs('allowed-sharing-modes'))),
      url: found.text(cs('shared-url')),
    }
  }

  it('CS:shared-owner and CS:shared, allowed-sharing-modes for who may share, shared-url for a sharee', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const modes = [cs('can-be-shared')]
    expect(await shown(alice, alice.calendar)).toEqual({ types: [], modes, url: undefined })
    await postShare(alice, alice.calendar, set(bob.principal, 'read-write'))
    expect(await shown(alice, alice.calendar)).toEqual({ types: [cs('shared-owner')], modes, url: undefined })
    expect((await shown(alice, alice.tasks)).types).toEqual([])
    const href = await acceptOnly(bob)
    expect(await shown(bob, href)).toEqual({ types: [cs('shared')], modes: [], url: alice.calendar })
    const list = (await bob.propfind(bob.calendars, 1, [dav('resourcetype'), cs('invite')])).of(href)
    expect(namesIn(list.props.get(dav('resourcetype')))).toEqual([
      dav('collection'),
      caldav('calendar'),
      cs('shared'),
    ])
    await postShare(alice, alice.calendar, remove(bob.principal))
    expect(await shown(alice, alice.calendar)).toEqual({ types: [], modes, url: undefined })
  })

  it('CS:invite has the organizer, and each user with status and access (IOS-22)', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    expect(await inviteOf(alice, alice.calendar)).toEqual([])
    const group = await shares.group(carol)
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    await shares.share(alice.calendar, group, 'read-write')
    const inGroup = `/dav/principals/${group.segment}/ accepted read-write`
    const expected = (status: string, access = 'read') => [
      alice.principal,
      `${bob.principal} ${status} ${access}`,
      inGroup,
    ]
    expect(await inviteOf(alice, alice.calendar)).toEqual(expected('noresponse'))
    const href = await acceptOnly(bob)
    expect(await inviteOf(alice, alice.calendar)).toEqual(expected('accepted'))
    // Whom else it is shared with is between the owner and them.
    expect(await inviteOf(bob, href)).toEqual([alice.principal, `${bob.principal} accepted read`])
    await postShare(alice, alice.calendar, set(bob.principal, 'read-write'))
    expect(await inviteOf(bob, href)).toEqual([alice.principal, `${bob.principal} accepted read-write`])
    await bob.delete(href)
    expect(await inviteOf(alice, alice.calendar)).toEqual(expected('declined', 'read-write'))
  })

  it('is known to the home: sharing and every answer show in its sync', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    let token = (await alice.sync(alice.calendars, '')).syncToken ?? ''
    const changed = async (): Promise<string[]> => {
      const answer = await alice.sync(alice.calendars, token)
      token = answer.syncToken ?? ''
      return [...answer.hrefs]
    }
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    expect(await changed()).toEqual([alice.calendar])
    const href = await acceptOnly(bob)
    expect(await changed()).toEqual([alice.calendar])
    await bob.delete(href)
    expect(await changed()).toEqual([alice.calendar])
    await postShare(alice, alice.calendar, remove(bob.principal))
    expect(await changed()).toEqual([alice.calendar])
  })
})

describe('caldav-sharing "Manipulating Sharees of a Shared Calendar"', () => {
  it('names a sharee by mail address, principal URL or absolute URL', async () => {
    const [alice, bob] = [await server.account(), await withMail()]
    for (const href of [
      bob.mail.toUpperCase().replace('MAILTO', 'mailto'),
      bob.principal,
      server.url + bob.principal,
    ]) {
      const posted = await postShare(alice, alice.calendar, set(href, 'read'))
      expect([href, posted.status, posted.text]).toEqual([href, 200, ''])
      expect(await inviteOf(alice, alice.calendar)).toEqual([
        alice.principal,
        `${bob.principal} noresponse read`,
      ])
      expect((await postShare(alice, alice.calendar, remove(href))).status).toBe(200)
      expect(await inviteOf(alice, alice.calendar)).toEqual([])
    }
  })

  it('adds, changes and removes several at once; who is set and removed is changed', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read'), set(carol.principal, 'read'))
    await acceptOnly(bob)
    const both = [remove(bob.principal), set(bob.principal, 'read-write'), remove(carol.principal)]
    expect((await postShare(alice, alice.calendar, ...both)).status).toBe(200)
    expect(await inviteOf(alice, alice.calendar)).toEqual([
      alice.principal,
      `${bob.principal} accepted read-write`,
    ])
  })

  it('does all of it or nothing: 207 says who is refused, and that the others depend on him', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const nobody = ['mailto:nobody@example.org', '/dav/principals/nobody/', 'urn:uuid:0', alice.principal]
    for (const href of nobody) {
      const parts = [set(bob.principal, 'read'), set(href, 'read')]
      const answer = readMultistatus(await postShare(alice, alice.calendar, ...parts))
      expect(answer.status).toBe(207)
      expect([answer.of(bob.principal).status, answer.of(href).status]).toEqual([424, 403])
      expect(await inviteOf(alice, alice.calendar)).toEqual([])
      expect(await toldTo(bob)).toEqual([])
    }
  })

  it('passes over the removal of who is no sharee', async () => {
    const alice = await server.account()
    const posted = await postShare(alice, alice.calendar, remove('mailto:nobody@example.org'))
    expect(posted.status).toBe(200)
  })

  it('is for the owner, with a password that may write; a sharee is refused', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read-write'))
    const href = await acceptOnly(bob)
    for (const path of [href, alice.calendar]) {
      const refused = await postShare(bob, path, set(carol.principal, 'read'))
      expect([path, refused.status, preconditionsOf(refused)]).toEqual([path, 403, [dav('need-privileges')]])
    }
  })

  it('wants the token of a lock on what is shared, and on the home that takes it (RFC 4918 §7)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const lock = async (account: Account, path: string) => {
      const answer = await account.request('LOCK', path, {
        headers: { 'Content-Type': 'application/xml', Depth: '0' },
        body: '<d:lockinfo xmlns:d="DAV:"><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>',
      })
      return String(answer.headers['lock-token'])
    }
    const [token, parts] = [await lock(alice, alice.calendar), set(bob.principal, 'read')]
    expect((await postShare(alice, alice.calendar, parts)).status).toBe(423)
    await alice.request('UNLOCK', alice.calendar, { headers: { 'Lock-Token': token } })
    expect((await postShare(alice, alice.calendar, parts)).status).toBe(200)
    const uid = (await toldTo(bob))[0]?.text('uid') ?? ''
    await lock(bob, bob.calendars)
    expect((await postReply(bob, bob.calendars, uid, 'accepted')).status).toBe(423)
    expect((await shares.mounts(bob)).map(({ mount }) => mount.state)).toEqual(['invited'])
  })

  it('refuses a document that names nobody, or no access, or is another one', async () => {
    const alice = await server.account()
    const bodies = ['', remove(' '), '<CS:set><D:href>/x/</D:href></CS:set>']
    for (const body of bodies) {
      const refused = await postShare(alice, alice.calendar, body)
      expect([body, refused.status, preconditionsOf(refused)]).toEqual([body, 403, [cs('valid-request')]])
    }
    const other = { headers: { 'Content-Type': 'text/xml' }, body: '<other/>' }
    for (const path of [alice.calendar, alice.calendars]) {
      const answer = await alice.request('POST', path, other)
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [cs('valid-request')]])
    }
    expect((await alice.request('POST', alice.principal, other)).status).toBe(405)
    const empty = await alice.request('POST', alice.calendar, { headers: { 'Content-Type': 'text/xml' } })
    expect([empty.status, preconditionsOf(empty)]).toEqual([403, [cs('valid-request')]])
  })

  it('of an address book too, without free and busy times', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await postShare(alice, alice.contacts, set(bob.principal, 'read'))
    const [invite] = await toldTo(bob)
    expect(invite?.sharedType).toBe('addressbook')
    const href = await acceptOnly(bob, bob.books)
    expect(href.startsWith(bob.books)).toBe(true)
    expect((await bob.get(`${href}a.vcf`)).text).toBe(card('a'))
    const types = (await bob.propfind(href, 0, [dav('resourcetype')])).of(href).props
    expect(namesIn(types.get(dav('resourcetype')))).toEqual([
      dav('collection'),
      carddav('addressbook'),
      cs('shared'),
    ])
  })
})

describe('caldav-sharing "Replying to a Sharing Invite"', () => {
  it('says where the sharee has it, under the name he gave it, transparent until he says otherwise', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read', 'Team'))
    const [invite] = await toldTo(bob)
    const answer = await postReply(bob, bob.calendars, invite?.text('uid') ?? '', 'accepted', 'My team')
    expect([answer.status, documentOf(answer).name]).toEqual([200, cs('shared-as')])
    const href = textOf(documentOf(answer))
    const names = [dav('displayname'), caldav('schedule-calendar-transp'), dav('owner')]
    const found = (await bob.propfind(href, 0, names)).of(href)
    expect([found.text(dav('displayname')), found.text(dav('owner'))]).toEqual(['My team', alice.principal])
    expect(namesIn(found.props.get(caldav('schedule-calendar-transp')))).toEqual([caldav('transparent')])
    const [reply] = await toldTo(alice)
    expect(reply?.type).toBe(cs('invite-reply'))
    expect([reply?.has('invite-accepted'), reply?.text('in-reply-to')]).toEqual([true, invite?.text('uid')])
    expect([reply?.text('hosturl'), reply?.text('summary')]).toEqual([alice.calendar, 'My team'])
    expect(await toldTo(bob)).toEqual([])
  })

  it('twice says the same; a decline after it takes the calendar away', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const uid = (await toldTo(bob))[0]?.text('uid') ?? ''
    const first = await postReply(bob, bob.calendars, uid, 'accepted')
    const second = await postReply(bob, bob.calendars, uid, 'accepted')
    expect([second.status, second.text]).toEqual([200, first.text])
    expect((await postReply(bob, bob.calendars, uid, 'declined')).status).toBe(204)
    expect((await bob.get(textOf(documentOf(first)))).status).toBe(404)
    expect((await toldTo(alice)).map((told) => told.has('invite-declined'))).toEqual([true])
  })

  it('is refused where the invitation is withdrawn, was never, or is another one’s', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const uid = (await toldTo(bob))[0]?.text('uid') ?? ''
    const others = await postReply(carol, carol.calendars, uid, 'accepted')
    expect([others.status, preconditionsOf(others)]).toEqual([403, [cs('valid-request')]])
    const elsewhere = await postReply(bob, bob.books, uid, 'accepted')
    expect([elsewhere.status, preconditionsOf(elsewhere)]).toEqual([403, [cs('valid-request')]])
    const foreign = await postReply(carol, bob.calendars, uid, 'accepted')
    expect([foreign.status, preconditionsOf(foreign)]).toEqual([403, [dav('need-privileges')]])
    await postShare(alice, alice.calendar, remove(bob.principal))
    const late = await postReply(bob, bob.calendars, uid, 'accepted')
    expect([late.status, preconditionsOf(late)]).toEqual([403, [cs('valid-request')]])
    const unsaid = await bob.request('POST', bob.calendars, {
      headers: { 'Content-Type': 'application/xml' },
      body: '<invite-reply xmlns="http://calendarserver.org/ns/"><in-reply-to>x</in-reply-to></invite-reply>',
    })
    expect([unsaid.status, preconditionsOf(unsaid)]).toEqual([403, [cs('valid-request')]])
  })
})

describe('caldav-sharing "Removing a Shared Calendar"', () => {
  it('by DELETE is a decline of which the owner is told; sharing again invites again', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const href = await acceptOnly(bob)
    expect((await bob.delete(href)).status).toBe(204)
    const [reply] = await toldTo(alice)
    expect([reply?.has('invite-declined'), reply?.text('hosturl')]).toEqual([true, alice.calendar])
    expect((await alice.get(`${alice.calendar}a.ics`)).status).toBe(200)
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    expect(await acceptOnly(bob)).toBe(href)
  })
})

describe('caldav-sharing "Access Levels"', () => {
  it('read and read-write show in the privileges, change live, and hold', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const privileges = async (href: string) =>
      privilegesIn(
        (await bob.propfind(href, 0, [dav('current-user-privilege-set')]))
          .of(href)
          .props.get(dav('current-user-privilege-set')),
      )
    await postShare(alice, alice.calendar, set(bob.principal, 'read-write'))
    const href = await acceptOnly(bob)
    expect(await privileges(href)).toEqual(expect.arrayContaining(['read', 'write', 'bind', 'unbind']))
    expect(await privileges(href)).not.toContain('all')
    expect((await bob.put(`${href}a.ics`, event('a'))).status).toBe(201)
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const [told] = await toldTo(bob)
    expect([told?.has('invite-accepted'), told?.has('access')]).toEqual([true, true])
    for (const name of ['write', 'write-content', 'bind', 'unbind'])
      expect(await privileges(href)).not.toContain(name)
    expect((await bob.put(`${href}a.ics`, event('a', ['SUMMARY:x']))).status).toBe(403)
    expect((await bob.delete(`${href}a.ics`)).status).toBe(403)
  })
})

describe('caldav-sharing "Per-user WebDAV Properties"', () => {
  it('are the sharee’s own, also where he may only read', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const href = await acceptOnly(bob)
    const patched = await bob.request('PROPPATCH', href, {
      body: `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>Hers</d:displayname><x:note xmlns:x="urn:x">mine</x:note></d:prop></d:set></d:propertyupdate>`,
    })
    expect(patched.status).toBe(207)
    const names = [dav('displayname'), '{urn:x}note']
    const at = async (account: Account, path: string) => {
      const found = (await account.propfind(path, 0, names)).of(path)
      return names.map((name) => found.text(name))
    }
    expect(await at(bob, href)).toEqual(['Hers', 'mine'])
    expect(await at(alice, alice.calendar)).toEqual(['Calendar', undefined])
  })
})

describe('MKCALENDAR', () => {
  it('at the name of a mount is refused like at any other', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const href = await acceptOnly(bob)
    const refused = await bob.request('MKCALENDAR', href)
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('resource-must-be-null')]])
  })
})

describe('caldav-notifications §4', () => {
  const kinds = [dav('resourcetype'), dav('getetag'), dav('getcontenttype'), dav('getcontentlength')]

  it('the folder is named by the principal, to whom it belongs alone', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const folder = notificationsOf(bob)
    const url = async (account: Account) =>
      (await account.propfind(bob.principal, 0, [cs('notification-URL')]))
        .of(bob.principal)
        .text(cs('notification-URL'))
    expect([await url(bob), await url(alice)]).toEqual([folder, undefined])
    const own = (await bob.propfind(folder, 0, [dav('resourcetype'), dav('owner')])).of(folder)
    expect(namesIn(own.props.get(dav('resourcetype')))).toEqual([
      dav('collection'),
      cs('notification'),
      cs('notifications'),
    ])
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const [told] = await toldTo(bob)
    for (const path of [folder, told?.href ?? '', `${folder}none.xml`, '/dav/notifications/nobody/']) {
      const refused = await alice.request('PROPFIND', path, { headers: { Depth: '0' } })
      expect([path, refused.status, preconditionsOf(refused)]).toEqual([path, 403, [dav('need-privileges')]])
      expect((await alice.delete(path)).status).toBe(403)
    }
    expect((await bob.get(`${folder}none.xml`)).status).toBe(404)
    expect((await bob.request('PUT', `${folder}own.xml`, { body: '<x/>' })).status).toBeGreaterThanOrEqual(
      400,
    )
    expect((await bob.delete(folder)).status).toBe(403)
  })

  it('a notification is a document with its type, its ETag and its length', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.tasks, set(bob.principal, 'read-write', 'To do'))
    const [told] = await toldTo(bob)
    expect([told?.type, told?.sharedType]).toEqual([cs('invite-notification'), 'calendar'])
    expect(told && elements(told.element).map(({ name }) => name)).toEqual([
      cs('uid'),
      dav('href'),
      cs('invite-noresponse'),
      cs('access'),
      cs('hosturl'),
      cs('organizer'),
      cs('summary'),
      caldav('supported-calendar-component-set'),
    ])
    expect([told?.text('hosturl'), told?.text('summary')]).toEqual([alice.tasks, 'To do'])
    const href = told?.href ?? ''
    const found = (await bob.propfind(href, 0, kinds)).of(href)
    const got = await bob.get(href)
    expect(got.headers['content-type']).toBe(found.text(dav('getcontenttype')))
    expect(got.headers.etag).toBe(found.text(dav('getetag')))
    expect(String(got.body.length)).toBe(found.text(dav('getcontentlength')))
    expect(elements(documentOf(got)).map(({ name }) => name)).toEqual([
      cs('dtstamp'),
      cs('invite-notification'),
    ])
    expect((await bob.get(href, { 'If-None-Match': got.headers.etag ?? '' })).status).toBe(304)
  })

  it('goes when a client has shown it, and stays gone (IOS-15)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    const href = (await toldTo(bob))[0]?.href ?? ''
    expect((await bob.delete(href)).status).toBe(204)
    expect((await bob.delete(href)).status).toBe(404)
    expect((await bob.get(href)).status).toBe(404)
    expect((await shares.mounts(bob)).map(({ mount }) => mount.state)).toEqual(['invited'])
    await postShare(alice, alice.calendar, set(bob.principal, 'read-write'))
    expect((await toldTo(bob)).map((told) => told.href)).toEqual([href])
  })

  it('is synced by token like every collection (MIN-24, RFC 6578 §3)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const folder = notificationsOf(bob)
    const first = await bob.syncAll(folder, '')
    await postShare(alice, alice.calendar, set(bob.principal, 'read'))
    await postShare(alice, alice.tasks, set(bob.principal, 'read'))
    const [one = '', two = ''] = (await toldTo(bob)).map(({ href }) => href)
    const second = await bob.syncAll(folder, first.token, 1)
    expect([first.changed, second.changed]).toEqual([[], [one, two]])
    await bob.delete(one)
    const third = await bob.syncAll(folder, second.token)
    expect([third.changed, third.removed]).toEqual([[], [one]])
    expect((await bob.syncAll(folder, '', 1)).changed).toEqual([two])
    const token = dav('sync-token')
    expect((await bob.propfind(folder, 0, [token])).of(folder).text(token)).toBe(third.token)
    const invented = await bob.request('REPORT', folder, {
      headers: { 'Content-Type': 'application/xml' },
      body: '<d:sync-collection xmlns:d="DAV:"><d:sync-token>urn:x</d:sync-token><d:prop/></d:sync-collection>',
    })
    expect([invented.status, preconditionsOf(invented)]).toEqual([403, [dav('valid-sync-token')]])
  })
})
