import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
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
  })
})
