import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

/** What came to a receiver. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A web server on this machine that is told things. */
export interface Receiver {
  readonly url: string
  /** A path that nothing was sent to. */
  path(): string
  at(path: string): readonly Received[]
  /** How a path answers; as usual without. */
  answer(path: string, answer: Answer | undefined): void
}

export function useReceiver(): Receiver {
  const received = new Map<string, Received[]>()
  const answers = new Map<string, Answer>()
  let server: Server | undefined
  let paths = 0
  const thanks: Answer = (_, response) => response.end('thanks')
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8')
      request.on('data', (text: string) => {
        body += text
      })
      request.on('end', () => {
        const path = request.url ?? ''
        received.set(path, [...(received.get(path) ?? []), { headers: request.headers, body }])
        const answer = answers.get(path) ?? thanks
        answer(request, response)
      })
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
  })
  return {
    get url() {
      return `http://127.0.0.1:${(server?.address() as AddressInfo | undefined)?.port ?? 0}`
    },
    path: () => `/hook-${(paths += 1)}`,
    at: (path) => received.get(path) ?? [],
    answer: (path, answer) => {
      if (answer) answers.set(path, answer)
      else answers.delete(path)
    },
  }
}
