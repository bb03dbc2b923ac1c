import { rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { BlobMissingError, type BlobStore, type ByteRange } from './blob-store.ts'
import { type S3Client, type S3Settings, s3Client, textOf } from './s3-request.ts'
import { type StagedFile, staging } from './staging.ts'

/**
 * Octets as objects `ab/cd/abcd…` of a bucket, the names that files have too: one store can be copied into the other. They
 * are gathered in a local folder first, since the name is their hash and the store wants to know their length.
 * @param folder  for the staging
 */
export function s3Blobs(folder: string, settings: S3Settings): BlobStore {
  const client = s3Client(settings)
  const { stage, sweep } = staging(folder)
  return {
    stage: async (octets) => {
      const staged = await stage(octets)
      const { path, hash, size } = staged
      return { hash, size, place: () => place(client, staged), discard: () => rm(path, { force: true }) }
    },
    read: (hash, range) => read(client, hash, range),
    remove: async (hash) => {
      await expectStatus(await client.send({ method: 'DELETE', key: keyOf(hash) }), [204, 200, 404])
    },
    list: (prefix) => list(client, `${prefix}/`),
    sweepStagings: sweep,
    close: async () => client.close(),
  }
}

function keyOf(hash: string): string {
  return `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`
}

async function place(client: S3Client, { path, hash, size }: StagedFile): Promise<void> {
  const key = keyOf(hash)
  const there = await client.send({ method: 'HEAD', key })
  there.resume()
  if (there.statusCode === 200 && Number(there.headers['content-length']) === size) return
  const headers = { 'Content-Type': 'application/octet-stream' }
  await expectStatus(await client.send({ method: 'PUT', key, headers, body: { path, size, hash } }), [200])
}

async function read(client: S3Client, hash: string, range: ByteRange | undefined): Promise<Readable> {
  const headers: Record<string, string> =
    range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` }
  const answer = await client.send({ method: 'GET', key: keyOf(hash), headers })
  if (answer.statusCode === 404) {
    answer.resume()
    throw new BlobMissingError(hash)
  }
  if (answer.statusCode !== (range === undefined ? 200 : 206)) await expectStatus(answer, [])
  return answer
}

/** A thousand names an answer. */
async function* list(client: S3Client, prefix: string): AsyncGenerator<string> {
  for (let token: string | undefined; ; ) {
    const query = {
      'list-type': '2',
      prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    }
    const answer = await client.send({ method: 'GET', key: '', query })
    const text = await expectStatus(answer, [200])
    for (const [, hash] of text.matchAll(/<Key>[0-9a-f]{2}\/[0-9a-f]{2}\/([0-9a-f]{64})<\/Key>/g)) {
      if (hash !== undefined) yield hash
    }
    token = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/
      .exec(text)?.[1]
      ?.replaceAll('&amp;', '&')
    if (token === undefined) return
  }
}

/** Reads the answer away. @throws Error with what the store says when its status is another */
async function expectStatus(answer: IncomingMessage, statuses: readonly number[]): Promise<string> {
  const text = await textOf(answer)
  if (statuses.includes(answer.statusCode ?? 0)) return text
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? ''
  throw new Error(`The S3 store answers ${answer.statusCode} ${code}.`)
}
