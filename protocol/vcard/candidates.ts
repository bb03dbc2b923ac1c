import type { TextMatch } from '../text/collation.ts'
import { fold } from '../text/fold.ts'
import type { AddressFilter, AddressPropFilter } from './filter-types.ts'
import { type ContactField, indexedProperties } from './index-fields.ts'

/** An index row of this kind whose `folded` contains this text. */
export interface RowCondition {
  readonly kind: ContactField
  readonly contains: string
}

/**
 * What index rows a card must have if it is to satisfy the filter: of each inner list at least one. Every card that
 * matchesAddressFilter accepts fulfils it; others may. An empty answer rules nothing out.
 * @see RFC 6352 §10.5
 */
export function contactCandidates(filter: AddressFilter): readonly (readonly RowCondition[])[] {
  const needed = filter.props.map(neededRows)
  const clauses = filter.test === 'allof' ? needed.flat() : eitherOf(needed)
  return clauses.map((clause) => [...clause, { kind: 'inexact', contains: '' }])
}

type Clause = readonly RowCondition[]

/** Negated conditions and those on parameters say nothing about rows. */
function neededRows(filter: AddressPropFilter): readonly Clause[] {
  const kind = indexedProperties.get(filter.name)
  if (kind === undefined || filter.isNotDefined) return []
  const needed = filter.textMatches.map((match) => neededRow(kind, match))
  return filter.test === 'allof' ? needed.flat() : eitherOf([...needed, ...filter.params.map(() => [])])
}

function neededRow(kind: ContactField, match: TextMatch): readonly Clause[] {
  const contains = match.negate ? '' : fold(match.value)
  return contains === '' ? [] : [[{ kind, contains }]]
}

/** Of alternatives each of which needs something, one thing of one of them is needed. */
function eitherOf(alternatives: readonly (readonly Clause[])[]): readonly Clause[] {
  const either: RowCondition[] = []
  for (const [clause] of alternatives) {
    if (clause === undefined) return []
    either.push(...clause)
  }
  return either.length === 0 ? [] : [either]
}
