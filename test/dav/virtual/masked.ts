import { carddav, dav } from '../../../protocol/dav/names.ts'
import { giveMask, type MaskWish, takeMask, writeMask } from '../../../src/features/masks/edit-masks.ts'
import { callApi } from '../birthdays/birthdays.ts'
import { emptyElement, multigetBody, readMultistatus, syncBody } from '../client.ts'
import type { Account, TestServer } from '../server.ts'
import { acceptOnly, postShare, set } from '../sharing.ts'

/** Shares a book and accepts it. @returns its path at the sharee */
export async function sharedWith(
  owner: Account,
  sharee: Account,
  access: 'read' | 'read-write' = 'read-write',
  book = owner.contacts,
): Promise<string> {
  const shared = await postShare(owner, book, set(sharee.principal, access))
  if (shared.status !== 200) throw new Error(`${shared.status} ${shared.text}`)
  return acceptOnly(sharee, sharee.books)
}

let masks = 0

/** A mask of its own, held by these. @returns its name */
export async function masked(
  { services }: TestServer,
  mask: MaskWish,
  ...holders: readonly Account[]
): Promise<string> {
  masks += 1
  const name = `mask-${masks}`
  await services.store.write(async (tx) => {
    await writeMask(tx, name, mask, { kind: 'job' })
    for (const holder of holders) await giveMask(tx, name, holder.name, { kind: 'job' })
  })
  return name
}

export function changeMask({ services }: TestServer, name: string, mask: MaskWish): Promise<void> {
  return services.store.write((tx) => writeMask(tx, name, mask, { kind: 'job' }))
}

export function takeFrom({ services }: TestServer, name: string, holder: Account): Promise<void> {
  return services.store.write((tx) => takeMask(tx, name, holder.name, { kind: 'job' }))
}

const xml = { 'Content-Type': 'application/xml', Depth: '1' }
const data = emptyElement(carddav('address-data'))

/** Everything that is said to somebody of a book, by every way to ask. */
export async function cardFaces(client: Account, book: string): Promise<ReadonlyMap<string, string>> {
  const faces = new Map<string, string>()
  const ask = async (name: string, method: string, path: string, body?: string) => {
    const headers = body === undefined ? {} : xml
    const answer = await client.request(method, path, { headers, ...(body !== undefined && { body }) })
    faces.set(`${name} ${path}`, `${answer.status} ${JSON.stringify(answer.headers)}${answer.text}`)
    return answer
  }
  const listed = await ask('allprop', 'PROPFIND', book, propfind('<d:allprop/>'))
  const named = await ask('propname', 'PROPFIND', book, propfind('<d:propname/>'))
  const names = new Set(readMultistatus(named).responses.flatMap(({ props }) => [...props.keys()]))
  await ask('all', 'PROPFIND', book, propfind(`<d:prop>${[...names].map(emptyElement).join('')}</d:prop>`))
  const members = readMultistatus(listed).hrefs.filter((one) => one !== book)
  await ask('sync', 'REPORT', book, syncBody('', undefined, [dav('getetag'), carddav('address-data')]))
  await ask('query', 'REPORT', book, query(''))
  await ask('query of all', 'REPORT', book, query('<c:filter><c:prop-filter name="TEL"/></c:filter>'))
  await ask('expand', 'REPORT', book, expandBody)
  if (members.length > 0) await ask('multiget', 'REPORT', book, multigetBody('addressbook', members))
  for (const accept of ['', 'text/csv', 'application/vcard+json', 'text/vcard;version=4.0']) {
    const answer = await client.get(book, accept === '' ? {} : { Accept: accept })
    faces.set(`GET of all as ${accept}`, answer.text)
  }
  for (const member of members) {
    for (const accept of [
      '',
      'text/vcard;version=4.0',
      'application/vcard+json',
      'application/jscontact+json',
    ]) {
      const answer = await client.get(member, accept === '' ? {} : { Accept: accept })
      faces.set(`GET ${member} as ${accept}`, `${JSON.stringify(answer.headers)}${answer.text}`)
    }
    await ask('one', 'PROPFIND', member, propfind(`<d:prop>${data}<d:getetag/></d:prop>`))
  }
  const archive = await callApi(client, 'GET', '/export?history=1')
  faces.set('archive', archive.body.toString('latin1'))
  return faces
}

/** Whether a filter on a value finds anything: what is not seen is not found either. */
export async function findsValue(
  client: Account,
  book: string,
  property: string,
  value: string,
): Promise<number> {
  const filter = `<c:filter><c:prop-filter name="${property}"><c:text-match match-type="contains">${value}</c:text-match></c:prop-filter></c:filter>`
  return (await client.report(book, query(filter))).responses.length
}

function query(filter: string): string {
  return `<c:addressbook-query xmlns:c="urn:ietf:params:xml:ns:carddav" xmlns:d="DAV:"><d:prop><d:getetag/>${data}</d:prop>${filter || '<c:filter/>'}</c:addressbook-query>`
}

const expandBody = `<d:expand-property xmlns:d="DAV:"><d:property name="getetag"/><d:property name="address-data" namespace="urn:ietf:params:xml:ns:carddav"/><d:property name="owner"/></d:expand-property>`

function propfind(what: string): string {
  return `<d:propfind xmlns:d="DAV:">${what}</d:propfind>`
}
