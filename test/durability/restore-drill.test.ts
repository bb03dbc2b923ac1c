import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { type Client, preconditionsOf, syncBody } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { contacts, type DataFolder, makeDataFolder, startServer } from './server-process.ts'

/** Longer than the file of the high-water mark lags behind the commits. */
const settled = 500

async function refused(client: Client, path: string, token: string): Promise<void> {
  const answer = await client.request('REPORT', path, { body: syncBody(token) })
  expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('valid-sync-token')]])
}

/** A server's life: some writes, then the tokens of the book and of the home. */
async function write(folder: DataFolder, names: readonly string[]) {
  const server = await startServer(folder)
  const { client } = server
  for (const name of names)
    expect((await client.put(`${contacts}${name}.vcf`, card(name))).status).toBeLessThan(300)
  const book = await client.sync(contacts, '')
  const home = await client.sync('/dav/addressbooks/admin/', '')
  return { server, book: book.syncToken ?? '', home: home.syncToken ?? '', hrefs: book.hrefs }
}

describe('a copy of the database put back (RFC 6578 §3.8, design: tokens carry an epoch)', () => {
  it('makes every token void, so that clients start again instead of drifting', async () => {
    using folder = makeDataFolder()
    const copy = `${folder.path}/backup.sqlite`
    const first = await write(folder, ['kept'])
    expect(await first.server.stop()).toBe(0)
    expect(existsSync(`${folder.database}-wal`), 'one file is all that has to be copied').toBe(false)
    copyFileSync(folder.database, copy)
    const second = await write(folder, ['lost', 'kept-changed'])
    expect(await second.server.stop()).toBe(0)

    copyFileSync(copy, folder.database)
    const third = await write(folder, [])
    const { client } = third.server
    for (const { book, home } of [first, second]) {
      await refused(client, contacts, book)
      await refused(client, '/dav/addressbooks/admin/', home)
    }
    expect(third.hrefs).toEqual([`${contacts}kept.vcf`])
    expect(third.book).not.toBe(first.book)
    const next = await client.sync(contacts, third.book)
    expect(next.responses).toEqual([])
    expect(await third.server.stop()).toBe(0)
    const fourth = await write(folder, [])
    expect(fourth.book, 'and once is enough').toBe(third.book)
    await fourth.server.kill()
  })

  it('the same after a crash, with the log of the later database thrown away', async () => {
    using folder = makeDataFolder()
    const copy = `${folder.path}/backup.sqlite`
    const first = await write(folder, ['kept'])
    expect(await first.server.stop()).toBe(0)
    copyFileSync(folder.database, copy)
    const second = await write(folder, ['lost'])
    await wait(settled)
    await second.server.kill()
    for (const suffix of ['-wal', '-shm']) rmSync(folder.database + suffix, { force: true })
    copyFileSync(copy, folder.database)
    const third = await write(folder, [])
    await refused(third.server.client, contacts, second.book)
    expect(third.hrefs).toEqual([`${contacts}kept.vcf`])
    await third.server.kill()
  })

  it('but a crash alone leaves them valid', async () => {
    using folder = makeDataFolder()
    const first = await write(folder, ['a'])
    await first.server.kill()
    const second = await write(folder, ['b'])
    const since = await second.server.client.sync(contacts, first.book)
    expect(since.hrefs).toEqual([`${contacts}b.vcf`])
    await second.server.kill()
  })
})
