import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BrokenLine,
  type ContentLine,
  parameter,
  parameterValues,
  readContentLines,
  splitValue,
  unescapeText,
} from '../../../protocol/text/content-lines.ts'

fc.configureGlobal({ seed: 5545 })

const read = (text: string) => [...readContentLines(text)]

function only(text: string): ContentLine {
  const [line, ...others] = read(text)
  if (line === undefined || 'broken' in line || others.length > 0) throw new Error(`not one line: ${text}`)
  return line
}

const values = (text: string) => read(text).map((line) => ('broken' in line ? line.broken : line.value))

describe('RFC 5545 §3.1, RFC 6350 §3.2 line ends and folds', () => {
  it.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
    ['CR CR LF', '\r\r\n'],
  ])('separates and unfolds lines that end in %s', (_, end) => {
    const text = ['A:one', ' , two', '\t, three', 'B:four', ''].join(end)
    expect(values(text)).toEqual(['one, two, three', 'four'])
  })

  it('takes exactly one blank away from a folded line', () => {
    expect(values('NOTE:a\r\n  b')).toEqual(['a b'])
    expect(values('NOTE:a \r\n b')).toEqual(['a b'])
  })

  it('unfolds inside names, parameters and quoted values', () => {
    const line = only('ADR;LAB\r\n EL="one\r\n  street":;;\r\n x')
    expect(line).toMatchObject({ name: 'ADR', value: ';;x' })
    expect(parameter(line, 'LABEL')).toBe('one street')
  })

  it('passes over empty lines; a line of blanks is a fold', () => {
    expect(values('\r\n\r\nA:1\r\n\r\n\r\nB:2\r\n  \r\n')).toEqual(['1', '2 '])
    expect(values(' \r\n \r\n')).toEqual([])
  })

  it('takes the separators of other alphabets for text', () => {
    expect(values('NOTE:a\u2028b\u0085c\u000bd')).toEqual(['a\u2028b\u0085c\u000bd'])
  })

  it('reads the last line without a line end', () => {
    expect(only('FN:Ada')).toEqual({
      group: undefined,
      name: 'FN',
      parameters: [],
      value: 'Ada',
      start: 0,
      end: 6,
    })
  })

  it('gives offsets that cover folds and line ends', () => {
    const text = 'A:1\r\n 2\r\nB:3\n'
    expect(read(text).map(({ start, end }) => text.slice(start, end))).toEqual(['A:1\r\n 2\r\n', 'B:3\n'])
  })
})

describe('RFC 6350 §3.3 names, groups and parameters', () => {
  it('reads names in any case, and groups as written', () => {
    expect(only('item1.x-abLabel:_$!<HomePage>!$_')).toMatchObject({
      group: 'item1',
      name: 'X-ABLABEL',
      value: '_$!<HomePage>!$_',
    })
    expect(only('home_2.TEL:1').group).toBe('home_2')
  })

  it('ends the parameters at the first colon outside quotes', () => {
    const line = only('ATTENDEE;CN="Doe: J; \'x\', y";ROLE=CHAIR:mailto:j@example.com')
    expect(line.value).toBe('mailto:j@example.com')
    expect(parameter(line, 'CN')).toBe("Doe: J; 'x', y")
    expect(parameter(line, 'ROLE')).toBe('CHAIR')
  })

  it('collects the values of a parameter that is listed, repeated or quoted', () => {
    const line = only('TEL;type=HOME,pref;TYPE="cell,text";type=voice:1')
    expect(parameterValues(line, 'TYPE')).toEqual(['HOME', 'pref', 'cell,text', 'voice'])
    expect(parameterValues(line, 'PREF')).toEqual([])
    expect(parameter(line, 'PREF')).toBeUndefined()
  })

  it('reads the bare types of vCard 2.1', () => {
    expect(parameterValues(only('TEL;HOME;FAX:1'), 'TYPE')).toEqual(['HOME', 'FAX'])
  })

  it('forgives a stray semicolon, blanks about names, and text after a closing quote', () => {
    expect(only('TEL;:1').parameters).toEqual([])
    expect(only('TEL ;TYPE=home:1').name).toBe('TEL')
    expect(parameter(only('DTSTART;TZID="Europe/Berlin" :1'), 'TZID')).toBe('Europe/Berlin')
  })

  it('keeps empty values', () => {
    expect(only('NOTE:').value).toBe('')
    expect(parameterValues(only('X;A=:1'), 'A')).toEqual([''])
  })

  it.each([
    ['no colon', 'FN'],
    ['no name', ':x'],
    ['a leading blank', ' FN:x'],
    ['a blank inside the name', 'F N:x'],
    ['a parameter without end', 'FN;A=b'],
    ['an open quote', 'FN;A="b:c'],
    ['letters of another alphabet in the name', 'ИМЯ:x'],
  ])('keeps a line with %s as broken', (_, text) => {
    expect(read(text)).toEqual([{ broken: text, start: 0, end: text.length }])
  })

  it('reads on after a broken line', () => {
    expect(values('A:1\r\nrubbish\r\nB:2')).toEqual(['1', 'rubbish', '2'])
  })
})

describe('RFC 6868 §3.1 caret escapes', () => {
  it('decodes ^n, ^^ and ^’ and leaves others alone', () => {
    expect(parameter(only("X;A=a^nb^^c^'d^e:1"), 'A')).toBe('a\nb^c"d^e')
    expect(parameter(only('X;A="^^n":1'), 'A')).toBe('^n')
  })
})

describe('RFC 6350 §3.4 escaped text', () => {
  it('undoes escapes once and keeps those that are none', () => {
    expect(unescapeText('a\\, b\\; c\\\\n d\\n e\\N')).toBe('a, b; c\\n d\n e\n')
    expect(unescapeText('C:\\temp \\')).toBe('C:\\temp \\')
    expect(unescapeText('http\\://example.com')).toBe('http://example.com')
  })

  it('splits at unescaped separators only', () => {
    expect(splitValue('a\\;b;c\\\\;;d,e', ';')).toEqual(['a\\;b', 'c\\\\', '', 'd,e'])
    expect(splitValue('', ',')).toEqual([''])
    expect(splitValue('a\\', ',')).toEqual(['a\\'])
  })
})

describe('hostile text', () => {
  const rubbish = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom('A', 'b', '.', ';', ':', '=', ',', '"', '^', '\\', ' ', '\t', '\r', '\n', 'é')),
  )
  const texts = rubbish.map((made) => (typeof made === 'string' ? made : made.join('')))

  it('throws nothing, and its lines cover all that is not blank, in order', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let at = 0
        for (const line of read(text)) {
          expect(text.slice(at, line.start).trim()).toBe('')
          expect(line.end).toBeGreaterThan(line.start)
          at = line.end
        }
        expect(text.slice(at).trim()).toBe('')
      }),
      { numRuns: 500 },
    )
  })

  it('reads back any line that was written, however it is folded', () => {
    fc.assert(
      fc.property(written, fc.infiniteStream(fc.nat(30)), (line, widths) => {
        const text = foldAt(line.text, widths)
        const found = only(`${text}\r\n`)
        expect(found).toMatchObject({ name: line.name, group: line.group, value: line.value })
        expect(found.parameters).toEqual(line.parameters)
      }),
    )
  })

  it('takes time in proportion to its length', () => {
    const long: [string, (lines: (ContentLine | BrokenLine)[]) => unknown][] = [
      [
        `TEL${';TYPE=a'.repeat(100_000)}:1`,
        ([line]) => line && 'name' in line && parameterValues(line, 'TYPE'),
      ],
      [`NOTE:${'\r\n x'.repeat(200_000)}`, ([line]) => line && 'value' in line && unescapeText(line.value)],
      ['A'.repeat(1_000_000), (lines) => lines.length],
      [`A${' '.repeat(1_000_000)}`, (lines) => lines.length],
      [`${'a.'.repeat(500_000)}:`, (lines) => lines.length],
      [`A;B=${'"",'.repeat(300_000)}:`, (lines) => lines.length],
    ]
    for (const [text, use] of long) {
      const from = performance.now()
      use(read(text))
      expect(performance.now() - from).toBeLessThan(2000)
    }
  })
})

const name = fc.stringMatching(/^[A-Z][A-Z0-9-]{0,12}$/)
const oneLine = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\x00-\x1f\x7f]/g, ''))
const parameterText = oneLine.map((text) => text.replace(/"/g, ''))
const written = fc
  .record({
    group: fc.option(fc.stringMatching(/^[a-zA-Z0-9-]{1,6}$/), { nil: undefined }),
    name,
    parameters: fc.array(
      fc.record({ name, values: fc.array(parameterText, { minLength: 1, maxLength: 3 }) }),
      {
        maxLength: 4,
      },
    ),
    value: oneLine,
  })
  .map((line) => {
    const parameters = line.parameters.map(
      (each) => `;${each.name}=${each.values.map((value) => `"${value.replace(/\^/g, '^^')}"`).join(',')}`,
    )
    const group = line.group === undefined ? '' : `${line.group}.`
    return { ...line, text: `${group}${line.name}${parameters.join('')}:${line.value}` }
  })

/** Folds after as many characters as the stream says, never before the first. */
function foldAt(text: string, widths: Iterator<number>): string {
  let folded = ''
  let at = 0
  while (at < text.length) {
    const width = 1 + (widths.next().value ?? 0)
    folded += `${at === 0 ? '' : '\r\n '}${text.slice(at, at + width)}`
    at += width
  }
  return folded
}
