import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { S3Settings } from '../storage/blobs/s3-request.ts'

/** What is used of s3rver, which has no types of its own. */
interface S3Server {
  run(): Promise<{ readonly port: number }>
  close(): Promise<void>
}
type S3rver = new (options: {
  readonly port: number
  readonly address: string
  readonly silent: boolean
  readonly directory: string
  readonly configureBuckets: readonly { readonly name: string }[]
}) => S3Server

/** An S3 store on loopback with one bucket. */
export interface TestS3 extends AsyncDisposable {
  readonly settings: S3Settings
  /** The methods of the requests that came. */
  readonly methods: readonly string[]
}

const address = '127.0.0.1'
const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

/** s3rver does not check signatures of version 4: what stands in front of it does, and checks the hash of what is put. */
export async function startS3(): Promise<TestS3> {
  const Server = createRequire(import.meta.url)('s3rver') as S3rver
  const directory = mkdtempSync(join(tmpdir(), 'farley-s3-'))
  const bucket = 'farley'
  const configureBuckets = [{ name: bucket }]
  const inner = new Server({ port: 0, address, silent: true, directory, configureBuckets })
  const { port } = await inner.run()
  const methods: string[] = []
  const front = http.createServer((request, response) => {
    methods.push(request.method ?? '')
    void answer(request, response, port)
  })
  await new Promise<void>((resolve) => front.listen(0, address, resolve))
  return {
    settings: {
      endpoint: `http://${address}:${(front.address() as AddressInfo).port}`,
      bucket,
      region: 'us-east-1',
      ...keys,
    },
    methods,
    [Symbol.asyncDispose]: async () => {
      front.closeAllConnections()
      await new Promise((resolve) => front.close(resolve))
      await inner.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces)
  const isSigned = signatureOf(request) === /Signature=(\w+)/.exec(request.headers.authorization ?? '')?.[1]
  if (!isSigned || request.headers['x-amz-content-sha256'] !== sha256(body)) {
    response.writeHead(403, { 'Content-Type': 'application/xml' })
    response.end('<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code></Error>')
    return
  }
  const { method, headers, url } = request
  const sent = http.request({ host: address, port, path: url, method, headers }, (got) => {
    response.writeHead(got.statusCode ?? 500, got.headers)
    got.pipe(response)
  })
  sent.end(body)
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Signature Version 4 as Amazon describes it, for keys and queries that need no escaping of their own. */
function signatureOf({ method = '', url = '', headers }: IncomingMessage): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/(\S+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? []
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const query = [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const signed = names.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
  const payload = String(headers['x-amz-content-sha256'])
  const canonical = [method, pathname, query, signed.join(''), names, payload].join('\n')
  const at = String(headers['x-amz-date'])
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`)
  return hmac(key, toSign).toString('hex')
}
