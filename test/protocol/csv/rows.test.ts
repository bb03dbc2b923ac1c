import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CsvRow, type Delimiter, detectDelimiter, readRows } from '../../../protocol/csv/rows.ts'

const fieldsOf = (text: string, delimiter: Delimiter = ','): (readonly string[])[] =>
  [...readRows([text], delimiter)].map((row: CsvRow) => row.fields)

describe('RFC 4180 rows of a table', () => {
  it('have fields with separators, quotes and line breaks in quotes, and any line ends', () => {
    expect(fieldsOf('a,"b,1","c ""d"""\r\n1,"x\r\ny",3\n4,,\r5')).toEqual([
      ['a', 'b,1', 'c "d"'],
      ['1', 'x\r\ny', '3'],
      ['4', '', ''],
      ['5'],
    ])
  })

  it('keep a quote within a field that is not quoted, and what stands behind the closing one', () => {
    expect(fieldsOf('5" disk,"a"b,c\n')).toEqual([['5" disk', 'ab', 'c']])
  })

  it('without any text are passed over, and lines are counted all the same', () => {
    const rows = [...readRows(['a,b\r\n,,\r\n\r\n"1\n2",x\r\nlast,y'], ',')]
    expect(rows.map(({ line }) => line)).toEqual([1, 4, 6])
  })

  it('come out the same however the text is cut (random)', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '😀') })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const text = rows
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
          .join('\r\n')
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        )
        const found = [...readRows(chunks, ',')].map(({ fields }) => fields)
        expect(found).toEqual(rows.filter((row) => row.some((one) => one.trim() !== '')))
      }),
    )
  })

  it('give up a quote that is never closed, so that the rest is read on', () => {
    const text = `name,mail\n"open,a\n${'x,y\n'.repeat(300_000)}end,z\n`
    const rows = fieldsOf(text)
    expect(rows.at(-1)).toEqual(['end', 'z'])
  })
})

describe('the separator of a table', () => {
  it('is the one that stands most often outside of quotes, or that sep= names', () => {
    expect(detectDelimiter('Vorname;Nachname;E-Mail, privat\nA;B;C')).toBe(';')
    expect(detectDelimiter('a,b,c\n"x;y;z;w",2,3')).toBe(',')
    expect(detectDelimiter('a\tb\tc, d')).toBe('\t')
    expect(detectDelimiter('sep=|\na,b,c')).toBe('|')
    expect(detectDelimiter('only')).toBe(',')
  })
})
