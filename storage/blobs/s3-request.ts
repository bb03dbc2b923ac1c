import { createReadStream } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { StorageBusyError } from '../errors.ts'

export interface S3Settings {
  /** Where the store is, such as https://s3.eu-central-1.amazonaws.com; the bucket comes in the path. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** One request to the store. */
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** Below the bucket; empty for the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** What is sent, and its SHA-256, which is signed. */
  readonly body?: { readonly path: string; readonly size: number; readonly hash: string }
}

/** Sends requests, signed; the answer is given when its headers are there. */
export interface S3Client {
  /** @throws StorageBusyError when the store cannot be reached, or fails again and again */
  send(request: S3Request): Promise<http.IncomingMessage>
  close(): void
}

const attempts = 3
const firstWaitMs = 200
/** A store that is silent for so long is taken for gone. */
const silenceMs = 30_000

export function s3Client(settings: S3Settings): S3Client {
  const isTls = settings.endpoint.startsWith('https:')
  const agent = isTls ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true })
  const { request } = isTls ? https : http
  return {
    send: async (asked) => {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await sendOnce(settings, agent, request, asked).catch((error: Error) => error)
        if (!(outcome instanceof Error) && (outcome.statusCode ?? 500) < 500) return outcome
        if (!(outcome instanceof Error)) outcome.resume()
        if (attempt === attempts) throw unreachable(outcome)
        await wait(firstWaitMs * 2 ** (attempt - 1))
      }
    },
    close: () => agent.destroy(),
  }
}

const longestText = 1_048_576

/** The text of an answer that is to be short; of a longer one the beginning. */
export async function textOf(answer: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of answer) {
    pieces.push(piece as Buffer)
    size += (piece as Buffer).length
    if (size > longestText) break
  }
  return Buffer.concat(pieces).toString('utf8')
}

async function sendOnce(
  settings: S3Settings,
  agent: http.Agent,
  request: typeof http.request,
  { method, key, query = {}, headers = {}, body }: S3Request,
): Promise<http.IncomingMessage> {
  const url = new URL(`${settings.endpoint.replace(/\/$/, '')}/${settings.bucket}/${key}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers, 'X-Amz-Content-Sha256': body?.hash ?? emptyHash },
    service: 's3',
    region: settings.region,
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
  }).sign()
  const length = body === undefined ? {} : { 'Content-Length': String(body.size) }
  return await new Promise((resolve, reject) => {
    const sent = request(signed.url, {
      method,
      agent,
      headers: { ...Object.fromEntries(signed.headers), ...length },
      timeout: silenceMs,
    })
    sent.once('response', (answer) => {
      // From here on whoever reads may take his time.
      sent.setTimeout(0)
      resolve(answer)
    })
    sent.on('error', reject)
    sent.once('timeout', () => sent.destroy(new Error('The S3 store does not answer.')))
    if (body === undefined) sent.end()
    else
      createReadStream(body.path)
        .once('error', (error) => sent.destroy(error))
        .pipe(sent)
  })
}

/** The SHA-256 of nothing. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function unreachable(outcome: Error | http.IncomingMessage): StorageBusyError {
  const isError = outcome instanceof Error
  const what = isError ? outcome.message : `it answers ${outcome.statusCode}`
  return new StorageBusyError(`The S3 store fails: ${what}.`, isError ? { cause: outcome } : {})
}
