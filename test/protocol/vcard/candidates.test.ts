import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contactCandidates, type RowCondition } from '../../../protocol/vcard/candidates.ts'
import { type Card, readCard } from '../../../protocol/vcard/card.ts'
import { matchesAddressFilter } from '../../../protocol/vcard/filter.ts'
import type { AddressFilter, AddressPropFilter } from '../../../protocol/vcard/filter-types.ts'
import { contactIndex } from '../../../protocol/vcard/index-fields.ts'
import { addressFilter, cardBody, cardText, escapeText } from './arbitraries.ts'

fc.configureGlobal({ seed: 6352 })

/** What a storage does with the conditions. */
function isCandidate(card: Card, clauses: readonly (readonly RowCondition[])[]): boolean {
  const { rows } = contactIndex(card)
  const holds = ({ kind, contains }: RowCondition) =>
    rows.some((row) => row.kind === kind && row.folded.includes(contains))
  return clauses.every((clause) => clause.some(holds))
}

function prop(name: string, values: string[], others: Partial<AddressPropFilter> = {}): AddressPropFilter {
  const textMatches = values.map(
    (value) => ({ value, collation: 'i;unicode-casemap', negate: false, match: 'contains' }) as const,
  )
  return { name, isNotDefined: false, test: 'anyof', textMatches, params: [], ...others }
}

const conditions = (test: 'anyof' | 'allof', ...props: AddressPropFilter[]) =>
  contactCandidates({ test, props }).map((clause) =>
    clause.filter(({ kind }) => kind !== 'inexact').map(({ kind, contains }) => `${kind} ${contains}`),
  )

describe('RFC 6352 §10.5 candidates for a filter', () => {
  it('need one of the texts asked for, or all of them', () => {
    expect(conditions('anyof', prop('FN', ['Åsa']), prop('EMAIL', ['ASA@']))).toEqual([
      ['fn asa', 'email asa@'],
    ])
    expect(conditions('allof', prop('FN', ['Åsa']), prop('EMAIL', ['ASA@']))).toEqual([
      ['fn asa'],
      ['email asa@'],
    ])
    expect(conditions('anyof', prop('FN', ['a', 'b']))).toEqual([['fn a', 'fn b']])
    expect(conditions('anyof', prop('FN', ['a', 'b'], { test: 'allof' }))).toEqual([['fn a']])
    expect(conditions('allof', prop('FN', ['a', 'b'], { test: 'allof' }))).toEqual([['fn a'], ['fn b']])
  })

  it('are all cards where the rows cannot tell', () => {
    const type = [{ name: 'TYPE', isNotDefined: false }]
    expect(conditions('anyof')).toEqual([])
    expect(conditions('allof')).toEqual([])
    expect(conditions('anyof', prop('X-OWN', ['a']))).toEqual([])
    expect(conditions('anyof', prop('FN', []))).toEqual([])
    expect(conditions('anyof', prop('FN', ['']))).toEqual([])
    expect(conditions('anyof', prop('FN', ['\u0301']))).toEqual([])
    expect(conditions('anyof', prop('FN', ['a'], { isNotDefined: true }))).toEqual([])
    expect(conditions('anyof', prop('FN', ['a'], { params: type }))).toEqual([])
    expect(conditions('anyof', prop('FN', ['a']), prop('X-OWN', ['a']))).toEqual([])
  })

  it('keep what can be told of the rest', () => {
    const type = [{ name: 'TYPE', isNotDefined: false }]
    expect(conditions('allof', prop('FN', ['a']), prop('X-OWN', ['a']))).toEqual([['fn a']])
    expect(conditions('anyof', prop('FN', ['a'], { test: 'allof', params: type }))).toEqual([['fn a']])
  })

  it('include the cards that are not wholly indexed', () => {
    const card = readCard(`BEGIN:VCARD\r\nNOTE:${'x'.repeat(5000)} needle\r\nEND:VCARD\r\n`)
    const filter: AddressFilter = { test: 'anyof', props: [prop('NOTE', ['needle'])] }
    expect(matchesAddressFilter(card, filter)).toBe(true)
    expect(isCandidate(card, contactCandidates(filter))).toBe(true)
  })

  it('include every card that any filter accepts', () => {
    let accepted = 0
    fc.assert(
      fc.property(cardBody, addressFilter, (body, filter) => {
        const card = readCard(body)
        if (!matchesAddressFilter(card, filter)) return
        accepted += 1
        expect(isCandidate(card, contactCandidates(filter))).toBe(true)
      }),
      { numRuns: 3000 },
    )
    expect(accepted).toBeGreaterThan(300)
  })

  it('include every card that holds the text asked for, in any case', () => {
    const field = fc.constantFrom(
      'FN',
      'N',
      'NICKNAME',
      'EMAIL',
      'TEL',
      'ORG',
      'TITLE',
      'NOTE',
      'CATEGORIES',
      'ADR',
    )
    const change = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
      (text) => text.normalize('NFD'),
      (text) => text.normalize('NFKC'),
    )
    let accepted = 0
    fc.assert(
      fc.property(cardText, cardText, cardText, field, change, (before, sought, after, name, changed) => {
        const card = readCard(
          `BEGIN:VCARD\r\n${name}:${escapeText(before + sought + after)}\r\nEND:VCARD\r\n`,
        )
        const filter: AddressFilter = { test: 'anyof', props: [prop(name, [changed(sought)])] }
        if (!matchesAddressFilter(card, filter)) return
        accepted += 1
        expect(isCandidate(card, contactCandidates(filter))).toBe(true)
      }),
      { numRuns: 3000 },
    )
    expect(accepted).toBeGreaterThan(2000)
  })
})
