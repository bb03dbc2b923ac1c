import { listCustomFields } from '../../../storage/fields/custom-fields.ts'
import type { FactRevisionRow } from '../../../storage/history/fact-revisions.ts'
import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { seeParties } from '../people/parties.ts'
import type { Reach } from '../people/reach.ts'
import type { FactKind } from './fact-kinds.ts'
import type { FactState } from './history.ts'
import { statesOf } from './shown-facts.ts'

/** A value in a fact, by what people call it. */
export type ToldValue =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'party'; readonly id: PartyId; readonly name: string }
  | { readonly type: 'account'; readonly name: string; readonly displayName: string }

/** A change of a fact, by parts that a client puts into words. */
export interface ToldFact {
  readonly how: 'added' | 'changed' | 'removed'
  /** Which field it is about. */
  readonly field: { readonly id: number; readonly label: string } | null
  /** People and companies in it, by what they are in it: `partyId`, `orgId`, `otherId`, `parentId`. */
  readonly people: readonly { readonly part: string; readonly id: PartyId; readonly name: string }[]
  /** What differs. */
  readonly changes: readonly {
    readonly part: string
    readonly from: ToldValue | null
    readonly to: ToldValue | null
  }[]
}

export interface ToldRevision {
  readonly revision: FactRevisionRow
  readonly fact: FactKind
}

/** What is of no use to people. */
const unsaid = new Set([
  'id',
  'field',
  'partyId',
  'purposeKey',
  'authorId',
  'objectId',
  'evidenceId',
  'targetId',
  'version',
  ...['principalId', 'beganAt', 'taskId', 'taskAt'],
])

/** The names of whom facts name, looked up for a whole page. */
interface Names {
  readonly parties: ReadonlyMap<PartyId, string>
  readonly accounts: ReadonlyMap<PrincipalId, { readonly name: string; readonly displayName: string }>
  readonly fields: ReadonlyMap<number, string>
}

/**
 * Changes of facts with names in place of ids, so that a client can tell them in any language. Only of changes that may be
 * shown: whom they name is seen then, or was, and has no name here once he is in the trash.
 */
export async function tellFacts(
  reader: Reader,
  reach: Reach,
  revisions: readonly ToldRevision[],
): Promise<ReadonlyMap<FactRevisionRow['id'], ToldFact>> {
  const states = revisions.map((one) => ({ ...one, ...statesOf(one.revision) }))
  const names = await namesIn(reader, reach, states)
  return new Map(states.map((one) => [one.revision.id, tell(one, names)]))
}

type WithStates = ToldRevision & ReturnType<typeof statesOf>

async function namesIn(reader: Reader, reach: Reach, told: readonly WithStates[]): Promise<Names> {
  const ids = told.flatMap((one) => partsOf(one).flatMap(({ id }) => id))
  const seen = await seeParties(reader, reach, [...new Set(ids)])
  const owners = told.flatMap(({ fact, before, after }) =>
    fact.kind === 'owner' ? [before?.owner, after?.owner].filter((id) => typeof id === 'number') : [],
  )
  const accounts = owners.length === 0 ? [] : await findPrincipalsByIds(reader, [...new Set(owners)])
  const hasFields = told.some(({ fact }) => fact.kind === 'field')
  const fields = hasFields ? await listCustomFields(reader, reach.bookIds) : []
  return {
    parties: new Map([...seen].map(([id, { placements }]) => [id, placements[0].name])),
    accounts: new Map(accounts.map((row) => [row.id, row])),
    fields: new Map(fields.map(({ id, label }) => [id, label])),
  }
}

/** Whom a fact names, as it is after the change, or was before it. */
function partsOf({ fact, before, after }: WithStates): { part: string; id: PartyId }[] {
  const state = after ?? before
  return (fact.names ?? []).flatMap((part) => {
    const id = state?.[part]
    return typeof id === 'number' ? [{ part, id }] : []
  })
}

function tell(one: WithStates, names: Names): ToldFact {
  const { fact, revision, before, after } = one
  const people = partsOf(one).map(({ part, id }) => ({ part, id, name: names.parties.get(id) ?? '' }))
  const id = Number(revision.key)
  return {
    how: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    field: fact.kind === 'field' ? { id, label: names.fields.get(id) ?? '' } : null,
    people,
    changes: changesOf(fact, names, before ?? {}, after ?? {}),
  }
}

function changesOf(fact: FactKind, names: Names, before: FactState, after: FactState): ToldFact['changes'] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (part) => !unsaid.has(part),
  )
  return parts.flatMap((part) => {
    const [from, to] = [before, after].map((state) => told(fact, names, part, state[part]))
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ part, from: from ?? null, to: to ?? null }]
  })
}

function told(fact: FactKind, names: Names, part: string, value: unknown): ToldValue | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number' && fact.names?.includes(part))
    return { type: 'party', id: value, name: names.parties.get(value) ?? '' }
  if (typeof value === 'number' && fact.kind === 'owner') {
    const { name = '', displayName = '' } = names.accounts.get(value) ?? {}
    return { type: 'account', name, displayName }
  }
  // Lists of ids are for restoring, not for reading.
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return undefined
  return { type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }
}
