import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptedOffer, type Offer } from '../../../protocol/dav/accept.ts'

const three: Offer = { type: 'text/vcard', version: '3.0' }
const four: Offer = { type: 'text/vcard', version: '4.0' }
const json: Offer = { type: 'application/vcard+json', version: '4.0' }
const offers: readonly [Offer, ...Offer[]] = [three, four, json]

describe('RFC 9110 §12.5.1 Accept', () => {
  it.each([
    [undefined, three, 'nothing is said'],
    ['', three, 'an empty header'],
    ['*/*', three, 'anything'],
    ['*/*;q=0.1', three, 'anything, whatever its weight'],
    ['text/*', three, 'any text'],
    ['text/vcard', three, 'any version'],
    ['TEXT/VCard', three, 'in another case'],
    ['text/vcard;version=4.0', four, 'a version'],
    ['text/vcard; Version="4.0"; charset=utf-8', four, 'a version in quotes, among others'],
    ['text/vcard;version=4.0, text/vcard;version=3.0', three, 'both alike: the order is ours'],
    ['text/vcard;version=3.0;q=0.5, text/vcard;version=4.0', four, 'by weight'],
    ['text/vcard;version=4.0, text/vcard', four, 'alike, but one is named'],
    ['text/vcard;version=4.0;q=0.4, text/vcard;q=0.8', three, 'the version that is named weighs less'],
    ['text/vcard;version=3.0;q=0, text/vcard', four, 'all but one version'],
    ['text/vcard;version=2.1', three, 'a version that there is not'],
    ['text/vcard;version=2.1, application/*', json, 'a version that there is not, or something else'],
    ['application/vcard+json, */*', json, 'alike, but one is named'],
    ['application/vcard+json;q=0.5, */*;q=0.8', three, 'rather anything'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', three, 'a browser'],
    ['text/xml, text/calendar', three, 'nothing that there is: python-caldav'],
    ['text/vcard;q=0, */*;q=0', three, 'nothing at all'],
    ['text/directory', three, 'an older name'],
    ['text/x-vcard;q=0.3, text/vcard;version=4.0;q=0.2', three, 'an older name that weighs more'],
    ['application/vcard+json;q=high', json, 'a weight that is none'],
    [',, ;q=1, vcard, text/vcard;version=4.0', four, 'what cannot be read is passed over'],
  ])('%s: %o (%s)', (header: string | undefined, expected: Offer, _) => {
    expect(acceptedOffer(header, offers).offer).toBe(expected)
  })

  it('says whether the version was named', () => {
    const named = (header?: string) => acceptedOffer(header, offers).isVersionNamed
    expect([named(), named('text/vcard'), named('text/vcard;version=4.0')]).toEqual([false, false, true])
    expect([named('text/vcard;version=4.0;q=0'), named('text/directory')]).toEqual([false, true])
  })

  it('takes whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(offers).toContain(acceptedOffer(header, offers).offer)
      }),
    )
    const long = 'text/vcard;version=4.0;q=0.5,'.repeat(500) + '"'.repeat(2_000)
    const startedAt = performance.now()
    expect(acceptedOffer(long, offers).offer).toBe(four)
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})
