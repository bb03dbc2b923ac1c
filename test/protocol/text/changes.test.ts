import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyChanges } from '../../../protocol/text/changes/apply.ts'
import { changesBetween } from '../../../protocol/text/changes/between.ts'
import { readTree } from '../../../protocol/text/changes/tree.ts'

const card = (...lines: string[]): string =>
  ['BEGIN:VCARD', 'VERSION:3.0', 'UID:1', ...lines, 'END:VCARD', ''].join('\r\n')
const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', 'UID:1', 'DTSTART:20260105T090000Z', ...lines, 'END:VEVENT'].join('\r\n')
const calendar = (...parts: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...parts, 'END:VCALENDAR', ''].join('\r\n')
const linesOf = (text: string): string[] => text.split('\r\n')
const pathsBetween = (one: string, other: string) =>
  changesBetween(readTree(one), readTree(other)).map((change) => [
    change.path,
    change.kind === 'line' ? [change.one?.text, change.other?.text] : [!!change.one, !!change.other],
  ])

describe('what two states of an object do not have alike', () => {
  it('is told line by line, whatever the order, the folds and the case of types', () => {
    const one = card('FN:Ann', 'TEL;TYPE=cell:1', 'NOTE:a long\r\n  one')
    const other = card('NOTE:a long one', 'FN:Anna', 'TEL;TYPE=CELL:1', 'EMAIL:a@x')
    expect(pathsBetween(one, other)).toEqual([
      ['VCARD/FN', ['FN:Ann', 'FN:Anna']],
      ['VCARD/EMAIL', [undefined, 'EMAIL:a@x']],
    ])
  })

  it('pairs what stands for the same thing: by value, by type and label, then by order', () => {
    const one = card('TEL;TYPE=HOME:1', 'TEL;TYPE=WORK:2', 'TEL;TYPE=CELL:3')
    const other = card('TEL;TYPE=CELL:2', 'TEL;TYPE=HOME:4', 'TEL;TYPE=PAGER:5')
    expect(pathsBetween(one, other)).toEqual([
      ['VCARD/TEL', ['TEL;TYPE=HOME:1', 'TEL;TYPE=HOME:4']],
      ['VCARD/TEL', ['TEL;TYPE=WORK:2', 'TEL;TYPE=CELL:2']],
      ['VCARD/TEL', ['TEL;TYPE=CELL:3', 'TEL;TYPE=PAGER:5']],
    ])
  })

  it('has the label with its line, and knows no numbers of groups', () => {
    const one = card('item1.URL:x', 'item1.X-ABLabel:Shop', 'item2.TEL:1', 'item2.X-ABLabel:Desk')
    const other = card('item7.TEL:1', 'item7.X-ABLabel:Desk', 'item8.URL:x', 'item8.X-ABLabel:Web')
    expect(pathsBetween(one, other)).toEqual([
      ['VCARD/URL', ['URL:x\nX-ABLABEL:Shop', 'URL:x\nX-ABLABEL:Web']],
    ])
  })

  it('names the instance of a component', () => {
    const instance = event('RECURRENCE-ID:20260112T090000Z', 'SUMMARY:Late')
    expect(
      pathsBetween(
        calendar(event('SUMMARY:Talk'), instance),
        calendar(
          event('SUMMARY:Walk'),
          instance.replace('Late', 'Early'),
          event('RECURRENCE-ID:20260119T090000Z'),
        ),
      ),
    ).toEqual([
      ['VCALENDAR/VEVENT/SUMMARY', ['SUMMARY:Talk', 'SUMMARY:Walk']],
      ['VCALENDAR/VEVENT 20260112T090000Z/SUMMARY', ['SUMMARY:Late', 'SUMMARY:Early']],
      ['VCALENDAR/VEVENT 20260119T090000Z', [false, true]],
    ])
  })
})

describe('changes made to what an object is now', () => {
  it('give the target, octet for octet, where nobody has changed anything since', () => {
    const [base, target] = [card('FN:A', 'NOTE:x'), card('NOTE:folded\r\n  y', 'fn:B', 'garbage')]
    expect(applyChanges({ now: base, base, target })).toEqual({ text: target, clashes: [] })
  })

  it('leave what others have changed elsewhere byte for byte', () => {
    const base = card('FN:Wrong', 'TEL:1', 'EMAIL:a@x')
    const target = card('FN:Right', 'TEL:1', 'TEL:2')
    const now = card('FN:Wrong', 'TEL:1', 'EMAIL:a@x', 'X-New;a="b:c":folded\r\n  text', 'NOTE:by another')
    expect(linesOf(applyChanges({ now, base, target }).text)).toEqual(
      linesOf(card('FN:Right', 'TEL:1', 'TEL:2', 'X-New;a="b:c":folded\r\n  text', 'NOTE:by another')),
    )
  })

  it('leave what others have made of the same thing, and tell it', () => {
    const base = card('FN:Wrong', 'TEL:1', 'NOTE:mine')
    const target = card('FN:Right')
    const now = card('FN:Better', 'NOTE:mine')
    const { text, clashes } = applyChanges({ now, base, target })
    expect(text).toBe(card('FN:Better'))
    expect(clashes).toEqual([{ path: 'VCARD/FN', now: 'FN:Better', wanted: 'FN:Right' }])
  })

  it('are no clash where somebody has made them already, nor for what programs stamp', () => {
    const base = card('FN:Wrong', 'REV:1', 'TEL:1')
    const now = card('FN:Right', 'REV:3')
    expect(applyChanges({ now, base, target: card('FN:Right', 'REV:2') })).toEqual({ text: now, clashes: [] })
  })

  it('bring a line back with its label, in a group that nothing else stands in', () => {
    const base = card('FN:A')
    const target = card('FN:A', 'item1.TEL:1', 'item1.X-ABLabel:Desk')
    const now = card('FN:A', 'item1.URL:x', 'item1.X-ABLabel:Web')
    expect(linesOf(applyChanges({ now, base, target }).text)).toEqual(
      linesOf(card('FN:A', 'item1.URL:x', 'item1.X-ABLabel:Web', 'item2.TEL:1', 'item2.X-ABLabel:Desk')),
    )
  })

  it('bring back and take away instances and alarms; lines stand before components', () => {
    const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM'
    const instance = event('RECURRENCE-ID:20260112T090000Z', 'SUMMARY:Late')
    const base = calendar(event('SUMMARY:A', alarm))
    const target = calendar(event('SUMMARY:A', 'LOCATION:Room'), instance)
    const now = calendar(event('SUMMARY:B', alarm))
    expect(applyChanges({ now, base, target })).toEqual({
      text: calendar(event('SUMMARY:B', 'LOCATION:Room'), instance),
      clashes: [],
    })
    const changed = calendar(event('SUMMARY:B', alarm), instance.replace('Late', 'Later'))
    expect(applyChanges({ now: changed, base, target }).clashes).toEqual([
      { path: 'VCALENDAR/VEVENT 20260112T090000Z', now: 'BEGIN:VEVENT', wanted: 'BEGIN:VEVENT' },
    ])
  })

  it('are those that are wanted', () => {
    const now = card('FN:New', 'TEL:2', 'NOTE:b')
    const past = card('FN:Old', 'TEL:1', 'NOTE:a')
    const { text } = applyChanges({ now, base: now, target: past }, ({ path }) => path === 'VCARD/TEL')
    expect(text).toBe(card('FN:New', 'TEL:1', 'NOTE:b'))
  })

  const property = fc.record({
    name: fc.constantFrom('TEL', 'EMAIL', 'NOTE', 'X-A', 'item1.URL', 'item2.URL'),
    value: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  })
  const properties = fc.uniqueArray(property, {
    maxLength: 8,
    selector: ({ name, value }) => `${name}${value}`,
  })
  const written = (lines: readonly { name: string; value: string }[]): string =>
    card(...lines.map(({ name, value }) => `${name}:${value}`))
  const plain = (text: string): string[] =>
    linesOf(text)
      .map((line) => line.replace(/^item\d+\./, ''))
      .sort()

  it('of one and of another, to different lines, come out the same in either order', () => {
    fc.assert(
      fc.property(properties, properties, properties, (kept, mine, theirs) => {
        const tell = (lines: typeof kept, who: string) =>
          lines.map((line) => ({ ...line, value: `${who}-${line.value}` }))
        const [common, own, other] = [tell(kept, 'kept'), tell(mine, 'mine'), tell(theirs, 'theirs')]
        const [before, after] = [written(common), written([...common, ...own])]
        const now = written([...common, ...own, ...other])
        const undone = applyChanges({ now, base: after, target: before })
        expect(plain(undone.text)).toEqual(plain(written([...common, ...other])))
        const again = applyChanges({ now: undone.text, base: before, target: after })
        expect(plain(again.text)).toEqual(plain(now))
        expect([...undone.clashes, ...again.clashes]).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('of any kind lose nothing that others have added', () => {
    const changed = fc.tuple(properties, properties, properties)
    fc.assert(
      fc.property(changed, ([base, target, now]) => {
        const theirs = now.map((line) => ({ ...line, value: `theirs-${line.value}` }))
        const { text } = applyChanges({
          now: written([...base, ...theirs]),
          base: written(base),
          target: written(target),
        })
        expect(plain(text)).toEqual(plain(written([...target, ...theirs])))
      }),
      { numRuns: 200 },
    )
  })
})
