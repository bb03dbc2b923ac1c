import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { isSameUid, validateCard } from '../../../protocol/vcard/validate.ts'
import { almostCard } from './arbitraries.ts'
import { fixture } from './files.ts'

fc.configureGlobal({ seed: 6352 })

const card = (...lines: string[]) => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')

function verdict(text: string): string {
  try {
    validateCard(text)
  } catch (error) {
    if (error instanceof InvalidObjectError) return `${error.precondition}: ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('RFC 6352 §6.3.2.1 supported-address-data', () => {
  it.each(['3.0', '4.0'] as const)('takes vCard %s', (version) => {
    expect(validateCard(card(`VERSION:${version}`)).version).toBe(version)
    expect(validateCard(card('FN:x', `version: ${version} `)).version).toBe(version)
  })

  it.each(['2.1', '5.0', '3', 'x'])('refuses vCard %s', (version) => {
    expect(verdict(card(`VERSION:${version}`))).toBe(
      `supported-address-data: vCard version ${version} is not stored; 3.0 and 4.0 are.`,
    )
  })
})

describe('RFC 6352 §6.3.2.1 valid-address-data', () => {
  it('refuses a card without VERSION', () => {
    expect(verdict(card('FN:x'))).toBe('valid-address-data: VERSION is missing.')
    expect(verdict(card('VERSION:', 'FN:x'))).toBe('valid-address-data: VERSION is missing.')
  })

  it.each(['\x00', '\x07', '\x0b', '\x0c', '\x1b', '\x7f'])('refuses the control character %j', (control) => {
    expect(verdict(card('VERSION:3.0', `NOTE:a${control}b`))).toMatch(
      /^valid-address-data: There is a control/,
    )
    expect(verdict(`${card('VERSION:3.0')}${control}`)).toMatch(/^valid-address-data/)
  })

  it('takes tabs and the line separators of other alphabets', () => {
    expect(verdict(card('VERSION:3.0', 'NOTE:a\tb\u0085c\u2028d\u00ade'))).toBe('accepted')
  })

  it('refuses two UIDs, in whatever group, and takes one written twice', () => {
    expect(verdict(card('VERSION:3.0', 'UID:1', 'item1.UID:2'))).toBe(
      'valid-address-data: The vCard has two UIDs.',
    )
    expect(validateCard(card('VERSION:3.0', 'UID:1', 'UID:1')).uid).toBe('1')
    expect(validateCard(card('VERSION:3.0', 'UID:', 'UID:1')).uid).toBe('1')
  })

  it('refuses more than one card, and anything that is not one', () => {
    expect(verdict(fixture('several.vcf'))).toMatch(/^valid-address-data/)
    expect(verdict('hello')).toMatch(/^valid-address-data/)
    expect(verdict('')).toMatch(/^valid-address-data/)
  })
})

describe('RFC 6352 §5.1 what is the client’s own is stored', () => {
  it.each([
    ['no FN and no UID', ['VERSION:3.0']],
    ['an unreadable line', ['VERSION:3.0', 'FN:x', 'rubbish']],
    ['a broken photo', ['VERSION:3.0', 'PHOTO;ENCODING=b;TYPE=JPEG:!!not base64!!']],
    ['odd escapes', ['VERSION:4.0', 'NOTE:C:\\temp\\x']],
    ['unknown properties and groups', ['VERSION:3.0', 'a-b.X-ANY;X=Y:z']],
    ['an agent’s card', ['VERSION:3.0', 'AGENT:', 'BEGIN:VCARD', 'UID:2', 'END:VCARD', 'UID:1']],
    ['leading blank lines', ['', '', 'VERSION:3.0', '']],
  ])('takes %s', (_, lines) => {
    expect(verdict(card(...lines))).toBe('accepted')
  })

  it.each([
    ['apple-person.vcf', '3.0', '3E2C55A0-0000-4000-8000-5D1F6F2A7B10'],
    ['apple-group.vcf', '3.0', '77A1F9C2-0000-4000-8000-0A4C6E8F1B22'],
    ['thunderbird.vcf', '4.0', 'f5d7a1b0-6f39-4a66-8f2e-5b0f5f3c1a77'],
    ['bare-lf.vcf', '3.0', 'bare-lf-1'],
    ['utf16.vcf', '4.0', 'utf16-1'],
    ['agent.vcf', '3.0', 'agent-outer'],
  ])('takes %s', (name, version, uid) => {
    expect(validateCard(fixture(name))).toMatchObject({ version, uid })
  })
})

describe('RFC 6350 §6.7.6 UID', () => {
  it('is unescaped and trimmed; an empty one is none', () => {
    expect(validateCard(card('VERSION:3.0', 'UID: a\\,b ')).uid).toBe('a,b')
    expect(validateCard(card('VERSION:3.0', 'UID: ')).uid).toBeUndefined()
    expect(validateCard(card('VERSION:3.0')).uid).toBeUndefined()
  })

  it('is the same with and without urn:uuid:', () => {
    expect(isSameUid('urn:uuid:1', '1')).toBe(true)
    expect(isSameUid('1', 'URN:UUID:1')).toBe(true)
    expect(isSameUid('1', '1')).toBe(true)
    expect(isSameUid('1', '2')).toBe(false)
    expect(isSameUid('urn:x:1', '1')).toBe(false)
  })
})

it('hostile text is refused by name, never thrown through', () => {
  fc.assert(
    fc.property(fc.oneof(almostCard, fc.string({ unit: 'binary' })), (text) => {
      expect(verdict(text)).toMatch(/^accepted$|^(valid|supported)-address-data: /)
    }),
    { numRuns: 500 },
  )
})
