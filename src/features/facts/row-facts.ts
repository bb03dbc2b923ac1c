import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { addFactEvent } from '../../../storage/events.ts'
import {
  addFact,
  type FactRow,
  type FactTable,
  removeFact,
  writeFact,
} from '../../../storage/facts/fact-rows.ts'
import {
  type MembershipRow,
  membershipTable,
  type OrgLinkRow,
  orgLinkTable,
  type RelationRow,
  relationTable,
} from '../../../storage/facts/tables.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import { WriteConflictError, type Writer } from '../../../storage/store.ts'
import { type FactState, recordFact } from '../history/history.ts'

/** A kind of fact of which each is a row. */
export interface RowKind<Row extends FactRow & { readonly partyId: PartyId }> {
  /** As in the history. */
  readonly kind: string
  readonly table: FactTable<Row>
  /** The second party, where there is one. */
  readonly other: (row: Row) => PartyId | null
  /** Whether it is shown with both, and counts for both. */
  readonly isOfBoth: boolean
}

export const memberships: RowKind<MembershipRow> = {
  kind: 'membership',
  table: membershipTable,
  other: ({ orgId }) => orgId,
  isOfBoth: false,
}
export const relations: RowKind<RelationRow> = {
  kind: 'relation',
  table: relationTable,
  other: ({ otherId }) => otherId,
  isOfBoth: true,
}
export const orgLinks: RowKind<OrgLinkRow> = {
  kind: 'organisation',
  table: orgLinkTable,
  other: ({ parentId }) => parentId,
  isOfBoth: true,
}

/** A fact as it is to be: without an id it is new; with one that is not there it comes back. */
export type Wanted<Row extends FactRow> = Omit<Row, 'id'> & { readonly id?: number | undefined }

/** Makes a fact, changes it, or takes it away; it is counted and written down. @returns as it is then */
export async function setFact<Row extends FactRow & { readonly partyId: PartyId }>(
  tx: Writer,
  kind: RowKind<Row>,
  before: Row | undefined,
  wanted: Wanted<Row> | undefined,
  origin: Origin,
): Promise<Row | undefined> {
  const after = await write(tx, kind, before, wanted)
  const shown = after ?? before
  if (!shown || (after && before && isSame(kind, before, after))) return after
  const parties = new Set<PartyId | null>([shown.partyId])
  for (const row of [before, after]) if (row && kind.isOfBoth) parties.add(row.partyId).add(kind.other(row))
  for (const id of parties) if (id !== null) await changeParty(tx, id)
  // Both stand in lists of the other, whose own facts stay as they are.
  for (const row of [before, after]) {
    const other = row && kind.other(row)
    if (other != null) tx.touchedParties.add(other)
  }
  await recordFact(
    tx,
    {
      partyId: shown.partyId,
      otherId: kind.other(shown) ?? undefined,
      kind: kind.kind,
      key: shown.id,
      before: before && stateOf(kind, before),
      after: after && stateOf(kind, after),
    },
    origin,
  )
  const what = after ? (before ? 'changed' : 'added') : 'removed'
  const about = { kind: kind.kind, id: shown.id }
  await addFactEvent(
    tx,
    { kind: `${kind.kind}-${what}`, parties: [...parties].flatMap((id) => id ?? []), about },
    origin,
  )
  return after
}

function stateOf<Row extends FactRow & { readonly partyId: PartyId }>(
  { table }: RowKind<Row>,
  row: Row,
): FactState {
  return Object.fromEntries((['id', ...table.fields] as const).map((field) => [field, row[field]]))
}

/** @throws refusal 422 where there are so many already */
export function checkRoom(count: number, limit: number, what: string): void {
  if (count >= limit) throw refuseStatus(422, `There may be ${limit} ${what} at most.`)
}

async function write<Row extends FactRow & { readonly partyId: PartyId }>(
  tx: Writer,
  kind: RowKind<Row>,
  before: Row | undefined,
  wanted: Wanted<Row> | undefined,
): Promise<Row | undefined> {
  if (!wanted) {
    if (before) await removeFact(tx, kind.table, before.id)
    return undefined
  }
  if (!before) return addFact(tx, kind.table, wanted)
  const after = { ...before, ...wanted, id: before.id }
  if (isSame(kind, before, after)) return after
  if (!(await writeFact(tx, kind.table, after))) throw new WriteConflictError('The fact is gone meanwhile.')
  return after
}

function isSame<Row extends FactRow & { readonly partyId: PartyId }>(
  { table }: RowKind<Row>,
  one: Row,
  other: Row,
): boolean {
  return table.fields.every((field) => one[field] === other[field])
}
