import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { checkInvariants } from '../../storage/invariants.ts'
import { openStore } from '../../storage/store.ts'
import { type DataFolder, makeDataFolder, type ServerProcess, startServer } from './server-process.ts'
import { hasStrace, readTrace, type SystemCall, strace } from './trace.ts'

const files = '/dav/files/admin/'
const mib = 1_048_576

/** Of the process, in MiB: what it has now (VmRSS), or the most it had since the last reset (VmHWM). */
function memoryMib({ pid }: ServerProcess, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
}

function send(
  server: ServerProcess,
  folder: DataFolder,
  method: 'GET' | 'PUT',
  name: string,
  body?: AsyncIterable<Buffer>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const authorization = `Basic ${Buffer.from(`admin:${folder.password}`).toString('base64')}`
    const headers = { Authorization: authorization }
    const sent = request(new URL(files + name, server.url), { method, headers }, resolve)
    sent.once('error', reject)
    if (body) Readable.from(body).pipe(sent)
    else sent.end()
  })
}

/** Octets that are made as they are read, with the hash of all. */
function octets(bytes: number) {
  const hash = createHash('sha256')
  const piece = randomBytes(mib)
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; left -= mib) {
      piece.writeUInt32LE(left / mib, 0)
      const copy = Buffer.from(piece.subarray(0, Math.min(left, mib)))
      hash.update(copy)
      yield copy
    }
  }
  return { pieces: pieces(), hash: () => hash.digest('hex') }
}

async function hashOf(answer: IncomingMessage, pauseMs = 0): Promise<string> {
  const hash = createHash('sha256')
  let isFirst = true
  for await (const piece of answer) {
    hash.update(piece as Buffer)
    if (isFirst && pauseMs > 0) await wait(pauseMs)
    isFirst = false
  }
  return hash.digest('hex')
}

describe('a file of 300 MiB', () => {
  it('goes in and out with less than 64 MiB more memory, also for a client that waits', {
    timeout: 120_000,
  }, async () => {
    using folder = makeDataFolder()
    await using server = await startServer(folder)
    const put = async (name: string, bytes: number): Promise<string> => {
      const body = octets(bytes)
      const answer = await send(server, folder, 'PUT', name, body.pieces)
      answer.resume()
      expect(answer.statusCode).toBe(201)
      return body.hash()
    }
    await put('warm', 8 * mib)
    expect((await send(server, folder, 'GET', 'warm')).resume().statusCode).toBe(200)
    await wait(200)
    const before = memoryMib(server, 'VmRSS')
    writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
    const [large, ...others] = await Promise.all([
      put('large', 300 * mib),
      put('one', 40 * mib),
      put('two', 40 * mib),
    ])
    const got = await Promise.all([
      hashOf(await send(server, folder, 'GET', 'large'), 1_000),
      hashOf(await send(server, folder, 'GET', 'one')),
      hashOf(await send(server, folder, 'GET', 'two')),
    ])
    expect(got).toEqual([large, ...others])
    expect(memoryMib(server, 'VmHWM') - before).toBeLessThan(64)
  })
})

describe('a file that was acknowledged', () => {
  it('is there after the server was killed; one that was not is whole or not there', {
    timeout: 120_000,
  }, async () => {
    using folder = makeDataFolder()
    const acknowledged = new Map<string, string>()
    const underWay = new Map<string, string>()
    for (let round = 0; round < 4; round += 1) {
      const server = await startServer(folder)
      const work = async (worker: number): Promise<void> => {
        for (let n = 0; ; n += 1) {
          const name = `${worker}-${n % 5}`
          const content = `${round} ${worker} ${n} ${randomBytes(30_000).toString('hex')}`
          underWay.set(name, content)
          try {
            const { status } = await server.client.request('PUT', files + name, { body: content })
            expect([201, 204]).toContain(status)
          } catch {
            return
          }
          acknowledged.set(name, content)
        }
      }
      const working = Promise.all([0, 1, 2, 3, 4, 5].map(work))
      await wait(700 + round * 90)
      await server.kill()
      await working
      await using again = await startServer(folder)
      for (const [name, content] of acknowledged) {
        const got = await again.client.get(files + name)
        expect(got.status).toBe(200)
        expect([content, underWay.get(name)]).toContain(got.text)
        acknowledged.set(name, got.text)
      }
      expect(acknowledged.size).toBeGreaterThan(6)
      expect(await again.stop()).toBe(0)
    }
    const database = { kind: 'sqlite', path: folder.database } as const
    const options = { database, dataDirectory: folder.path, now: Date.now, newId: () => 'id' }
    await using store = await openStore(options)
    expect(await store.read(checkInvariants)).toEqual([])
  })
})

describe.skipIf(!hasStrace && process.env.CI === undefined)('a file is on disk before its 2xx leaves', () => {
  it('its octets, the folder that names them, then the row, then the answer', {
    timeout: 60_000,
  }, async () => {
    expect(hasStrace, 'strace is installed and may trace').toBe(true)
    using folder = makeDataFolder()
    const to = `${folder.path}/trace`
    const puts: { hash: string; etag: string }[] = []
    await using server = await startServer(folder, strace(to))
    for (let n = 0; n < 6; n += 1) {
      const content = `content ${n % 5}`
      const answer = await server.client.request('PUT', `${files}${n}.txt`, { body: content })
      expect(answer.status).toBe(201)
      const hash = createHash('sha256').update(content).digest('hex')
      puts.push({ hash, etag: String(answer.headers.etag).replaceAll('"', '') })
    }
    expect(await server.stop()).toBe(0)
    const trace = readTrace(readFileSync(to, 'latin1'))
    const seen = new Set<string>()
    let from = 0
    for (const { hash, etag } of puts) {
      const after = (what: string, matches: (call: SystemCall) => boolean): void => {
        const found = trace.find((call) => call.began >= from && matches(call))
        expect(found, `${what} ${hash}`).toBeDefined()
        from = found?.ended ?? Number.POSITIVE_INFINITY
      }
      const isSync = ({ name }: SystemCall) => /^f(data)?sync$/.test(name)
      after('octets are synced', (call) => isSync(call) && call.text.includes('/blobs/staging/'))
      // Octets that are there already keep their name; their folder is synced all the same.
      if (!seen.has(hash)) {
        after('they get their name', (call) => call.name.startsWith('rename') && call.text.includes(hash))
      }
      seen.add(hash)
      const place = `/blobs/${hash.slice(0, 2)}/${hash.slice(2, 4)}>`
      after('their folder is synced', (call) => isSync(call) && call.text.includes(place))
      after('the log is synced', (call) => isSync(call) && call.text.includes('farley.sqlite-wal'))
      after('the answer leaves', ({ text }) => text.includes('HTTP/1.1 201') && text.includes(etag))
    }
  })
})
