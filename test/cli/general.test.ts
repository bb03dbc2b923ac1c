import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { allCommands, findCommand } from '../../src/cli/index.ts'
import { openDatabase } from '../../storage/database.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley --help', () => {
  it('names every command, and each has a help of its own', async () => {
    const { code, stdout } = await farley.run(['--help'])
    expect(code).toBe(0)
    for (const { words, summary } of await allCommands()) {
      expect(stdout).toContain(`  farley ${words.join(' ')}`)
      expect(stdout).toContain(summary)
    }
    const [help, bare] = [await farley.run(['import', '--help']), await farley.run([])]
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--into') })
    expect(bare.code).toBe(0)
  })

  it('is of commands that are all found by their words', async () => {
    for (const command of await allCommands())
      expect(await findCommand([...command.words, 'more'])).toBe(command)
    expect(await findCommand(['sync'])).toBeUndefined()
  })

  it('is no matter of where the options stand that every command has', async () => {
    const plain = await farley.must(['config'])
    expect(await farley.must(['--data', farley.data, 'config'])).toEqual(plain)
    expect(await farley.must([`--data=${farley.data}`, 'user', 'list'])).toEqual([])
    expect(await farley.run(['--data'])).toMatchObject({ code: 0 })
  })

  it('follows what it cannot read, with exit code 2 and nothing on standard output', async () => {
    for (const words of [
      ['sync'],
      ['user'],
      ['trash', 'show', 'a'],
      ['user', 'add'],
      ['user', 'list', '--all'],
    ]) {
      expect(await farley.run(words)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^farley: .+\n$/),
      })
    }
  })
})

describe('farley config', () => {
  it('prints every setting with its name in the environment, secrets masked', async () => {
    const env = {
      FARLEY_DATABASE_URL: 'postgres://farley:h1dd@en@db:5432/x',
      FARLEY_LIMITS_BODY_BYTES: '1234',
    }
    const lines = await farley.must(['config'], { env })
    expect(lines).toContain('database.url = "postgres://farley:***@db:5432/x"\tFARLEY_DATABASE_URL')
    expect(lines).toContain('limits.bodyBytes = 1234\tFARLEY_LIMITS_BODY_BYTES')
    expect(lines).toContain(`data = ${JSON.stringify(farley.data)}\tFARLEY_DATA`)
    expect(lines).toContain(`limits.xmlDepth = ${defaults.limits.xmlDepth}\tFARLEY_LIMITS_XML_DEPTH`)
    expect(lines.join('\n')).not.toMatch(/h1dd|en@db/)
  })

  it('refuses unknown settings with the nearest name, from the environment and from a file', async () => {
    expect(await farley.run(['config'], { env: { FARLEY_DATABSE_URL: '' } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'farley: The environment variable FARLEY_DATABSE_URL is not a setting of Farley. Did you mean FARLEY_DATABASE_URL?\n',
    })
    const file = join(farley.data, 'other.json')
    writeFileSync(file, '{"limits": {"bodyByte": 1}}')
    expect(await farley.run(['config', '--config', file])).toMatchObject({
      code: 1,
      stderr: `farley: The key "limits.bodyByte" in ${file} is not a setting of Farley. Did you mean limits.bodyBytes?\n`,
    })
    expect(await farley.run(['config'], { env: { FARLEY_PORT: 'http' } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('FARLEY_PORT'),
    })
  })
})

describe('farley migrate', () => {
  it('says what it did, and then that there was nothing to do', async () => {
    const data = join(farley.data, 'new')
    const first = await farley.must(['migrate', '--data', data])
    expect(first.length).toBeGreaterThan(0)
    for (const line of first) expect(line).toMatch(/^migrated\t\S+$/)
    expect(await farley.must(['migrate', '--data', data])).toEqual([
      'The database is up to date; there was nothing to do.',
    ])
  })

  it('refuses a database of a newer version with a sentence', async () => {
    const data = join(farley.data, 'newer')
    await farley.must(['migrate', '--data', data])
    const database = await openDatabase({ kind: 'sqlite', path: join(data, 'farley.sqlite') })
    if (database.kind !== 'sqlite') throw new Error('not SQLite')
    await database.writer.run("INSERT INTO migrations (timestamp, name) VALUES (9, 'Future9')")
    await database.close()
    for (const words of [['migrate'], ['user', 'list'], ['serve', '--port', '0']]) {
      expect(await farley.run([...words, '--data', data])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^farley: The database was written by a newer version of Farley \(Future9\)/,
        ),
      })
    }
  })
})
