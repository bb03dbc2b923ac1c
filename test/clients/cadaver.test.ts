import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stages } from './world.ts'

const newStage = stages()

/** Runs cadaver with these commands on the files of an account. @returns what it said */
async function session(commands: readonly string[]) {
  const stage = await newStage()
  const { account, machine } = stage
  const { hostname } = new URL(account.url)
  const login = `machine ${hostname}\nlogin ${account.user}\npassword ${account.password}\n`
  await writeFile(join(machine.home, '.netrc'), login, { mode: 0o600 })
  await writeFile(join(machine.home, 'local.txt'), 'hello\n')
  const url = `${account.url}/dav/files/${account.user}/`
  const script = ['-c', 'cd "$HOME" && exec cadaver "$1"', 'sh', url]
  const { stdout } = await machine.must('sh', script, { input: `${commands.join('\n')}\nquit\n` })
  return { ...stage, stdout }
}

describe('cadaver', () => {
  it('makes folders, puts, copies, moves, gets and deletes', async () => {
    const { stdout, machine } = await session([
      ...['mkcol work', 'cd work', 'put local.txt', 'copy local.txt copy.txt', 'move copy.txt moved.txt'],
      ...['mkcol inner', 'move moved.txt inner/', 'get inner/moved.txt got.txt', 'ls', 'delete local.txt'],
      ...['cd ..', 'rmcol work', 'ls'],
    ])
    expect(stdout.match(/failed|error/gi), stdout).toBeNull()
    expect(await readFile(join(machine.home, 'got.txt'), 'utf8')).toBe('hello\n')
    expect(stdout).toMatch(/Coll: {3}inner\s/)
    expect(stdout).toMatch(/local\.txt\s+6 /)
    expect(stdout.slice(stdout.indexOf('Deleting collection'))).toContain('collection is empty')
  })

  it('sets and reads properties, locks, finds the lock, and unlocks', async () => {
    const { stdout } = await session([
      ...['put local.txt', 'propset local.txt colour red', 'propget local.txt colour', 'propnames local.txt'],
      ...['lock local.txt', 'discover local.txt', 'put local.txt', 'unlock local.txt'],
      ...['propdel local.txt colour', 'discover local.txt'],
    ])
    expect(stdout).toContain('Value of colour is: red')
    expect(stdout).toContain('DAV: getetag')
    expect(stdout).toMatch(/Lock token <urn:uuid:[0-9a-f-]{36}>:\n\s+Depth 0 on/)
    expect(stdout).toContain("Unlocking `local.txt': succeeded.")
    expect(stdout).toContain('no locks found.')
  })
})
