import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { listJobs, noteProgress, progressOf, scheduleJob } from '../../storage/upkeep/jobs.ts'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'

const server = useServer()
const key = 'reindex'
const row = async () => (await server.services.store.read(listJobs)).find((job) => job.key === key)
const run = (signal = new AbortController().signal) => runNextJob(server.services, jobs, signal, key)

/** Two cards whose rows are lost, as they are in a database from before there were any. */
async function unindexed() {
  const alice = await server.account()
  await alice.put(`${alice.contacts}a.vcf`, card('a', 'Ann Doe'))
  await alice.put(`${alice.contacts}b.vcf`, card('b', 'Bob Roe'))
  const { store } = server.services
  await store.write(async (tx) => {
    await tx.sql.run('DELETE FROM search_documents')
    await tx.sql.run('DELETE FROM contact_fields')
    await scheduleJob(tx, key, 0)
  })
  const { json } = await call(alice, 'GET', '/parties')
  const cards = json.items.map(
    async ({ id }: { id: number }) => (await call(alice, 'GET', `/parties/${id}`)).json,
  )
  const ids = (await Promise.all(cards)).map(({ cards: [one] }: { cards: { id: number }[] }) => one?.id ?? 0)
  const rows = async () => {
    const text = 'SELECT DISTINCT object_id AS id FROM contact_fields ORDER BY 1'
    const found = await store.read(({ sql }) => sql.all<{ id: number }>(text))
    return found.map(({ id }) => id).filter((id) => ids.includes(id))
  }
  const etag = (await alice.get(`${alice.contacts}a.vcf`)).headers.etag
  return { alice, ids, rows, etag }
}

describe('the job that derives the index anew after an update', () => {
  it('does it while the server answers, changes no entity tag, and is over then', async () => {
    const { alice, ids, rows, etag } = await unindexed()
    expect(await rows()).toEqual([])
    expect(await run()).toEqual({ kind: 'over' })
    expect(await rows()).toEqual(ids)
    expect(await row()).toBeUndefined()
    expect((await alice.get(`${alice.contacts}a.vcf`)).headers.etag).toBe(etag)
    expect((await call(alice, 'GET', '/search?q=bob')).json.items).toHaveLength(1)
  })

  it('goes on where it was stopped', async () => {
    const { ids, rows } = await unindexed()
    const [first, second] = ids
    const stopped = { done: 1, total: 2, after: first ?? 0 }
    await server.services.store.write((tx) => noteProgress(tx, key, stopped))
    const stopping = new AbortController()
    stopping.abort()
    expect(await run(stopping.signal)).toEqual({ kind: 'stopped' })
    expect(progressOf((await row()) ?? { progress: null })).toEqual(stopped)
    expect(await run()).toEqual({ kind: 'over' })
    expect(await rows()).toEqual([second])
  })
})
