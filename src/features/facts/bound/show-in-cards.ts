import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import { patchJob } from '../../../../protocol/vcard/bound/patch-bound.ts'
import type { CardJob, NamedRelation } from '../../../../protocol/vcard/bound/read-bound.ts'
import type { MembershipRow, RelationRow } from '../../../../storage/facts/tables.ts'
import type { PartyId } from '../../../../storage/ids.ts'
import { type PlacementRow, placementsOf } from '../../../../storage/people/parties.ts'
import type { Writer } from '../../../../storage/store.ts'
import type { Acting } from '../../people/asking.ts'
import { type Patching, patchCards } from '../../people/patch-cards.ts'
import { booksOf, writablePlacements } from '../../people/reach.ts'
import { masksIn } from '../../people/seen-texts.ts'
import { dayOf, isCurrent } from '../days.ts'
import { patchLines } from './patch-relations.ts'

/** Writes where somebody works now into his cards that the caller may change: ORG, TITLE and ROLE. */
export async function showEmployer(
  tx: Writer,
  acting: Acting,
  partyId: PartyId,
  { was, is }: { readonly was: MembershipRow | undefined; readonly is: MembershipRow | undefined },
): Promise<void> {
  const [before, after] = [jobOf(was), jobOf(is)]
  const fields = ['orgName', 'department', 'title', 'role'] as const
  if (fields.every((field) => before[field] === after[field])) return
  const people = (await cardsOf(tx, acting, partyId)).filter(({ kind }) => kind === 'person')
  const patch = (text: string): string => {
    try {
      return patchJob(text, before, after, tx.now)
    } catch (error) {
      if (error instanceof InvalidObjectError) return text
      throw error
    }
  }
  await patchCards(tx, people, patch, patchingOf(acting))
}

/** Writes who is related into the cards of both that the caller may change; what is over stands in none. */
export async function showRelation(
  tx: Writer,
  acting: Acting,
  before: RelationRow | undefined,
  after: RelationRow | undefined,
): Promise<void> {
  const today = dayOf(tx.now)
  const ids = new Set([before, after].flatMap((row) => (row ? [row.partyId, row.otherId] : [])))
  for (const id of ids) {
    if (id === null) continue
    const [was, is] = [before, after].map((row) =>
      row && isCurrent(row, today) ? lineFor(id, row) : undefined,
    )
    if (was?.name === is?.name && was?.type === is?.type) continue
    const cards = await cardsOf(tx, acting, id)
    await patchLines(tx, cards, { was, is }, patchingOf(acting))
  }
}

/** What the cards of one of the two say of the other; undefined where he has nothing to do with it. */
function lineFor(id: PartyId, row: RelationRow): NamedRelation | undefined {
  if (row.partyId === id) return { type: row.type, name: row.name }
  return row.otherId === id ? { type: row.inverse, name: row.otherName } : undefined
}

async function cardsOf(tx: Writer, { reach }: Acting, id: PartyId): Promise<PlacementRow[]> {
  return writablePlacements(reach, await placementsOf(tx, [id], reach.bookIds))
}

/** What the caller does not see of the cards stays as it is. */
function patchingOf({ origin, settings, reach }: Acting): Patching {
  return { origin, settings, books: booksOf(reach), masks: masksIn(reach) }
}

function jobOf(row: MembershipRow | undefined): CardJob {
  const { orgName = '', department = '', title = '', role = '' } = row ?? {}
  return { orgName, department, title, role }
}
