import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'

/** What a path answers with. */
export interface Published {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Answers in its own way. */
  readonly handle?: (request: IncomingMessage, response: ServerResponse) => void
}

/** A web server on this machine that publishes calendars. */
export interface Publisher {
  readonly port: number
  readonly url: string
  /** Forgotten after each test. */
  readonly paths: Map<string, Published>
  readonly requests: readonly IncomingMessage[]
  /** Publishes a calendar with an ETag made of its number. */
  publish(path: string, body: string, version?: number): string
}

export function usePublisher(): Publisher {
  const paths = new Map<string, Published>()
  const requests: IncomingMessage[] = []
  let server: Server | undefined
  const portOf = (): number => (server?.address() as AddressInfo | undefined)?.port ?? 0
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(request)
      answer(request, response, paths.get(request.url ?? ''))
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  })
  beforeEach(() => {
    paths.clear()
    requests.length = 0
  })
  afterAll(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
  })
  return {
    get port() {
      return portOf()
    },
    get url() {
      return `http://127.0.0.1:${portOf()}`
    },
    paths,
    requests,
    publish(path, body, version = 1) {
      const headers = { 'Content-Type': 'text/calendar; charset=utf-8', ETag: `"${version}"` }
      paths.set(path, { headers, body })
      return `http://127.0.0.1:${portOf()}${path}`
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, published: Published | undefined): void {
  if (!published) {
    response.writeHead(404).end()
    return
  }
  const { status = 200, headers = {}, body, handle } = published
  if (handle) handle(request, response)
  else if (headers.ETag !== undefined && request.headers['if-none-match'] === headers.ETag) {
    response.writeHead(304).end()
  } else response.writeHead(status, headers).end(body)
}
