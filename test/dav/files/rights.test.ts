import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { findAccount } from '../../../src/features/accounts/accounts.ts'
import { addMember, createGroup, findGroup, removeGroup } from '../../../src/features/accounts/groups.ts'
import { bringBack, mustFindRemoved } from '../../../src/features/accounts/removed/bring-back.ts'
import { listTrashedNodes } from '../../../storage/nodes/nodes.ts'
import { rowOf } from '../../features/world.ts'
import { acl, mustSetAcl, privilegesOf, readAces } from '../acls.ts'
import { preconditionsOf, readMultistatus } from '../client.ts'
import { type Account, useServer } from '../server.ts'
import { filesOf } from './files.ts'

const server = useServer()

/** Alice with a tree, and bob. */
async function world(...paths: string[]) {
  const alice = await server.account()
  const bob = await server.account()
  const hers = filesOf(alice)
  await hers.make(...paths)
  return { alice, bob, hers, seen: filesOf(bob, alice.files) }
}

const allow = (who: Account, ...grant: string[]) => ({ who: who.principal, grant })
const deny = (who: Account, ...names: string[]) => ({ who: who.principal, deny: names })
const syncBody = (token: string) =>
  `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${token}</d:sync-token><d:sync-level>infinite</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>`

describe('RFC 3744 rights among files', () => {
  it('another account sees nothing, whether or not anything is there', async () => {
    const { bob, hers, seen } = await world('a/', 'a/b')
    for (const path of ['', 'a/', 'a/b', 'a/x', 'x/y/z']) {
      for (const method of ['GET', 'PROPFIND', 'DELETE', 'PUT', 'MKCOL', 'LOCK', 'OPTIONS']) {
        const answer = await bob.request(method, hers.home + path, { headers: { Depth: '0' } })
        expect([path, method, answer.status]).toEqual([path, method, 403])
        expect(preconditionsOf(answer)).toEqual([dav('need-privileges')])
        expect(answer.text).toContain(`<d:href>${hers.home}</d:href>`)
      }
    }
    expect((await filesOf(bob).copy('x', `${hers.home}a/c`)).status).toBe(404)
    expect((await seen.copy('a/b', `${bob.files}b`)).status).toBe(403)
    expect(await hers.tree()).toEqual(['a/', 'a/b'])
  })

  it('a grant on a folder opens what lies below it, and nothing beside or above', async () => {
    const { alice, bob, hers, seen } = await world('a/', 'a/b/', 'a/b/c', 'a/x', 'd')
    await mustSetAcl(alice, `${hers.home}a/b/`, [allow(bob, 'read')])
    expect((await seen.get('a/b/c')).text).toBe('a/b/c')
    expect(await seen.list('a/b/')).toEqual(['a/b/c'])
    expect((await seen.get('a/b/none')).status).toBe(404)
    for (const path of ['', 'a/', 'a/x', 'd']) expect((await seen.get(path)).status, path).toBe(403)
    expect((await seen.put('a/b/c', 'x')).status).toBe(403)
    expect((await seen.put('a/b/new', 'x')).status).toBe(403)
    expect((await seen.delete('a/b/c')).status).toBe(403)
    expect(await privilegesOf(bob, `${hers.home}a/b/c`)).toEqual(['read', 'read-current-user-privilege-set'])
    const copied = await seen.copy('a/b/', `${bob.files}mine/`)
    expect(copied.status).toBe(201)
    expect(await filesOf(bob).tree()).toEqual(['mine/', 'mine/c'])
  })

  it('the nearest folder decides first: what is closed inside is not there, and not listed or copied', async () => {
    const { alice, bob, hers, seen } = await world(
      'a/',
      'a/open',
      'a/closed/',
      'a/closed/in/',
      'a/closed/in/x',
    )
    await mustSetAcl(alice, hers.home, [allow(bob, 'read', 'write')])
    await mustSetAcl(alice, `${hers.home}a/closed/`, [deny(bob, 'all')])
    expect(await seen.tree()).toEqual(['a/', 'a/open'])
    for (const path of ['a/closed/', 'a/closed/in/', 'a/closed/in/x'])
      expect((await seen.get(path)).status, path).toBe(path === 'a/closed/' ? 404 : 403)
    await mustSetAcl(alice, `${hers.home}a/closed/in/`, [allow(bob, 'read')])
    expect((await seen.get('a/closed/in/x')).status).toBe(200)
    expect(await seen.tree()).toEqual(['a/', 'a/open'])
    expect((await seen.copy('a/', 'copy/')).status).toBe(201)
    expect(await seen.list('copy/')).toEqual(['copy/open'])
    expect((await seen.put('a/closed', 'x')).status).toBe(405)
    expect(await hers.tree()).toContain('a/closed/in/x')
  })

  it('bind, unbind and write-content are told apart', async () => {
    const { alice, bob, hers, seen } = await world('drop/', 'drop/old', 'edit/', 'edit/old')
    await mustSetAcl(alice, `${hers.home}drop/`, [allow(bob, 'read', 'bind')])
    await mustSetAcl(alice, `${hers.home}edit/`, [allow(bob, 'read', 'write-content', 'write-properties')])
    expect((await seen.put('drop/new', 'x')).status).toBe(201)
    expect((await seen.mkcol('drop/sub/')).status).toBe(201)
    expect((await seen.put('drop/old', 'x')).status).toBe(403)
    expect((await seen.delete('drop/old')).status).toBe(403)
    expect((await seen.move('drop/old', 'drop/moved')).status).toBe(403)
    expect((await seen.put('edit/old', 'x')).status).toBe(204)
    expect((await seen.put('edit/new', 'x')).status).toBe(403)
    expect((await seen.copy('edit/old', 'edit/new')).status).toBe(403)
    expect((await seen.copy('drop/new', 'edit/old')).status).toBe(204)
    expect((await seen.move('drop/new', 'edit/old')).status).toBe(403)
  })

  it('lists are shown with where they are inherited from; files have that of their folder', async () => {
    const { alice, bob, hers } = await world('a/', 'a/b/', 'a/b/c')
    await mustSetAcl(alice, hers.home, [allow(bob, 'read')])
    await mustSetAcl(alice, `${hers.home}a/`, [allow(bob, 'write')])
    const aces = (await readAces(alice, `${hers.home}a/b/c`)).map(({ isProtected, inheritedFrom }) => [
      isProtected,
      inheritedFrom,
    ])
    expect(aces).toEqual([
      [true, undefined],
      [false, `${hers.home}a/`],
      [false, hers.home],
    ])
    const found = await alice.propfind(`${hers.home}a/b/`, 0, [dav('inherited-acl-set')])
    const set = found.responses[0]?.props.get(dav('inherited-acl-set'))
    expect(JSON.stringify(set)).toContain(`${hers.home}a/`)
    expect((await acl(alice, `${hers.home}a/b/c`, [allow(bob, 'read')])).status).toBe(405)
  })

  it('a move takes the lists of folders along, a copy does not', async () => {
    const { alice, bob, hers, seen } = await world('a/', 'a/b', 'other/')
    await mustSetAcl(alice, `${hers.home}a/`, [allow(bob, 'read')])
    await hers.copy('a/', 'copy/')
    await hers.move('a/', 'other/a/')
    expect((await seen.get('other/a/b')).status).toBe(200)
    expect((await seen.get('copy/b')).status).toBe(403)
    await hers.delete('other/a/')
    expect((await seen.get('other/a/b')).status).toBe(403)
  })

  it('a file that is moved to another account counts there, and belongs to it', async () => {
    const { alice, bob, hers } = await world('a/', 'a/b')
    await mustSetAcl(bob, bob.files, [allow(alice, 'read', 'bind')])
    expect((await hers.move('a/', `${bob.files}from-alice/`)).status).toBe(201)
    expect(await filesOf(bob).tree()).toEqual(['from-alice/', 'from-alice/b'])
    const used = async (account: Account) =>
      (await account.propfind(account.files, 0, [dav('quota-used-bytes')])).responses[0]?.text(
        dav('quota-used-bytes'),
      )
    expect([await used(alice), await used(bob)]).toEqual(['0', '3'])
    expect((await alice.delete(`${bob.files}from-alice/b`)).status).toBe(403)
  })
})

describe('RFC 4918 §9.8.4 COPY over what is another’s', () => {
  it('a folder that is replaced goes as by DELETE: to change it is not enough', async () => {
    const { alice, bob, hers, seen } = await world('a/', 'a/b/', 'a/b/c')
    const his = filesOf(bob)
    await his.make('empty/', 'file')
    for (const more of [[], ['bind'], ['unbind']]) {
      await mustSetAcl(alice, hers.home, [allow(bob, 'read', 'write-content', 'write-properties', ...more)])
      for (const what of ['empty/', 'file'])
        expect((await his.copy(what, `${hers.home}a/b/`)).status, `${what} ${more}`).toBe(403)
    }
    expect(await hers.tree()).toEqual(['a/', 'a/b/', 'a/b/c'])
    await mustSetAcl(alice, hers.home, [allow(bob, 'read', 'write')])
    expect((await his.copy('empty/', `${hers.home}a/b/`)).status).toBe(204)
    expect(await seen.tree()).toEqual(['a/', 'a/b/'])
  })
})

describe('RFC 4918 §9.9 MOVE of what is another’s', () => {
  it('brings what the mover may read; all of it lies in the trash of its owner (law 4)', async () => {
    const { alice, bob, hers } = await world('a/', 'a/b/', 'a/b/open', 'a/b/closed/', 'a/b/closed/secret')
    await mustSetAcl(alice, `${hers.home}a/`, [allow(bob, 'read', 'write')])
    await mustSetAcl(alice, `${hers.home}a/b/closed/`, [deny(bob, 'all')])
    const to = `${bob.files}mine/`
    const move = (path: string, destination: string) =>
      bob.request('MOVE', path, { headers: { Destination: destination } })
    expect((await move(`${hers.home}a/b/`, to)).status).toBe(201)
    expect(await filesOf(bob).tree()).toEqual(['mine/', 'mine/open'])
    expect((await bob.get(`${to}closed/secret`)).status).toBe(404)
    expect(await filesOf(alice).tree()).toEqual(['a/'])
    const { id } = await rowOf(server, alice)
    const trash = await server.services.store.read((reader) => listTrashedNodes(reader, id, { limit: 9 }))
    expect(trash.map(({ name }) => name)).toEqual(['b'])
    expect((await move(`${to}open`, `${hers.home}a/back`)).status).toBe(201)
    expect(await filesOf(alice).tree()).toEqual(['a/', 'a/back'])
  })
})

describe('RFC 6578 sync of somebody else’s files', () => {
  it('shows what may be read, and starts again when rights change', async () => {
    const { alice, bob, hers } = await world('a/', 'a/b', 'a/closed/', 'a/closed/x')
    await mustSetAcl(alice, `${hers.home}a/`, [allow(bob, 'read')])
    await mustSetAcl(alice, `${hers.home}a/closed/`, [deny(bob, 'read')])
    const sync = (token: string) =>
      bob.request('REPORT', `${hers.home}a/`, {
        headers: { 'Content-Type': 'text/xml' },
        body: syncBody(token),
      })
    const first = readMultistatus(await sync(''))
    expect(first.hrefs).toEqual([`${hers.home}a/b`])
    await hers.make('a/closed/y', 'a/c')
    const second = readMultistatus(await sync(String(first.syncToken)))
    expect(second.hrefs).toEqual([`${hers.home}a/c`])
    await mustSetAcl(alice, `${hers.home}a/closed/`, [])
    const refused = await sync(String(second.syncToken))
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('valid-sync-token')]])
    expect(readMultistatus(await sync('')).hrefs).toHaveLength(5)
    const shown = await bob.propfind(`${hers.home}a/`, 0, [dav('sync-token')])
    expect(shown.responses[0]?.text(dav('sync-token'))).toBe(readMultistatus(await sync('')).syncToken)
  })
})

describe('the files of a group', () => {
  it('belong to everybody in it, however deep, and to nobody else', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const { store } = server.services
    const segment = `team${alice.segment}`
    const services = server.services
    await store.write(async (tx) => {
      await createGroup(tx, { name: segment })
      await createGroup(tx, { name: `${segment}-inner` })
      const team = await findGroup(tx, segment)
      const inner = await findGroup(tx, `${segment}-inner`)
      const sharing = { ...services, origin: { kind: 'job' } as const }
      await addMember(tx, team, inner, sharing)
      await addMember(tx, inner, await findAccount(tx, alice.name), sharing)
    })
    const team = filesOf(alice, `/dav/files/${segment}/`)
    await team.make('plans/', 'plans/one')
    expect(await team.tree()).toEqual(['plans/', 'plans/one'])
    expect((await filesOf(bob, team.home).get('plans/one')).status).toBe(403)
    expect((await filesOf(bob, team.home).put('x', 'x')).status).toBe(403)
    const origin = { kind: 'restore' } as const
    const id = await store.write((tx) => removeGroup(tx, segment, { ...services, origin }))
    expect((await filesOf(alice, team.home).get('plans/one')).status).toBe(403)
    await store.write(async (tx) =>
      bringBack(tx, await mustFindRemoved(tx, id ?? 0), {}, { ...services, origin }),
    )
    expect(await team.tree()).toEqual(['plans/', 'plans/one'])
  })
})
