import { describe, expect, it } from 'vitest'
import { cs, dav } from '../../../protocol/dav/names.ts'
import {
  inviteContent,
  inviteNotification,
  readInviteReply,
  readShare,
} from '../../../protocol/dav/sharing.ts'
import { child, elements, readXml, textOf, type XmlElement } from '../../../protocol/dav/xml-read.ts'

function read(text: string): XmlElement {
  const root = readXml(Buffer.from(text), { maxBytes: 1e6, maxDepth: 50, maxNodes: 1e4 })
  if (!root) throw new Error('an empty body')
  return root
}

const inNamespace = (text: string): XmlElement =>
  read(text.replace(/^<([\w-]+)/, '<$1 xmlns="http://calendarserver.org/ns/" xmlns:D="DAV:"'))

describe('caldav-sharing CS:share', () => {
  it('is read with access and summary, whatever stands beside', () => {
    const root = inNamespace(
      '<share><set><D:href> mailto:a@b </D:href><common-name>A</common-name><summary>Team</summary><read-write/></set><set><D:href>/p/</D:href><read/></set><remove><D:href>/q/</D:href></remove><other/></share>',
    )
    expect(readShare(root)).toEqual({
      set: [
        { href: 'mailto:a@b', access: 'read-write', summary: 'Team' },
        { href: '/p/', access: 'read', summary: undefined },
      ],
      remove: ['/q/'],
    })
  })

  it.each([
    '<share/>',
    '<share><set><read/></set></share>',
    '<share><set><D:href>/p/</D:href></set></share>',
    '<share><remove/></share>',
  ])('is refused without somebody and an access: %s', (text) => {
    expect(() => readShare(inNamespace(text))).toThrow(
      expect.objectContaining({ status: 403, precondition: 'valid-request' }),
    )
  })
})

describe('caldav-sharing CS:invite-reply', () => {
  it('is read', () => {
    const root = inNamespace('<invite-reply><invite-declined/><in-reply-to> u </in-reply-to></invite-reply>')
    expect(readInviteReply(root)).toEqual({ isAccepted: false, inReplyTo: 'u', summary: undefined })
  })

  it.each([
    '<invite-reply><in-reply-to>u</in-reply-to></invite-reply>',
    '<invite-reply><invite-accepted/></invite-reply>',
    '<invite-reply><invite-accepted/><in-reply-to> </in-reply-to></invite-reply>',
    '<invite-reply><invite-accepted/><invite-declined/><in-reply-to>u</in-reply-to></invite-reply>',
  ])('is refused where it does not say what, to which: %s', (text) => {
    expect(() => readInviteReply(inNamespace(text))).toThrow(
      expect.objectContaining({ precondition: 'valid-request' }),
    )
  })
})

describe('caldav-sharing CS:invite and CS:invite-notification', () => {
  const owner = { href: '/p/alice/', name: '<Alice> & Co' }

  it('escape what people wrote, and are well-formed', () => {
    const user = {
      href: '/p/bob/',
      name: 'B"ob',
      uid: '1',
      state: 'declined',
      writes: false,
      summary: '<x>',
    } as const
    const content = inviteContent(owner, [user])
    const root = read(
      `<cs:invite xmlns:cs="http://calendarserver.org/ns/" xmlns:d="DAV:">${content}</cs:invite>`,
    )
    const [organizer, bob] = elements(root)
    expect(organizer && textOf(child(organizer, cs('common-name')) ?? root)).toBe(owner.name)
    expect(bob && elements(bob).map(({ name }) => name)).toEqual([
      cs('uid'),
      dav('href'),
      cs('common-name'),
      cs('invite-declined'),
      cs('access'),
      cs('summary'),
    ])
  })

  it('name the components of a calendar only', () => {
    const made = (sharedType: 'calendar' | 'addressbook') =>
      inviteNotification('2026-01-01T00:00:00Z', {
        sharedType,
        hostUrl: '/c/',
        uid: 'u',
        summary: 's',
        sharee: '/p/bob/',
        state: 'invited',
        writes: true,
        owner,
        components: ['VEVENT', 'VTODO'],
      })
    expect(made('calendar')).toContain('<c:comp name="VEVENT"/><c:comp name="VTODO"/>')
    expect(made('addressbook')).not.toContain('comp')
    expect(read(made('addressbook')).name).toBe(cs('notification'))
  })
})
