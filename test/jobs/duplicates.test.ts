import { expect, it } from 'vitest'
import { startJobs } from '../../src/jobs/runner.ts'
import { countPending } from '../../storage/match/match-keys.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'

const server = useServer()

it('cards are compared soon after they have come', async () => {
  const { store } = server.services
  const running = startJobs(server.services)
  try {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Anna Meier', ['TEL:+49 30 1234567']))
    await alice.put(`${alice.contacts}b.vcf`, card('b', 'Anna Meier', ['TEL:030/1234567']))
    await expect.poll(() => store.read(countPending), { timeout: 30_000 }).toBe(0)
    const pairs = await store.read(({ sql }) => sql.all('SELECT level FROM duplicate_pairs'))
    expect(pairs).toEqual([{ level: 'same' }])
  } finally {
    await running.stop()
  }
})
