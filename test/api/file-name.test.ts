import { describe, expect, it } from 'vitest'
import { fileNameOf, namedAs } from '../../src/api/file-name.ts'

describe('the name of a file', () => {
  it('is what something is called, without what some system does not take', () => {
    expect(fileNameOf('Jane Doe', 'vcf', 'card-1')).toBe('Jane Doe.vcf')
    expect(fileNameOf(' ../a\\b:c\r\n"d"? ', 'vcf', 'card-1')).toBe('a b c d.vcf')
    expect(fileNameOf('Ζωή 😀', 'vcf', 'card-1')).toBe('Ζωή 😀.vcf')
    for (const none of ['', '...', '\u0000', '/'])
      expect(fileNameOf(none, 'vcf', 'card-1')).toBe('card-1.vcf')
    expect(fileNameOf('😀'.repeat(200), 'vcf', 'card-1')).toBe(`${'😀'.repeat(60)}.vcf`)
    // Looking at all of it would take hours.
    expect(fileNameOf(`x${'.'.repeat(1_000_000)}x`, 'vcf', 'card-1')).toBe('x.vcf')
  })

  it('is told to browsers in both writings (RFC 6266 §4.3)', () => {
    expect(namedAs("Zoë's.vcf")).toBe("filename=\"Zo_'s.vcf\"; filename*=UTF-8''Zo%C3%AB%27s.vcf")
  })
})
