import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { traitLines, traitsOf } from '../../../protocol/match/traits.ts'
import { readCard } from '../../../protocol/vcard/card.ts'

const lines = [
  'FN:Anna Meier',
  'N:Meier;Anna;;;',
  'NICKNAME:Anni',
  'item1.EMAIL;TYPE=home:anna@a.example',
  'TEL;VALUE=uri:tel:+49-30-1234567',
  'ORG:Acme\r\n  Ltd.;Sales',
  'ADR:;;Main Street 1;Town;;12345;',
  'BDAY:1980-02-29',
  'X-BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29',
  'KIND:org',
  'X-ADDRESSBOOKSERVER-KIND:group',
  'X-ABShowAs:COMPANY',
]
const others = ['NOTE:N:Meier', 'TITLE:Head', 'REV:2026-01-01', 'CATEGORIES:Friends', 'URL:https://a.example']

const text = (some: readonly string[]): string =>
  ['BEGIN:VCARD', 'VERSION:4.0', ...some, 'END:VCARD', ''].join('\r\n')

describe('the lines that somebody can be known by', () => {
  it('are others wherever the traits are', () => {
    const some = fc.subarray([...lines, ...others])
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [traits, otherTraits] = [one, other].map((each) => traitsOf(readCard(text(each))))
        if (traitLines(text(one)) === traitLines(text(other))) expect(traits).toEqual(otherTraits)
      }),
      { numRuns: 300 },
    )
    for (const line of lines) expect(traitLines(text([line]))).not.toBe(traitLines(text([])))
    expect(traitLines(text(['ORG:Acme\r\n  Ltd.']))).not.toBe(traitLines(text(['ORG:Acme\r\n  Inc.'])))
  })

  it('are the same whatever else changes; of quoted-printable text they are all', () => {
    expect(traitLines(text([...lines, ...others]))).toBe(traitLines(text(lines)))
    const quoted = (more: string): string =>
      text(['FN;ENCODING=QUOTED-PRINTABLE:Anna=20=', `Meier${more}`, 'NOTE:1'])
    expect(traitLines(quoted(''))).not.toBe(traitLines(quoted('=20II')))
  })
})
