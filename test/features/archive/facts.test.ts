import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { historyKinds, thingKinds } from '../../../src/features/archive/people/history-columns.ts'
import { archivedFacts } from '../../../src/features/archive/people/tables.ts'
import { factKinds } from '../../../src/features/history/fact-kinds.ts'
import { checkInvariants } from '../../../storage/invariants.ts'
import { entities } from '../../../storage/schema.ts'
import { startServer, useServer } from '../../dav/server.ts'
import { dialect } from '../../store.ts'
import { archivedTables } from '../archive-tables.ts'
import { exportTo, restoreFrom, signIn } from '../archive-world.ts'
import { useFolder } from '../folder.ts'
import { asking, makeFirm } from './firm.ts'

const server = useServer()
const folder = useFolder()

/** The files of an archive with what is known of people, or some others, as texts. */
function factsIn(
  name: string,
  isMeant = (path: string) => path.startsWith('people/'),
): Record<string, string> {
  const files = [...folder.files(name)].filter(([path]) => isMeant(path))
  return Object.fromEntries(files.map(([path, octets]) => [path, octets.toString()]))
}

describe('what is known of people, in an archive of an installation', () => {
  it('comes back on the other database as it was, and from there again', async () => {
    const { alice } = await makeFirm(server)
    await exportTo(server, join(folder.path, 'first'), undefined, true)
    await using other = await startServer({}, dialect === 'postgres' ? 'sqlite' : undefined)
    expect((await restoreFrom(other, join(folder.path, 'first'))).map(({ kind }) => kind)).not.toContain(
      'refused',
    )
    expect(await other.services.store.read(checkInvariants)).toEqual([])
    await exportTo(other, join(folder.path, 'second'), undefined, true)
    const first = factsIn('first')
    expect(Object.keys(first)).toEqual(archivedFacts.map(({ table }) => `people/${table}.jsonl`).toSorted())
    for (const hanging of archivedFacts.flatMap(({ hanging: all = [] }) => all.map(({ table }) => table)))
      expect(Object.values(first).join(''), hanging).toContain(`"${hanging}":[`)
    const things = 'people/thing_revisions.jsonl'
    for (const kind of Object.keys(thingKinds)) expect(first[things]).toContain(`"kind":"${kind}"`)
    await exportTo(server, join(folder.path, 'hers'), alice, true)
    expect(factsIn('hers')[things]).toMatch(/^(?!.*"kind":"(?:role|mask)").*"kind":"list"/s)
    expect(factsIn('second')).toEqual(first)
    await using back = await startServer()
    await restoreFrom(back, join(folder.path, 'second'))
    await exportTo(back, join(folder.path, 'third'), undefined, true)
    expect(factsIn('third')).toEqual(first)
    const looks = (at: string) => factsIn(at, (path) => path.endsWith('/collection-history.jsonl'))
    expect(Object.values(looks('first')).join('')).toContain('"after":{"displayname":"Visits"}')
    expect([looks('second'), looks('third')]).toEqual([looks('first'), looks('first')])
    back.clock.now = server.clock.now
    const [was, is] = [asking(alice), asking(await signIn(back, alice))]
    expect(await seen(is)).toEqual(await seen(was))
    for (const one of [was, is]) {
      const [merge] = await mergesOf(one)
      expect(await one.ask('POST', `/merges/${merge}/undo`)).toEqual({ left: [] })
    }
    expect(await seen(is)).toEqual(await seen(was))
  })
})

type Asking = ReturnType<typeof asking>

/** Everything that an account sees of its people, without ids. */
async function seen({ ask }: Asking): Promise<unknown> {
  const { items } = await ask('GET', '/parties?limit=500')
  const shown: unknown[] = []
  for (const { id } of items) {
    for (const what of ['', '/timeline', '/fields', '/consents', '/pinned'])
      shown.push(await ask('GET', `/parties/${id}${what}`))
  }
  return JSON.parse(JSON.stringify(shown, withoutIds), inOneOrder)
}

async function mergesOf({ ask }: Asking): Promise<number[]> {
  const { items } = await ask('GET', '/parties?limit=500')
  const found: number[] = []
  for (const { id } of items)
    found.push(...(await ask('GET', `/merges?party=${id}`)).items.map((one: { id: number }) => one.id))
  return found
}

/** States of cards come back card by card: what happened to several stands in another order. */
function inOneOrder(key: string, value: unknown): unknown {
  return key === 'items' && Array.isArray(value)
    ? value.map((item) => JSON.stringify(item)).toSorted()
    : value
}

function withoutIds(key: string, value: unknown): unknown {
  return key === 'id' || (typeof value === 'number' && key !== 'version') ? 0 : value
}

describe('every table of facts', () => {
  it('is in the archive with every column, or says why not', () => {
    const described = archivedFacts.flatMap(({ table, columns, left = {}, hanging = [] }) => [
      [table, ['id', ...Object.keys({ ...columns, ...left })].toSorted()],
      ...hanging.map((one) => [
        one.table,
        [one.on, ...Object.keys({ ...one.columns, ...one.left })].toSorted(),
      ]),
    ])
    const there = entities('sqlite')
      .filter(({ options: { name } }) => archivedTables[name] === 'facts: see the archive of people')
      .map(({ options: { name, columns } }) => [name, Object.keys(columns).toSorted()])
    const how = 'Describe it in archivedFacts, in src/features/archive/people/tables.ts.'
    expect(Object.fromEntries(described), how).toEqual(Object.fromEntries(there))
  })

  it('has its history in the archive, of every kind', () => {
    const how = 'Say what its states name in historyKinds, in src/features/archive/people/history-columns.ts.'
    expect(Object.keys(historyKinds).toSorted(), how).toEqual(factKinds.map(({ kind }) => kind).toSorted())
  })
})
