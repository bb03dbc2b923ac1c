import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import type { SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Filled } from '../../../storage/smart-lists/members.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Field } from '../fields/field.ts'
import { fieldsFor } from '../fields/fields.ts'
import { findParty } from '../people/parties.ts'
import type { Reach } from '../people/reach.ts'
import { type Calendar, calendarOf } from './asking/days.ts'
import { IncompleteQuestionError, type Meanings, type NamedFile, nobody } from './asking/meanings.ts'
import { compile, questionsOf } from './compile.ts'
import { filesOfField } from './files.ts'
import { type Filter, filter as filterSchema, type Question } from './schema.ts'
import { type OpenSight, openSight, type Viewing } from './sight.ts'

/** A filter that is ready to be looked through. */
export interface OpenFilter extends OpenSight {
  readonly filled: Filled
  readonly calendar: Calendar
}

/** What somebody wants to know, and what the names in it mean. */
export interface NamedFilter {
  readonly filter: Filter
  readonly principals: ReadonlyMap<string, PrincipalId>
}

/**
 * Makes a filter ready.
 * @param unknown  told what has no meaning in it, and is true of nobody; it may throw
 */
export async function openFilter(
  reader: Reader,
  viewing: Viewing,
  named: NamedFilter,
  now: number,
  unknown: (problem: string) => void = () => {},
): Promise<OpenFilter> {
  const open = await openSight(reader, viewing)
  const calendar = calendarOf(viewing.session.principal.timeZone, now)
  const known = await meaningsOf(reader, viewing.session, open.reach, named)
  const wanted = compiled(named.filter, { ...known, calendar, now, unknown })
  return { ...open, calendar, filled: { sight: open.sight, wanted } }
}

/** The same, of what somebody gives. @throws refusal 422 for what has no meaning */
export function openGiven(
  reader: Reader,
  viewing: Viewing,
  named: NamedFilter,
  now: number,
): Promise<OpenFilter> {
  return openFilter(reader, viewing, named, now, (problem) => {
    throw refuseStatus(422, problem)
  })
}

/** A filter as its row has it; one that this version cannot read is true of nobody. */
export function filterOf({ filter, principals }: Pick<SmartListRow, 'filter' | 'principals'>): NamedFilter {
  const read = filterSchema.safeParse(JSON.parse(filter))
  const known = JSON.parse(principals) as Record<string, PrincipalId>
  return { filter: read.success ? read.data : { any: [] }, principals: new Map(Object.entries(known)) }
}

function compiled(filter: Filter, known: Meanings): ReturnType<typeof compile> {
  try {
    return compile(filter, known)
  } catch (error) {
    if (error instanceof IncompleteQuestionError) return nobody
    throw error
  }
}

async function meaningsOf(
  reader: Reader,
  session: Session,
  reach: Reach,
  { filter, principals }: NamedFilter,
): Promise<Omit<Meanings, 'calendar' | 'now' | 'unknown'>> {
  const questions = questionsOf(filter)
  const asksFields = questions.some(({ field }) => field === 'custom')
  const all = asksFields ? await fieldsFor(reader, reach) : []
  const fields = new Map(all.map((field) => [field.row.key, field]))
  return {
    books: new Set(reach.bookIds),
    fields,
    principals,
    parties: await partiesNamed(reader, reach, questions),
    files: await filesAsked(reader, session, questions, fields),
  }
}

async function partiesNamed(
  reader: Reader,
  reach: Reach,
  questions: readonly Question[],
): Promise<ReadonlyMap<PartyId, PartyId>> {
  const ids = questions.flatMap((question) => {
    if (question.field === 'works-at') return question.organisation ?? []
    return question.field === 'relation' ? (question.to ?? []) : []
  })
  const found = new Map<PartyId, PartyId>()
  for (const id of new Set(ids)) {
    const party = await findParty(reader, reach, id)
    if (party) found.set(id, party.row.id)
  }
  return found
}

async function filesAsked(
  reader: Reader,
  session: Session,
  questions: readonly Question[],
  fields: ReadonlyMap<string, Field>,
): Promise<ReadonlyMap<string, readonly NamedFile[]>> {
  const found = new Map<string, readonly NamedFile[]>()
  for (const question of questions) {
    const field = question.field === 'custom' ? fields.get(question.key) : undefined
    if (field?.type === 'file') found.set(field.row.key, await filesOfField(reader, session, field))
  }
  return found
}
