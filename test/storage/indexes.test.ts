import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type CalendarIndexRows,
  type CalendarInstance,
  objectsToExtend,
  queryInstances,
} from '../../storage/calendar-index.ts'
import { objectsWithFields } from '../../storage/contact-index.ts'
import type { ObjectId } from '../../storage/ids.ts'
import { findObject, findObjectsByIds } from '../../storage/objects.ts'
import type { Store } from '../../storage/store.ts'
import { deleteObject } from '../../storage/write-path.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { expectWhole, makeAccount, origin, putText } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const day = 86_400_000
const namesOf = async (ids: readonly ObjectId[]) =>
  names(await store.read((reader) => findObjectsByIds(reader, ids)))
const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name).toSorted()

/** Whether an instance lies in a range. @see RFC 4791 §9.9 */
function isIn({ start, end }: CalendarInstance, from: number, to: number): boolean {
  return start === end ? start >= from && start < to : start < to && end > from
}

describe('RFC 4791 §9.9 instances in a range', () => {
  const instance = fc.record({
    start: fc.integer({ min: 0, max: 100 }).map((n) => n * day),
    length: fc.constantFrom(0, 1, day / 2, day, 3 * day, 40 * day),
    floating: fc.boolean(),
  })
  const event = fc.record({
    instances: fc.array(instance, { maxLength: 60 }),
    exact: fc.boolean(),
    begins: fc.constantFrom('inside', 'before'),
    ends: fc.constantFrom('inside', 'after', 'never'),
  })
  const range = fc.record({
    start: fc.integer({ min: -20, max: 120 }).map((n) => n * day),
    length: fc.constantFrom(1, day, 30 * day),
    shift: fc.constantFrom(-3_600_000 * 12, 0, 3_600_000),
  })

  it('are all found, and what the rows cannot prove is a candidate', async () => {
    const from = 20 * day
    const until = 80 * day
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 6 }), range, async (events, asked) => {
        const { calendar } = await makeAccount(store)
        const { start, shift } = asked
        const end = start + asked.length
        const wanted = { start, end, floatingStart: start + shift, floatingEnd: end + shift }
        const proven: string[] = []
        const possible: string[] = []
        for (const [n, made] of events.entries()) {
          const index = toIndex(made, from, until)
          await store.write((tx) => putText(tx, calendar, `${n}`, `${n}`, { index: { calendar: index } }))
          const hit = index.instances.some((one) =>
            one.floating ? isIn(one, wanted.floatingStart, wanted.floatingEnd) : isIn(one, start, end),
          )
          if (hit && index.exact) proven.push(`${n}`)
          const leaves =
            Math.min(start, wanted.floatingStart) < from || Math.max(end, wanted.floatingEnd) > until
          const mayBeElsewhere =
            (index.earliest ?? 0) < from || index.latest === null || index.latest >= until
          if (!index.exact || (!hit && leaves && mayBeElsewhere)) possible.push(`${n}`)
        }
        const answer = await store.read((reader) => queryInstances(reader, calendar.id, wanted))
        expect(await namesOf(answer.matches)).toEqual(proven)
        const candidates = await namesOf(answer.candidates)
        expect(possible).toEqual(expect.arrayContaining(candidates))
        for (const [n, made] of events.entries()) {
          if (!made.exact) expect(candidates).toContain(`${n}`)
          const goesOn = made.exact && made.ends === 'never' && Math.min(end, wanted.floatingEnd) > until
          if (goesOn && !proven.includes(`${n}`)) expect(candidates).toContain(`${n}`)
        }
      }),
      { numRuns: 60, seed: 4711 },
    )
  })

  it('are asked for by component, and without one end of the range', async () => {
    const { calendar } = await makeAccount(store)
    const index = toIndex({ instances: [{ start: 50 * day, length: day, floating: false }] }, 0, 100 * day)
    await store.write((tx) => putText(tx, calendar, 'a', 'a', { index: { calendar: index } }))
    const ask = async (range: Parameters<typeof queryInstances>[2]) =>
      namesOf((await store.read((reader) => queryInstances(reader, calendar.id, range))).matches)
    expect(await ask({ components: ['VEVENT'] })).toEqual(['a'])
    expect(await ask({ components: ['VTODO'] })).toEqual([])
    expect(await ask({ start: 50 * day })).toEqual(['a'])
    expect(await ask({ start: 51 * day })).toEqual([])
    expect(await ask({ end: 50 * day })).toEqual([])
    expect(await ask({ end: 50 * day + 1 })).toEqual(['a'])
  })

  it('end where an object that goes on must be expanded further', async () => {
    const { calendar } = await makeAccount(store)
    const made = [
      { name: 'ended', index: toIndex({ ends: 'inside' }, 0, 10 * day) },
      { name: 'endless', index: toIndex({ ends: 'never' }, 0, 10 * day) },
      { name: 'far', index: toIndex({ ends: 'never' }, 0, 900 * day) },
    ]
    for (const { name, index } of made) {
      await store.write((tx) => putText(tx, calendar, name, name, { index: { calendar: index } }))
    }
    const found = await store.read((reader) => objectsToExtend(reader, 20 * day, 1_000))
    expect(names(found.filter((row) => row.collectionId === calendar.id))).toEqual(['endless'])
  })
})

interface Made {
  readonly instances?: readonly { start: number; length: number; floating: boolean }[]
  readonly exact?: boolean
  readonly begins?: 'inside' | 'before'
  readonly ends?: 'inside' | 'after' | 'never'
}

/** The rows of an event: complete between the two times, which is where its instances lie. */
function toIndex(made: Made, expandedFrom: number, expandedUntil: number): CalendarIndexRows {
  const { instances = [], exact = true, begins = 'inside', ends = 'inside' } = made
  return {
    earliest: begins === 'before' ? expandedFrom - 30 * day : expandedFrom,
    latest: ends === 'never' ? null : ends === 'after' ? expandedUntil + 30 * day : expandedUntil - 1,
    expandedFrom,
    expandedUntil,
    exact,
    instances: instances.map(({ start, length, floating }) => ({
      start,
      end: start + length,
      allDay: false,
      floating,
      transparent: false,
      status: null,
    })),
  }
}

describe('the contact index', () => {
  const fields = (...values: string[]) => ({
    index: { contact: values.map((value) => ({ kind: 'fn', value, folded: value.toLowerCase() })) },
  })

  it('finds what contains a text, whatever is in it, and each card once', async () => {
    const { book } = await makeAccount(store)
    const { book: other } = await makeAccount(store)
    await store.write((tx) => putText(tx, book, 'a', 'a', fields('Anna 50% off_', 'Anna again')))
    await store.write((tx) => putText(tx, book, 'b', 'b', fields("Bob O'Neill \\ ✓ Ünïcode")))
    await store.write((tx) => putText(tx, other, 'c', 'c', fields('Anna')))
    const find = async (needle: string, kind = 'fn') =>
      namesOf(
        await store.read((reader) => objectsWithFields(reader, book.id, [[{ kind, contains: needle }]])),
      )
    expect(await find('anna')).toEqual(['a'])
    expect(await find('50% off_')).toEqual(['a'])
    expect(await find('50x')).toEqual([])
    expect(await find("o'neill \\ ✓ ü")).toEqual(['b'])
    expect(await find('')).toEqual(['a', 'b'])
    expect(await find('anna', 'email')).toEqual([])
  })

  it('finds what fulfils every clause', async () => {
    const { book } = await makeAccount(store)
    await store.write((tx) => putText(tx, book, 'a', 'a', fields('anna', 'berlin')))
    await store.write((tx) => putText(tx, book, 'b', 'b', fields('anna', 'paris')))
    const find = async (clauses: Parameters<typeof objectsWithFields>[2]) =>
      namesOf(await store.read((reader) => objectsWithFields(reader, book.id, clauses)))
    const contains = (text: string) => ({ kind: 'fn', contains: text })
    expect(await find([[contains('anna')], [contains('paris'), contains('rome')]])).toEqual(['b'])
    expect(await find([])).toEqual(['a', 'b'])
    expect(await find([[]])).toEqual([])
  })

  it('takes texts of any length', async () => {
    const { book } = await makeAccount(store)
    const long = Array.from({ length: 20_000 }, (_, n) => n).join(' ')
    await store.write((tx) => putText(tx, book, 'a', 'a', fields(long)))
    const found = await store.read((reader) =>
      objectsWithFields(reader, book.id, [[{ kind: 'fn', contains: '19998 19999' }]]),
    )
    expect(await namesOf(found)).toEqual(['a'])
  })

  it('forgets a card that is deleted', async () => {
    const { book } = await makeAccount(store)
    await store.write((tx) => putText(tx, book, 'a', 'a', fields('anna')))
    await store.write(async (tx) => {
      const row = await findObject(tx, book.id, 'a')
      if (row !== undefined) await deleteObject(tx, book, row, origin)
    })
    expect(
      await store.read((reader) => objectsWithFields(reader, book.id, [[{ kind: 'fn', contains: 'anna' }]])),
    ).toEqual([])
  })
})
