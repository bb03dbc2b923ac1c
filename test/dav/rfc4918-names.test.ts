import { describe, expect, it } from 'vitest'
import { encodeSegment } from '../../protocol/dav/href.ts'
import { card } from './objects.ts'
import { useServer } from './server.ts'

/** What clients call what they make. */
const names = [
  'ends.vcf',
  'without-extension',
  '03A0E51F-D1AA-4385-8A53-E29025ACD8AF.vcf',
  'with blanks and (brackets).vcf',
  'žluťoučký-🎉.vcf',
  "a+b=c@d~e!$&'*,;:.vcf",
  '50%25.vcf',
  'double.ext.vcf',
  '.hidden',
  'UPPER.VCF',
  'two.ics',
]

describe('RFC 4918 §9.7.1 the name of a new member (DVX-12)', () => {
  const server = useServer()

  it.each(names)('%s is the one that it keeps', async (name) => {
    const alice = await server.account()
    const path = alice.contacts + encodeSegment(name)
    const put = await alice.put(path, card('u'), { 'Content-Type': 'text/vcard' })
    expect([put.status, put.headers.location]).toEqual([201, undefined])
    const listed = await alice.propfind(alice.contacts, 1, [])
    expect(listed.hrefs).toContain(path)
    expect((await alice.sync(alice.contacts, '')).hrefs).toContain(path)
    expect((await alice.get(path)).text).toBe(card('u'))
  })
})
