import { readFileSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { carddav, dav } from '../../protocol/dav/names.ts'
import { propfindBody, syncBody } from '../dav/client.ts'
import { fillBook } from './large-book.ts'
import {
  contacts,
  type DataFolder,
  makeDataFolder,
  type ServerProcess,
  startServer,
} from './server-process.ts'

const cards = 100_000
/** What an answer of any length may cost on top (issue: 64 MiB). */
const mostMib = 64

let folder: DataFolder
let server: ServerProcess
beforeAll(async () => {
  folder = makeDataFolder()
  await (await startServer(folder)).stop()
  await fillBook(folder, cards)
}, 60_000)
afterAll(() => folder[Symbol.dispose]())

/** Of the process, in MiB: what it has now (VmRSS), or the most it had since the last reset (VmHWM). */
function memoryMib(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
}

function resetPeak(): void {
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
}

function open(method: string, depth: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const authorization = `Basic ${Buffer.from(`admin:${folder.password}`).toString('base64')}`
    const headers = { Authorization: authorization, Depth: depth, 'Content-Type': 'application/xml' }
    const sent = request(new URL(contacts, server.url), { method, headers }, resolve)
    sent.once('error', reject)
    sent.end(body)
  })
}

interface Read {
  readonly responses: number
  readonly end: string
}

/** Reads an answer without keeping it. @param pauseMs  how long the client does nothing after the first piece */
async function read(answer: IncomingMessage, pauseMs = 0): Promise<Read> {
  expect(answer.statusCode).toBe(207)
  const mark = '</d:response>'
  let responses = 0
  let rest = ''
  let isFirst = true
  for await (const piece of answer) {
    const text = rest + String(piece)
    responses += text.split(mark).length - 1
    rest = text.slice(text.lastIndexOf(mark) + 1).slice(-200)
    if (isFirst && pauseMs > 0) await wait(pauseMs)
    isFirst = false
  }
  return { responses, end: rest }
}

describe(`RFC 6578 §3.4 and RFC 4918 §9.1 on a book of ${cards} cards`, () => {
  const etags = propfindBody([dav('getetag'), dav('getcontenttype'), dav('resourcetype')])
  const everything = syncBody('', undefined, [dav('getetag'), carddav('address-data')])
  const answers = [
    { what: 'a first sync', method: 'REPORT', depth: '0', body: syncBody(''), more: 0 },
    { what: 'a PROPFIND of the members', method: 'PROPFIND', depth: '1', body: etags, more: 1 },
    {
      what: 'a first sync with the cards',
      method: 'REPORT',
      depth: '1',
      body: everything,
      more: 0,
    },
  ]

  it.each(answers)(
    '$what takes less than 64 MiB more memory',
    { timeout: 60_000 },
    async ({ method, depth, body, more }) => {
      await using started = await startServer(folder)
      server = started
      const warm = await read(await open('REPORT', '0', syncBody('', 500)))
      expect(warm.responses).toBe(501)
      const before = memoryMib('VmRSS')
      resetPeak()
      const { responses, end } = await read(await open(method, depth, body))
      expect(responses).toBe(cards + more)
      expect(end).toMatch(/<\/d:multistatus>$/)
      expect(memoryMib('VmHWM') - before).toBeLessThan(mostMib)
    },
  )

  it('a client that reads nothing for a while is waited for, and the others go on', {
    timeout: 60_000,
  }, async () => {
    await using started = await startServer(folder)
    server = started
    await read(await open('REPORT', '0', syncBody('', 500)))
    const before = memoryMib('VmRSS')
    resetPeak()
    const pauseMs = 1_500
    const slow = Array.from({ length: 4 }, async () => read(await open('REPORT', '0', syncBody('')), pauseMs))
    await wait(pauseMs / 3)
    const asked = performance.now()
    expect((await read(await open('PROPFIND', '0', etags))).responses).toBe(1)
    expect(performance.now() - asked).toBeLessThan(pauseMs / 2)
    expect(memoryMib('VmHWM') - before).toBeLessThan(mostMib)
    for (const { responses } of await Promise.all(slow)) expect(responses).toBe(cards)
  })
})
