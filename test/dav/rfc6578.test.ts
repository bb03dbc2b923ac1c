import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { card } from './objects.ts'
import { useServer } from './server.ts'

describe('RFC 6578 §3.6 truncated answers', () => {
  const server = useServer()

  it('answers 507 for the collection and a token that resumes after the last member (MIN-27)', async () => {
    const alice = await server.account()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await alice.put(`${alice.contacts}${name}.vcf`, card(name))
    const first = await alice.sync(alice.contacts, '', 2)
    expect(first.of(alice.contacts).status).toBe(507)
    expect(first.responses).toHaveLength(3)
    const all = await alice.syncAll(alice.contacts, '', 2)
    expect(all.changed).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${alice.contacts}${name}.vcf`))
    const listing = await alice.propfind(alice.contacts, 1, [dav('getetag')])
    expect(listing.hrefs).toEqual([alice.contacts, ...all.changed])
  })
})
