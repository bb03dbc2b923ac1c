import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { listBatches } from '../../storage/batches/batches.ts'
import { endWaiting } from '../../storage/batches/waiting.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { rowOf } from '../features/world.ts'
import { call } from './json.ts'

const server = useServer({ limits: { imports: 20 } })

async function work(kind: string, id: number): Promise<void> {
  await runNextJob(server.services, jobs, new AbortController().signal, `${kind}:${id}`)
}

/** Sends a file to be tried. @returns the id of the trial, which is over */
async function tried(account: Account, body: string, name = 'people.csv'): Promise<number> {
  const sent = await account.request('POST', `/api/imports?name=${name}&dryRun=1&match=email`, {
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  })
  const { id } = JSON.parse(sent.text)
  await work('import', id)
  return id
}

async function run(account: Account, trial: number, body: object): Promise<number> {
  const { status, json } = await call(account, 'POST', `/imports/${trial}/run`, body)
  expect(status).toBe(202)
  await work('import', json.id)
  return json.id
}

const table =
  'First Name,Last Name,Email,Phone 1 - Value\n' +
  'Ada,Byron,ada@example.org,+49301\nBob,Stone,bob@example.org,+49302\nCleo,Day,cleo@example.org,+49303\n' +
  'Dan,New,dan@example.org,+49304\nDan,Twice,dan@example.org,+49305\nEve,Two,two@example.org,+49306\n'

/** Somebody who has Ada, Bob and Cleo, and two who share an address. */
async function peopled(): Promise<Account> {
  const alice = await server.account()
  for (const name of ['ada', 'bob', 'cleo'])
    await alice.put(
      `${alice.contacts}${name}.vcf`,
      card(name, `${name} before`, [`EMAIL:${name}@example.org`, 'X-KEPT:as it is']),
    )
  for (const name of ['x', 'y'])
    await alice.put(`${alice.contacts}${name}.vcf`, card(name, name, ['EMAIL:two@example.org']))
  return alice
}

/** Every card that somebody has, by its name. */
async function cardsOf(alice: Account): Promise<ReadonlyMap<string, string>> {
  const { changed } = await alice.syncAll(alice.contacts, '')
  const texts = await Promise.all(changed.map(async (path) => [path, (await alice.get(path)).text] as const))
  return new Map(texts.toSorted(([one], [other]) => one.localeCompare(other)))
}

describe('an import in which some are there already', () => {
  it('tells in the trial what each item meets, and how many do', async () => {
    const alice = await peopled()
    const id = await tried(alice, table)
    const { items } = (await call(alice, 'GET', `/imports/${id}/items`)).json
    expect(items.map(({ meets }: { meets?: string }) => meets)).toEqual([
      ...['one', 'one', 'one', undefined, 'file', 'several'],
    ])
    const met = (await call(alice, 'GET', `/imports/${id}/items?part=met`)).json.items
    expect(met.map(({ title }: { title: string }) => title)).toEqual([
      ...['Ada Byron', 'Bob Stone', 'Cleo Day', 'Dan Twice', 'Eve Two'],
    ])
    expect((await call(alice, 'GET', `/imports/${id}`)).json).toMatchObject({
      met: [
        { meets: 'file', outcome: 'updated', count: 1 },
        { meets: 'one', outcome: 'updated', count: 3 },
        { meets: 'several', outcome: 'skipped', count: 1 },
      ],
      asked: { match: ['email'], onMatch: 'update', choices: {}, labels: [] },
    })
  })

  it('does with each what was chosen for it, and with the others what was chosen for all; undone, all is as before', async () => {
    const alice = await peopled()
    const before = await cardsOf(alice)
    const trial = await tried(alice, table)
    const choices = { new: [2, 6], update: [1] }
    const id = await run(alice, trial, { onMatch: 'skip', choices })
    expect((await call(alice, 'GET', `/imports/${id}`)).json).toMatchObject({
      counts: { created: 3, updated: 1, skipped: 2 },
      asked: { onMatch: 'skip', choices },
    })
    const after = await cardsOf(alice)
    const ada = after.get(`${alice.contacts}ada.vcf`)
    expect(ada).toContain('X-KEPT:as it is')
    expect(ada).toContain('+49301')
    expect(after.get(`${alice.contacts}bob.vcf`)).toBe(before.get(`${alice.contacts}bob.vcf`))
    expect(after.get(`${alice.contacts}cleo.vcf`)).toBe(before.get(`${alice.contacts}cleo.vcf`))
    const all = [...after.values()].join('')
    expect(all.match(/bob@example\.org/g)).toHaveLength(2)
    expect(all.match(/two@example\.org/g)).toHaveLength(3)
    expect(all).not.toMatch(/\+49303|\+49305/)
    await call(alice, 'POST', `/imports/${id}/undo`, {})
    await work('undo-import', id)
    expect(await cardsOf(alice)).toEqual(before)
  })

  it('goes on with what was chosen where it is tried otherwise; one that is to be left out can be alone', async () => {
    const alice = await peopled()
    const first = await tried(alice, table)
    const second = await run(alice, first, { dryRun: true, choices: { skip: [3] } })
    expect((await call(alice, 'GET', `/imports/${second}`)).json).toMatchObject({
      counts: { updated: 3, skipped: 2, created: 1 },
      asked: { choices: { skip: [3] } },
    })
    const id = await run(alice, second, {})
    const { items } = (await call(alice, 'GET', `/imports/${id}/items`)).json
    expect(items[2]).toMatchObject({ outcome: 'skipped', meets: 'one', title: 'Cleo Day' })
    expect(items[4]).toMatchObject({ outcome: 'updated', meets: 'one' })
  })

  it('shows one item as it would be by any choice', async () => {
    const alice = await peopled()
    const id = await tried(alice, table)
    const seen = async (onMatch: string) =>
      (await call(alice, 'GET', `/imports/${id}/items/1?onMatch=${onMatch}`)).json
    expect(await seen('update')).toMatchObject({ outcome: 'updated', match: { component: 'VCARD' } })
    expect((await seen('new')).after.text).not.toContain('X-KEPT')
    expect(await seen('skip')).toMatchObject({ outcome: 'skipped', after: null })
    expect((await call(alice, 'POST', `/imports/${id}/run`, { choices: { merge: [1] } })).status).toBe(422)
    expect((await call(alice, 'POST', `/imports/${id}/run`, { choices: { new: [0] } })).status).toBe(422)
  })
})

describe('what is wished of an import that was tried', () => {
  const wishOf = async (alice: Account, id: number) => (await call(alice, 'GET', `/imports/${id}/wish`)).json
  const wish = (alice: Account, id: number, body: object, etag?: string) =>
    call(alice, 'PATCH', `/imports/${id}/wish`, body, etag === undefined ? {} : { 'If-Match': etag })
  const waiting = async (alice: Account) =>
    (await call(alice, 'GET', '/imports')).json.imports
      .filter(({ waits }: { waits: boolean }) => waits)
      .map(({ id }: { id: number }) => id)

  it('is kept as it is said, by more than one page, and done without being said again', async () => {
    const alice = await peopled()
    const id = await tried(alice, table)
    expect(await wishOf(alice, id)).toEqual({
      ...{
        waits: true,
        match: ['email'],
        onMatch: 'update',
        into: null,
        labels: [],
        columns: {},
        choices: [],
      },
    })
    const { headers } = await call(alice, 'GET', `/imports/${id}/wish`)
    const said = { choices: { each: { 2: 'new', 4: 'skip', 1: 'skip' } }, columns: { 4: 'TEL;home' } }
    const first = await wish(alice, id, said, headers.etag)
    expect(first.status).toBe(200)
    expect(first.headers.etag).toBe((await call(alice, 'GET', `/imports/${id}/wish`)).headers.etag)
    // Another page has not seen that.
    expect((await wish(alice, id, { onMatch: 'skip' }, headers.etag)).status).toBe(412)
    await wish(alice, id, { onMatch: 'skip', labels: ['Fair'], choices: { each: { 1: null, 6: 'new' } } })
    expect(await wishOf(alice, id)).toMatchObject({
      ...{ onMatch: 'skip', labels: ['Fair'], columns: { 4: 'TEL;home' } },
      choices: [
        { number: 2, way: 'new', meets: 'one', outcome: 'updated' },
        { number: 6, way: 'new', meets: 'several', outcome: 'skipped' },
      ],
    })
    // What is tried anew waits in place of it, with the same wish.
    const again = await run(alice, id, { dryRun: true, onMatch: 'update', choices: {} })
    expect(await waiting(alice)).toEqual([again])
    expect(await wishOf(alice, again)).toMatchObject({
      onMatch: 'skip',
      choices: [{ number: 2 }, { number: 6 }],
    })
    const done = await run(alice, again, {})
    expect(await waiting(alice)).toEqual([])
    expect((await call(alice, 'GET', `/imports/${done}`)).json).toMatchObject({
      counts: { created: 3, updated: 0, skipped: 3 },
      asked: { onMatch: 'skip', labels: ['Fair'], choices: { new: [2, 6] } },
    })
    const all = [...(await cardsOf(alice)).values()].join('')
    expect(all).toMatch(/TEL;TYPE=HOME[^:]*:\+49304/i)
    expect(all).toContain('CATEGORIES:Fair')
    expect((await wish(alice, done, { onMatch: 'new' })).status).toBe(404)
  })

  it('ends when it is put away, and comes back while the file is there; what cannot be is refused', async () => {
    const alice = await peopled()
    const id = await tried(alice, table)
    await wish(alice, id, { waits: false })
    expect(await waiting(alice)).toEqual([])
    await wish(alice, id, { waits: true })
    const twinOf = async (one: number) => (await call(alice, 'GET', `/imports/${one}`)).json.twin
    expect(await twinOf(id)).toBeUndefined()
    const again = await tried(alice, table, 'again.csv')
    expect(await twinOf(again)).toEqual({ id, startedAt: expect.any(Number) })
    expect((await twinOf(id)).id).toBe(again)
    await wish(alice, again, { waits: false })
    expect(await twinOf(id)).toBeUndefined()
    expect(await waiting(alice)).toEqual([id])
    for (const body of [
      { choices: { each: { 0: 'new' } } },
      { choices: { each: { 1: 'merge' } } },
      { columns: { 1: 'NOWHERE' } },
      { into: '' },
    ])
      expect((await wish(alice, id, body)).status, JSON.stringify(body)).toBe(422)
    const { store, clock } = { ...server.services, clock: server.clock }
    await store.write((tx) => endWaiting(tx, clock.now + 1))
    expect(await waiting(alice)).toEqual([])
  })

  it('is stopped when it is put away while it is tried', async () => {
    const alice = await server.account()
    const sent = await alice.request('POST', '/api/imports?name=people.csv&dryRun=1', {
      headers: { 'Content-Type': 'application/octet-stream' },
      body: table,
    })
    const { id } = JSON.parse(sent.text)
    await wish(alice, id, { waits: false })
    await work('import', id)
    const { state, counts, waits } = (await call(alice, 'GET', `/imports/${id}`)).json
    expect({ state, waits, created: counts.created }).toEqual({ state: 'finished', waits: false, created: 0 })
  })

  it('is listed without what was chosen, which may be much', async () => {
    const alice = await peopled()
    await tried(alice, table)
    const { id } = await rowOf(server, alice)
    const list = { kinds: ['import'], limit: 10 } as const
    const [head] = await server.services.store.read((reader) => listBatches(reader, id, list))
    expect(Object.keys(head ?? {})).toContain('source')
    expect(Object.keys(head ?? {})).not.toContain('options')
  })

  it('keeps a column as it came where that is said, whatever it is called', async () => {
    const alice = await server.account()
    const id = await tried(alice, 'First Name,Email,Nickname\nAda,ada@example.org,Addie\n')
    await wish(alice, id, { columns: { 3: '+' } })
    await run(alice, id, {})
    const [text = ''] = (await cardsOf(alice)).values()
    expect(text).not.toContain('NICKNAME')
    expect(text).toContain('Addie')
  })
})

describe('an import of many', () => {
  it('knows what each of 6,000 is called, from the last page at once', async () => {
    const alice = await server.account()
    const rows = Array.from({ length: 6_000 }, (_, n) => `P${n},p${n}@example.org\n`).join('')
    const id = await tried(alice, `First Name,Email\n${rows}`)
    const began = performance.now()
    const { items } = (await call(alice, 'GET', `/imports/${id}/items?after=5990`)).json
    expect(items.at(-1)).toMatchObject({ number: 6_000, title: 'P5999' })
    // The file is not read again for it: that takes seconds.
    expect(performance.now() - began).toBeLessThan(2_000)
    const { count, starts } = (await call(alice, 'GET', `/imports/${id}/items?part=all`)).json
    expect([count, starts.length, starts.at(-1)]).toEqual([6_000, 31, 6_000])
    const last = await call(alice, 'GET', `/imports/${id}/items/6000`)
    expect(last.json).toMatchObject({ outcome: 'created', after: { details: { fn: 'P5999' } } })
  })
})
