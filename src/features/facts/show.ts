import { factsBy } from '../../../storage/facts/fact-rows.ts'
import type { PlacedMembership } from '../../../storage/facts/people-of.ts'
import { rolesOf } from '../../../storage/facts/roles.ts'
import {
  type MembershipRow,
  membershipTable,
  type OrgLinkRow,
  orgLinkTable,
  type RelationRow,
} from '../../../storage/facts/tables.ts'
import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Acting } from '../people/asking.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import { mayWrite, type Reach } from '../people/reach.ts'
import { rowContacts } from '../people/row-contacts.ts'
import { isVeiled, type JobVeil, jobVeil } from '../people/veil.ts'
import { primaryOf } from './memberships.ts'
import { relationsOf } from './relations.ts'

/** Links that are shown with one organisation, each way. */
const shownLinks = 100

/** Others whom facts name, as the caller sees them. */
type Seen = ReadonlyMap<PartyId, SeenParty>

/** Somebody with all that is known of him, as whoever asks sees him: what names somebody whom he does not see is left out. */
export async function showParty(
  reader: Reader,
  { reach, session }: Pick<Acting, 'reach' | 'session'>,
  { row, placements }: SeenParty,
) {
  const { id } = row
  const places = await factsBy(reader, membershipTable, 'partyId', [id])
  const known = await relationsOf(reader, id)
  const above = (await factsBy(reader, orgLinkTable, 'partyId', [id])).slice(0, shownLinks)
  const below = (await factsBy(reader, orgLinkTable, 'parentId', [id])).slice(0, shownLinks)
  const others = new Set([
    ...places.flatMap(({ orgId }) => orgId ?? []),
    ...known.flatMap(({ otherId }) => otherId ?? []),
    ...above.map(({ parentId }) => parentId),
    ...below.map(({ partyId }) => partyId),
  ])
  const seen: Seen = await seeParties(reader, reach, [...others])
  const owners = await ownersOf(reader, [row.ownerId])
  const veil = jobVeil(reach, placements)
  return {
    ...shownName({ row, placements }),
    version: row.version,
    createdAt: new Date(row.createdAt).toISOString(),
    changedAt: new Date(row.changedAt).toISOString(),
    owner: ownerIn(owners, row.ownerId),
    roles: (await rolesOf(reader, [id])).map(({ role }) => role),
    cards: placements.flatMap((placement) => shownCard(reach, session, placement)),
    memberships: places.flatMap((one) => shownMembership(one, seen, veil) ?? []),
    relations: isVeiled(reach, placements, 'RELATED')
      ? []
      : known.flatMap((one) => shownRelation(one, seen) ?? []),
    above: above.flatMap((link) => shownLink(link, seen.get(link.parentId))),
    below: below.flatMap((link) => shownLink(link, seen.get(link.partyId))),
  }
}

/** Rows of a list of people, each with what is asked for most. */
export async function showItems(reader: Reader, reach: Reach, rows: readonly PlacementRow[]) {
  const ids = rows.map(({ partyId }) => partyId)
  const seen = await seeParties(reader, reach, ids)
  const roles = grouped(await rolesOf(reader, ids), ({ partyId }) => partyId)
  const places = grouped(await factsBy(reader, membershipTable, 'partyId', ids), ({ partyId }) => partyId)
  const owners = await ownersOf(
    reader,
    [...seen.values()].map(({ row }) => row.ownerId),
  )
  const placed = (row: PlacementRow) => seen.get(row.partyId)?.placements ?? [row]
  const contactOf = await rowContacts(reader, reach, rows.flatMap(placed))
  const writable = new Set(reach.books.filter(mayWrite).map(({ row }) => row.id))
  return (row: PlacementRow) => {
    const job = primaryOf(places.get(row.partyId) ?? [])
    const shown = job && plainMembership(job, jobVeil(reach, placed(row)))
    return {
      ...{ id: row.partyId, kind: row.kind, name: row.name },
      roles: (roles.get(row.partyId) ?? []).map(({ role }) => role),
      owner: ownerIn(owners, seen.get(row.partyId)?.row.ownerId ?? null),
      organisation: shown?.organisationName ?? '',
      title: shown?.title ?? '',
      ...contactOf(placed(row)),
      cards: placed(row).map(({ objectId, collectionId }) => ({
        ...{ id: objectId, book: collectionId, mayWrite: writable.has(collectionId) },
      })),
    }
  }
}

/** People of an organisation; undefined of whom the caller is not to know that he is there. */
export async function showPeople(reader: Reader, reach: Reach, rows: readonly PlacedMembership[]) {
  const seen = await seeParties(reader, reach, [...new Set(rows.map(({ partyId }) => partyId))])
  return (row: PlacedMembership) => {
    const { partyId: id, kind, name } = row
    const membership = plainMembership(row, jobVeil(reach, seen.get(id)?.placements ?? []))
    return membership && { person: { id, kind, name }, membership }
  }
}

/** undefined where the caller does not see the organisation, or that there is a job at all. */
export function shownMembership(row: MembershipRow, seen: Seen, veil: JobVeil) {
  const organisation = row.orgId === null ? null : seen.get(row.orgId)
  const shown = plainMembership(row, veil)
  if (organisation === undefined || !shown) return undefined
  return { ...shown, organisation: organisation && shownName(organisation) }
}

/** undefined where nothing of it is seen. */
function plainMembership(row: MembershipRow, veil: JobVeil) {
  const { id, orgId, orgName, department, fromOn, untilOn, isPrimary } = row
  const [title, role] = [veil.title ? '' : row.title, veil.role ? '' : row.role]
  if (veil.job || (orgId === null && [orgName, department, title, role].join('') === '')) return undefined
  const dates = { from: fromOn, until: untilOn, isPrimary: isPrimary === 1 }
  return { id, organisationName: orgName, department, title, role, ...dates }
}

/** undefined where the caller does not see the other. */
export function shownRelation(
  { id, type, inverse, otherId, name, sinceOn, untilOn }: RelationRow,
  seen: Seen,
) {
  const other = otherId === null ? null : seen.get(otherId)
  if (other === undefined) return undefined
  const shown = other && shownName(other)
  return { id, type, inverse, other: shown, name: shown?.name ?? name, since: sinceOn, until: untilOn }
}

export function shownLink({ id, kind, fromOn, untilOn }: OrgLinkRow, other: SeenParty | undefined) {
  return other ? [{ id, organisation: shownName(other), kind, from: fromOn, until: untilOn }] : []
}

export function shownName({ row, placements: [first] }: SeenParty) {
  return { id: row.id, kind: first.kind, name: first.name }
}

function shownCard({ books }: Reach, { principal }: Session, { objectId, collectionId, name }: PlacementRow) {
  const book = books.find(({ row }) => row.id === collectionId)
  if (!book) return []
  const displayName = book.mount?.displayname || book.row.displayname || book.row.name
  const isMine = book.row.principalId === principal.id
  return [{ id: objectId, name, book: { id: collectionId, displayName, isMine }, mayWrite: mayWrite(book) }]
}

type Owners = ReadonlyMap<PrincipalId, { readonly name: string; readonly displayName: string }>

async function ownersOf(reader: Reader, ids: readonly (PrincipalId | null)[]): Promise<Owners> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  return new Map((await findPrincipalsByIds(reader, wanted)).map((row) => [row.id, row]))
}

function ownerIn(owners: Owners, id: PrincipalId | null) {
  const owner = id === null ? undefined : owners.get(id)
  return owner ? { name: owner.name, displayName: owner.displayName || owner.name } : null
}
