import type { Account } from './server.ts'

/** One answer, its body read. */
export interface Answer {
  readonly status: number
  readonly etag: string | null
  readonly body: string
  readonly headers: Headers
}

/** Plain requests as a second device would send them, to set the stage and to see what a client has done. */
export interface Dav {
  /** Path of the account's home for calendars or address books, with its closing slash. */
  home(kind: 'caldav' | 'carddav'): Promise<string>
  request(method: string, path: string, options?: RequestParts): Promise<Answer>
  /** Makes a collection and gives its path. */
  makeCalendar(name: string, components?: readonly string[]): Promise<string>
  makeAddressBook(name: string): Promise<string>
  put(path: string, body: string): Promise<string | null>
  get(path: string): Promise<string>
  remove(path: string): Promise<void>
  /** Paths of a collection's members, decoded, sorted. */
  members(path: string): Promise<string[]>
  /** Text of one live or dead property, undefined when it is not there. */
  property(path: string, namespace: string, name: string): Promise<string | undefined>
  /** Sets one property; `xml` is its whole element. */
  setProperty(path: string, xml: string): Promise<void>
}

/** Parts of a request beyond method and path. */
export interface RequestParts {
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const xmlType = { 'Content-Type': 'application/xml; charset=utf-8' }
const homeElement = {
  caldav: '<h:calendar-home-set xmlns:h="urn:ietf:params:xml:ns:caldav"/>',
  carddav: '<h:addressbook-home-set xmlns:h="urn:ietf:params:xml:ns:carddav"/>',
}

/** Requests of one account. Every helper but `request` throws when the answer is not a success. */
export function davFor(account: Account): Dav {
  const request = (method: string, path: string, parts?: RequestParts) => send(account, method, path, parts)
  const expect = async (method: string, path: string, parts?: RequestParts) => {
    const answer = await request(method, path, parts)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw new Error(`${method} ${path}: ${answer.status}\n${answer.body}`)
  }
  const propfind = async (path: string, depth: string, prop: string) => {
    const body = `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>${prop}</prop></propfind>`
    return (await expect('PROPFIND', path, { headers: { ...xmlType, Depth: depth }, body })).body
  }
  const home = async (kind: 'caldav' | 'carddav') => {
    const principal = hrefInside(
      await propfind('/', '0', '<current-user-principal/>'),
      'current-user-principal',
    )
    const name = kind === 'caldav' ? 'calendar-home-set' : 'addressbook-home-set'
    return hrefInside(await propfind(principal, '0', homeElement[kind]), name)
  }
  return {
    home,
    request,
    makeCalendar: async (name, components = ['VEVENT']) => {
      const path = `${await home('caldav')}${name}/`
      const comps = components.map((component) => `<C:comp name="${component}"/>`).join('')
      const body = `<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>${name}</D:displayname><C:supported-calendar-component-set>${comps}</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>`
      await expect('MKCALENDAR', path, { headers: xmlType, body })
      return path
    },
    makeAddressBook: async (name) => {
      const path = `${await home('carddav')}${name}/`
      const body = `<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/><C:addressbook/></D:resourcetype><D:displayname>${name}</D:displayname></D:prop></D:set></D:mkcol>`
      await expect('MKCOL', path, { headers: xmlType, body })
      return path
    },
    put: async (path, body) => {
      const type = body.startsWith('BEGIN:VCARD') ? 'text/vcard' : 'text/calendar'
      return (await expect('PUT', path, { headers: { 'Content-Type': `${type}; charset=utf-8` }, body })).etag
    },
    get: async (path) => (await expect('GET', path)).body,
    remove: async (path) => {
      await expect('DELETE', path)
    },
    members: async (path) => {
      const hrefs = [...(await propfind(path, '1', '<getetag/>')).matchAll(/<(?:\w+:)?href>([^<]*)</g)]
      const paths = hrefs.map((match) => decodeURIComponent(pathOf(match[1] ?? '')))
      return paths.filter((member) => member !== decodeURIComponent(path)).sort()
    },
    property: async (path, namespace, name) => {
      const body = await propfind(path, '0', `<q:${name} xmlns:q="${namespace}"/>`)
      const content = '((?:[^<]|<!\\[CDATA\\[.*?\\]\\]>)*)'
      const found = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*[^/])?>${content}</`, 's').exec(body)?.[1]
      return found === undefined ? undefined : plainText(found)
    },
    setProperty: async (path, xml) => {
      const body = `<propertyupdate xmlns="DAV:"><set><prop>${xml}</prop></set></propertyupdate>`
      const answer = await expect('PROPPATCH', path, { headers: xmlType, body })
      if (!/ 200 OK/.test(answer.body)) throw new Error(`PROPPATCH ${path}: ${answer.body}`)
    },
  }
}

async function send(
  account: Account,
  method: string,
  path: string,
  parts: RequestParts = {},
): Promise<Answer> {
  const credentials = Buffer.from(`${account.user}:${account.password}`).toString('base64')
  const response = await fetch(new URL(path, account.url), {
    method,
    headers: { Authorization: `Basic ${credentials}`, ...parts.headers },
    redirect: 'manual',
    ...(parts.body === undefined ? {} : { body: parts.body }),
  })
  return {
    status: response.status,
    etag: response.headers.get('ETag'),
    body: await response.text(),
    headers: response.headers,
  }
}

function hrefInside(xml: string, name: string): string {
  const inside = new RegExp(`<(?:\\w+:)?${name}[^>]*>\\s*<(?:\\w+:)?href[^>]*>([^<]*)<`).exec(xml)?.[1]
  if (inside === undefined) throw new Error(`no href in ${name}:\n${xml}`)
  return pathOf(inside)
}

function plainText(xml: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return xml.replace(/<!\[CDATA\[(.*?)\]\]>|&(\w+);/gs, (whole, literal?: string, entity = '') => {
    return literal ?? characters[entity] ?? whole
  })
}

function pathOf(href: string): string {
  return new URL(href.trim(), 'http://localhost').pathname
}
