import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { contacts, makeDataFolder, startServer } from './server-process.ts'
import { hasStrace, readTrace, type SystemCall, strace } from './trace.ts'

/**
 * A 2xx is durable: the operating system's calls, as strace shows them, have the body in the write-ahead log, then the
 * log synced to disk, and only then the answer on its way. CI fails where strace is missing; elsewhere it is skipped.
 */
const isOnLog = ({ text }: SystemCall) => /^\w+\(\d+<[^>]*farley\.sqlite-wal>/.test(text)

/** Checks the order of one acknowledged PUT. */
function expectSynced(trace: readonly SystemCall[], marker: string, etag: string): void {
  const written = trace.find(
    (call) => call.name === 'pwrite64' && isOnLog(call) && call.text.includes(marker),
  )
  expect(written, `${marker} is written to the log`).toBeDefined()
  const answered = trace.find(
    ({ name, text }) =>
      /^(write|writev|sendto|sendmsg)$/.test(name) && text.includes('HTTP/1.1 20') && text.includes(etag),
  )
  expect(answered, `${marker} is answered`).toBeDefined()
  const synced = trace.find(
    (call) =>
      /^f(data)?sync$/.test(call.name) &&
      isOnLog(call) &&
      call.began > (written?.ended ?? Number.POSITIVE_INFINITY) &&
      call.ended < (answered?.began ?? 0),
  )
  expect(synced, `the log is synced between writing and answering ${marker}`).toBeDefined()
}

describe.skipIf(!hasStrace && process.env.CI === undefined)('a 2xx is on disk before it leaves', () => {
  it('one PUT after another, and many at once that share a commit', { timeout: 60_000 }, async () => {
    expect(hasStrace, 'strace is installed and may trace').toBe(true)
    using folder = makeDataFolder()
    const to = `${folder.path}/trace`
    const puts: { marker: string; etag: string }[] = []
    await using server = await startServer(folder, strace(to))
    const { client } = server
    const put = async (name: string, round: number) => {
      const marker = `marker-${name}-${round}-end`
      const answer = await client.put(`${contacts}${name}.vcf`, card(name, marker))
      expect(answer.status).toBe(round === 0 ? 201 : 204)
      puts.push({ marker, etag: (answer.headers.etag ?? '').replaceAll('"', '') })
    }
    for (const round of [0, 1]) {
      for (const name of ['a', 'b', 'c']) await put(name, round)
      await Promise.all(Array.from({ length: 40 }, (_, n) => put(`at-once-${n}`, round)))
    }
    expect(await server.stop()).toBe(0)
    const trace = readTrace(readFileSync(to, 'latin1'))
    for (const { marker, etag } of puts) expectSynced(trace, marker, etag)
    // Making the tables syncs the log too.
    const first = trace.find((call) => call.text.includes(puts[0]?.marker ?? ''))?.began ?? 0
    const isSync = (call: SystemCall) => /^f(data)?sync$/.test(call.name) && isOnLog(call)
    const syncs = trace.filter((call) => isSync(call) && call.began > first)
    expect(syncs.length).toBeGreaterThan(0)
    expect(syncs.length, 'writes that wait together share a sync').toBeLessThan(puts.length)
  })
})
