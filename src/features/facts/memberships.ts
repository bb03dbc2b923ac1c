import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { isSameName } from '../../../protocol/vcard/bound/read-bound.ts'
import { factsBy } from '../../../storage/facts/fact-rows.ts'
import { type MembershipRow, membershipTable } from '../../../storage/facts/tables.ts'
import type { MembershipId, PartyId } from '../../../storage/ids.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type Acting, mustSee, type Opened } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { showEmployer } from './bound/show-in-cards.ts'
import { dayOf, isCurrent } from './days.ts'
import { checkRoom, memberships, setFact, type Wanted } from './row-facts.ts'

/** What is said of a membership; what is not given stays, or is empty. */
export interface MembershipInput {
  readonly organisation?: PartyId | null | undefined
  readonly organisationName?: string | undefined
  readonly department?: string | undefined
  readonly title?: string | undefined
  readonly role?: string | undefined
  readonly from?: string | null | undefined
  readonly until?: string | null | undefined
  readonly isPrimary?: boolean | undefined
}

export function membershipsOf(reader: Reader, id: PartyId): Promise<MembershipRow[]> {
  return factsBy(reader, membershipTable, 'partyId', [id])
}

/**
 * The one that cards show; undefined where there is none. Of two who were merged, both may have had one.
 * @param shown  the employer that a card names
 */
export function primaryOf(rows: readonly MembershipRow[], shown = ''): MembershipRow | undefined {
  const primary = rows.filter(({ isPrimary }) => isPrimary === 1)
  return primary.find(({ orgName }) => isSameName(orgName, shown)) ?? primary.at(-1)
}

export async function addMembership(
  tx: Writer,
  opened: Opened,
  input: MembershipInput,
): Promise<MembershipRow> {
  const { id } = opened.party.row
  const rows = await membershipsOf(tx, id)
  checkRoom(rows.length, opened.settings.limits.membershipsPerParty, 'memberships of one person')
  const empty = { orgId: null, orgName: '', department: '', title: '', role: '', fromOn: null, untilOn: null }
  const isPrimary = primaryOf(rows) ? 0 : 1
  return saveMembership(
    tx,
    opened,
    rows,
    undefined,
    await merged(tx, opened, { ...empty, partyId: id, isPrimary }, input),
  )
}

/** @throws refusal 404 */
export async function changeMembership(
  tx: Writer,
  opened: Opened,
  item: MembershipId,
  input: MembershipInput,
): Promise<MembershipRow> {
  const { rows, row } = await mustFind(tx, opened, item)
  return saveMembership(tx, opened, rows, row, await merged(tx, opened, row, input))
}

/** @throws refusal 404 */
export async function removeMembership(tx: Writer, opened: Opened, item: MembershipId): Promise<void> {
  const { rows, row } = await mustFind(tx, opened, item)
  await saveMembership(tx, opened, rows, row, undefined)
}

/**
 * Writes a membership as it is to be, so that there is one primary one at most, which goes on.
 * @param rows  all of the party's, as they were
 */
export async function saveMembership(
  tx: Writer,
  acting: Acting,
  rows: readonly MembershipRow[],
  before: MembershipRow | undefined,
  wanted: Wanted<MembershipRow>,
): Promise<MembershipRow>
export async function saveMembership(
  tx: Writer,
  acting: Acting,
  rows: readonly MembershipRow[],
  before: MembershipRow | undefined,
  wanted: Wanted<MembershipRow> | undefined,
): Promise<MembershipRow | undefined>
export async function saveMembership(
  tx: Writer,
  acting: Acting,
  rows: readonly MembershipRow[],
  before: MembershipRow | undefined,
  wanted: Wanted<MembershipRow> | undefined,
): Promise<MembershipRow | undefined> {
  const isPrimary = wanted?.isPrimary === 1 && isCurrent(wanted, dayOf(tx.now))
  const old = primaryOf(rows)
  if (isPrimary)
    for (const row of rows)
      if (row.isPrimary === 1 && row.id !== before?.id)
        await setFact(tx, memberships, row, { ...row, isPrimary: 0 }, acting.origin)
  const kept = wanted && { ...wanted, isPrimary: isPrimary ? 1 : 0 }
  const saved = await setFact(tx, memberships, before, kept, acting.origin)
  const others = rows.filter(({ id }) => id !== before?.id)
  const next = isPrimary ? saved : primaryOf(others)
  const partyId = (saved ?? before)?.partyId
  if (partyId !== undefined) await showEmployer(tx, acting, partyId, { was: old, is: next })
  return saved
}

async function merged(
  tx: Writer,
  opened: Opened,
  before: Wanted<MembershipRow>,
  input: MembershipInput,
): Promise<Wanted<MembershipRow>> {
  const { department, title, role, from: fromOn, until: untilOn } = input
  const given = { department, title, role, fromOn, untilOn }
  const isPrimary = input.isPrimary === undefined ? before.isPrimary : input.isPrimary ? 1 : 0
  const after = {
    ...before,
    ...stripped(given),
    ...(await organisation(tx, opened, before, input)),
    isPrimary,
  }
  if (after.fromOn !== null && after.untilOn !== null && after.untilOn < after.fromOn)
    throw refuseStatus(422, 'until: it is over before it begins')
  return after
}

/** An organisation by its id is called what its card calls it, unless the name is given too. */
async function organisation(
  tx: Writer,
  opened: Opened,
  { orgId, orgName }: Pick<MembershipRow, 'orgId' | 'orgName'>,
  { organisation: id, organisationName: name }: MembershipInput,
): Promise<Pick<MembershipRow, 'orgId' | 'orgName'>> {
  // What is called otherwise is not known to be the same any more.
  if (id === undefined)
    return name === undefined || name === orgName ? { orgId, orgName } : { orgId: null, orgName: name }
  if (id === null) return { orgId: null, orgName: name ?? orgName }
  if (id === opened.party.row.id) throw refuseStatus(422, 'organisation: nobody works for himself')
  const found = await mustSee(tx, opened, id)
  const [shown] = found.placements
  if (shown.kind !== 'org') throw refuseStatus(422, 'organisation: this is a person')
  return { orgId: found.row.id, orgName: name ?? shown.name }
}

async function mustFind(reader: Reader, { party, reach }: Opened, item: MembershipId) {
  const rows = await membershipsOf(reader, party.row.id)
  const row = rows.find(({ id }) => id === item)
  const isSeen = row && (row.orgId === null || (await isVisible(reader, reach, row.orgId)))
  if (!row || !isSeen) throw refuseStatus(404, 'There is no such membership.')
  return { rows, row }
}

async function isVisible(reader: Reader, reach: Acting['reach'], id: PartyId): Promise<boolean> {
  return (await seeParties(reader, reach, [id])).has(id)
}

/** What is given, without what is not. */
export function stripped<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}
