import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from '../compiled.ts'
import { dialect, openTestStore } from '../store.ts'
import { makeAccount } from './world.ts'

const canTrace = dialect === 'sqlite' && spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0

describe.runIf(canTrace)('a write to SQLite', () => {
  it('is synced to disk before it is answered, as the system calls show', async () => {
    await using world = await openTestStore()
    using program = compile('test/storage/writer-process.ts')
    const { book } = await makeAccount(world.store)
    const { database, dataDirectory } = world
    const task = { database, dataDirectory, collection: book, prefix: 'synced', count: 40, atOnce: 4 }
    const log = join(dataDirectory, 'trace')
    const calls = ['-f', '-qq', '-s', '64', '-y', '-e', 'trace=fsync,fdatasync,write,pwrite64', '-o', log]
    execFileSync('strace', [...calls, process.execPath, program.path, JSON.stringify(task)])
    const syncs = syncsOf()
    let pending = 0
    let answers = 0
    let writes = 0
    for (const line of readFileSync(log, 'utf8').split('\n')) {
      if (/pwrite64\(.*farley\.db-wal/.test(line)) {
        pending += 1
        writes += 1
      } else if (syncs.end(line)) pending = 0
      else if (/write\(1<.*synced-\d+\.vcf/.test(line)) {
        expect(pending, line).toBe(0)
        answers += 1
      }
    }
    expect(answers).toBe(40)
    expect(writes).toBeGreaterThan(40)
  })
})

/** Sees the syncs of the log end; strace cuts a call in two where another thread's comes between. */
function syncsOf(): { end(line: string): boolean } {
  const begun = new Set<string>()
  return {
    end: (line) => {
      const thread = line.split(' ', 1).join('')
      if (/f(data)?sync\(.*farley\.db-wal.* = 0/.test(line)) return true
      if (/f(data)?sync\(.*farley\.db-wal.*<unfinished \.\.\.>/.test(line)) begun.add(thread)
      return /<\.\.\. f(data)?sync resumed>.* = 0/.test(line) && begun.delete(thread)
    },
  }
}
