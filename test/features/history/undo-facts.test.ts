import { describe, expect, it } from 'vitest'
import { runUndo } from '../../../src/features/history/undo/undo.ts'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import type { Services } from '../../../src/services.ts'
import { findBatchById } from '../../../storage/batches/batches.ts'
import type { Writer } from '../../../storage/store.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { sharedWith } from '../../dav/virtual/masked.ts'
import { call } from './world.ts'

const server = useServer({ limits: { undoneAtOnce: 8 }, api: { peopleAtOnce: 50 } })
const count = 30

/** Somebody who made himself the owner of many at once, one of whom another took over since. */
async function ownerOfMany() {
  const [alice, bob] = [await server.account(), await server.account()]
  for (let n = 0; n < count; n += 1)
    await alice.put(`${alice.contacts}c${n}.vcf`, card(`c${n}`, `Crew ${n + 10}`))
  await sharedWith(alice, bob)
  const people = (await call(alice, 'GET', '/parties?limit=100')).json.items
  const ids: number[] = people.map(({ id }: { id: number }) => id)
  const action = { do: 'owner', owner: alice.name }
  const bulk = await call(alice, 'POST', '/parties/bulk', { ids, action })
  expect(bulk.json, bulk.text).toMatchObject({ state: 'finished', counts: { changed: count } })
  const taken = ids[12] ?? 0
  expect((await call(bob, 'PATCH', `/parties/${taken}`, { owner: bob.name })).status).toBe(200)
  const begun = await call(alice, 'POST', '/history/undo', { request: bulk.json.request })
  expect(begun.status, begun.text).toBe(202)
  return { alice, bob, ids, taken, undo: Number(begun.json.id) }
}

const ownersOf = async (account: Account, ids: readonly number[]): Promise<(string | undefined)[]> => {
  const people = ids.map((id) => call(account, 'GET', `/parties/${id}`))
  return (await Promise.all(people)).map(({ json }) => json.owner?.name)
}

const itemsOf = async (account: Account, undo: number) =>
  (await call(account, 'GET', `/history/undos/${undo}/items?limit=100`)).json.items

/** Services that count the writes of an undo which say what became of facts, and what they ask for; it ends after so many. */
function counted(undo: number, ending: AbortController, most: number) {
  const counts = { writes: 0, reaches: 0 }
  const { store } = server.services
  const write: Services['store']['write'] = async (fn) => {
    const before = await store.read((reader) => findBatchById(reader, undo))
    const value = await store.write((tx) => fn({ ...tx, sql: watched(tx, counts) }))
    const after = await store.read((reader) => findBatchById(reader, undo))
    if (after?.reached !== before?.reached) counts.writes += 1
    if (counts.writes === most) ending.abort()
    return value
  }
  return { counts, services: { ...server.services, store: { ...store, write } } }
}

function watched({ sql }: Writer, counts: { reaches: number }): Writer['sql'] {
  return {
    ...sql,
    all: (text, parameters) => {
      if (text.includes('WITH open_places')) counts.reaches += 1
      return sql.all(text, parameters)
    },
  }
}

describe('undoing what a request did to what is known of many people', () => {
  it('is done many in a write, which asks once what is reached, goes on where it stopped, and tells of each', async () => {
    const { alice, bob, ids, taken, undo } = await ownerOfMany()
    const ending = new AbortController()
    const { counts, services } = counted(undo, ending, 1)
    await runUndo(services, undo, ending.signal)
    expect(counts).toEqual({ writes: 1, reaches: 1 })
    expect(await itemsOf(alice, undo)).toHaveLength(25)
    expect((await ownersOf(alice, ids.slice(0, 5))).every((owner) => owner === alice.name)).toBe(true)
    const job = await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${undo}`)
    expect(job?.kind).toBe('over')
    const done = (await call(alice, 'GET', `/history/undos/${undo}`)).json
    expect(done).toMatchObject({ state: 'finished', counts: { updated: count - 1, skipped: 1 } })
    const items = await itemsOf(alice, undo)
    expect(items.map(({ place }: { place: string }) => place)).toEqual(
      ids.toReversed().map((id) => `party ${id}`),
    )
    expect(items.filter(({ outcome }: { outcome: string }) => outcome === 'skipped')).toMatchObject([
      { place: `party ${taken}`, note: 'Somebody else has changed it since.' },
    ])
    expect(await ownersOf(alice, ids)).toEqual(ids.map((id) => (id === taken ? bob.name : undefined)))
  })
})
