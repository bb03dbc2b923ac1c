import { beforeAll, describe, expect, it } from 'vitest'
import { removeAccount } from '../../../src/features/accounts/accounts.ts'
import { createGroup, findGroup } from '../../../src/features/accounts/groups.ts'
import { makeAdministrator } from '../../../src/features/team/team-roles.ts'
import { addGroupMember } from '../../../storage/groups.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import { putCard } from '../../dav/birthdays/birthdays.ts'
import type { Client } from '../../dav/client.ts'
import { deviceOf } from '../../dav/devices.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { sharedWith } from '../../dav/virtual/masked.ts'
import { call } from './world.ts'

const server = useServer()
let root: Account

beforeAll(async () => {
  root = await server.account()
  await server.services.store.write(async (tx) => {
    const found = await findPrincipalByName(tx, root.name)
    if (found) await makeAdministrator(tx, found)
  })
})

/** A request that has to succeed. */
async function done(client: Client, method: string, path: string, body?: unknown) {
  const answer = await call(client, method, path, body)
  expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300)
  return answer
}

interface Change {
  readonly revision: number
  readonly how: string
  readonly changes: readonly object[]
}

const historyOf = async (path: string): Promise<Change[]> =>
  (await done(root, 'GET', `${path}/history`)).json.items

const restore = (path: string, { revision = 0 }: Partial<Change> = {}, client: Client = root) =>
  call(client, 'POST', `${path}/history/${revision}/restore`)

const removed = async (path: '/team-roles' | '/masks'): Promise<string[]> =>
  (await done(root, 'GET', path)).json.removed.map(({ name }: { name: string }) => name)

let count = 0
const unique = (word: string): string => `${word}${(count += 1)}`

/** A mask that hides notes, and a role that carries it; a person and a group hold the role. */
async function world() {
  const [owner, seller, clerk] = [await server.account(), await server.account(), await server.account()]
  const office = unique('office')
  await server.services.store.write(async (tx) => {
    await createGroup(tx, { name: office })
    const member = await findPrincipalByName(tx, clerk.name)
    if (member) await addGroupMember(tx, (await findGroup(tx, office)).id, member.id)
  })
  const [mask, name] = [unique('mask'), unique('Sellers')]
  const ofMask = `/masks/${encodeURIComponent(mask)}`
  await done(root, 'PUT', ofMask, { hide: ['NOTE'] })
  const { id } = (
    await done(root, 'POST', '/team-roles', { name, capabilities: ['erase', 'merge'], masks: [mask] })
  ).json
  const ofRole = `/team-roles/${id}`
  for (const holder of [seller.name, office]) await done(root, 'POST', `${ofRole}/holders`, { name: holder })
  await putCard(owner, 'jane', ['NOTE:secret', 'TITLE:Boss'])
  const book = await sharedWith(owner, seller)
  return {
    ...{ owner, seller, clerk, office, mask, name, ofMask, ofRole },
    seen: async (): Promise<string> => (await seller.get(`${book}jane.vcf`)).text,
    may: async (one: Account): Promise<string[]> =>
      (await done(one, 'GET', '/capabilities')).json.capabilities,
    shown: async () => (await done(root, 'GET', ofRole)).json,
  }
}

/** What is shown of both, but for when it was. */
const plain = async (path: string) => (await done(root, 'GET', path)).json

describe('the history of a role', () => {
  it('says in words what it lets do, who has it and what they do not see, to who runs the place', async () => {
    const { seller, office, mask, name, ofRole } = await world()
    await done(root, 'PATCH', ofRole, { name: `${name}!`, capabilities: ['merge'], masks: [] })
    await done(root, 'DELETE', `${ofRole}/holders/${seller.name}`)
    const [taken, changed, second, first, made, ...more] = await historyOf(ofRole)
    expect([more, made?.how, taken?.how]).toEqual([[], 'added', 'changed'])
    expect(made?.changes).toEqual([
      { property: 'name', before: null, after: name },
      { property: 'capabilities', before: null, after: 'merge, erase' },
      { property: 'masks', before: null, after: mask },
      { property: 'holders', before: null, after: '' },
    ])
    expect([first?.changes, second?.changes, taken?.changes].flat()).toEqual([
      { property: 'holders', before: '', after: seller.name },
      { property: 'holders', before: seller.name, after: `${seller.name}, ${office}` },
      { property: 'holders', before: `${seller.name}, ${office}`, after: office },
    ])
    expect(changed?.changes).toEqual([
      { property: 'name', before: name, after: `${name}!` },
      { property: 'capabilities', before: 'merge, erase', after: 'merge' },
      { property: 'masks', before: mask, after: '' },
    ])
    const theirs = [await call(seller, 'GET', `${ofRole}/history`), await restore(ofRole, changed, seller)]
    expect(theirs.map(({ status }) => status)).toEqual([403, 403])
    expect((await restore(ofRole, changed)).status).toBe(204)
    expect(await plain(ofRole)).toMatchObject({ name, capabilities: ['merge', 'erase'], masks: [mask] })
    expect((await plain(ofRole)).holders.map((one: Account) => one.name)).toEqual([office])
  })

  it('makes one again that was removed, with its id, its masks and all who held it, in one write', async () => {
    const { seller, clerk, name, ofRole, seen, may } = await world()
    const before = await plain(ofRole)
    expect(await seen()).not.toContain('secret')
    await done(root, 'DELETE', ofRole)
    expect([await seen(), (await may(clerk)).includes('erase')]).toEqual([
      expect.stringContaining('secret'),
      false,
    ])
    expect(await removed('/team-roles')).toContain(name)
    const [gone] = await historyOf(ofRole)
    const { status, headers } = await restore(ofRole, gone)
    expect([gone?.how, status]).toEqual(['removed', 204])
    expect(await plain(ofRole)).toEqual(before)
    expect([(await may(seller)).includes('erase'), (await may(clerk)).includes('erase')]).toEqual([
      true,
      true,
    ])
    expect(await seen()).not.toContain('secret')
    expect(await removed('/team-roles')).not.toContain(name)
    await done(root, 'POST', '/history/undo', { request: headers['farley-request'] })
    expect((await call(root, 'GET', ofRole)).status).toBe(404)
  })

  it('refuses what cannot be: a name that is taken, a mask that is gone, a place that nobody runs', async () => {
    const { name, seller, ofMask, ofRole } = await world()
    await done(root, 'DELETE', ofRole)
    await done(root, 'DELETE', ofMask)
    const [gone] = await historyOf(ofRole)
    const [unmasked, other] = [await restore(ofRole, gone), { name, capabilities: [] }]
    expect([unmasked.status, unmasked.json.detail]).toEqual([409, expect.stringContaining('mask')])
    expect((await call(root, 'GET', ofRole)).status).toBe(404)
    const [mask] = await historyOf(ofMask)
    expect((await restore(ofMask, mask)).status).toBe(204)
    const { id } = (await done(root, 'POST', '/team-roles', other)).json
    expect([(await restore(ofRole, gone)).status, await removed('/team-roles')]).toEqual([
      422,
      expect.not.arrayContaining([name]),
    ])
    await done(root, 'DELETE', `/team-roles/${id}`)
    await server.services.store.write((tx) =>
      removeAccount(tx, seller.name, { purge: true }, server.services),
    )
    expect((await restore(ofRole, gone)).status).toBe(204)
    const administrators = (await plain('/team-roles')).roles.find(
      ({ builtIn }: { builtIn: string }) => builtIn === 'administrators',
    )
    const path = `/team-roles/${administrators.id}`
    const [given] = await historyOf(path)
    const nobody = await restore(path, given)
    expect([nobody.status, nobody.json.detail]).toEqual([422, expect.stringContaining('Nobody would run')])
  })
})

describe('the history of a mask', () => {
  it('says what it hides and from whom; each state comes back, and one that was removed', async () => {
    const { seller, name, mask, ofMask, ofRole, seen } = await world()
    await done(root, 'PUT', ofMask, { hide: [], only: ['TITLE'] })
    await done(root, 'POST', `${ofMask}/holders`, { name: seller.name })
    const [given, changed, carried, made] = await historyOf(ofMask)
    expect([made?.how, carried?.changes, given?.changes]).toEqual([
      'added',
      [{ property: 'roles', before: '', after: name }],
      [{ property: 'holders', before: '', after: seller.name }],
    ])
    expect(changed?.changes).toEqual([
      { property: 'hide', before: 'NOTE', after: '' },
      { property: 'only', before: null, after: 'TITLE' },
    ])
    expect((await restore(ofMask, changed)).status).toBe(204)
    const before = [await plain(ofMask), await plain(ofRole)]
    expect(before[0]).toMatchObject({ hide: ['NOTE'], holders: [{ name: seller.name }, { name }] })
    expect(await seen()).toMatch(/^(?!.*secret).*Boss/s)
    await done(root, 'DELETE', ofMask)
    expect([await seen(), (await plain(ofRole)).masks]).toEqual([expect.stringContaining('secret'), []])
    expect(await removed('/masks')).toContain(mask)
    const [gone] = await historyOf(ofMask)
    expect((await restore(ofMask, gone)).status).toBe(204)
    expect([await plain(ofMask), await plain(ofRole)]).toEqual(before)
    expect(await seen()).not.toContain('secret')
    expect((await call(seller, 'GET', `${ofMask}/history`)).status).toBe(403)
  })

  it('does not make one again whose name another has, or whose book is gone: it would hide less', async () => {
    const { owner, mask, ofMask } = await world()
    const { id } = (await done(owner, 'POST', '/books', { title: 'Other' })).json
    await done(root, 'PUT', ofMask, { hide: ['NOTE'], books: [id] })
    await done(root, 'DELETE', ofMask)
    await done(root, 'PUT', ofMask, { hide: ['TEL'] })
    expect(await removed('/masks')).not.toContain(mask)
    await done(root, 'DELETE', ofMask)
    const [last] = await historyOf(ofMask)
    expect((await restore(ofMask, last)).status).toBe(204)
    await done(root, 'PUT', ofMask, { hide: ['TEL'], books: [id] })
    await done(root, 'DELETE', ofMask)
    await done(owner, 'DELETE', `/books/${id}`)
    const refused = await restore(ofMask, (await historyOf(ofMask))[0])
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('no address book')])
  })
})

describe('undoing the request that removed a role, or a mask', () => {
  it('makes it as it was, and the undo of that takes it away again; never by a device', async () => {
    const { ofMask, ofRole, seen } = await world()
    const before = [await plain(ofMask), await plain(ofRole)]
    const phone = await deviceOf(server, root, 'other')
    for (const path of [ofRole, ofMask]) {
      const gone = await done(root, 'DELETE', path)
      const asked = { request: gone.headers['farley-request'] }
      const refused = (await done(phone, 'POST', '/history/undo', asked)).json
      expect([refused.counts, (await call(root, 'GET', path)).status]).toMatchObject([{ created: 0 }, 404])
      const undone = await done(root, 'POST', '/history/undo', asked)
      expect(undone.json.counts).toMatchObject({ created: 1, skipped: 0 })
      expect([await plain(ofMask), await plain(ofRole)]).toEqual(before)
      expect(await seen()).not.toContain('secret')
      expect((await call(phone, 'POST', `/history/undos/${undone.json.id}/undo`)).status).toBe(403)
      const again = { request: undone.headers['farley-request'] }
      expect((await done(root, 'POST', '/history/undo', again)).json.counts).toMatchObject({ removed: 1 })
      expect((await call(root, 'GET', path)).status).toBe(404)
      const [last] = await historyOf(path)
      expect((await restore(path, last)).status).toBe(204)
    }
    expect([await plain(ofMask), await plain(ofRole)]).toEqual(before)
  })
})
