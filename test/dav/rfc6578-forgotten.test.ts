import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { preconditionsOf, syncBody } from './client.ts'
import { card } from './objects.ts'
import { type Account, useServer } from './server.ts'
import { forgetDeletions } from './sync-model/run.ts'

const vcf = (alice: Account, name: string) => `${alice.contacts}${name}.vcf`

/** A book in which much was deleted after most of its members came. */
async function aged(alice: Account): Promise<string[]> {
  const names = ['a', 'b', 'c', 'd', 'e']
  for (const name of [...names, 'gone']) await alice.put(vcf(alice, name), card(name))
  await alice.delete(vcf(alice, 'gone'))
  return names.map((name) => vcf(alice, name))
}

describe('RFC 6578 §3.8 tokens from before deletions that are forgotten', () => {
  const server = useServer()
  const statusOf = async (alice: Account, path: string, token: string) => {
    const answer = await alice.request('REPORT', path, { body: syncBody(token, 2) })
    return [answer.status, preconditionsOf(answer)]
  }

  it('are refused by name', async () => {
    const alice = await server.account()
    const before = await alice.syncAll(alice.contacts, '')
    await aged(alice)
    await forgetDeletions(server)
    expect(await statusOf(alice, alice.contacts, before.token)).toEqual([403, [dav('valid-sync-token')]])
  })

  it('but a first sync in pages, begun afterwards, goes on to its end (§3.6)', async () => {
    const alice = await server.account()
    const members = await aged(alice)
    await forgetDeletions(server)
    for (const limit of [1, 2, 4]) {
      const all = await alice.syncAll(alice.contacts, '', limit)
      expect(all.changed).toEqual(members)
      expect((await alice.sync(alice.contacts, '')).syncToken).toBe(all.token)
    }
  })

  it('and hears of what is deleted while it goes on, or is told to start again once that is forgotten', async () => {
    const alice = await server.account()
    const members = await aged(alice)
    await forgetDeletions(server)
    const first = await alice.sync(alice.contacts, '', 2)
    await alice.delete(members[0] ?? '')
    const rest = await alice.syncAll(alice.contacts, first.syncToken ?? '', 2)
    expect(rest.removed).toContain(members[0])
    expect(rest.changed).toEqual(members.slice(2))
    await forgetDeletions(server)
    const refused = await statusOf(alice, alice.contacts, first.syncToken ?? '')
    expect(refused).toEqual([403, [dav('valid-sync-token')]])
  })

  it('the same for a home whose deleted collections are forgotten', async () => {
    const alice = await server.account()
    const gone = `${alice.calendars}gone/`
    expect((await alice.request('MKCALENDAR', gone)).status).toBe(201)
    const before = await alice.sync(alice.calendars, '')
    expect((await alice.delete(gone)).status).toBe(204)
    await forgetDeletions(server)
    const refused = await statusOf(alice, alice.calendars, before.syncToken ?? '')
    expect(refused).toEqual([403, [dav('valid-sync-token')]])
    const all = await alice.syncAll(alice.calendars, '', 1)
    expect(all.changed.toSorted()).toEqual([alice.calendar, alice.tasks])
    expect((await alice.sync(alice.calendars, all.token)).responses).toEqual([])
  })
})
