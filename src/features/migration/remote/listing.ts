import { propertyText, type RemoteResponse } from '../../../../protocol/dav/multistatus-read.ts'
import { dav } from '../../../../protocol/dav/names.ts'
import { elements } from '../../../../protocol/dav/xml-read.ts'
import { element, escapeText } from '../../../../protocol/dav/xml-write.ts'
import { canonicalPath, resolveHref } from './addresses.ts'
import { askProperties, askReport } from './ask.ts'
import type { RemoteCollection } from './collection.ts'
import { MigrationError } from './migration-error.ts'
import type { Remote } from './remote.ts'

/** An object on the other server. */
export interface RemoteMember {
  /** Its path in one canonical encoding: servers write hrefs in several. */
  readonly path: string
  /** As the server writes it. */
  readonly href: string
  readonly url: URL
  /** Without quotes; empty where the server says none. */
  readonly etag: string
}

/** What a collection holds, or what has changed in it. */
export interface Listing {
  readonly members: readonly RemoteMember[]
  /** Paths of what is gone. */
  readonly removed: readonly string[]
  /** What is not listed is gone too. */
  readonly isWhole: boolean
  /** Stands for this state; null where the server has no sync-collection. */
  readonly token: string | null
}

/**
 * All that a collection holds. By sync-collection where the server has it, so that the token is that of this very state
 * and long lists come in pieces; else by PROPFIND.
 * @throws MigrationError
 */
export async function listAll(remote: Remote, collection: RemoteCollection): Promise<Listing> {
  const synced = collection.token === null ? undefined : await syncFrom(remote, collection, '')
  return synced ?? propfindAll(remote, collection)
}

/**
 * What has changed since a token; undefined when the server no longer knows it.
 * @see RFC 6578 §3.2
 */
export async function listSince(
  remote: Remote,
  collection: RemoteCollection,
  token: string,
): Promise<Listing | undefined> {
  const found = await syncFrom(remote, collection, token)
  return found && { ...found, isWhole: false }
}

async function syncFrom(
  remote: Remote,
  { url }: RemoteCollection,
  from: string,
): Promise<Listing | undefined> {
  const members = new Map<string, RemoteMember>()
  const removed = new Set<string>()
  for (let token = from; ; ) {
    const content =
      `<d:sync-token>${escapeText(token)}</d:sync-token><d:sync-level>1</d:sync-level>` +
      `<d:prop>${memberProperties.map((name) => element(name)).join('')}</d:prop>`
    const asked = await askReport(remote, url, 'd:sync-collection', content)
    if (asked.kind === 'refused' || asked.syncToken === undefined) return undefined
    let isCut = false
    for (const response of asked.responses) {
      const found = readMember(response, url)
      // The collection itself, where the answer is only a part. @see RFC 6578 §3.6
      if (found === 'collection') isCut ||= response.status === 507
      else if (found && response.status === 404) {
        members.delete(found.path)
        removed.add(found.path)
      } else if (found) {
        removed.delete(found.path)
        members.set(found.path, found)
      }
    }
    if (!isCut) {
      return { members: [...members.values()], removed: [...removed], isWhole: true, token: asked.syncToken }
    }
    if (asked.syncToken === token) throw new MigrationError(`${url.href} does not come to an end.`)
    token = asked.syncToken
  }
}

const memberProperties = [dav('getetag'), dav('resourcetype')]

async function propfindAll(remote: Remote, { url, token }: RemoteCollection): Promise<Listing> {
  const asked = await askProperties(remote, url, '1', memberProperties)
  if (asked.kind === 'refused')
    throw new MigrationError(`${url.href} cannot be listed: the server answers ${asked.status}.`)
  const found = asked.responses.map((response) => ({ response, member: readMember(response, url) }))
  if (found.some(({ response }) => response.status === 507))
    throw new MigrationError(`${url.href} is listed in part only: the server has a limit.`)
  const members = found.flatMap(({ member }) => (member && member !== 'collection' ? member : []))
  return { members, removed: [], isWhole: true, token }
}

/** The object that a response tells of, or the collection itself; undefined for what is neither. */
export function readMember(
  response: RemoteResponse,
  collection: URL,
): RemoteMember | 'collection' | undefined {
  const { href } = response
  const url = resolveHref(href, collection)
  const path = url && canonicalPath(url)
  if (!url || path === undefined) return undefined
  if (path.replace(/\/$/, '') === canonicalPath(collection)?.replace(/\/$/, '')) return 'collection'
  const types = response.props.get(dav('resourcetype'))
  if (path.endsWith('/') || (types && elements(types).some(({ name }) => name === dav('collection'))))
    return undefined
  return { path, href, url, etag: plainEtag(propertyText(response, dav('getetag')) ?? '') }
}

/** The opaque part of an ETag: what compresses on the way makes it weak, or puts its name behind. */
function plainEtag(etag: string): string {
  return etag
    .replace(/^W\//, '')
    .replace(/^"|"$/g, '')
    .replace(/[-;]gzip$/, '')
}
