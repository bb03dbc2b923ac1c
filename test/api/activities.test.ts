import { describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { createGroup, findGroup } from '../../src/features/accounts/groups.ts'
import { addGroupMember } from '../../storage/groups.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { placedAt } from '../features/people/sessions.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

const somebody = async (account: Account, name = 'Jane Doe') => {
  const href = `${account.contacts}${name.replace(' ', '-')}.vcf`
  await account.put(href, card(name, name))
  return { href, id: (await placedAt(server, href)).partyId }
}

const group = async (name: string, ...members: Account[]) =>
  server.services.store.write(async (tx) => {
    await createGroup(tx, { name })
    const { id } = await findGroup(tx, name)
    for (const member of members) await addGroupMember(tx, id, (await findAccount(tx, member.name)).id)
  })

describe('notes, calls and visits', () => {
  it('are written down, changed and taken back, and change no entity tag', async () => {
    const alice = await server.account()
    const [jane, john] = [await somebody(alice), await somebody(alice, 'John Roe')]
    const before = await alice.sync(alice.contacts, '')
    const made = await call(alice, 'POST', '/activities', {
      kind: 'call',
      parties: [jane.id, john.id],
      html: '<p>About the <strong>offer</strong></p><p>Call again</p>',
      direction: 'out',
      outcome: 'reached',
      minutes: 12,
    })
    expect([made.status, made.json]).toMatchObject([
      201,
      { kind: 'call', text: 'About the offer\nCall again', minutes: 12, isMine: true, visibility: 'public' },
    ])
    expect(made.json.parties.map(({ name }: { name: string }) => name)).toEqual(['Jane Doe', 'John Roe'])
    const path = `/activities/${made.json.id}`
    expect((await call(alice, 'PATCH', path, { outcome: null }, { 'If-Match': '"9"' })).status).toBe(412)
    const changed = await call(alice, 'PATCH', path, { outcome: null, isPinned: true, parties: [jane.id] })
    expect(changed.json).toMatchObject({ outcome: null, isPinned: true, minutes: 12, version: 2 })
    expect(changed.json.parties).toHaveLength(1)
    expect((await call(alice, 'DELETE', path)).status).toBe(204)
    expect((await call(alice, 'GET', path)).status).toBe(404)
    expect((await alice.sync(alice.contacts, before.syncToken ?? '')).hrefs).toEqual([])
  })

  it('hold nothing that could run, load or look like something else', async () => {
    const alice = await server.account()
    const { id } = await somebody(alice)
    const html = `<p onclick="x()">a<script>alert(1)</script><img src=x onerror=y><a href="javascript:z()">b</a>
      <a href="https://example.org" target=_top style="position:fixed">c</a><iframe src="//x"></iframe>&lt;b&gt;</p>`
    const { json } = await call(alice, 'POST', '/activities', { kind: 'note', parties: [id], html })
    expect(json.html).not.toMatch(/script|onclick|onerror|javascript|iframe|style|<img/)
    expect(json.html).toContain('<a href="https://example.org" rel="noopener noreferrer nofollow">c</a>')
    expect(json.text).toContain('<b>')
    expect(
      (await call(alice, 'POST', '/activities', { kind: 'note', parties: [id], html: '<p> </p>' })).status,
    ).toBe(422)
  })

  it('are seen by whoever sees the person, by the team, or by their author alone', async () => {
    const [alice, bob, eve] = [await server.account(), await server.account(), await server.account()]
    await group('sales', alice, bob)
    const jane = await somebody(alice)
    for (const other of [bob, eve]) {
      await shares.share(alice.contacts, other, 'read')
      await shares.accept(other)
    }
    const write = async (visibility: string, team?: string) =>
      (
        await call(alice, 'POST', '/activities', {
          kind: 'note',
          parties: [jane.id],
          html: visibility,
          visibility,
          ...(team !== undefined && { team }),
        })
      ).json.id
    const ids = [await write('public'), await write('team', 'sales'), await write('private')]
    const seen = async (account: Account) =>
      Promise.all(ids.map(async (id) => (await call(account, 'GET', `/activities/${id}`)).status))
    expect(await seen(alice)).toEqual([200, 200, 200])
    expect(await seen(bob)).toEqual([200, 200, 404])
    expect(await seen(eve)).toEqual([200, 404, 404])
    expect((await call(bob, 'PATCH', `/activities/${ids[0]}`, { html: 'x' })).status).toBe(403)
    expect((await call(eve, 'PATCH', `/activities/${ids[1]}`, { html: 'x' })).status).toBe(404)
    const note = { kind: 'note', parties: [jane.id], html: 'x', visibility: 'team', team: 'sales' }
    expect((await call(eve, 'POST', '/activities', note)).status).toBe(422)
  })

  it('mention people whom their author may see', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { id } = await somebody(alice)
    const html = `<p><span data-mention="${bob.name}">@Bob</span> and <span data-mention="nobody">@x</span></p>`
    const { json } = await call(alice, 'POST', '/activities', { kind: 'note', parties: [id], html })
    expect(json.mentions).toMatchObject([{ name: bob.name }])
  })

  it('are about people whom their author sees', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { id } = await somebody(alice)
    expect((await call(bob, 'POST', '/activities', { kind: 'note', parties: [id], html: 'x' })).status).toBe(
      422,
    )
  })
})
