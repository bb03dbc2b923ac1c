import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { pino } from 'pino'
import { afterAll } from 'vitest'
import { createHttpServer } from '../../src/http.ts'
import { createLog } from '../../src/log.ts'
import type { Metrics } from '../../src/metrics.ts'
import type { Services } from '../../src/services.ts'

/** A further HTTP face on services that a test has altered; it is closed after the tests of the file. */
export async function listen(services: Services, metrics?: Metrics, host = '127.0.0.1'): Promise<string> {
  const server = createHttpServer(services, metrics)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

const opened: (() => Promise<void>)[] = []

afterAll(async () => {
  for (const close of opened.splice(0)) await close()
})

/** The real log with its rules, kept in memory. */
export function memoryLog(level = 'trace'): {
  log: Services['log']
  lines: () => Record<string, unknown>[]
  text: () => string
} {
  let written = ''
  const destination = { write: (line: string) => void (written += line) }
  return {
    log: createLog(level, destination satisfies Parameters<typeof pino>[1]),
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

/** A connection spoken to octet by octet. */
export interface RawConnection {
  send(text: string | Uint8Array): void
  /** Waits until what has come holds this text; the whole of it. */
  until(text: string): Promise<string>
  /** Waits for the server to close; all that came. */
  closed(): Promise<string>
  end(): void
}

export function connectRaw(url: string): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let received = ''
  let isClosed = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const check of waiting) check()
  }
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    wake()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
    wake()
  })
  const when = (holds: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (holds()) resolve(received)
        else if (isClosed) reject(new Error(`closed after: ${received}`))
        else return
        waiting.delete(check)
      }
      waiting.add(check)
      check()
    })
  return {
    send: (text) => void socket.write(text),
    until: (text) => when(() => received.includes(text)),
    closed: () => when(() => isClosed),
    end: () => void socket.destroy(),
  }
}

/** One request on a connection of its own, exactly as written; all that came until the server closed. */
export async function exchange(url: string, request: string | Uint8Array): Promise<string> {
  const connection = connectRaw(url)
  connection.send(request)
  return connection.closed()
}

/** The value of an Authorization header. */
export function basic(name: string, password: string, encoding: BufferEncoding = 'utf8'): string {
  return `Basic ${Buffer.from(`${name}:${password}`, encoding).toString('base64')}`
}
