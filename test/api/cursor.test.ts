import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { page, readCursor, writeCursor } from '../../src/api/cursor.ts'
import { InputRefusal } from '../../src/api/problem.ts'

const shape = z.tuple([z.string(), z.int()])

describe('cursors of lists', () => {
  it('give the key back that they were made of', () => {
    const key = fc.tuple(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
      fc.maxSafeInteger(),
    )
    fc.assert(
      fc.property(key, (given) => {
        expect(readCursor(writeCursor(given), shape)).toEqual(given)
      }),
      { numRuns: 50 },
    )
  })

  it('refuse what is none of ours with a sentence, whatever it is', () => {
    const others = ['', 'x', '!', writeCursor([1, 2]), writeCursor(['a', 1, 2]), writeCursor(['a\0', 1])]
    for (const cursor of others) expect(() => readCursor(cursor, shape)).toThrow(InputRefusal)
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        try {
          readCursor(cursor, shape)
        } catch (error) {
          expect(error).toBeInstanceOf(InputRefusal)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('lead through a list to its end, and a whole last page has none behind it', () => {
    const all = Array.from({ length: 10 }, (_, at) => ({ name: `n${at >> 1}`, id: at }))
    for (const limit of [1, 3, 5, 10, 20]) {
      const seen: number[] = []
      let cursor: string | undefined
      do {
        const [name, id] = readCursor(cursor, shape) ?? ['', -1]
        const behind = all.filter((row) => row.name > name || (row.name === name && row.id > id))
        const rows = behind.slice(0, limit + 1)
        const { items, next } = page(rows, limit, {
          keyOf: (row) => [row.name, row.id],
          shown: ({ id }) => id,
        })
        seen.push(...items)
        cursor = next ?? undefined
      } while (cursor !== undefined && seen.length < 20)
      expect(seen).toEqual(all.map(({ id }) => id))
    }
  })
})
