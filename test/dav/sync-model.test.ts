import fc from 'fast-check'
import { describe, it } from 'vitest'
import { runsOf } from '../store.ts'
import { useServer } from './server.ts'
import { operations } from './sync-model/operations.ts'
import { kinds } from './sync-model/replica.ts'
import { type ClientSpec, play } from './sync-model/run.ts'

/**
 * Clients of several kinds share an account: each syncs when it gets to it, with page limits of its own, loses answers,
 * and changes what others change meanwhile; collections come, go and move, and the server forgets deletions. In the end
 * all have what the server has. FARLEY_TEST_SEED tries other runs, FARLEY_TEST_RUNS more of them.
 *
 * One liberty: Thunderbird's address book makes its first listing by an empty token. The real one asks for the token
 * after the listing, and so misses what is written between the two, whatever the server does.
 */
const server = useServer()
const seed = Number(process.env.FARLEY_TEST_SEED ?? 6578)
const numRuns = Number(process.env.FARLEY_TEST_RUNS ?? runsOf(20))

const client: fc.Arbitrary<ClientSpec> = fc.record({
  kind: fc.constantFrom(...kinds),
  limit: fc.constantFrom(undefined, 1, 2, 3, 7),
  isSettled: fc.nat(3).map((chance) => chance > 0),
})
const clients = fc.array(client, { minLength: 2, maxLength: 4 })

describe('RFC 6578 all clients converge, whatever happens meanwhile', () => {
  it.each(['calendar', 'addressbook'] as const)(
    'in the home of each %s',
    { timeout: 240_000 },
    async (service) => {
      const property = fc.asyncProperty(clients, operations, (some, all) => play(server, service, some, all))
      await fc.assert(property, { seed, numRuns, timeout: 60_000, interruptAfterTimeLimit: 180_000 })
    },
  )
})
