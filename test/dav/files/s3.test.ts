import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobsOf } from '../../../src/compose.ts'
import { SettingsError } from '../../../src/config.ts'
import { sweepBlobs } from '../../../src/jobs/sweep-blobs.ts'
import type { Services } from '../../../src/services.ts'
import { BlobMissingError } from '../../../storage/blobs/blob-store.ts'
import { emptyTrash } from '../../../storage/purge.ts'
import { rowOf } from '../../features/world.ts'
import { startS3, type TestS3 } from '../../s3.ts'
import { createClient } from '../client.ts'
import { listen } from '../listen.ts'
import { useServer } from '../server.ts'
import { filesOf } from './files.ts'

const server = useServer()
let s3: TestS3
let services: Services
let url: string
beforeAll(async () => {
  s3 = await startS3()
  const blobs = { ...server.settings.blobs, store: 's3', s3: s3.settings }
  const settings = { ...server.settings, blobs, data: join(server.dataDirectory, 's3') }
  services = { ...server.services, settings, blobs: blobsOf(settings) }
  url = await listen(services)
})
afterAll(async () => {
  await services.blobs.close()
  await s3[Symbol.asyncDispose]()
})

async function files() {
  const account = await server.account()
  return { account, mine: filesOf({ ...account, ...createClient(url, account) }) }
}

const hashOf = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex')

describe('documents in an S3 store', () => {
  it('are put, read whole and in ranges, copied without their octets, and swept', async () => {
    const { account, mine } = await files()
    const octets = randomBytes(400_000)
    expect((await mine.put('a.bin', octets)).status).toBe(201)
    expect((await mine.get('a.bin')).body.equals(octets)).toBe(true)
    const range = await mine.get('a.bin', { Range: 'bytes=1000-1009,399990-' })
    expect(range.status).toBe(206)
    expect(range.body.includes(octets.subarray(1_000, 1_010))).toBe(true)
    expect(range.body.includes(octets.subarray(399_990))).toBe(true)
    const before = s3.methods.length
    expect((await mine.copy('a.bin', 'b.bin')).status).toBe(201)
    expect((await mine.put('empty', '')).status).toBe(201)
    expect((await mine.get('empty')).body.length).toBe(0)
    expect(s3.methods.slice(before)).toEqual([])
    expect((await mine.put('c.bin', octets)).status).toBe(201)
    expect(s3.methods.slice(before)).toEqual(['HEAD'])
    for (const name of ['a.bin', 'b.bin', 'c.bin']) await mine.delete(name)
    const row = await rowOf(server, account)
    await services.store.write((tx) => emptyTrash(tx, row.id))
    server.clock.now += 25 * 3_600_000
    await sweepBlobs.run(services, new AbortController().signal, '')
    await expect(services.blobs.read(hashOf(octets))).rejects.toThrow(BlobMissingError)
  })

  it('that cannot be reached are 503, and nothing is stored; what is there is still listed', async () => {
    const { account, mine } = await files()
    await mine.put('a', 'content')
    const settings = {
      ...services.settings,
      blobs: { ...services.settings.blobs, s3: { ...s3.settings, endpoint: 'http://127.0.0.1:9' } },
    }
    const gone = await listen({ ...services, settings, blobs: blobsOf(settings) })
    const cut = filesOf({ ...account, ...createClient(gone, account) })
    const put = await cut.put('b', 'content')
    expect([put.status, put.headers['retry-after']]).toEqual([503, '5'])
    expect((await cut.get('a')).status).toBe(503)
    expect(await cut.tree()).toEqual(['a'])
  })

  it('are not begun without all the settings', () => {
    const { blobs } = services.settings
    const settings = { ...services.settings, blobs: { ...blobs, s3: { ...blobs.s3, bucket: '' } } }
    expect(() => blobsOf(settings)).toThrow(SettingsError)
    expect(() => blobsOf(settings)).toThrow('the setting blobs.s3.bucket is missing')
  })
})
