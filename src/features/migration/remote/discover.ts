import { fetchPrincipalUrl, serviceDiscovery } from 'tsdav'
import { propertyHrefs } from '../../../../protocol/dav/multistatus-read.ts'
import { caldav, carddav } from '../../../../protocol/dav/names.ts'
import { resolveHref } from './addresses.ts'
import { askProperties } from './ask.ts'
import { collectionProperties, type RemoteCollection, readCollection } from './collection.ts'
import { fetchThrough } from './fetch-through.ts'
import { MigrationError } from './migration-error.ts'
import type { Remote } from './remote.ts'

/** An account on the other server. */
export interface RemoteAccount {
  readonly collections: readonly RemoteCollection[]
  /** The hrefs of what the server says is the default calendar and the default book. */
  readonly defaults: ReadonlySet<string>
}

/**
 * Finds what an account on another server has, from any address of it: the server's own, that of the user, that of a
 * home or of one collection.
 * @throws MigrationError when nothing is found
 * @see RFC 6764 §6, RFC 4791 §6.2.1, RFC 6352 §7.1.1
 */
export async function discoverAccount(given: Remote, url: URL): Promise<RemoteAccount> {
  let speaksDav = false
  const remote: Remote = {
    send: async (request) => {
      const answer = await given.send(request)
      speaksDav ||= answer.status === 207
      return answer
    },
    [Symbol.dispose]: () => given[Symbol.dispose](),
  }
  const found = new Map<string, RemoteCollection>()
  const defaults = new Set<string>()
  for (const service of ['caldav', 'carddav'] as const) {
    const principal = await findPrincipal(remote, url, service)
    const account = principal && (await askPrincipal(remote, principal, service))
    for (const place of account?.homes ?? [url]) {
      for (const collection of await listPlace(remote, place, { principal, isHome: account !== undefined }))
        if (!found.has(collection.url.href)) found.set(collection.url.href, collection)
    }
    for (const href of account?.defaults ?? []) defaults.add(href)
  }
  if (!speaksDav) {
    throw new MigrationError(
      `${url.host} answers, but there is no CalDAV or CardDAV server at this address.`,
      'no-dav',
    )
  }
  if (found.size === 0) {
    throw new MigrationError(
      `There are no calendars and no address books at ${url.host} for this user.`,
      'empty',
    )
  }
  return { collections: [...found.values()], defaults }
}

/** Where the well-known address leads, then the address that was given, then the root. */
async function findPrincipal(
  remote: Remote,
  url: URL,
  accountType: 'caldav' | 'carddav',
): Promise<URL | undefined> {
  const { fetch, failure } = fetchThrough(remote)
  const account = { accountType, serverUrl: url.href }
  const rootUrl = await serviceDiscovery({ account, fetch })
  const isPlace = url.pathname !== '/'
  const candidates = [...(isPlace ? [url.href] : []), rootUrl, url.href, new URL('/', url).href]
  for (const candidate of new Set(candidates)) {
    try {
      const principal = await fetchPrincipalUrl({ account: { ...account, rootUrl: candidate }, fetch })
      const resolved = resolveHref(principal, new URL(candidate))
      if (resolved) return resolved
    } catch {
      // tsdav tells only that there is none; what went wrong on the way is known here.
      const why = failure()
      if (why !== undefined) throw why
    }
  }
  return undefined
}

interface PrincipalHomes {
  readonly homes: readonly URL[]
  readonly defaults: readonly string[]
}

/** @returns undefined where the principal has no such home */
async function askPrincipal(
  remote: Remote,
  principal: URL,
  service: 'caldav' | 'carddav',
): Promise<PrincipalHomes | undefined> {
  const homeSet = service === 'caldav' ? caldav('calendar-home-set') : carddav('addressbook-home-set')
  const asked = await askProperties(remote, principal, '0', [homeSet, caldav('schedule-inbox-URL')])
  const [response] = asked.kind === 'found' ? asked.responses : []
  if (!response) return undefined
  const urls = (hrefs: readonly string[]): URL[] =>
    hrefs.flatMap((href) => resolveHref(href, principal) ?? [])
  const homes = urls(propertyHrefs(response, homeSet))
  if (homes.length === 0) return undefined
  const tellers = service === 'caldav' ? urls(propertyHrefs(response, caldav('schedule-inbox-URL'))) : homes
  const name =
    service === 'caldav' ? caldav('schedule-default-calendar-URL') : carddav('default-addressbook-URL')
  const defaults: string[] = []
  for (const teller of tellers) {
    const told = await askProperties(remote, teller, '0', [name])
    const hrefs = told.kind === 'found' ? told.responses.flatMap((one) => propertyHrefs(one, name)) : []
    defaults.push(...hrefs.flatMap((href) => resolveHref(href, teller)?.href ?? []))
  }
  return { homes, defaults }
}

/** The collections in a home, or the one that an address is. */
async function listPlace(
  remote: Remote,
  place: URL,
  { principal, isHome }: { readonly principal: URL | undefined; readonly isHome: boolean },
): Promise<readonly RemoteCollection[]> {
  const asked = await askProperties(remote, place, '1', collectionProperties)
  if (asked.kind === 'found') {
    return asked.responses.flatMap((response) => readCollection(response, asked.url, principal) ?? [])
  }
  if (!isHome) return []
  throw new MigrationError(`${place.href} cannot be listed: the server answers ${asked.status}.`)
}
