import { describe, expect, it } from 'vitest'
import { sizeIn } from '../../src/web/ui/sizes.ts'

describe('a size', () => {
  it('is said in the unit that fits it, as the language writes it', () => {
    expect(sizeIn('en', 0)).toBe('0 bytes')
    expect(sizeIn('en', 999)).toBe('999 bytes')
    expect(sizeIn('en', 1_400)).toBe('1.4 kB')
    expect(sizeIn('en', 250_000_000)).toBe('250 MB')
    expect(sizeIn('de', 1_500_000_000)).toMatch(/^1,5\sGB$/)
  })
})
