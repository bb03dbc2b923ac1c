import { describe, expect, it } from 'vitest'
import { AccountError, findAccount, removeAccount } from '../../src/features/accounts/accounts.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import { listHomes } from '../../storage/homes.ts'
import { acceptMount, createMount } from '../../storage/mount-writes.ts'
import { listMountsOf } from '../../storage/mounts.ts'
import { setShare } from '../../storage/shares.ts'
import { collect } from '../features/world.ts'
import { event } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer()

/** Shares the calendar of an account with another one, who takes it under this name. */
async function share(owner: Account, sharee: Account, name: string): Promise<string> {
  await server.services.store.write(async (tx) => {
    const collection = await findOwnCollection(tx, await findAccount(tx, owner.name), 'calendar')
    const { id: principalId } = await findAccount(tx, sharee.name)
    const home = (await listHomes(tx, principalId)).find(({ kind }) => kind === 'calendars')
    const shared = { collectionId: collection.id, principalId }
    const access = 'read-write'
    await setShare(tx, { ...shared, access, summary: null })
    const made = {
      homeId: home?.id ?? 0,
      name,
      view: 'personal',
      inviteUid: name,
      displayname: null,
    } as const
    await createMount(tx, { ...shared, ...made, access })
    for (const { mount } of await listMountsOf(tx, principalId)) {
      if (mount.name === name) await acceptMount(tx, mount, { kind: 'web' })
    }
  })
  return `${sharee.calendars}${name}/`
}

const remove = (account: Account, options: { purge: boolean; giveTo?: string }) =>
  server.services.store.write((tx) => removeAccount(tx, account.name, options, server.services))

describe('an account that leaves', () => {
  it('does not go while it shares a collection, not even to be purged', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const mounted = await share(alice, bob, 'shared')
    for (const purge of [false, true]) await expect(remove(alice, { purge })).rejects.toThrow(AccountError)
    expect((await bob.get(mounted)).status).toBe(200)
  })

  it('hands it to another: members, history and trash; nobody it is shared with notices', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const carol = await server.account()
    const mounted = await share(alice, carol, 'shared')
    const ofHeir = await share(alice, bob, 'mine')
    await carol.put(`${mounted}a.ics`, event('a'))
    await carol.put(`${mounted}gone.ics`, event('gone'))
    await carol.delete(`${mounted}gone.ics`)
    const { token } = await carol.syncAll(mounted, '')
    const homeToken = (await bob.sync(bob.calendars, '')).syncToken ?? ''
    const { given } = await remove(alice, { purge: true, giveTo: bob.name })
    expect(given).toEqual([`calendar-${alice.segment}`])
    const href = `${bob.calendars}${given[0]}/`
    expect((await bob.get(`${href}a.ics`)).text).toBe(event('a'))
    expect(
      (await bob.sync(bob.calendars, homeToken)).responses.map((one) => [one.href, one.status]).sort(),
    ).toEqual(
      [
        [href, undefined],
        [ofHeir, 404],
      ].sort(),
    )
    expect(await carol.syncAll(mounted, token)).toEqual({ changed: [], removed: [], token })
    expect((await carol.put(`${mounted}b.ics`, event('b'))).status).toBe(201)
    expect((await bob.get(`${href}b.ics`)).status).toBe(200)
    const heir = await server.services.store.read((reader) => findAccount(reader, bob.name))
    const trash = await collect(listTrashEntries(server.services.store, heir))
    expect(trash.map(({ name, collection }) => [name, collection])).toEqual([['gone.ics', 'Calendar']])
  })

  it('hands it to another user only', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await share(alice, bob, 'shared')
    await expect(remove(alice, { purge: true, giveTo: alice.name })).rejects.toThrow(AccountError)
    await expect(remove(alice, { purge: true, giveTo: 'nobody' })).rejects.toThrow(AccountError)
    expect((await alice.get(alice.calendar)).status).toBe(200)
  })
})
