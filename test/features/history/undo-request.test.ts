import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { sharedWith } from '../../dav/virtual/masked.ts'
import { idOf } from '../facts/world.ts'
import { useShares } from '../shares.ts'
import { call, uniqueName } from './world.ts'

const server = useServer({ limits: { undoneAtOnce: 8 } })
const shares = useShares(server)

type Called = Awaited<ReturnType<typeof call>>

const requestOf = (answer: Called): string => {
  expect(answer.status, answer.text).toBeLessThan(300)
  const request = answer.headers['farley-request']
  expect(request).toBeTypeOf('string')
  return String(request)
}

const undo = (account: Account, answer: Called, more: object = {}) =>
  call(account, 'POST', '/history/undo', { request: requestOf(answer), ...more })

/** Undoes it at once. */
async function undone(account: Account, answer: Called) {
  const { status, json, text } = await undo(account, answer)
  expect([status, json?.state], text).toEqual([200, 'finished'])
  return json
}

async function party(account: Account, uid: string, fn: string, extra: readonly string[] = []) {
  await account.put(`${account.contacts}${uid}.vcf`, card(uid, fn, extra))
  return idOf(account, fn)
}

const factsOf = async (account: Account, id: number) => {
  const { roles, owner, memberships, labels } = (await call(account, 'GET', `/parties/${id}`)).json
  const jobs = memberships.map(({ organisation, title }: Record<string, unknown>) => ({
    organisation,
    title,
  }))
  return { roles, owner, jobs, labels }
}

describe('undoing what one request did', () => {
  it('makes a card what it was, to the octet, and every device hears of it as of any change', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}ann.vcf`
    const ann = await party(alice, 'ann', 'Ann Berg', ['X-OWN;A=b:kept', 'NOTE:one'])
    const before = (await alice.get(path)).text
    const id = (await call(alice, 'GET', `/parties/${ann}`)).json.cards[0].id
    const edits = { edits: [{ op: 'add', list: 'notes', value: 'two' }] }
    const answer = await call(alice, 'PATCH', `/cards/${id}`, edits)
    expect((await alice.get(path)).text).toContain('NOTE:two')
    const { token } = await alice.syncAll(alice.contacts, '')
    const dry = await undo(alice, answer, { dryRun: true })
    expect(dry.json).toMatchObject({ dryRun: true, counts: { updated: 1 } })
    const { items, counts, request } = await undone(alice, answer)
    expect(items).toMatchObject([{ outcome: 'updated', note: '', object: expect.any(Number) }])
    expect([counts.updated, request]).toEqual([1, requestOf(answer)])
    expect((await alice.get(path)).text).toBe(before)
    expect((await alice.syncAll(alice.contacts, token)).changed).toEqual([path])
    expect((await undone(alice, answer)).counts).toMatchObject({ updated: 0, unchanged: 1 })
  })

  it('leaves what has been changed since, and says of what it is', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}ann.vcf`
    const ann = await party(alice, 'ann', 'Ann Berg', ['NOTE:one', 'TITLE:old'])
    const id = (await call(alice, 'GET', `/parties/${ann}`)).json.cards[0].id
    const edits = ['notes', 'titles'].map((list) => ({ op: 'add', list, value: 'two' }))
    const answer = await call(alice, 'PATCH', `/cards/${id}`, { edits })
    const text = (await alice.get(path)).text.replace('NOTE:two', 'NOTE:three')
    await alice.put(path, text)
    const { items } = await undone(alice, answer)
    expect(items[0].note).toMatch(/^Left as it is, since somebody else has changed it: .*note/i)
    const now = (await alice.get(path)).text
    expect(now).toContain('NOTE:three')
    expect(now).not.toContain('TITLE:two')
  })

  it('sends what it made to the trash, and brings back what it deleted, and again the other way', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}ann.vcf`
    const ann = await party(alice, 'ann', 'Ann Berg')
    const id = (await call(alice, 'GET', `/parties/${ann}`)).json.cards[0].id
    const before = (await alice.get(path)).text
    const deletion = await call(alice, 'DELETE', `/cards/${id}`)
    const first = await undo(alice, deletion)
    expect(first.json.counts).toMatchObject({ created: 1 })
    expect((await alice.get(path)).text).toBe(before)
    // An undo is a request like others.
    expect((await undone(alice, first)).counts).toMatchObject({ removed: 1 })
    expect((await alice.get(path)).status).toBe(404)
  })

  it('brings back facts beside cards, with what stands on the cards of them', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}ann.vcf`
    const ann = await party(alice, 'ann', 'Ann Berg', ['ORG:Acme', 'TITLE:Clerk'])
    const [before, text] = [await factsOf(alice, ann), (await alice.get(path)).text]
    const changed = await call(alice, 'PATCH', `/parties/${ann}`, { roles: ['customer', 'press'] })
    expect((await undone(alice, changed)).counts).toMatchObject({ updated: 2, skipped: 0 })
    const job = (await call(alice, 'GET', `/parties/${ann}`)).json.memberships[0]
    const moved = await call(alice, 'PATCH', `/parties/${ann}/memberships/${job.id}`, { title: 'Chief' })
    expect((await alice.get(path)).text).toContain('TITLE:Chief')
    expect((await undone(alice, moved)).counts).toMatchObject({ skipped: 0 })
    expect([await factsOf(alice, ann), (await alice.get(path)).text]).toEqual([before, text])
  })

  it('does not touch a fact that somebody has changed since', async () => {
    const alice = await server.account()
    const ann = await party(alice, 'ann', 'Ann Berg')
    const first = await call(alice, 'PATCH', `/parties/${ann}`, { owner: alice.name })
    await call(alice, 'PATCH', `/parties/${ann}`, { owner: null })
    const { items } = await undone(alice, first)
    expect(items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['unchanged'])
    const second = await call(alice, 'PATCH', `/parties/${ann}`, { owner: alice.name, roles: ['lead'] })
    const bob = await server.account()
    await sharedWith(alice, bob)
    expect((await call(bob, 'PATCH', `/parties/${ann}`, { owner: bob.name })).status).toBe(200)
    const mixed = await undone(alice, second)
    expect(mixed.counts).toMatchObject({ updated: 1, skipped: 1 })
    expect(await factsOf(alice, ann)).toMatchObject({ roles: [], owner: { name: bob.name } })
  })

  it('makes two of whom it made one', async () => {
    const alice = await server.account()
    const one = await party(alice, 'a', 'Ann Berg', ['TEL:1'])
    const two = await party(alice, 'b', 'Ann Bergh', ['TEL:2'])
    const before = await alice.syncAll(alice.contacts, '')
    const merging = await call(alice, 'POST', '/merges', { survivor: one, loser: two })
    expect((await call(alice, 'GET', `/parties/${two}`)).json.id).toBe(one)
    await undone(alice, merging)
    expect((await call(alice, 'GET', `/parties/${two}`)).json.id).toBe(two)
    const after = await alice.syncAll(alice.contacts, '')
    expect(after.changed.toSorted()).toEqual(before.changed.toSorted())
  })

  it('is not for those of others, nor for what has no history; who may no longer write changes nothing', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const ann = await party(alice, 'ann', 'Ann Berg')
    await sharedWith(alice, bob)
    const answer = await call(bob, 'PATCH', `/parties/${ann}`, { roles: ['lead'] })
    const [foreign, none] = [await undo(alice, answer), await undo(bob, answer, { request: 'nothing' })]
    expect([foreign.status, none.status]).toEqual([404, 404])
    expect(foreign.json).toEqual(none.json)
    await shares.share(alice.contacts, bob, 'read')
    const { counts } = await undone(bob, answer)
    expect(counts).toMatchObject({ updated: 0, skipped: 1 })
    expect((await factsOf(alice, ann)).roles).toEqual(['lead'])
  })

  it('tells whoever may no longer read there neither names nor titles of what others have made of it', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = `${alice.contacts}ann.vcf`
    const ann = await party(alice, 'ann', 'Ann Berg')
    await sharedWith(alice, bob)
    const id = (await call(bob, 'GET', `/parties/${ann}`)).json.cards[0].id
    const edits = { edits: [{ op: 'add', list: 'notes', value: 'two' }] }
    const answer = await call(bob, 'PATCH', `/cards/${id}`, edits)
    const seen = await undo(bob, answer, { dryRun: true })
    expect(seen.json.items).toMatchObject([{ name: 'ann.vcf', title: 'Ann Berg' }])
    await alice.put(path, (await alice.get(path)).text.replace('Ann Berg', 'Secret Berg'))
    await shares.unshare(alice.contacts, bob)
    const note = 'You may no longer write there.'
    const dry = await undo(bob, answer, { dryRun: true })
    expect(dry.json.items).toMatchObject([{ name: '', title: '', collection: '', outcome: 'skipped', note }])
    const { items } = await undone(bob, answer)
    expect(items).toMatchObject([{ place: '', name: null, outcome: 'skipped', note }])
    await alice.delete(path)
    expect((await undo(bob, answer, { dryRun: true })).json.items).toMatchObject([{ title: '', note }])
    expect((await undo(alice, answer)).status).toBe(404)
  })

  it('names the first request to the same request again', async () => {
    const alice = await server.account()
    const ann = await party(alice, 'ann', 'Ann Berg')
    const send = () =>
      call(alice, 'PATCH', `/parties/${ann}`, { roles: ['lead'] }, { 'Idempotency-Key': uniqueName('k') })
    const key = { 'Idempotency-Key': uniqueName('key') }
    const answers = [1, 2].map(() => call(alice, 'PATCH', `/parties/${ann}`, { roles: ['press'] }, key))
    const [one, again] = await Promise.all(answers)
    expect(requestOf(again as Called)).toBe(requestOf(one as Called))
    expect(requestOf(await send())).not.toBe(requestOf(one as Called))
    expect((await call(alice, 'GET', `/parties/${ann}`)).headers['farley-request']).toBe(undefined)
  })

  it('by a job where it is much', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 9 }, (_, n) => `Crew ${n}`)
    const ids: number[] = []
    for (const [n, name] of names.entries()) ids.push(await party(alice, `c${n}`, name))
    const before = await Promise.all(
      names.map(async (_, n) => (await alice.get(`${alice.contacts}c${n}.vcf`)).text),
    )
    const answer = await call(alice, 'POST', '/labels/crew/people', { add: ids })
    expect((await alice.get(`${alice.contacts}c0.vcf`)).text).toContain('CATEGORIES:crew')
    const begun = await undo(alice, answer)
    expect(begun.status).toBe(202)
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${begun.json.id}`)
    const { json } = await call(alice, 'GET', `/history/undos/${begun.json.id}`)
    expect(json).toMatchObject({ state: 'finished', counts: { skipped: 0 } })
    const after = await Promise.all(
      names.map(async (_, n) => (await alice.get(`${alice.contacts}c${n}.vcf`)).text),
    )
    expect(after).toEqual(before)
  })

  it('is the identity on what was there, whatever the request was', async () => {
    const acts = ['note', 'roles', 'owner', 'title', 'label', 'card', 'relation'] as const
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...acts), fc.nat(2)), { minLength: 1, maxLength: 4 }),
      async (steps) => {
        const alice = await server.account()
        const ann = await party(alice, 'ann', 'Ann Berg', ['ORG:Acme', 'TITLE:Clerk', 'CATEGORIES:a,b'])
        const bea = await party(alice, 'bea', 'Bea Holm', ['X-OWN:1'])
        const state = async () => {
          const paths = ['ann', 'bea'].map((uid) => `${alice.contacts}${uid}.vcf`)
          const texts = await Promise.all(paths.map(async (path) => (await alice.get(path)).text))
          return [texts, await factsOf(alice, ann), await factsOf(alice, bea)]
        }
        const cardId = (await call(alice, 'GET', `/parties/${ann}`)).json.cards[0].id
        const book = (await call(alice, 'GET', '/books')).json.books[0].id
        // A relation that is there is refused.
        const isFirst = ([act]: (typeof steps)[number], at: number): boolean =>
          act !== 'relation' || steps.findIndex(([other]) => other === act) === at
        const operations = steps
          .filter(isFirst)
          .map(([act, n]) => operationOf(act, n, { ann, bea, cardId, book }))
        const before = await state()
        const answer = await call(alice, 'POST', '/bulk', { mode: 'each', operations })
        expect(answer.json.results.map(({ status }: { status: number }) => status).join()).toMatch(
          /^(20\d,?)+$/,
        )
        const { status, json } = await undo(alice, answer)
        if (status === 404) return
        expect([status, json.items.filter(({ note }: { note: string }) => note !== '')]).toEqual([200, []])
        expect(await state()).toEqual(before)
      },
    )
    await fc.assert(property, { numRuns: 20 })
  })
})

interface Ids {
  readonly ann: number
  readonly bea: number
  readonly cardId: number
  readonly book: number
}

function operationOf(act: string, n: number, { ann, bea, cardId, book }: Ids) {
  const patch = (path: string, body: unknown) => ({ method: 'PATCH', path, body })
  const post = (path: string, body: unknown) => ({ method: 'POST', path, body })
  switch (act) {
    case 'note':
      return patch(`/cards/${cardId}`, { edits: [{ op: 'add', list: 'notes', value: `n${n}` }] })
    case 'roles':
      return patch(`/parties/${ann}`, { roles: ['lead', 'press'].slice(0, n) })
    case 'owner':
      return patch(`/parties/${bea}`, { owner: null })
    case 'title':
      return post(`/parties/${bea}/memberships`, { organisationName: `Firm ${n}`, title: 'Boss' })
    case 'label':
      return post(
        `/labels/${['a', 'b', 'c'][n]}/people`,
        n === 2 ? { add: [ann, bea] } : { add: [bea], remove: [ann] },
      )
    case 'card':
      return post(`/books/${book}/cards`, { edits: [{ op: 'text', property: 'fn', value: `New ${n}` }] })
    default:
      return post(`/parties/${ann}/relations`, { type: 'friend', other: bea })
  }
}
