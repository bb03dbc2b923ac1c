import { beforeAll, describe, expect, it } from 'vitest'
import { findAccount } from '../../../src/features/accounts/accounts.ts'
import { makeAdministrator } from '../../../src/features/team/team-roles.ts'
import { call } from '../../api/json.ts'
import { placedAt } from '../../features/people/sessions.ts'
import { putCard } from '../birthdays/birthdays.ts'
import { syncBody } from '../client.ts'
import { group, join } from '../directory.ts'
import { card } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import { masked, sharedWith } from './masked.ts'

const server = useServer()
const leak = /5550199|Strictly/
let root: Account

beforeAll(async () => {
  root = await server.account({ name: 'root' })
  await server.services.store.write(async (tx) => makeAdministrator(tx, await findAccount(tx, 'root')))
})

/** A card that has changed, shared with somebody; a role that carries a mask, which nobody holds. */
async function world() {
  const [owner, sharee] = [await server.account(), await server.account()]
  const lines = ['TEL;TYPE=home:+49305550199', 'NOTE:Strictly', 'TITLE:Boss']
  const path = await putCard(owner, 'jane', lines)
  await owner.put(path, card('jane', 'Jane Doe', [...lines.slice(0, 2), 'TITLE:Chief']))
  const book = await sharedWith(owner, sharee)
  const mask = await masked(server, { hide: ['TEL;TYPE=home', 'NOTE'] })
  const name = `role${Math.random()}`
  const made = await call(root, 'POST', '/team-roles', { name, capabilities: [], masks: [mask] })
  expect([made.status, made.json.masks]).toEqual([201, [mask]])
  const role = `/team-roles/${made.json.id}`
  return { owner, sharee, path, book, mask, role, placement: await placedAt(server, path) }
}

/** What somebody is told of her by every face. */
async function facesOf({ sharee, book, placement }: Awaited<ReturnType<typeof world>>): Promise<string> {
  const { objectId, partyId } = placement
  const asked = [
    ...['/search?q=jane', '/search?q=5550199', '/lookup?number=%2B49305550199', `/cards/${objectId}`],
    ...[`/parties/${partyId}`, `/parties/${partyId}/history`, `/parties/${partyId}/timeline`],
    ...[`/objects/${objectId}/history`, '/books'],
  ]
  const texts = [(await sharee.get(`${book}jane.vcf`)).text, (await sharee.get(book)).text]
  for (const path of asked) {
    const answer = await call(sharee, 'GET', path)
    expect([path, answer.status]).toEqual([path, 200])
    texts.push(answer.text)
  }
  return texts.join('\n')
}

describe('a role that carries masks', () => {
  it('hides on every face what they hide, from those who hold it and for as long', async () => {
    const there = await world()
    const { sharee, book, role, owner } = there
    expect(await facesOf(there)).toMatch(leak)
    const { token } = await sharee.syncAll(book, '')
    await call(root, 'POST', `${role}/holders`, { name: sharee.name })
    const seen = await facesOf(there)
    expect(seen).not.toMatch(leak)
    expect(seen).toContain('Chief')
    const stale = await sharee.request('REPORT', book, { headers: { Depth: '0' }, body: syncBody(token) })
    expect([stale.status, stale.text.includes('valid-sync-token')]).toEqual([403, true])
    expect((await sharee.put(`${book}jane.vcf`, card('jane', 'Jane Roe', ['TITLE:Chief']))).status).toBe(204)
    expect((await owner.get(there.path)).text).toMatch(leak)
    await call(root, 'DELETE', `${role}/holders/${sharee.name}`)
    expect(await facesOf(there)).toMatch(leak)
  })

  it('follows its masks, its groups and its end', async () => {
    const there = await world()
    const { sharee, book, role, mask } = there
    const team = await group(server, `team${Math.random()}`, sharee)
    await call(root, 'POST', `${role}/holders`, { name: team.name })
    const text = async (): Promise<string> => (await sharee.get(`${book}jane.vcf`)).text
    expect(await text()).not.toMatch(leak)
    const patched = await call(root, 'PATCH', role, { masks: [] })
    expect(patched.json.masks).toEqual([])
    expect(await text()).toMatch(leak)
    await call(root, 'PATCH', role, { masks: [mask] })
    expect(await text()).not.toMatch(leak)
    const other = await server.account()
    await join(server, team.name, other.name)
    expect((await call(root, 'DELETE', role)).status).toBe(204)
    expect(await text()).toMatch(leak)
    expect(
      (await call(root, 'POST', '/team-roles', { name: 'x', capabilities: [], masks: ['no'] })).status,
    ).toBe(422)
  })

  it('is held by everybody where it is that of everybody', async () => {
    const there = await world()
    const { json } = await call(root, 'GET', '/team-roles')
    const { id } = json.roles.find((role: { builtIn: string }) => role.builtIn === 'everyone')
    await call(root, 'PATCH', `/team-roles/${id}`, { masks: [there.mask] })
    expect(await facesOf(there)).not.toMatch(leak)
    expect((await there.owner.get(there.path)).text).toMatch(leak)
    await call(root, 'PATCH', `/team-roles/${id}`, { masks: [] })
    expect(await facesOf(there)).toMatch(leak)
  })
})
