import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TextMatch } from '../../../protocol/text/collation.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { matchesAddressFilter } from '../../../protocol/vcard/filter.ts'
import type { AddressPropFilter, ParamFilter } from '../../../protocol/vcard/filter-types.ts'
import { addressFilter, cardBody, cardText, escapeText } from './arbitraries.ts'

fc.configureGlobal({ seed: 6352 })

const card = readCard(
  [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'UID:Card-1:ABPerson',
    'FN:Åsa Öberg',
    'N:Öberg;Åsa;Maria;;',
    'ORG:Nord\\, Ljus;Research',
    'NICKNAME:Ossie,The\\, Boss',
    'CATEGORIES:Friends,Fair\\, spring',
    'item1.EMAIL;type=INTERNET;type=pref:asa@example.com',
    'EMAIL;TYPE=WORK:lab@example.org',
    'TEL;TYPE="voice,home":+46 70',
    'NOTE:one\\ntwo',
    'END:VCARD',
  ].join('\r\n'),
)

function text(value: string, others: Partial<TextMatch> = {}): TextMatch {
  return { value, collation: 'i;unicode-casemap', negate: false, match: 'contains', ...others }
}

function prop(name: string, others: Partial<AddressPropFilter> = {}): AddressPropFilter {
  return { name, isNotDefined: false, test: 'anyof', textMatches: [], params: [], ...others }
}

const finds = (...props: AddressPropFilter[]) => matchesAddressFilter(card, { test: 'anyof', props })
const findsAll = (...props: AddressPropFilter[]) => matchesAddressFilter(card, { test: 'allof', props })
const has = (name: string, value: string, others: Partial<TextMatch> = {}) =>
  finds(prop(name, { textMatches: [text(value, others)] }))
const hasParam = (name: string, param: ParamFilter) => finds(prop(name, { params: [param] }))

describe('RFC 6352 §10.5 filter', () => {
  it('without prop-filters takes every card', () => {
    expect(finds()).toBe(true)
    expect(findsAll()).toBe(true)
  })

  it('takes a card for any, or for all, of its prop-filters', () => {
    const hit = prop('FN')
    const miss = prop('TITLE')
    expect(finds(hit, miss)).toBe(true)
    expect(findsAll(hit, miss)).toBe(false)
    expect(findsAll(hit, hit)).toBe(true)
    expect(finds(miss, miss)).toBe(false)
  })
})

describe('RFC 6352 §10.5.1 prop-filter', () => {
  it('without conditions asks that the property is there', () => {
    expect(finds(prop('FN'))).toBe(true)
    expect(finds(prop('TITLE'))).toBe(false)
  })

  it('is-not-defined asks that it is not', () => {
    expect(finds(prop('TITLE', { isNotDefined: true }))).toBe(true)
    expect(finds(prop('FN', { isNotDefined: true }))).toBe(false)
    expect(finds(prop('FN', { isNotDefined: true, group: 'item1' }))).toBe(true)
  })

  it('means properties of every group by a bare name, and one group by its prefix', () => {
    const asa = { textMatches: [text('asa@')] }
    expect(finds(prop('EMAIL', asa))).toBe(true)
    expect(finds(prop('EMAIL', { ...asa, group: 'ITEM1' }))).toBe(true)
    expect(finds(prop('EMAIL', { ...asa, group: 'item2' }))).toBe(false)
    expect(finds(prop('EMAIL', { textMatches: [text('lab@')], group: 'item1' }))).toBe(false)
  })

  it('anyof takes one condition, allof all of them on one and the same property', () => {
    const both = { textMatches: [text('asa'), text('example.org')] }
    expect(finds(prop('EMAIL', { ...both, test: 'anyof' }))).toBe(true)
    expect(finds(prop('EMAIL', { ...both, test: 'allof' }))).toBe(false)
    const work: ParamFilter = {
      name: 'TYPE',
      isNotDefined: false,
      textMatch: text('work', { match: 'equals' }),
    }
    expect(finds(prop('EMAIL', { test: 'allof', textMatches: [text('lab')], params: [work] }))).toBe(true)
    expect(finds(prop('EMAIL', { test: 'allof', textMatches: [text('asa')], params: [work] }))).toBe(false)
    expect(finds(prop('EMAIL', { test: 'anyof', textMatches: [text('nobody')], params: [work] }))).toBe(true)
  })
})

describe('RFC 6352 §10.5.2 param-filter', () => {
  it('asks that the parameter is there, or is not', () => {
    expect(hasParam('TEL', { name: 'TYPE', isNotDefined: false })).toBe(true)
    expect(hasParam('TEL', { name: 'PREF', isNotDefined: false })).toBe(false)
    expect(hasParam('TEL', { name: 'PREF', isNotDefined: true })).toBe(true)
    expect(hasParam('TEL', { name: 'TYPE', isNotDefined: true })).toBe(false)
    expect(hasParam('TITLE', { name: 'TYPE', isNotDefined: true })).toBe(false)
  })

  it.each([
    ['EMAIL', 'pref', true],
    ['EMAIL', 'INTERNET', true],
    ['TEL', 'home', true],
    ['TEL', 'Voice', true],
    ['TEL', 'voice,home', false],
    ['TEL', 'cell', false],
  ])('%s: finds type %s among several: %s', (name, value, found) => {
    const textMatch = text(value, { match: 'equals' })
    expect(hasParam(name, { name: 'TYPE', isNotDefined: false, textMatch })).toBe(found)
  })

  it('negated takes a property none of whose types match, but not one without the parameter', () => {
    const not = (value: string) => ({
      name: 'TYPE',
      isNotDefined: false,
      textMatch: text(value, { match: 'equals', negate: true }),
    })
    expect(hasParam('TEL', not('home'))).toBe(false)
    expect(hasParam('TEL', not('cell'))).toBe(true)
    expect(hasParam('FN', not('cell'))).toBe(false)
  })
})

describe('RFC 6352 §10.5.4 text-match', () => {
  it.each([
    ['contains', 'ÖB', true],
    ['equals', 'åsa öberg', true],
    ['equals', 'Åsa', false],
    ['starts-with', 'åsa', true],
    ['starts-with', 'öberg', false],
    ['ends-with', 'BERG', true],
    ['ends-with', 'Åsa', false],
  ] as const)('%s %s: %s', (match, value, found) => {
    expect(has('FN', value, { match })).toBe(found)
    expect(has('FN', value, { match, negate: true })).toBe(!found)
  })

  it('starts, ends and equals on UID', () => {
    expect(has('UID', 'card-1', { match: 'starts-with' })).toBe(true)
    expect(has('UID', ':abperson', { match: 'ends-with' })).toBe(true)
    expect(has('UID', 'Card-1:ABPerson', { match: 'equals', collation: 'i;octet' })).toBe(true)
    expect(has('UID', 'card-1:ABPerson', { match: 'equals', collation: 'i;octet' })).toBe(false)
  })

  it('keeps accents apart, and case where the collation does', () => {
    expect(has('FN', 'Asa')).toBe(false)
    expect(has('FN', 'öberg', { collation: 'i;ascii-casemap' })).toBe(false)
    expect(has('FN', 'ÖBERG', { collation: 'i;ascii-casemap' })).toBe(true)
  })

  it('looks at the unescaped value; a structured one is one text', () => {
    expect(has('ORG', 'Nord, Ljus;Research', { match: 'equals' })).toBe(true)
    expect(has('N', 'Öberg;Åsa;Maria;;', { match: 'equals' })).toBe(true)
    expect(has('N', 'maria')).toBe(true)
    expect(has('NOTE', 'one\ntwo', { match: 'equals' })).toBe(true)
  })

  it.each([
    ['CATEGORIES', 'friends', true],
    ['CATEGORIES', 'fair, spring', true],
    ['CATEGORIES', 'Friends,Fair, spring', true],
    ['CATEGORIES', 'Fair', false],
    ['NICKNAME', 'the, boss', true],
    ['NICKNAME', 'ossie', true],
  ])('%s equals %s, one of a list or the whole: %s', (name, value, found) => {
    expect(has(name, value, { match: 'equals' })).toBe(found)
    expect(has(name, value, { match: 'equals', negate: true })).toBe(!found)
  })

  it('negated takes a card with one property that does not match', () => {
    expect(has('EMAIL', 'example.com', { negate: true })).toBe(true)
    expect(has('EMAIL', 'example', { negate: true })).toBe(false)
    expect(has('TITLE', 'x', { negate: true })).toBe(false)
  })

  it('finds every part of whatever was written, in either collation', () => {
    fc.assert(
      fc.property(cardText, cardText, cardText, (before, sought, after) => {
        const value = escapeText(before + sought + after)
        const written = readCard(`BEGIN:VCARD\r\nTITLE:${value}\r\nEND:VCARD\r\n`)
        for (const match of [
          text(sought, { collation: 'i;octet' }),
          text(sought, { collation: 'i;ascii-casemap' }),
        ]) {
          const props = [prop('TITLE', { textMatches: [match] })]
          expect(matchesAddressFilter(written, { test: 'allof', props })).toBe(true)
        }
      }),
    )
  })

  it('judges any filter on any card without throwing', () => {
    fc.assert(
      fc.property(cardBody, addressFilter, (body, filter) => {
        expect(typeof matchesAddressFilter(readCard(body), filter)).toBe('boolean')
      }),
    )
  })
})
