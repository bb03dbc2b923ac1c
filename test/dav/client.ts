import http from 'node:http'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { child, children, elements, readXml, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'

/** An answer with its octets. */
export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
}

/** A 207, read. */
export interface Multistatus extends Answer {
  readonly responses: readonly ResponseElement[]
  readonly syncToken: string | undefined
  readonly hrefs: readonly string[]
  of(href: string): ResponseElement
}

/** One response of a 207. */
export interface ResponseElement {
  readonly href: string
  /** The status of the response itself: 404 or 507; undefined where it has propstats. */
  readonly status: number | undefined
  /** Status lines of the propstats in their order. */
  readonly propstatLines: readonly string[]
  /** The properties of the 200 propstat, by Clark name. */
  readonly props: ReadonlyMap<string, XmlElement>
  /** Names of properties by the status of their propstat. */
  namesWith(status: number): string[]
  text(name: string): string | undefined
  readonly element: XmlElement
}

export type Headers = Readonly<Record<string, string>>

/** Speaks HTTP and DAV to one server as one user. */
export interface Client {
  /** Any request; `path` may be absolute or a path. Sends exactly what it is given. */
  request(
    method: string,
    path: string,
    options?: { headers?: Headers; body?: string | Uint8Array },
  ): Promise<Answer>
  /** A PROPFIND for these Clark names, expecting 207. */
  propfind(path: string, depth: 0 | 1, names: readonly string[], headers?: Headers): Promise<Multistatus>
  /** A REPORT, expecting 207. */
  report(path: string, body: string, headers?: Headers): Promise<Multistatus>
  put(path: string, body: string | Uint8Array, headers?: Headers): Promise<Answer>
  get(path: string, headers?: Headers): Promise<Answer>
  delete(path: string, headers?: Headers): Promise<Answer>
  /** A sync-collection of level 1 with getetag; '' for the first. */
  sync(path: string, token: string, limit?: number): Promise<Multistatus>
  /** Syncs until nothing is cut off. */
  syncAll(
    path: string,
    token: string,
    limit?: number,
  ): Promise<{ changed: string[]; removed: string[]; token: string }>
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })

/** @param user  undefined for requests without credentials */
export function createClient(
  url: string,
  user?: { readonly name: string; readonly password: string },
): Client {
  const authorization: Headers = user
    ? { Authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}` }
    : {}

  const request: Client['request'] = (method, path, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const base = new URL(url)
      const all: Record<string, string> = { ...authorization, ...headers }
      if (
        body !== undefined &&
        !Object.keys(all).some((name) => /^(content-length|transfer-encoding)$/i.test(name))
      ) {
        all['Content-Length'] = String(Buffer.byteLength(body))
      }
      const sent = http.request(
        { agent, host: base.hostname, port: base.port, method, path, headers: all },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.once('error', reject)
          response.once('end', () => {
            const received = Buffer.concat(chunks)
            const { statusCode = 0, headers: got } = response
            resolve({ status: statusCode, headers: got, body: received, text: received.toString('utf8') })
          })
        },
      )
      sent.once('error', reject)
      sent.end(body)
    })

  const multistatus = async (
    method: string,
    path: string,
    body: string,
    headers: Headers,
  ): Promise<Multistatus> => {
    const answer = await request(method, path, {
      headers: { 'Content-Type': 'application/xml', ...headers },
      body,
    })
    if (answer.status !== 207) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
    return readMultistatus(answer)
  }

  const report: Client['report'] = (path, body, headers = {}) =>
    multistatus('REPORT', path, body, { Depth: '1', ...headers })
  const sync: Client['sync'] = (path, token, limit) => report(path, syncBody(token, limit))

  return {
    request,
    report,
    sync,
    propfind: (path, depth, names, headers = {}) =>
      multistatus('PROPFIND', path, propfindBody(names), { Depth: String(depth), ...headers }),
    put: (path, body, headers = {}) =>
      request('PUT', path, { headers: { 'Content-Type': typeOf(path), ...headers }, body }),
    get: (path, headers = {}) => request('GET', path, { headers }),
    delete: (path, headers = {}) => request('DELETE', path, { headers }),
    async syncAll(path, token, limit) {
      const changed: string[] = []
      const removed: string[] = []
      for (let round = 0; round < 10_000; round += 1) {
        const answer = await sync(path, token, limit)
        let isCut = false
        for (const { href, status } of answer.responses) {
          if (status === 507) isCut = true
          else if (status === 404) removed.push(href)
          else changed.push(href)
        }
        token = answer.syncToken ?? ''
        if (!isCut) return { changed, removed, token }
      }
      throw new Error('The sync never ended.')
    },
  }
}

/** A PROPFIND body for Clark names. */
export function propfindBody(names: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop>${names.map(emptyElement).join('')}</d:prop></d:propfind>`
}

export function syncBody(token: string, limit?: number, names: readonly string[] = [dav('getetag')]): string {
  const cut = limit === undefined ? '' : `<d:limit><d:nresults>${limit}</d:nresults></d:limit>`
  return `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level>${cut}<d:prop>${names.map(emptyElement).join('')}</d:prop></d:sync-collection>`
}

/** A calendar-multiget or addressbook-multiget with getetag and the data. */
export function multigetBody(kind: 'calendar' | 'addressbook', hrefs: readonly string[]): string {
  const name = kind === 'calendar' ? caldav : carddav
  const data = emptyElement(name(kind === 'calendar' ? 'calendar-data' : 'address-data'))
  const list = hrefs.map((href) => `<d:href>${href.replace(/&/g, '&amp;')}</d:href>`).join('')
  const namespace = kind === 'calendar' ? 'urn:ietf:params:xml:ns:caldav' : 'urn:ietf:params:xml:ns:carddav'
  return `<m:${kind}-multiget xmlns:m="${namespace}" xmlns:d="DAV:"><d:prop><d:getetag/>${data}</d:prop>${list}</m:${kind}-multiget>`
}

/** A calendar-query with getetag; `filter` is what stands inside the filter of VCALENDAR. */
export function calendarQueryBody(filter: string, props = '<d:getetag/>'): string {
  return `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop>${props}</d:prop><c:filter><c:comp-filter name="VCALENDAR">${filter}</c:comp-filter></c:filter></c:calendar-query>`
}

export function emptyElement(name: string): string {
  const [, namespace = '', local = ''] = /^\{([^}]*)\}(.+)$/.exec(name) ?? []
  return `<x:${local} xmlns:x="${namespace}"/>`
}

/** The precondition elements of a refusal, by Clark name. */
export function preconditionsOf(answer: Answer): string[] {
  if (answer.body.length === 0 || !answer.headers['content-type']?.includes('xml')) return []
  const root = read(answer.body)
  return root.name === dav('error') ? elements(root).map(({ name }) => name) : []
}

export function readMultistatus(answer: Answer): Multistatus {
  const root = read(answer.body)
  if (root.name !== dav('multistatus')) throw new Error(`not a multistatus: ${root.name}`)
  const responses = children(root, dav('response')).map(readResponse)
  const token = child(root, dav('sync-token'))
  return {
    ...answer,
    responses,
    syncToken: token && textOf(token),
    hrefs: responses.map(({ href }) => href),
    of(href) {
      const found = responses.find((response) => response.href === href)
      if (!found) throw new Error(`no response for ${href} among ${responses.map((r) => r.href).join(' ')}`)
      return found
    },
  }
}

function readResponse(element: XmlElement): ResponseElement {
  const href = child(element, dav('href'))
  const propstats = children(element, dav('propstat')).map((propstat) => {
    const prop = child(propstat, dav('prop'))
    const status = child(propstat, dav('status'))
    return { line: status ? textOf(status) : '', props: prop ? elements(prop) : [] }
  })
  const own = child(element, dav('status'))
  const ok = propstats.find(({ line }) => line === 'HTTP/1.1 200 OK')
  const props = new Map(ok?.props.map((prop) => [prop.name, prop]))
  return {
    href: href ? textOf(href) : '',
    status: own && Number(textOf(own).split(' ')[1]),
    propstatLines: propstats.map(({ line }) => line),
    props,
    namesWith: (status) =>
      propstats
        .filter(({ line }) => line.split(' ')[1] === String(status))
        .flatMap(({ props: list }) => list.map(({ name }) => name)),
    text: (name) => {
      const found = props.get(name)
      return found && textOf(found)
    },
    element,
  }
}

function read(body: Uint8Array): XmlElement {
  const root = readXml(body, { maxBytes: 1e9, maxDepth: 100, maxNodes: 1e7 })
  if (!root) throw new Error('an empty body')
  return root
}

const typeOf = (path: string): string =>
  path.endsWith('.vcf') ? 'text/vcard; charset=utf-8' : 'text/calendar; charset=utf-8'
