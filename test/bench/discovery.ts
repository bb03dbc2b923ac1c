import type { Ask, Client } from './http-client.ts'
import { WrongAnswerError } from './item.ts'
import { childOf, type DavResponse, pathOf, readMultistatus } from './multistatus.ts'
import { propfind } from './requests.ts'

/** What a client knows after the discovery chain; paths as on the wire, with a slash at the end. */
export interface Discovery {
  readonly principal: string
  readonly calendarHome: string
  readonly addressBookHome: string
  /** Decoded paths of the collections in both homes. */
  readonly collections: ReadonlySet<string>
  /** Sum over the requests of the chain. */
  readonly latencyMs: number
}

const caldav = 'urn:ietf:params:xml:ns:caldav'
const carddav = 'urn:ietf:params:xml:ns:carddav'
const homeProperties =
  '<d:resourcetype/><d:displayname/><d:current-user-privilege-set/><cs:getctag/><d:sync-token/><c:supported-calendar-component-set/>'

/**
 * The chain of a client that is given nothing but a host: both well-known addresses, the principal,
 * its home sets, the collections in them.
 * @throws WrongAnswerError when a link of the chain is missing
 * @see RFC 6764 §6, RFC 5397 §3, RFC 4791 §6.2.1, RFC 6352 §7.1.1
 */
export async function discover(client: Client, base: URL): Promise<Discovery> {
  let latencyMs = 0
  const ask = async (request: Ask): Promise<readonly DavResponse[] | string> => {
    const answer = await client.send(request)
    latencyMs += answer.latencyMs
    if (answer.status >= 301 && answer.status <= 308) return answer.headers.location ?? ''
    if (answer.status !== 207) return ''
    return readMultistatus(answer.body).responses
  }
  const list = async (request: Ask): Promise<readonly DavResponse[]> => {
    const found = await ask(request)
    if (typeof found === 'string')
      throw new WrongAnswerError(`${request.method} ${request.path} gave no multistatus`)
    return found
  }

  await findPrincipal(ask, list, '/.well-known/caldav', base)
  const principal = await findPrincipal(ask, list, '/.well-known/carddav', base)
  const wanted =
    '<d:displayname/><c:calendar-home-set/><card:addressbook-home-set/><c:calendar-user-address-set/>'
  const own = (await list(propfind(principal, '0', wanted)))[0]
  const calendarHome = hrefOf(own, `{${caldav}}calendar-home-set`)
  const addressBookHome = hrefOf(own, `{${carddav}}addressbook-home-set`)
  const collections = new Set<string>()
  for (const home of [calendarHome, addressBookHome]) {
    for (const { path, properties } of await list(propfind(home, '1', homeProperties))) {
      const types = properties.get('{DAV:}resourcetype')?.children.map((type) => type.name) ?? []
      if (types.includes(`{${caldav}}calendar`) || types.includes(`{${carddav}}addressbook`))
        collections.add(path)
    }
  }
  return { principal, calendarHome, addressBookHome, collections, latencyMs }
}

type Try = (request: Ask) => Promise<readonly DavResponse[] | string>
type List = (request: Ask) => Promise<readonly DavResponse[]>

async function findPrincipal(ask: Try, list: List, wellKnown: string, base: URL): Promise<string> {
  const property = '<d:current-user-principal/>'
  const first = await ask(propfind(wellKnown, '0', property))
  const target = typeof first === 'string' && first !== '' ? wirePath(first) : base.pathname
  const responses = typeof first === 'string' ? await list(propfind(target, '0', property)) : first
  return hrefOf(responses[0], '{DAV:}current-user-principal')
}

function hrefOf(response: DavResponse | undefined, property: string): string {
  const element = response?.properties.get(property)
  const href = element && childOf(element, 'href')?.text
  if (href === undefined || pathOf(href) === '') throw new WrongAnswerError(`no ${property}`)
  return wirePath(href).replace(/\/*$/, '/')
}

function wirePath(href: string): string {
  return href.trim().replace(/^https?:\/\/[^/]*/, '') || '/'
}
