import { caldav, cs, dav } from './names.ts'
import { refuse } from './preconditions.ts'
import { child, elements, textOf, type XmlElement } from './xml-read.ts'
import { element, escapeAttribute, escapeText, fixedDeclarations, hrefElement } from './xml-write.ts'

/** Somebody who is to have a share, as CS:set names him. */
export interface SetSharee {
  readonly href: string
  readonly access: 'read' | 'read-write'
  readonly summary: string | undefined
}

/** What CS:share asks for. @see caldav-sharing "Manipulating Sharees of a Shared Calendar" */
export interface ShareRequest {
  readonly set: readonly SetSharee[]
  readonly remove: readonly string[]
}

/** @throws valid-request when it names nobody, or somebody without an address or an access, or with too long a summary */
export function readShare(root: XmlElement): ShareRequest {
  const set: SetSharee[] = []
  const remove: string[] = []
  for (const node of elements(root)) {
    if (node.name === cs('set')) set.push(readSet(node))
    else if (node.name === cs('remove')) remove.push(readHrefIn(node))
  }
  if (set.length + remove.length === 0) throw invalid('A CS:share sets or removes somebody.')
  return { set, remove }
}

function readSet(node: XmlElement): SetSharee {
  const access = (['read-write', 'read'] as const).find((name) => child(node, cs(name)))
  if (!access) throw invalid('A CS:set needs CS:read or CS:read-write.')
  return { href: readHrefIn(node), access, summary: readSummary(node) }
}

/** What a sharee says to an invitation. @see caldav-sharing "Replying to a Sharing Invite" */
export interface InviteReply {
  readonly isAccepted: boolean
  /** The uid of the invitation. */
  readonly inReplyTo: string
  /** What he wants to call it. */
  readonly summary: string | undefined
}

/** @throws valid-request when it does not say what to which invitation */
export function readInviteReply(root: XmlElement): InviteReply {
  const isAccepted = child(root, cs('invite-accepted')) !== undefined
  const inReplyTo = textIn(root, 'in-reply-to')
  if (isAccepted === (child(root, cs('invite-declined')) !== undefined) || !inReplyTo)
    throw invalid('A CS:invite-reply accepts or declines, and says which invitation.')
  return { isAccepted, inReplyTo, summary: readSummary(root) }
}

/** The state of an invitation; `deleted` is said to a sharee only. */
export type InviteState = 'invited' | 'accepted' | 'declined' | 'deleted'

export interface Person {
  readonly href: string
  readonly name: string
}

/** An entry of CS:invite. */
export interface InvitedUser extends Person {
  readonly uid?: string | undefined
  readonly state: InviteState
  readonly writes: boolean
  readonly summary: string | null
}

/** The content of CS:invite: the owner, and every sharee with what he has said (IOS-22). */
export function inviteContent(owner: Person, users: readonly InvitedUser[]): string {
  return organizer(owner) + users.map(user).join('')
}

function user({ uid, href, name, state, writes, summary }: InvitedUser): string {
  return element(
    cs('user'),
    (uid === undefined ? '' : element(cs('uid'), escapeText(uid))) +
      hrefElement(href) +
      element(cs('common-name'), escapeText(name)) +
      element(cs(stateNames[state])) +
      accessElement(writes) +
      (summary === null ? '' : element(cs('summary'), escapeText(summary))),
  )
}

/** What a notification is about: the collection of an owner. */
export interface Offer {
  readonly sharedType: 'calendar' | 'addressbook'
  /** Of the owner's collection. */
  readonly hostUrl: string
  readonly uid: string
  readonly summary: string
}

export interface InviteNotification extends Offer {
  readonly sharee: string
  readonly state: InviteState
  readonly writes: boolean
  readonly owner: Person
  /** For a calendar. */
  readonly components: readonly string[]
}

/** The body of an invitation. @param at  when it was made or changed, as RFC 3339 has it */
export function inviteNotification(at: string, invite: InviteNotification): string {
  const { uid, sharee, state, writes, hostUrl, owner, summary, components, sharedType } = invite
  const comps = components.map((name) => `<c:comp name="${escapeAttribute(name)}"/>`).join('')
  const content =
    element(cs('uid'), escapeText(uid)) +
    hrefElement(sharee) +
    element(cs(stateNames[state])) +
    accessElement(writes) +
    element(cs('hosturl'), hrefElement(hostUrl)) +
    organizer(owner) +
    element(cs('summary'), escapeText(summary)) +
    (sharedType === 'calendar' ? element(caldav('supported-calendar-component-set'), comps) : '')
  return notification(
    at,
    `<cs:invite-notification shared-type="${sharedType}">${content}</cs:invite-notification>`,
  )
}

export interface ReplyNotification extends Offer {
  readonly sharee: Person
  readonly isAccepted: boolean
}

/** The body of what an owner is told of a reply. */
export function replyNotification(at: string, reply: ReplyNotification): string {
  const { sharee, isAccepted, hostUrl, uid, summary } = reply
  const content =
    hrefElement(sharee.href) +
    element(cs(isAccepted ? 'invite-accepted' : 'invite-declined')) +
    element(cs('hosturl'), hrefElement(hostUrl)) +
    element(cs('in-reply-to'), escapeText(uid)) +
    (summary === '' ? '' : element(cs('summary'), escapeText(summary))) +
    element(cs('common-name'), escapeText(sharee.name))
  return notification(at, element(cs('invite-reply'), content))
}

/** The content of CS:notificationtype. */
export function notificationType(sharedType: Offer['sharedType'] | undefined): string {
  return sharedType === undefined
    ? element(cs('invite-reply'))
    : `<cs:invite-notification shared-type="${sharedType}"/>`
}

/** The answer to an acceptance: where the sharee has it. */
export function sharedAs(href: string): string {
  return `${declaration}<cs:shared-as${fixedDeclarations}>${hrefElement(href)}</cs:shared-as>`
}

const declaration = '<?xml version="1.0" encoding="utf-8"?>\n'

function notification(at: string, content: string): string {
  const stamp = element(cs('dtstamp'), escapeText(at))
  return `${declaration}<cs:notification${fixedDeclarations}>${stamp}${content}</cs:notification>`
}

const stateNames = {
  invited: 'invite-noresponse',
  accepted: 'invite-accepted',
  declined: 'invite-declined',
  deleted: 'invite-deleted',
} as const satisfies Record<InviteState, string>

function organizer({ href, name }: Person): string {
  return element(cs('organizer'), hrefElement(href) + element(cs('common-name'), escapeText(name)))
}

function accessElement(writes: boolean): string {
  return element(cs('access'), element(cs(writes ? 'read-write' : 'read')))
}

function readHrefIn(node: XmlElement): string {
  const href = child(node, dav('href'))
  const text = href ? textOf(href).trim() : ''
  if (text === '') throw invalid('A sharee needs a DAV:href.')
  return text
}

function textIn(node: XmlElement, name: string): string | undefined {
  const found = child(node, cs(name))
  return found && textOf(found).trim()
}

const longestSummary = 1_000

/** It is kept with every invitation. @throws valid-request for one that is no name any more */
function readSummary(node: XmlElement): string | undefined {
  const summary = textIn(node, 'summary')
  if ((summary?.length ?? 0) <= longestSummary) return summary
  throw invalid(`A CS:summary has ${longestSummary} characters at most.`)
}

function invalid(message: string): Error {
  return refuse('valid-request', { message })
}
