import { caldav, carddav, dav } from '../../../../protocol/dav/names.ts'
import { textOf } from '../../../../protocol/dav/xml-read.ts'
import { element, hrefElement } from '../../../../protocol/dav/xml-write.ts'
import { askReport } from './ask.ts'
import type { RemoteCollection } from './collection.ts'
import type { RemoteMember } from './listing.ts'
import { LargeAnswerError, MigrationError } from './migration-error.ts'
import type { Remote } from './remote.ts'

/** An object as it was read, or why it was not. */
export type ReadMember = { readonly member: RemoteMember } & (
  | { readonly kind: 'read'; readonly body: Buffer }
  | { readonly kind: 'gone' }
  /** It never can be. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly isUnreachable?: boolean }
)

/**
 * Reads objects, several at once. By GET, which gives the octets as they are stored: XML, in which REPORT wraps them,
 * keeps no line ends.
 * @throws MigrationError unreachable, where none of them could be read for that: the rest would fare no better
 */
export async function readMembers(
  remote: Remote,
  collection: RemoteCollection,
  members: readonly RemoteMember[],
  maxBytes: number,
): Promise<ReadMember[]> {
  const read = await Promise.all(members.map((member) => readOne(remote, collection, member, maxBytes)))
  const [first] = read
  if (first?.kind === 'failed' && read.every((one) => one.kind === 'failed' && one.isUnreachable === true))
    throw new MigrationError(first.reason, 'unreachable')
  return read
}

async function readOne(
  remote: Remote,
  collection: RemoteCollection,
  member: RemoteMember,
  maxBytes: number,
): Promise<ReadMember> {
  try {
    const { status, body } = await remote.send({ method: 'GET', url: member.url, maxBytes })
    if (status === 200) return { member, kind: 'read', body }
    if (status === 410) return { member, kind: 'gone' }
    if (!withoutGet.includes(status)) return { member, kind: 'failed', reason: answered(status) }
    return await readByReport(remote, collection, member)
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error
    if (error instanceof LargeAnswerError) return { member, kind: 'refused', reason: error.message }
    return { member, kind: 'failed', reason: error.message, isUnreachable: error.reason === 'unreachable' }
  }
}

/**
 * What a server answers that has its objects read by REPORT only; and for a name that it misreads in an address, though
 * it has just listed it, as Radicale does behind uWSGI.
 */
const withoutGet: readonly number[] = [403, 404, 405, 501]

const answered = (status: number): string => `The server answers ${status}.`

/** With the line ends that both formats want. @see RFC 5545 §3.1, RFC 6350 §3.2 */
async function readByReport(
  remote: Remote,
  { kind, url }: RemoteCollection,
  member: RemoteMember,
): Promise<ReadMember> {
  const [report, data] = multigetOf(kind)
  const content = `<d:prop>${element(dav('getetag'))}${element(data)}</d:prop>${hrefElement(member.href)}`
  const asked = await askReport(remote, url, report, content)
  if (asked.kind === 'refused') return { member, kind: 'failed', reason: answered(asked.status) }
  const [response] = asked.responses
  const found = response?.props.get(data)
  if (!found)
    return response?.status === 404
      ? { member, kind: 'gone' }
      : { member, kind: 'failed', reason: 'The server gives no octets.' }
  return { member, kind: 'read', body: Buffer.from(textOf(found).replace(/\r\n|\r|\n/g, '\r\n')) }
}

/** The report that gives many objects, with the fixed prefix, and the property that has their octets. */
export function multigetOf(kind: RemoteCollection['kind']): readonly [report: string, data: string] {
  return kind === 'calendar'
    ? ['c:calendar-multiget', caldav('calendar-data')]
    : ['card:addressbook-multiget', carddav('address-data')]
}
