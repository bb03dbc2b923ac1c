import type { Ace } from '../../../protocol/dav/acl.ts'
import { allPrivileges, bit, type PrivilegeSet, readPrivileges } from '../../../protocol/dav/privileges.ts'
import {
  amongCircle,
  findPrincipalsBySegments,
  pageOfCircle,
  pageOfPrincipals,
} from '../../../storage/directory/circles.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import {
  findPrincipalBySegment,
  findPrincipalsByEmail,
  type PrincipalRow,
} from '../../../storage/principals.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { within } from './rights.ts'

/** The principal of a segment, where the caller may see it. */
export async function findVisiblePrincipal(
  reader: Reader,
  session: Session,
  segment: string,
): Promise<PrincipalRow | undefined> {
  if (session.principal.segment === segment) return session.principal
  const found = await findPrincipalBySegment(reader, segment)
  if (session.directory === 'all') return found
  // Who is not there is looked for like who is: the time of a refusal tells nothing.
  const visible = await visibleIds(reader, session, [found?.id ?? 0])
  return found && visible.has(found.id) ? found : undefined
}

/** Those of these segments that the caller may see, by segment. */
export async function findVisiblePrincipals(
  reader: Reader,
  session: Session,
  segments: readonly string[],
): Promise<ReadonlyMap<string, PrincipalRow>> {
  if (segments.length === 0) return new Map()
  const found = await visibleAmong(reader, session, await findPrincipalsBySegments(reader, segments))
  return new Map(found.map((principal) => [principal.segment, principal]))
}

/** Those with a mail address that the caller may see, the oldest first. */
export async function findVisibleByEmail(
  reader: Reader,
  session: Session,
  email: string,
): Promise<PrincipalRow[]> {
  return visibleAmong(reader, session, await findPrincipalsByEmail(reader, email))
}

/** Those that the caller may see, in their order. */
export async function visibleAmong<Row extends PrincipalRow>(
  reader: Reader,
  session: Session,
  principals: readonly Row[],
): Promise<Row[]> {
  if (session.directory === 'all' || principals.length === 0) return [...principals]
  const visible = await visibleIds(
    reader,
    session,
    principals.map(({ id }) => id),
  )
  return principals.filter(({ id }) => visible.has(id))
}

/** All whom the caller may see, in pages, the oldest first. */
export async function* visiblePages(
  store: Pick<Store, 'read'>,
  session: Session,
): AsyncGenerator<readonly PrincipalRow[]> {
  const circle = circleOf(session)
  for (let after: PrincipalId = 0; ; ) {
    const at = { after, limit: pageSize }
    const page = await store.read((reader) =>
      circle ? pageOfCircle(reader, session.principal.id, circle, at) : pageOfPrincipals(reader, at),
    )
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.id
  }
}

const pageSize = 500

/** What the caller may do with a principal: change properties of his own, and read the others. */
export function principalAccess(session: Session, { id }: Pick<PrincipalRow, 'id'>): PrivilegeSet {
  return within(session, id === session.principal.id ? ownPrivileges : readPrivileges)
}

/** The same as entries. Groups and rooms are nobody's own: they are the administrator's. */
export function principalAces({ kind }: Pick<PrincipalRow, 'kind'>): readonly Ace[] {
  return kind === 'user' ? [forOneself, forOthers] : [forOthers]
}

const ownPrivileges = allPrivileges & ~(bit.bind | bit.unbind | bit['write-acl'])
const forOneself: Ace = { subject: { kind: 'self' }, grant: true, privileges: ownPrivileges }
const forOthers: Ace = { subject: { kind: 'authenticated' }, grant: true, privileges: readPrivileges }

const circleOf = ({ directory }: Session) =>
  directory === 'all' ? undefined : directory === 'groups' ? 'groups' : 'delegation'

async function visibleIds(
  reader: Reader,
  session: Session,
  ids: readonly PrincipalId[],
): Promise<ReadonlySet<PrincipalId>> {
  return amongCircle(reader, session.principal.id, circleOf(session) ?? 'groups', ids)
}
