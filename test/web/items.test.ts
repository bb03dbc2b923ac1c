import { describe, expect, it } from 'vitest'
import { dropItem, isPending, patchItem, patchList, pendingId } from '../../src/web/client/items.ts'

interface Row {
  readonly id: number
  readonly name: string
  readonly parts?: readonly Row[]
}

const [one, two] = [
  { id: 1, name: 'one' },
  { id: 2, name: 'two', parts: [{ id: 1, name: 'a part' }] },
]
const seenAs = (rows: readonly Row[]) => [
  rows,
  { items: rows, next: null },
  { pages: [{ items: [] }, { items: rows }], pageParams: ['', 'more'] },
  { calendars: rows },
  { data: { members: rows, title: 'of it' }, etag: '"1"' },
]

describe('what was read', () => {
  it('has one thing otherwise, wherever it stands; what is in other things stays', () => {
    const { update } = patchItem<Row>(['rows'], 1, { name: 'first' })
    const after = seenAs([{ id: 1, name: 'first' }, two])
    expect(seenAs([one, two]).map(update)).toEqual(after)
    expect(update({ data: one, etag: '"1"' })).toEqual({ data: { id: 1, name: 'first' }, etag: '"1"' })
    expect(update(one)).toEqual({ id: 1, name: 'first' })
    const named = patchItem<Row>(
      ['rows'],
      ({ name }) => name === 'one',
      (row) => ({ ...row, name: 'first' }),
    )
    expect(seenAs([one, two]).map(named.update)).toEqual(after)
  })

  it('has one thing less, or one more at the end', () => {
    expect(seenAs([one, two]).map(dropItem(['rows'], 1).update)).toEqual(seenAs([two]))
    const three = { id: 3, name: 'three' }
    const added = (name?: string) => patchList<Row>(['rows'], (rows) => [...rows, three], name).update
    const [list, items, pages, calendars, tagged] = seenAs([one])
    const [ofList, ofItems, ofPages, ofCalendars, ofTagged] = seenAs([one, three])
    expect([list, items, pages].map(added())).toEqual([ofList, ofItems, ofPages])
    expect(added('calendars')(calendars)).toEqual(ofCalendars)
    expect(added('members')(tagged)).toEqual(ofTagged)
  })

  it('stays as it is where it is no list: counts, and what is read as a map', () => {
    const counts = new Map([[1, 5]])
    for (const seen of [counts, 7, null, 'text']) {
      expect(patchItem<Row>(['rows'], 1, { name: 'x' }).update(seen)).toBe(seen)
      expect(patchList<Row>(['rows'], () => []).update(seen)).toBe(seen)
    }
  })

  it('knows what has no id yet', () => {
    const [first, second] = [pendingId(), pendingId()]
    expect(first).not.toBe(second)
    expect([{ id: first }, { id: second }, one].map(isPending)).toEqual([true, true, false])
  })
})
