import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldBase64, readFolding } from '../../../storage/media/folding.ts'
import { keptApartBytes, partBody } from '../../../storage/media/parts.ts'

const folds = ['\r\n ', '\n ', '\r\n\t', '\r\n  ', '\n    ', '\r ', '\r\r\n ', '\r\n \r\n ']

describe('base64 in lines', () => {
  it('is folded as it was', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(...folds),
        (bytes, firstWidth, nextWidth, fold) => {
          const folding = { firstWidth, nextWidth, fold }
          const text = foldBase64(Buffer.from(bytes), folding)
          expect(foldBase64(Buffer.from(bytes), readFolding(text))).toBe(text)
          expect(text.replace(/\s+/g, '')).toBe(Buffer.from(bytes).toString('base64'))
        },
      ),
    )
  })
})

describe('a body and its media', () => {
  const bytes = Buffer.alloc(keptApartBytes + 2, 'photo')
  const text = foldBase64(bytes, { firstWidth: 40, nextWidth: 74, fold: '\r\n ' })

  it.each([
    ['one line is longer', text.replace('\r\n ', 'A\r\n ')],
    ['a line ends otherwise', text.replace(/(\r\n )(?=[^\r]*$)/, '\n ')],
    ['the padding is missing', bytes.toString('base64').replace(/=+$/, '')],
    ['it is base64url', Buffer.alloc(3_000, 0xff).toString('base64url')],
    ['it is an address', `https://example.com/${'a'.repeat(4_000)}`],
    ['it is small', Buffer.alloc(100).toString('base64')],
  ])('stay together where %s', (_, odd) => {
    const body = Buffer.from(`PHOTO:${odd}\r\n`)
    expect(partBody(body, [{ start: 6, end: 6 + odd.length }])).toBeUndefined()
  })

  it('are told apart by content', () => {
    const body = Buffer.from(`é${text}|${bytes.toString('base64')}|`)
    const second = 2 + text.length + 1
    const parts = partBody(body, [
      { start: 2, end: 2 + text.length },
      { start: second, end: body.length - 1 },
    ])
    expect(parts?.rest.toString()).toBe('é||')
    expect(parts?.media.map(({ position }) => position)).toEqual([2, 3])
    expect(new Set(parts?.media.map(({ hash }) => hash)).size).toBe(1)
    expect(parts?.media.map(({ bytes }) => bytes)).toEqual([bytes, bytes])
  })
})
