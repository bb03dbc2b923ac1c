import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { readCardLines } from '../../../../protocol/vcard/convert/card-lines.ts'
import { type CardLine, type Lines, newLine } from '../../../../protocol/vcard/convert/line.ts'
import { maskCard } from '../../../../protocol/vcard/mask/mask-card.ts'
import { partsOf } from '../../../../protocol/vcard/mask/parts.ts'
import { type Mask, readMaskRule } from '../../../../protocol/vcard/mask/rules.ts'
import { unmaskInto } from '../../../../protocol/vcard/mask/unmask.ts'
import { mergeRules, wholeCard } from '../../../../protocol/vcard/merge/rules.ts'
import { madeCard } from '../merge/cards.ts'
import { sentBy, servedTo, zoo } from '../merge/zoo.ts'

const runs = { numRuns: 40 }

const hideable =
  'TEL TEL;TYPE=home TEL;TYPE=cell EMAIL EMAIL;TYPE=work ADR ADR;TYPE=home URL TITLE ORG BDAY NICKNAME NOTE CATEGORIES RELATED X-* GEO ROLE'.split(
    ' ',
  )

const masks: fc.Arbitrary<readonly Mask[]> = fc
  .record({ hide: fc.subarray(hideable, { minLength: 1 }), only: fc.option(fc.subarray(hideable)) })
  .map(({ hide, only }) => {
    const read = (texts: readonly string[]) => texts.flatMap((text) => readMaskRule(text) ?? [])
    return [{ hide: read(hide) }, ...(only ? [{ hide: [], only: read(only) }] : [])]
  })

/** What a user does to a line, or beside it; some of it falls under masks. */
const additions = [
  'TEL;TYPE=home:+1 555 999',
  'TEL;TYPE=work:+1 555 888',
  'EMAIL;TYPE=work:else@example.net',
  'BDAY:1999-09-09',
  'NOTE:Mine',
  'URL:https://mine.example',
]

const edit = fc.record({
  at: fc.nat(),
  act: fc.constantFrom('none', 'remove', 'change', 'add'),
  more: fc.nat(5),
})

function edited({ at, act, more }: { at: number; act: string; more: number }): (lines: Lines) => Lines {
  return (lines) => {
    const own = lines.filter(({ name }) => /^(?:TEL|EMAIL|URL|ADR|TITLE|NICKNAME|NOTE)$/.test(name))
    const line = own[at % Math.max(own.length, 1)]
    const [head = '', value = ''] = (additions[more] ?? '').split(/:(.*)/s)
    const [name = '', type] = head.split(';TYPE=')
    const parameters = type ? [{ name: 'TYPE', values: [type] }] : []
    if (act === 'add') return [...lines, newLine(name, value, parameters)]
    if (!line || act === 'none') return lines
    const changed: CardLine[] = act === 'remove' ? [] : [{ ...line, value: 'Changed' }]
    return lines.flatMap((one) => (one === line ? changed : one))
  }
}

function hiddenOf(text: string, all: readonly Mask[]): readonly string[] {
  return (partsOf(text, all)?.parts ?? []).filter(({ isHidden }) => isHidden).map(({ slice }) => slice)
}

/** Whether the one is in the other, in its order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let at = 0
  for (const one of all) if (one === some[at]) at += 1
  return at === some.length
}

describe.each(zoo)('writing through a mask from $kind', (dialect) => {
  const rules = mergeRules.find(({ kind }) => kind === dialect.kind) ?? wholeCard

  it('changes nothing where what was served is put', () => {
    fc.assert(
      fc.property(madeCard, masks, ({ text }, all) => {
        const served = maskCard(text, all) ?? ''
        const sent = sentBy(dialect, servedTo(dialect, served))
        expect(unmaskInto({ stored: text, served, sent, masks: all, rules })).toBe(text)
        expect(unmaskInto({ stored: text, served, sent: served, masks: all, rules: wholeCard })).toBe(text)
      }),
      runs,
    )
  })

  it('leaves every hidden line as it was, in its order, whatever is put', () => {
    fc.assert(
      fc.property(madeCard, masks, edit, edit, ({ text }, all, one, other) => {
        const served = maskCard(text, all) ?? ''
        const sent = sentBy(dialect, servedTo(dialect, served), (lines) => edited(other)(edited(one)(lines)))
        const outcome = unmaskInto({ stored: text, served, sent, masks: all, rules }) ?? ''
        expect(isWithin(hiddenOf(text, all), hiddenOf(outcome, all))).toBe(true)
      }),
      runs,
    )
  })

  it('does so also where the card has changed since it was served', () => {
    fc.assert(
      fc.property(madeCard, madeCard, masks, edit, ({ text }, older, all, one) => {
        const served = maskCard(older.text, all) ?? ''
        const sent = sentBy(dialect, servedTo(dialect, served), edited(one))
        const outcome = unmaskInto({ stored: text, served, sent, masks: all, rules }) ?? ''
        expect(isWithin(hiddenOf(text, all), hiddenOf(outcome, all))).toBe(true)
      }),
      runs,
    )
  })

  it('shows its user what he would have without a mask over a card of what he sees', () => {
    fc.assert(
      fc.property(madeCard, masks, edit, ({ text }, all, one) => {
        const served = maskCard(text, all) ?? ''
        const sent = sentBy(dialect, servedTo(dialect, served), edited(one))
        const whole = unmaskInto({ stored: text, served, sent, masks: all, rules }) ?? ''
        const alone = unmaskInto({ stored: served, served, sent, masks: all, rules }) ?? ''
        const facts = (card: string) =>
          readCardLines(card, readCard(card)).map(({ name, value }) => `${name}:${value}`)
        expect(facts(maskCard(whole, all) ?? '')).toEqual(facts(maskCard(alone, all) ?? ''))
      }),
      runs,
    )
  })
})

describe('what is added under a mask', () => {
  const all: readonly Mask[] = [{ hide: [{ property: 'TEL', types: ['cell'] }, { property: 'BDAY' }] }]
  const card = (...lines: string[]) =>
    ['BEGIN:VCARD', 'VERSION:3.0', 'UID:a', 'N:Doe;Ann;;;', 'FN:Ann Doe', ...lines, 'END:VCARD', ''].join(
      '\r\n',
    )
  const put = (stored: string, sent: string) =>
    unmaskInto({ stored, served: maskCard(stored, all) ?? '', sent, masks: all, rules: wholeCard })

  it('is kept beside what is hidden, once', () => {
    const stored = card('TEL;TYPE=cell:1', 'EMAIL:a@example.org')
    const sent = card('EMAIL:a@example.org', 'TEL;TYPE=cell:2')
    const once = put(stored, sent) ?? ''
    expect(once).toContain('TEL;TYPE=cell:1\r\n')
    expect(once).toContain('TEL;TYPE=cell:2\r\n')
    expect(put(once, sent)).toBe(once)
  })

  it('does not take the place of what a card has one of', () => {
    const stored = card('BDAY:1980-01-01')
    expect(put(stored, card('BDAY:1999-09-09'))).toBe(stored)
    expect(put(card(), card('BDAY:1999-09-09'))).toBe(card('BDAY:1999-09-09'))
  })

  it('has a group of its own', () => {
    const stored = card('item1.TEL;TYPE=cell:1', 'item1.X-ABLabel:Secret')
    const outcome = put(stored, card('item1.URL:https://a.example', 'item1.X-ABLabel:Site'))
    expect(outcome).toContain('item1.TEL;TYPE=cell:1\r\nitem1.X-ABLabel:Secret\r\n')
    expect(outcome).toContain('item2.URL:https://a.example\r\nitem2.X-ABLabel:Site\r\n')
  })
})
