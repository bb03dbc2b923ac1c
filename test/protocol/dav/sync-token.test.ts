import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatSyncToken, nameTag, parseSyncToken } from '../../../protocol/dav/sync-token.ts'

describe('RFC 6578 §3.2 sync-tokens', () => {
  it('are URIs with letters and colons (EVO-02, TSD-02, MIN-24)', () => {
    expect(formatSyncToken('k3x', [{ feed: 7, change: 42 }])).toBe('urn:farley:sync:k3x:7.42')
    expect(
      formatSyncToken('k3x', [
        { feed: 7, change: 42 },
        { feed: 9, change: 0 },
      ]),
    ).toBe('urn:farley:sync:k3x:7.42-9.0')
    expect(formatSyncToken('k3x', [{ feed: 7, change: 3, began: 42, tag: nameTag('work') }])).toMatch(
      /^urn:farley:sync:k3x:7\.3\.42~[a-z0-9]+$/,
    )
  })

  it('mark names so that others differ', () => {
    const names = ['', 'a', 'b', 'ab', 'ba', 'calendar', 'calendar2', 'Kalender', 'ü', 'u']
    expect(new Set(names.map(nameTag)).size).toBe(names.length)
  })

  it('come back as written', () => {
    const position = fc.record({
      feed: fc.nat(Number.MAX_SAFE_INTEGER),
      change: fc.nat(Number.MAX_SAFE_INTEGER),
    })
    const more = fc.record(
      { began: fc.nat(Number.MAX_SAFE_INTEGER), tag: fc.string().map(nameTag) },
      { requiredKeys: [] },
    )
    const whole = fc.tuple(position, more).map(([numbers, others]) => ({ ...numbers, ...others }))
    const positions = fc.uniqueArray(whole, { minLength: 1, maxLength: 200, selector: ({ feed }) => feed })
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{1,40}$/), positions, (epoch, list) => {
        expect(parseSyncToken(formatSyncToken(epoch, list))).toEqual({ epoch, positions: list })
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('may say what of the feed was seen', () => {
    const token = formatSyncToken('e', [{ feed: 4, change: 7, began: 9 }], 'n12_aB-c')
    expect(token).toBe('urn:farley:sync:e:4.7.9:n12_aB-c')
    expect(parseSyncToken(token)).toEqual({
      epoch: 'e',
      positions: [{ feed: 4, change: 7, began: 9 }],
      scope: 'n12_aB-c',
    })
  })

  it.each([
    '',
    'urn:farley:sync:',
    'urn:farley:sync:e',
    'urn:farley:sync:e:',
    'urn:farley:sync::1.1',
    'urn:farley:sync:e:1',
    'urn:farley:sync:e:1.',
    'urn:farley:sync:e:01.1',
    'urn:farley:sync:e:1.1-',
    'urn:farley:sync:e:1.1-1.2',
    'urn:farley:sync:e:1.-1',
    'urn:farley:sync:e:1.1:',
    'urn:farley:sync:e:1.1:n1:',
    'urn:farley:sync:e:1.1:n/1',
    'urn:farley:sync:e:1.1.',
    'urn:farley:sync:e:1.1.1.1',
    'urn:farley:sync:e:1.1~',
    'urn:farley:sync:e:1.1~A',
    'urn:farley:sync:e:9007199254740993.1',
    'URN:farley:sync:e:1.1',
    ' urn:farley:sync:e:1.1',
    'urn:x:gone',
    'http://sabre.io/ns/sync/12',
    'data:,1_2',
    '6CD2D6D8-2A0C-4F5A-8A1D-5F0C8F2C3B11',
    `urn:farley:sync:e:${'1.1-'.repeat(10_000)}`,
  ])('knows nothing of %s (IOS-09)', (text) => {
    expect(parseSyncToken(text)).toBeUndefined()
  })
})
