import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import { children, elements, textOf } from '../../../protocol/dav/xml-read.ts'
import { type Answer, type Client, type Headers, type Multistatus, readMultistatus } from '../client.ts'

/**
 * A body as a client sends it, from `fixtures/`; `{NAME}` stands for what differs from one account to the next.
 * The bodies are written from the property lists, spellings and headers recorded of each client.
 */
export function fixture(file: string, values: Readonly<Record<string, string>> = {}): string {
  const text = readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8')
  return text.replace(/\{([A-Z]+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Hrefs of a multiget, as elements of this name. */
export function hrefElements(name: string, hrefs: readonly string[]): string {
  return hrefs.map((href) => `<${name}>${href}</${name}>`).join('')
}

/** Sends a request that every client must be able to read the 207 of. @see MIN-12, MIN-14, MIN-15 */
export async function multistatus(
  client: Client,
  method: 'PROPFIND' | 'PROPPATCH' | 'REPORT',
  path: string,
  headers: Headers,
  body: string,
): Promise<Multistatus> {
  const answer = await client.request(method, path, { headers, body })
  expect(answer.status, answer.text).toBe(207)
  expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
  expect(answer.text).toMatch(/^<\?xml version="1\.0"/)
  const read = readMultistatus(answer)
  for (const response of read.responses) expectReadable(response.element)
  return read
}

/** What the strictest readers ask of a response element: Thunderbird, KDE, Outlook's synchroniser, DAVx5. */
function expectReadable(response: XmlElement): void {
  const texts = (name: string, of = response) => children(of, `{DAV:}${name}`).map(textOf)
  expect(texts('href')).toHaveLength(1)
  expect(texts('href')[0]).toMatch(/^\/([A-Za-z0-9._~/-]|%[0-9A-F]{2})*$/)
  const propstats = children(response, '{DAV:}propstat')
  const lines = propstats.flatMap((propstat) => texts('status', propstat))
  expect(lines).toHaveLength(propstats.length)
  expect(lines.slice(1)).not.toContain('HTTP/1.1 200 OK')
  for (const line of [...lines, ...texts('status')]) expect(line).toMatch(/^HTTP\/1\.1 \d{3} [A-Z]/)
  expect(propstats.length > 0).not.toBe(texts('status').length > 0)
}

/** The hrefs inside a property, such as a home set. */
export function hrefsIn(property: XmlElement | undefined): string[] {
  return property === undefined ? [] : children(property, '{DAV:}href').map(textOf)
}

/** Local names of the privileges that stand at the top, each in its own element (MIN-19). */
export function privilegesIn(property: XmlElement | undefined): string[] {
  if (property === undefined) return []
  return children(property, '{DAV:}privilege').flatMap((privilege) =>
    elements(privilege).map(({ name }) => name.replace('{DAV:}', '')),
  )
}

/** The names of the elements inside a property, such as a resourcetype. */
export function namesIn(property: XmlElement | undefined): string[] {
  return property === undefined ? [] : elements(property).map(({ name }) => name)
}

/** Names of the components of a supported-calendar-component-set. */
export function componentsIn(property: XmlElement | undefined): string[] {
  if (property === undefined) return []
  return elements(property).map(({ attributes }) => attributes.get('name') ?? '')
}

/** The DAV: header's tokens in their order. */
export function davTokens(answer: Answer): string[] {
  return String(answer.headers.dav ?? '')
    .split(',')
    .map((token) => token.trim())
}

/** An answer that says which credentials are wanted, and no more than one way. @see MIN-02 */
export function expectChallenge(answer: Answer): void {
  expect(answer.status).toBe(401)
  expect(answer.headers['www-authenticate']).toBe('Basic realm="Farley", charset="UTF-8"')
}

export const etagOf = (answer: Answer): string => {
  expect(answer.headers.etag).toMatch(/^"[^"]+"$/)
  return answer.headers.etag ?? ''
}
