import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BlobMissingError, type BlobStore } from '../../storage/blobs/blob-store.ts'
import { fileBlobs } from '../../storage/blobs/file-blobs.ts'
import { s3Blobs } from '../../storage/blobs/s3-blobs.ts'
import { StorageBusyError } from '../../storage/store.ts'
import { startS3, type TestS3 } from '../s3.ts'

let folder: string
let s3: TestS3
const stores = new Map<string, BlobStore>()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-blobs-'))
  s3 = await startS3()
  stores.set('files', fileBlobs(join(folder, 'files')))
  stores.set('S3', s3Blobs(join(folder, 's3'), s3.settings))
})
afterAll(async () => {
  for (const store of stores.values()) await store.close()
  await s3[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const hashOf = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex')

async function* inPieces(octets: Uint8Array, size = 70_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.byteLength; at += size) yield octets.subarray(at, at + size)
}

async function put(store: BlobStore, octets: Uint8Array): Promise<string> {
  const staged = await store.stage(inPieces(octets))
  await staged.place()
  await staged.discard()
  return staged.hash
}

async function collect(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

async function listed(store: BlobStore, prefix: string): Promise<string[]> {
  const hashes: string[] = []
  for await (const hash of store.list(prefix)) hashes.push(hash)
  return hashes
}

describe.each(['files', 'S3'])('octets in %s', (name) => {
  const store = () => {
    const found = stores.get(name)
    if (!found) throw new Error(`There is no store ${name}.`)
    return found
  }

  it('come back as they were put, whole and in ranges', async () => {
    const octets = randomBytes(300_000)
    const hash = await put(store(), octets)
    expect(hash).toBe(hashOf(octets))
    expect((await collect(await store().read(hash))).equals(octets)).toBe(true)
    const range = await collect(await store().read(hash, { first: 99_990, last: 200_005 }))
    expect(range.equals(octets.subarray(99_990, 200_006))).toBe(true)
    const last = await collect(await store().read(hash, { first: 299_999, last: 299_999 }))
    expect(last.equals(octets.subarray(299_999))).toBe(true)
  })

  it('may be none at all', async () => {
    const hash = await put(store(), new Uint8Array())
    expect((await collect(await store().read(hash))).length).toBe(0)
  })

  it('are kept once, and may be put again', async () => {
    const octets = randomBytes(1_000)
    const [one, two] = await Promise.all([put(store(), octets), put(store(), octets)])
    expect(one).toBe(two)
    expect(await put(store(), octets)).toBe(one)
    expect((await listed(store(), one.slice(0, 2))).filter((hash) => hash === one)).toEqual([one])
    expect((await collect(await store().read(one))).equals(octets)).toBe(true)
  })

  it('are listed by the beginning of their hash, and gone after they were removed', async () => {
    const hashes = await Promise.all([1, 2, 3].map(() => put(store(), randomBytes(100))))
    for (const hash of hashes) expect(await listed(store(), hash.slice(0, 2))).toContain(hash)
    const [gone = ''] = hashes
    await store().remove(gone)
    await store().remove(gone)
    expect(await listed(store(), gone.slice(0, 2))).not.toContain(gone)
    await expect(store().read(gone)).rejects.toThrow(BlobMissingError)
  })

  it('that break off leave nothing', async () => {
    const broken = async function* () {
      yield randomBytes(1_000)
      throw new Error('the client has gone')
    }
    await expect(store().stage(broken())).rejects.toThrow('the client has gone')
    const staged = await store().stage(inPieces(randomBytes(10)))
    await staged.discard()
    await expect(store().read(staged.hash)).rejects.toThrow(BlobMissingError)
    expect(readdirSync(stagingOf(name))).toEqual([])
  })

  it('that a killed process was taking in are swept after a while', async () => {
    await store().stage(inPieces(randomBytes(10)))
    await store().sweepStagings(Date.now() - 3_600_000)
    const [left = ''] = readdirSync(stagingOf(name))
    expect(left).not.toBe('')
    const longAgo = new Date(Date.now() - 7_200_000)
    utimesSync(join(stagingOf(name), left), longAgo, longAgo)
    await store().sweepStagings(Date.now() - 3_600_000)
    expect(readdirSync(stagingOf(name))).toEqual([])
  })
})

const stagingOf = (name: string) => join(folder, name === 'files' ? 'files/staging' : 's3')

describe('octets in files', () => {
  it('that are shorter than they ought to be are put in place again', async () => {
    const store = fileBlobs(join(folder, 'files'))
    const octets = randomBytes(5_000)
    const hash = await put(store, octets)
    truncateSync(join(folder, 'files', hash.slice(0, 2), hash.slice(2, 4), hash), 100)
    await put(store, octets)
    expect((await collect(await store.read(hash))).equals(octets)).toBe(true)
  })
})

describe('an S3 store', () => {
  it('that refuses the signature is told by its words', async () => {
    const store = s3Blobs(join(folder, 's3'), { ...s3.settings, secretAccessKey: 'wrong' })
    await expect(put(store, randomBytes(10))).rejects.toThrow(
      'The S3 store answers 403 SignatureDoesNotMatch.',
    )
    await store.close()
  })

  it('that is not there makes the storage busy, which clients try again', async () => {
    const store = s3Blobs(join(folder, 's3'), { ...s3.settings, endpoint: 'http://127.0.0.1:9' })
    await expect(store.read('a'.repeat(64))).rejects.toThrow(StorageBusyError)
    await store.close()
  })
})
