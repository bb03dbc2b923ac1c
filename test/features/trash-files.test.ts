import { afterEach, describe, expect, it } from 'vitest'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries, type TrashEntry } from '../../src/features/trash/trash.ts'
import { findQuota, setQuota } from '../../storage/quotas.ts'
import { filesOf } from '../dav/files/files.ts'
import { type Account, useServer } from '../dav/server.ts'
import { collect, rowOf } from './world.ts'

const server = useServer({ limits: { folderDepth: 3 } })
afterEach(() => {
  server.clock.now += 1_000
})

async function trashOf(account: Account): Promise<TrashEntry[]> {
  return collect(listTrashEntries(server.services.store, await rowOf(server, account)))
}

async function restore(account: Account, id: string) {
  const row = await rowOf(server, account)
  return server.services.store.write((tx) => restoreFromTrash(tx, row, id, server.services))
}

describe('folders and files in the trash', () => {
  it('are listed with objects, the latest first: kind, name, where they were, and by what they were deleted', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b/', 'a/b/c', 'd')
    for (const path of ['a/b/c', 'd', 'a/b/']) {
      await mine.delete(path)
      server.clock.now += 1_000
    }
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:x\r\nFN:Jane\r\nN:;Jane;;;\r\nEND:VCARD\r\n'
    await account.put(`${account.contacts}x.vcf`, card)
    await account.delete(`${account.contacts}x.vcf`)
    const entries = await trashOf(account)
    expect(
      entries.map(({ id, kind, name, collection, device }) => [id[0], kind, name, collection, device]),
    ).toEqual([
      [expect.stringMatching(/\d/), 'VCARD', 'x.vcf', 'Contacts', 'client'],
      ['f', 'folder', 'b', '/a/', 'client'],
      ['f', 'file', 'd', '/', 'client'],
      ['f', 'file', 'c', '', 'client'],
    ])
  })

  it('come back with all that went with them, and count again', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b', 'c')
    const used = async () => {
      const { id } = await rowOf(server, account)
      return (await server.services.store.read((reader) => findQuota(reader, id))).usedBytes
    }
    const before = await used()
    await mine.delete('a/')
    expect(await used()).toBe(before - 'a/b'.length)
    const [entry] = await trashOf(account)
    expect(await restore(account, entry?.id ?? '')).toEqual({ kind: 'restored', name: 'a', collection: '' })
    expect(await mine.tree()).toEqual(['a/', 'a/b', 'c'])
    expect((await mine.get('a/b')).text).toBe('a/b')
    expect(await used()).toBe(before)
    expect(await trashOf(account)).toEqual([])
  })

  it('stay where something else has the name, or their folder is gone, or there is no room', async () => {
    const account = await server.account()
    const other = await server.account()
    const mine = filesOf(account)
    await mine.make('a/', 'a/b', 'c')
    for (const path of ['a/b', 'c', 'a/']) {
      await mine.delete(path)
      server.clock.now += 1_000
    }
    const [folder, c, b] = (await trashOf(account)).map(({ id }) => id)
    const reason = async (id: string | undefined, by = account) => {
      const outcome = await restore(by, id ?? '')
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind
    }
    expect(await reason(b)).toBe(`The folder "a" is in the trash itself: restore ${folder} first.`)
    await mine.make('c')
    expect(await reason(c)).toBe('There is another "c" now: rename or delete that one first.')
    expect(await reason(folder, other)).toBe('It is not in the trash.')
    expect(await reason('f999999')).toBe('It is not in the trash.')
    await mine.delete('c')
    const { id } = await rowOf(server, account)
    await server.services.store.write((tx) => setQuota(tx, id, 0))
    expect(await reason(c)).toContain('may keep 0 octets')
    await server.services.store.write((tx) => setQuota(tx, id, null))
    expect(await reason(c)).toBe('restored')
    expect(await reason(folder)).toBe('restored')
    expect(await reason(b)).toBe('restored')
    expect(await mine.tree()).toEqual(['a/', 'a/b', 'c'])
  })
})
