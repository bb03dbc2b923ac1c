import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sweepBlobs } from '../../../src/jobs/sweep-blobs.ts'
import { fileBlobs } from '../../../storage/blobs/file-blobs.ts'
import { setQuota } from '../../../storage/quotas.ts'
import { preconditionsOf } from '../client.ts'
import { connectRaw, listen } from '../listen.ts'
import { type Account, useServer } from '../server.ts'
import { filesOf } from './files.ts'

const fileBytes = 300_000
const server = useServer({ limits: { fileBytes, filesPerAccount: 5, uploadIdleMs: 400, requestMs: 300 } })

const hour = 3_600_000
const blobs = () => join(server.dataDirectory, 'blobs')
const staged = () => (existsSync(join(blobs(), 'staging')) ? readdirSync(join(blobs(), 'staging')) : [])
const hashOf = (octets: string | Uint8Array) => createHash('sha256').update(octets).digest('hex')
const isStored = (hash: string) => existsSync(join(blobs(), hash.slice(0, 2), hash.slice(2, 4), hash))
const basic = ({ name, password }: Account) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

/** A PUT whose body comes a piece at a time, and may stop before its end. */
async function putSlowly(
  account: Account,
  path: string,
  headers: Readonly<Record<string, string>>,
  pieces: readonly (string | Uint8Array)[],
  options: { readonly pauseMs?: number; readonly end: 'end' | 'break' | 'silence' },
): Promise<number | 'broken'> {
  const { hostname, port } = new URL(server.url)
  const sent = http.request({
    hostname,
    port,
    method: 'PUT',
    path,
    headers: { Authorization: basic(account), ...headers },
  })
  const answered = new Promise<number | 'broken'>((resolve) => {
    sent.once('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.once('error', () => resolve('broken'))
    sent.once('close', () => resolve('broken'))
  })
  for (const piece of pieces) {
    sent.write(piece)
    await wait(options.pauseMs ?? 1)
  }
  if (options.end === 'end') sent.end()
  if (options.end === 'break') sent.destroy()
  return answered
}

async function quotaOf(account: Account, limitBytes: number): Promise<void> {
  await server.services.store.write(async (tx) => {
    const row = await tx.sql.first<{ id: number }>('SELECT id FROM principals WHERE segment = $1', [
      account.segment,
    ])
    await setQuota(tx, row?.id ?? 0, limitBytes)
  })
}

describe('an upload', () => {
  it('may last as long as octets keep coming, longer than any other request', async () => {
    const account = await server.account()
    const pieces = ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee', 'ffff']
    const put = await putSlowly(account, `${account.files}slow`, {}, pieces, { pauseMs: 150, end: 'end' })
    expect(put).toBe(201)
    expect((await account.get(`${account.files}slow`)).text).toBe(pieces.join(''))
  })

  it('that breaks off, or falls silent, leaves nothing', async () => {
    const account = await server.account()
    const path = `${account.files}x`
    const length = { 'Content-Length': '1000' }
    expect(await putSlowly(account, path, length, ['abc'], { pauseMs: 50, end: 'break' })).toBe('broken')
    expect(await putSlowly(account, path, length, ['abc'], { end: 'silence' })).toBe(408)
    expect(await putSlowly(account, path, {}, ['abc'], { end: 'silence' })).toBe(408)
    await wait(50)
    expect((await account.get(path)).status).toBe(404)
    expect(staged()).toEqual([])
  })

  it('is refused before it is sent where it cannot be stored: 413, 507, 409, 412, 423, 403', async () => {
    const account = await server.account()
    const other = await server.account()
    const mine = filesOf(account)
    await mine.make('a')
    const raw = async (path: string, headers: string) => {
      const connection = connectRaw(server.url)
      connection.send(
        `PUT ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(account)}\r\nExpect: 100-continue\r\n${headers}\r\n\r\n`,
      )
      const answer = await connection.closed()
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
    }
    expect(await raw(`${mine.home}b`, `Content-Length: ${fileBytes + 1}`)).toBe(413)
    expect(
      await raw(`${mine.home}b`, `Transfer-Encoding: chunked\r\nX-Expected-Entity-Length: 9999999`),
    ).toBe(413)
    expect(await raw(`${mine.home}no/b`, 'Content-Length: 5')).toBe(409)
    expect(await raw(`${mine.home}a`, 'Content-Length: 5\r\nIf-None-Match: *')).toBe(412)
    expect(await raw(`${other.files}a`, 'Content-Length: 5')).toBe(403)
    const body =
      '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>'
    expect((await account.request('LOCK', `${mine.home}a`, { body })).status).toBe(200)
    expect(await raw(`${mine.home}a`, 'Content-Length: 5')).toBe(423)
    await quotaOf(account, 100)
    expect(await raw(`${mine.home}b`, 'Content-Length: 101')).toBe(507)
  })

  it('that turns out too long is broken off with 413, and with 507 where the account is full (FND-07)', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const piece = Buffer.alloc(60_000)
    const chunked = (path: string) =>
      putSlowly(account, mine.home + path, {}, Array(6).fill(piece), { end: 'end' })
    expect(await chunked('long')).toBe(413)
    await quotaOf(account, 150_000)
    expect(await chunked('full')).toBe(507)
    const refused = await mine.put('full', Buffer.alloc(150_001))
    expect([refused.status, preconditionsOf(refused)]).toEqual([507, ['{DAV:}quota-not-exceeded']])
    expect((await mine.put('fits', Buffer.alloc(150_000))).status).toBe(201)
    expect((await mine.put('fits', Buffer.alloc(149_999))).status).toBe(204)
    expect((await mine.copy('fits', 'twice')).status).toBe(507)
    expect(await mine.tree()).toEqual(['fits'])
    expect(staged()).toEqual([])
  })

  it('that is compressed is stored as it was before (MIN-04), within the limit', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const text = 'the same again and again '.repeat(2_000)
    const gzip = { 'Content-Encoding': 'gzip' }
    expect((await mine.put('a.txt', gzipSync(text), gzip)).status).toBe(201)
    expect((await mine.get('a.txt')).text).toBe(text)
    expect((await mine.put('bomb', gzipSync(Buffer.alloc(5_000_000)), gzip)).status).toBe(413)
    expect((await mine.put('bad', 'no gzip at all', gzip)).status).toBe(400)
    expect((await mine.put('odd', 'x', { 'Content-Encoding': 'x-odd' })).status).toBe(415)
    expect((await mine.put('cut', gzipSync(text).subarray(0, 40), gzip)).status).toBe(400)
    expect(await mine.tree()).toEqual(['a.txt'])
    expect(staged()).toEqual([])
  })

  it('stores the same octets once, whoever sends them, also at the same time', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const octets = randomBytes(200_000)
    const puts = [alice, bob].flatMap((account) =>
      ['a', 'b'].map((name) => account.request('PUT', account.files + name, { body: octets })),
    )
    for (const { status } of await Promise.all(puts)) expect(status).toBe(201)
    const rows = await server.services.store.read(({ sql }) =>
      sql.all('SELECT id FROM blobs WHERE hash = $1', [hashOf(octets)]),
    )
    expect(rows).toHaveLength(1)
    expect((await bob.get(`${bob.files}b`)).body.equals(octets)).toBe(true)
  })

  it('is bounded in number: folders and files of one account', async () => {
    const mine = filesOf(await server.account())
    await mine.make('a/', 'a/1', 'a/2', 'b')
    expect((await mine.copy('a/', 'c/')).status).toBe(507)
    await mine.make('c')
    expect((await mine.put('d', 'x')).status).toBe(507)
    expect((await mine.mkcol('d/')).status).toBe(507)
    expect((await mine.put('c', 'y')).status).toBe(204)
    await mine.delete('b')
    expect((await mine.put('d', 'x')).status).toBe(201)
  })
})

describe('the sweep of octets', () => {
  const signal = new AbortController().signal
  const sweep = () => sweepBlobs.run(server.services, signal, '')
  const emptyTrash = async (account: Account) => {
    const { emptyTrash: empty } = await import('../../../storage/purge.ts')
    await server.services.store.write(async (tx) => {
      const row = await tx.sql.first<{ id: number }>('SELECT id FROM principals WHERE segment = $1', [
        account.segment,
      ])
      await empty(tx, row?.id ?? 0)
    })
  }

  it('takes those that nothing refers to, after a time of grace, and leaves all others', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.put('kept', 'kept octets')
    await mine.put('changed', 'octets before')
    await mine.put('changed', 'octets after')
    await mine.put('gone', 'gone octets')
    await mine.delete('gone')
    server.clock.now += 25 * hour
    await sweep()
    for (const text of ['kept octets', 'octets before', 'octets after', 'gone octets'])
      expect(isStored(hashOf(text)), text).toBe(true)
    await emptyTrash(account)
    await sweep()
    expect(isStored(hashOf('gone octets'))).toBe(false)
    expect((await mine.get('kept')).text).toBe('kept octets')
    expect((await mine.put('again', 'gone octets')).status).toBe(201)
    expect((await mine.get('again')).text).toBe('gone octets')
  })

  it('spares what somebody is about to refer to', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.put('a', 'claimed octets')
    await mine.delete('a')
    await emptyTrash(account)
    server.clock.now += 25 * hour
    await mine.put('b', 'claimed octets')
    await mine.delete('b')
    await emptyTrash(account)
    await sweep()
    expect(isStored(hashOf('claimed octets'))).toBe(true)
    server.clock.now += 25 * hour
    await sweep()
    expect(isStored(hashOf('claimed octets'))).toBe(false)
  })

  it('never loses octets of those who store the same while it takes them away', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const names = ['1', '2', '3', '4']
    const putAll = () =>
      Promise.all(
        names.map(async (name) => {
          await wait(Math.random() * 6)
          expect((await mine.put(name, `contested ${name}`)).status).toBe(201)
        }),
      )
    for (let round = 0; round < 12; round += 1) {
      await putAll()
      for (const name of names) await mine.delete(name)
      await emptyTrash(account)
      server.clock.now += 25 * hour
      await Promise.all([sweep(), putAll()])
      for (const name of names) expect((await mine.get(name)).text).toBe(`contested ${name}`)
      for (const name of names) await mine.delete(name)
    }
  })

  it('finds octets that no row knows of, and takes them later', async () => {
    const stray = fileBlobs(blobs())
    const octets = Buffer.from('stray octets')
    const made = await stray.stage(
      (async function* () {
        yield octets
      })(),
    )
    await made.place()
    for (let n = 0; n < 256 + 26; n += 1) {
      server.clock.now += hour
      if (
        n % 40 === 0 ||
        (Math.floor(server.clock.now / hour) % 256).toString(16).padStart(2, '0') === made.hash.slice(0, 2)
      )
        await sweep()
    }
    server.clock.now += 25 * hour
    await sweep()
    expect(isStored(made.hash)).toBe(false)
  })
})

describe('octets that are missing', () => {
  it('are a fault of the server, told once in its log; other files are served', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    await mine.put('lost', 'lost octets')
    await mine.put('kept', 'kept octets')
    await server.services.blobs.remove(hashOf('lost octets'))
    const url = await listen(server.services)
    expect(url).toContain('127.0.0.1')
    expect((await mine.get('lost')).status).toBe(500)
    expect((await mine.get('kept')).text).toBe('kept octets')
    expect((await mine.list()).length).toBe(2)
    expect((await mine.put('lost', 'lost octets')).status).toBe(204)
    expect((await mine.get('lost')).text).toBe('lost octets')
  })
})
