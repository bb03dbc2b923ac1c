import { cs, dav } from '../../protocol/dav/names.ts'
import { child, children, elements, readXml, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import type { Answer } from './client.ts'
import type { Account } from './server.ts'

const xml = { 'Content-Type': 'application/xml; charset=utf-8' }
const namespaces = 'xmlns:CS="http://calendarserver.org/ns/" xmlns:D="DAV:"'

/** A sharee for CS:set; `summary` is what the invitation calls it. */
export function set(href: string, access: string, summary = 'Shared'): string {
  return `<CS:set><D:href>${href}</D:href><CS:summary>${summary}</CS:summary><CS:${access}/></CS:set>`
}

export const remove = (href: string): string => `<CS:remove><D:href>${href}</D:href></CS:remove>`

/** POSTs a CS:share with these sets and removes. */
export function postShare(account: Account, path: string, ...parts: readonly string[]): Promise<Answer> {
  const body = `<CS:share ${namespaces}>${parts.join('')}</CS:share>`
  return account.request('POST', path, { headers: xml, body })
}

/** POSTs a CS:invite-reply to a home. */
export function postReply(
  account: Account,
  home: string,
  uid: string,
  answer: 'accepted' | 'declined',
  summary?: string,
): Promise<Answer> {
  const called = summary === undefined ? '' : `<CS:summary>${summary}</CS:summary>`
  const body = `<CS:invite-reply ${namespaces}><CS:invite-${answer}/><CS:in-reply-to>${uid}</CS:in-reply-to>${called}</CS:invite-reply>`
  return account.request('POST', home, { headers: xml, body })
}

/** The document of an answer. */
export function documentOf({ body }: Answer): XmlElement {
  const root = readXml(body, { maxBytes: 1e6, maxDepth: 100, maxNodes: 1e4 })
  if (!root) throw new Error('an empty body')
  return root
}

/** A notification, with the texts of its children by their local names. */
export interface Told {
  readonly href: string
  readonly type: string
  readonly sharedType: string | undefined
  readonly element: XmlElement
  text(name: string): string | undefined
  has(name: string): boolean
}

export const notificationsOf = ({ segment }: Account): string => `/dav/notifications/${segment}/`

/** All that an account is told, read one by one as a client does. */
export async function toldTo(account: Account): Promise<Told[]> {
  const folder = notificationsOf(account)
  const listed = await account.propfind(folder, 1, [cs('notificationtype')])
  const told: Told[] = []
  for (const href of listed.hrefs.filter((one) => one !== folder)) {
    const root = documentOf(await account.get(href))
    const [type] = elements(listed.of(href).props.get(cs('notificationtype')) ?? root)
    const element = elements(root).find(({ name }) => name === type?.name) ?? root
    const inner = (name: string): XmlElement | undefined => child(element, cs(name))
    told.push({
      href,
      type: type?.name ?? '',
      sharedType: type?.attributes.get('shared-type'),
      element,
      text: (name) => {
        const found = inner(name)
        return found && textOf(found)
      },
      has: (name) => inner(name) !== undefined,
    })
  }
  return told
}

/** Accepts the only thing an account is invited to. @returns its path there */
export async function acceptOnly(account: Account, home = account.calendars): Promise<string> {
  const [invite] = (await toldTo(account)).filter(({ type }) => type === cs('invite-notification'))
  const answer = await postReply(account, home, invite?.text('uid') ?? '', 'accepted')
  if (answer.status !== 200) throw new Error(`The invitation was answered ${answer.status}: ${answer.text}`)
  return textOf(documentOf(answer))
}

/** CS:invite in short: the organizer's href, then `href status access` of each user. */
export async function inviteOf(account: Account, path: string): Promise<string[]> {
  const found = (await account.propfind(path, 0, [cs('invite')])).of(path).props.get(cs('invite'))
  if (!found) return []
  const hrefIn = (element: XmlElement | undefined): string => {
    const href = element && child(element, dav('href'))
    return href ? textOf(href) : ''
  }
  const local = ({ name }: XmlElement): string => name.replace(/^\{.*\}/, '')
  const users = children(found, cs('user')).map((user) => {
    const status = elements(user)
      .map(local)
      .find((name) => name.startsWith('invite-'))
    const access = child(user, cs('access'))
    return `${hrefIn(user)} ${status?.slice(7)} ${access ? elements(access).map(local).join() : ''}`
  })
  return [hrefIn(child(found, cs('organizer'))), ...users]
}
