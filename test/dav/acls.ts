import { type AskedAce, readAcl } from '../../protocol/dav/acl-xml.ts'
import { dav } from '../../protocol/dav/names.ts'
import { children, elements, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import type { Answer, Client, Headers, ResponseElement } from './client.ts'

/** An entry of an ACL body: a principal's href, or XML inside DAV:principal; privileges with or without prefix. */
export interface AceText {
  readonly who: string
  readonly grant?: readonly string[]
  readonly deny?: readonly string[]
  /** Further XML: DAV:protected, DAV:inherited. */
  readonly more?: string
}

export function aclBody(aces: readonly AceText[]): string {
  return `<d:acl xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${aces.map(aceText).join('')}</d:acl>`
}

export function acl(
  client: Client,
  path: string,
  aces: readonly AceText[],
  headers: Headers = {},
): Promise<Answer> {
  return client.request('ACL', path, {
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: aclBody(aces),
  })
}

/** Sets a list, and throws where it was refused. */
export async function mustSetAcl(client: Client, path: string, aces: readonly AceText[]): Promise<void> {
  const answer = await acl(client, path, aces)
  if (answer.status !== 200) throw new Error(`ACL ${path} answered ${answer.status}: ${answer.text}`)
}

/** The entries of DAV:acl as a client reads them. */
export async function readAces(client: Client, path: string): Promise<AskedAce[]> {
  const found = (await client.propfind(path, 0, [dav('acl')])).of(path).props.get(dav('acl'))
  if (!found) throw new Error(`${path} has no DAV:acl`)
  return readAcl(found)
}

/** The local names of DAV:current-user-privilege-set. */
export async function privilegesOf(client: Client, path: string): Promise<string[]> {
  const name = dav('current-user-privilege-set')
  const set = (await client.propfind(path, 0, [name])).of(path).props.get(name)
  if (!set) return []
  return children(set, dav('privilege')).flatMap((one) => elements(one).map((node) => local(node.name)))
}

/** The hrefs in a property of a response. */
export function hrefsIn(response: ResponseElement, name: string): string[] {
  const found = response.props.get(name)
  return found ? hrefs(found) : []
}

export function hrefs(element: XmlElement): string[] {
  return children(element, dav('href')).map(textOf)
}

const local = (name: string): string => name.slice(name.indexOf('}') + 1)

function aceText({ who, grant, deny, more = '' }: AceText): string {
  const principal = who.startsWith('/') ? `<d:href>${who}</d:href>` : who
  const privilege = (name: string): string =>
    `<d:privilege><${name.includes(':') ? name : `d:${name}`}/></d:privilege>`
  const rule = (tag: string, names: readonly string[] | undefined): string =>
    names ? `<d:${tag}>${names.map(privilege).join('')}</d:${tag}>` : ''
  return `<d:ace><d:principal>${principal}</d:principal>${rule('grant', grant)}${rule('deny', deny)}${more}</d:ace>`
}
