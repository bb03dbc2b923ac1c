import { z } from 'zod'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { newCard } from '../../../../protocol/vcard/edit/edit-card.ts'
import { findFact } from '../../../../storage/facts/fact-rows.ts'
import {
  dropSuggestion,
  findSuggestion,
  type SuggestionRow,
  type SuggestionState,
} from '../../../../storage/facts/suggestions.ts'
import {
  type MembershipRow,
  membershipTable,
  type RelationRow,
  relationTable,
} from '../../../../storage/facts/tables.ts'
import type { PartyId, SuggestionId } from '../../../../storage/ids.ts'
import { placementsByObject } from '../../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { prepareObject } from '../../objects.ts'
import { type Acting, mustSee, writableBooks } from '../../people/asking.ts'
import { findParty, type SeenParty } from '../../people/parties.ts'
import { booksOf } from '../../people/reach.ts'
import { isVeiled } from '../../people/veil.ts'
import { storeObject } from '../../store-object.ts'
import { membershipsOf, saveMembership } from '../memberships.ts'
import { from, saveRelation } from '../relations.ts'

/** What a question is about. */
export interface Question {
  readonly name: string
  /** What somebody of that name is; empty for an employer. */
  readonly type: string
  readonly candidates: readonly PartyId[]
}

const question = z.object({
  name: z.string(),
  type: z.string().default(''),
  candidates: z.array(z.int()).default([]),
})

export function questionOf({ dataJson }: SuggestionRow): Question {
  return question.parse(JSON.parse(dataJson))
}

/** What is answered: somebody who is there, or for an employer an organisation that is made. */
export interface Acceptance {
  readonly party?: PartyId | undefined
  readonly create?: boolean | undefined
}

/** Does what was suggested. @throws refusal 404; 403; 422 where it is not said who is meant */
export async function acceptSuggestion(
  tx: Writer,
  acting: Acting,
  id: SuggestionId,
  acceptance: Acceptance,
  newId: () => string,
): Promise<void> {
  const { row, party } = await mustAsk(tx, acting, id)
  if (row.kind === 'employer') await acceptEmployer(tx, acting, { row, party, acceptance, newId })
  else await acceptRelation(tx, acting, { row, party, acceptance })
  await dropSuggestion(tx, row)
}

/** A question about somebody whose facts the caller may change. @throws refusal 404 */
export async function mustAsk(
  reader: Reader,
  acting: Acting,
  id: SuggestionId,
  state: SuggestionState = 'open',
) {
  const row = await findSuggestion(reader, id, state)
  const party = row && (await findParty(reader, acting.reach, row.partyId))
  const writable = writableBooks(acting.reach)
  const isWritable = party?.placements.some(({ collectionId }) => writable.has(collectionId))
  if (!row || !party || !isWritable || isHiddenQuestion(acting, row, party))
    throw refuseStatus(404, 'There is no such suggestion.')
  return { row, party }
}

/** Whether a question is about what the caller does not see of the cards. */
export function isHiddenQuestion(
  { reach }: Pick<Acting, 'reach'>,
  { kind }: Pick<SuggestionRow, 'kind'>,
  { placements }: SeenParty,
): boolean {
  const properties = kind === 'employer' ? ['ORG', 'TITLE', 'ROLE'] : ['RELATED']
  return properties.some((property) => isVeiled(reach, placements, property))
}

interface Accepting {
  readonly row: SuggestionRow
  readonly party: SeenParty
  readonly acceptance: Acceptance
}

async function acceptEmployer(
  tx: Writer,
  acting: Acting,
  { row, party, acceptance, newId }: Accepting & { readonly newId: () => string },
): Promise<void> {
  const membership = await findFact<MembershipRow>(tx, membershipTable, Number(row.key))
  if (!membership || membership.partyId !== party.row.id) throw gone()
  const { create = false } = acceptance
  const org = create
    ? await makeOrganisation(tx, acting, { party, name: membership.orgName, newId })
    : await chosen(tx, acting, row, acceptance)
  if (org.placements[0].kind !== 'org') throw refuseStatus(422, 'party: this is a person')
  const rows = await membershipsOf(tx, party.row.id)
  await saveMembership(tx, acting, rows, membership, { ...membership, orgId: org.row.id })
}

async function acceptRelation(
  tx: Writer,
  acting: Acting,
  { row, party, acceptance }: Accepting,
): Promise<void> {
  const relation = await findFact<RelationRow>(tx, relationTable, Number(row.key))
  if (!relation || relation.partyId !== party.row.id || relation.otherId !== null) throw gone()
  const other = await chosen(tx, acting, row, acceptance)
  if (other.row.id === party.row.id) throw refuseStatus(422, 'party: nobody is related to himself')
  const linked = { ...relation, otherId: other.row.id, otherName: party.placements[0].name }
  await saveRelation(tx, acting, relation, from(relation.partyId, linked))
}

/** Whom the answer names; without a name the only one who may be meant. @throws refusal 422 */
function chosen(tx: Writer, acting: Acting, row: SuggestionRow, { party }: Acceptance): Promise<SeenParty> {
  const [only, ...others] = questionOf(row).candidates
  const id = party ?? (others.length === 0 ? only : undefined)
  if (id === undefined) throw refuseStatus(422, 'party: say who is meant')
  return mustSee(tx, acting, id)
}

/** An organisation beside the card that names it. */
async function makeOrganisation(
  tx: Writer,
  acting: Acting,
  { party, name, newId }: { readonly party: SeenParty; readonly name: string; readonly newId: () => string },
): Promise<SeenParty> {
  const { settings, origin, reach } = acting
  const writable = writableBooks(reach)
  const place = party.placements.find(({ collectionId }) => writable.has(collectionId))
  const collection = place && booksOf(reach).get(place.collectionId)
  if (!collection || name === '') throw refuseStatus(422, 'create: there is nothing to make it of')
  const uid = newId()
  const text = newCard(uid, [
    { op: 'kind', kind: 'org' },
    { op: 'text', property: 'fn', value: name },
    { op: 'employer', org: name },
  ])
  const object = prepareObject('addressbook', Buffer.from(text), settings, tx.now)
  const request = { collection, name: `${uid}.vcf`, object, existing: undefined, origin }
  const { objectId } = await storeObject(tx, { ...request, hrefOf: (member) => member }, settings)
  const made = (await placementsByObject(tx, [objectId])).get(objectId)
  if (!made) throw new Error('The organisation was not placed.')
  return mustSee(tx, acting, made.partyId)
}

function gone(): Error {
  return refuseStatus(409, 'What was asked about is not so any more.')
}
