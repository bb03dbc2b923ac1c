import { carddav, dav } from '../../../protocol/dav/names.ts'
import type { DeviceKind } from '../../../src/features/devices/kinds.ts'
import type { Client } from '../client.ts'
import { deviceOf } from '../devices.ts'
import { lines } from '../objects.ts'
import type { Account, TestServer } from '../server.ts'

/** One device of an account, which keeps what it has seen. */
export interface Device extends Client {
  readonly book: string
  /** Entity tag and text of each card, by href. */
  readonly known: Map<string, { readonly etag: string; readonly text: string }>
  token: string
}

/** Signs a device of a kind in to an account's book, with an app password of its own. */
export async function device(
  server: TestServer,
  account: Account,
  kind: DeviceKind,
  book = account.contacts,
): Promise<Device> {
  return { ...(await deviceOf(server, account, kind)), book, known: new Map(), token: '' }
}

/** Syncs as clients do: what is told, and then the cards of which the entity tag is another one. @returns the hrefs that were told of */
export async function sync(
  device: Device,
  limit?: number,
): Promise<{ changed: string[]; removed: string[] }> {
  const { book, known } = device
  const { changed, removed, token } = await device.syncAll(book, device.token, limit)
  for (const href of removed) known.delete(href)
  // A first sync tells of all there is.
  if (device.token === '') for (const href of known.keys()) if (!changed.includes(href)) known.delete(href)
  if (changed.length > 0) {
    const told = await device.report(book, multiget(changed))
    for (const { href, status, text } of told.responses) {
      if (status === 404) known.delete(href)
      else known.set(href, { etag: text(dav('getetag')) ?? '', text: text(carddav('address-data')) ?? '' })
    }
  }
  device.token = token
  return { changed: namesOf(book, changed), removed: namesOf(book, removed) }
}

/** Everything in the book, as a device that comes anew sees it. */
export async function listed({ book, ...client }: Device): Promise<Device['known']> {
  const { responses } = await client.propfind(book, 1, [dav('getetag')])
  const hrefs = responses.map(({ href }) => href).filter((href) => href !== book)
  if (hrefs.length === 0) return new Map()
  const told = await client.report(book, multiget(hrefs))
  return new Map(
    told.responses.map(({ href, text }) => [
      href,
      { etag: text(dav('getetag')) ?? '', text: text(carddav('address-data')) ?? '' },
    ]),
  )
}

function multiget(hrefs: readonly string[]): string {
  const asked = hrefs.map((href) => `<d:href>${href}</d:href>`).join('')
  return `<c:addressbook-multiget xmlns:c="urn:ietf:params:xml:ns:carddav" xmlns:d="DAV:"><d:prop><d:getetag/><c:address-data/></d:prop>${asked}</c:addressbook-multiget>`
}

function namesOf(book: string, hrefs: readonly string[]): string[] {
  return hrefs.map((href) => href.slice(book.length)).sort()
}

/** The value of getetag of one card. */
export async function etagOf(device: Device, name: string): Promise<string | undefined> {
  const { headers } = await device.get(device.book + name)
  return headers.etag
}

/** A group card as Apple's programs write one (ABK-07). */
export function group(uid: string, name: string, members: readonly string[]): string {
  return lines([
    'BEGIN:VCARD',
    'VERSION:3.0',
    `UID:${uid}`,
    `N:${name};;;;`,
    `FN:${name}`,
    'X-ADDRESSBOOKSERVER-KIND:group',
    ...members.map((member) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${member}`),
    'END:VCARD',
  ])
}

/** Who is in which list, as CATEGORIES say: `name: uid uid`. */
export function byCategories(known: Device['known']): string[] {
  const lists = new Map<string, string[]>()
  for (const { text } of known.values()) {
    if (/KIND:group/i.test(text)) continue
    const uid = propertyOf(text, 'UID').replace(/^urn:uuid:/, '')
    for (const name of new Set(categoriesOf(text))) lists.set(name, [...(lists.get(name) ?? []), uid])
  }
  return [...lists].map(([name, uids]) => `${name}: ${uids.sort().join(' ')}`).sort()
}

/** The same as group cards say, of those who are there. */
export function byGroups(known: Device['known']): string[] {
  const living = new Set(
    [...known.values()].map(({ text }) => propertyOf(text, 'UID').replace(/^urn:uuid:/, '')),
  )
  const lists = new Map<string, Set<string>>()
  for (const { text } of known.values()) {
    if (!/KIND:group/i.test(text)) continue
    const name = propertyOf(text, 'FN').replace(/\\([,;\\])/g, '$1')
    const members = [...unfolded(text).matchAll(/MEMBER:(?:urn:uuid:)?(.*)/g)].map(([, uid = '']) =>
      uid.trim(),
    )
    const all = lists.get(name) ?? new Set()
    lists.set(name, all)
    for (const uid of members) if (living.has(uid)) all.add(uid)
  }
  return [...lists]
    .filter(([, uids]) => uids.size > 0)
    .map(([name, uids]) => `${name}: ${[...uids].sort().join(' ')}`)
    .sort()
}

export function categoriesOf(text: string): string[] {
  return [...unfolded(text).matchAll(/^(?:\w+\.)?CATEGORIES[^:]*:(.*)$/gm)].flatMap(([, value = '']) =>
    value
      .trim()
      .split(/(?<!\\),/)
      .map((part) => part.replace(/\\([,;\\])/g, '$1'))
      .filter((part) => part !== ''),
  )
}

export function propertyOf(text: string, name: string): string {
  return new RegExp(`^${name}[^:]*:(.*)$`, 'm').exec(unfolded(text))?.[1]?.trim() ?? ''
}

function unfolded(text: string): string {
  return text.replace(/\r?\n[ \t]/g, '')
}
