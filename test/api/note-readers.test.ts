import { describe, expect, it } from 'vitest'
import { group, join } from '../dav/directory.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { placedAt } from '../features/people/sessions.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

/** Whoever writes about Jane, one in a team with her, and one who only sees Jane. */
async function world() {
  const alice = await server.account()
  const [bob, eve] = [await server.account(), await server.account()]
  const team = await group(server, `team${Math.random()}`)
  for (const { name } of [alice, bob]) await join(server, team.name, name)
  const href = `${alice.contacts}jane.vcf`
  await alice.put(href, card('jane', 'Jane Doe'))
  for (const other of [bob, eve]) {
    await shares.share(alice.contacts, other, 'read')
    await shares.accept(other)
  }
  return { alice, bob, eve, team, jane: (await placedAt(server, href)).partyId }
}

const write = async (account: Account, jane: number, more: object) =>
  (await call(account, 'POST', '/activities', { kind: 'note', parties: [jane], html: 'Plum', ...more })).json
    .id

/**
 * What somebody hears of a note from now on: all that was told before a note of his own, for what was done becomes final only when
 * all that began before has ended.
 */
async function listening(account: Account, jane: number, note: () => number) {
  let { next } = (await call(account, 'GET', '/changes')).json
  const hears = async (): Promise<string[]> => {
    const last = await write(account, jane, { visibility: 'private', html: 'That is all' })
    const heard: { kind: string; about?: { kind: string; id: number } }[] = []
    await expect
      .poll(
        async () => {
          const { json } = await call(account, 'GET', `/changes?after=${encodeURIComponent(next)}`)
          next = json.next
          heard.push(...json.changes)
          return heard.some(({ about }) => about?.kind === 'activity' && about.id === last)
        },
        { timeout: 30_000 },
      )
      .toBe(true)
    return heard.flatMap(({ kind, about }) =>
      about?.id === note() && about.kind === 'activity' ? [kind] : [],
    )
  }
  // What was done just before may not be final yet where others write.
  await hears()
  return hears
}

/** All that an account is told of a note: itself, on the timeline, by searching, and in the history. */
async function told(account: Account, jane: number, id: number) {
  const lists = [`/parties/${jane}/timeline?sources=activities`, '/search?q=plum', `/parties/${jane}/history`]
  const answers = await Promise.all(lists.map(async (path) => (await call(account, 'GET', path)).text))
  return {
    status: (await call(account, 'GET', `/activities/${id}`)).status,
    isTold: answers.map((text) => text.includes('Plum')),
  }
}

const all = { status: 200, isTold: [true, true, true] }
const nothing = { status: 404, isTold: [false, false, false] }

describe('who sees a note', () => {
  it('is changed by its author alone, with a way back, and leaves nothing with whom it is for no more', async () => {
    const { alice, bob, eve, team, jane } = await world()
    const id = await write(alice, jane, { visibility: 'public' })
    const [hears, eveHears] = [await listening(bob, jane, () => id), await listening(eve, jane, () => id)]
    for (const one of [alice, bob, eve]) expect(await told(one, jane, id)).toEqual(all)
    expect((await call(bob, 'PATCH', `/activities/${id}`, { visibility: 'private' })).status).toBe(403)

    const secret = await call(
      alice,
      'PATCH',
      `/activities/${id}`,
      { visibility: 'private' },
      { 'If-Match': '"1"' },
    )
    expect([secret.status, secret.json.visibility]).toEqual([200, 'private'])
    expect(await told(alice, jane, id)).toEqual(all)
    for (const one of [bob, eve]) expect(await told(one, jane, id)).toEqual(nothing)
    expect(await hears()).toEqual(['activity-removed'])
    await call(alice, 'PATCH', `/activities/${id}`, { html: 'Plum and pear' })
    expect([await hears(), await hears()]).toEqual([[], []])
    expect(await eveHears()).toEqual(['activity-removed'])

    await call(alice, 'PATCH', `/activities/${id}`, { visibility: 'team', team: team.name })
    expect([(await told(bob, jane, id)).status, await hears()]).toEqual([200, ['activity-changed']])
    expect([await told(eve, jane, id), await eveHears()]).toEqual([nothing, []])

    // Private again: whoever never saw the team's hears nothing.
    const again = await call(alice, 'PATCH', `/activities/${id}`, { visibility: 'private' })
    expect([await hears(), await eveHears()]).toEqual([['activity-removed'], []])
    const undo = { request: again.headers['farley-request'] }
    expect((await call(alice, 'POST', '/history/undo', undo)).status).toBe(200)
    expect((await call(alice, 'GET', `/activities/${id}`)).json).toMatchObject({ visibility: 'team' })
    expect([(await told(bob, jane, id)).status, await hears()]).toEqual([200, ['activity-changed']])
    expect([await told(eve, jane, id), await eveHears()]).toEqual([nothing, []])
  })

  it('leaves nothing in the history of others, also when it is gone', async () => {
    const { alice, eve, jane } = await world()
    const id = await write(alice, jane, { visibility: 'public' })
    await call(alice, 'PATCH', `/activities/${id}`, { visibility: 'private' })
    expect((await call(alice, 'DELETE', `/activities/${id}`)).status).toBe(204)
    expect(await told(eve, jane, id)).toEqual(nothing)
    expect((await call(alice, 'GET', `/parties/${jane}/history`)).text).toContain('Plum')
    const open = await write(alice, jane, { visibility: 'public' })
    await call(alice, 'DELETE', `/activities/${open}`)
    expect((await call(eve, 'GET', `/parties/${jane}/history`)).text).toContain('Plum')
  })
})

describe('a note that was taken back and brought back', () => {
  it('leaves nothing of what it was in the history of others once it is private', async () => {
    const { alice, eve, jane } = await world()
    const id = await write(alice, jane, { visibility: 'public' })
    const gone = await call(alice, 'DELETE', `/activities/${id}`)
    const undo = { request: gone.headers['farley-request'] }
    expect((await call(alice, 'POST', '/history/undo', undo)).status).toBe(200)
    expect((await call(eve, 'GET', `/parties/${jane}/history`)).text).toContain('Plum')
    const { items } = (await call(alice, 'GET', `/parties/${jane}/timeline?sources=activities`)).json
    const now = Number(/\d+/.exec(items[0].id))
    const hidden = await call(alice, 'PATCH', `/activities/${now}`, { visibility: 'private' })
    expect([hidden.status, hidden.json.visibility]).toEqual([200, 'private'])
    expect(await told(eve, jane, now)).toEqual(nothing)
  })
})

describe('a group that is mentioned in a note', () => {
  it('has everybody told who is in it and may read the note, once', async () => {
    const { alice, bob, jane, eve, team } = await world()
    let id = 0
    const heard = [
      await listening(alice, jane, () => id),
      await listening(bob, jane, () => id),
      await listening(eve, jane, () => id),
    ]
    const mentions = async () =>
      Promise.all(heard.map(async (hears) => (await hears()).filter((kind) => kind === 'mentioned').length))
    const html = `<p>Plum <span data-mention="${team.name}">@${team.name}</span></p>`
    id = await write(alice, jane, { html, visibility: 'private' })
    const { json } = await call(alice, 'GET', `/activities/${id}`)
    expect(json.mentions).toMatchObject([{ name: team.name }])
    expect(await mentions()).toEqual([0, 0, 0])
    await call(alice, 'PATCH', `/activities/${id}`, { visibility: 'public' })
    expect(await mentions()).toEqual([0, 1, 0])
    await call(alice, 'PATCH', `/activities/${id}`, { html: `${html}<p>More</p>` })
    expect(await mentions()).toEqual([0, 0, 0])
  })
})
