import { describe, expect, it } from 'vitest'
import { findParty } from '../../../src/features/people/parties.ts'
import { patchCards } from '../../../src/features/people/patch-cards.ts'
import { booksOf, writablePlacements } from '../../../src/features/people/reach.ts'
import { card } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'
import { placedAt, reachFor } from './sessions.ts'

const server = useServer()
const shares = useShares(server)

describe('changing lines of somebody’s cards', () => {
  it('changes those that may be written, and leaves entity tags alone where nothing changes', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe', ['X-ODD;P=1:kept  as it is']))
    await shares.share(alice.contacts, bob, 'read')
    const [href = ''] = await shares.accept(bob)
    const { partyId } = await placedAt(server, `${alice.contacts}a.vcf`)
    const before = await alice.get(`${alice.contacts}a.vcf`)
    const patch = async (account: typeof alice, change: (text: string) => string) => {
      const reach = await reachFor(server, account)
      return server.services.store.write(async (tx) => {
        const party = await findParty(tx, reach, partyId)
        const writable = writablePlacements(reach, party?.placements ?? [])
        const { settings } = server
        return patchCards(tx, writable, change, { origin: { kind: 'web' }, settings, books: booksOf(reach) })
      })
    }
    expect(await patch(alice, (text) => text)).toBe(0)
    expect((await alice.get(`${alice.contacts}a.vcf`)).headers.etag).toBe(before.headers.etag)
    expect(await patch(bob, (text) => text.replace('Jane Doe', 'Jane'))).toBe(0)
    expect(await patch(alice, (text) => text.replace('FN:Jane Doe', 'FN:Jane'))).toBe(1)
    const after = await bob.get(`${href}a.vcf`)
    expect(after.text).toBe(before.text.replace('FN:Jane Doe', 'FN:Jane'))
  })
})
