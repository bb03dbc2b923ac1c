import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const here = useProgram()
const there = useProgram()
const password = 'a good password'
let url = ''

const home = '/dav/addressbooks/alice/contacts/'
const alice = () => createClient(url, { name: 'alice', password })

beforeAll(async () => {
  await there.must(['user', 'add', 'alice', '--password-stdin'], { input: password })
  url = (await there.serve()).url
  for (let n = 0; n < 200; n += 1) await alice().put(`${home}c${n}.vcf`, card(`c${n}`))
  await alice().put('/dav/calendars/alice/calendar/e.ics', event('e'))
})

let people = 0

/** A new account here that moves in. */
async function mover() {
  const name = `mover${(people += 1)}`
  await here.must(['user', 'add', name])
  const words = ['migrate-from', name, '--url', url, '--user', 'alice', '--password-stdin']
  return {
    name,
    words,
    move: (...more: string[]) => here.run([...words, ...more], { input: password }),
    exported: async () => {
      const folder = join(here.data, `${name}-${(people += 1)}`)
      await here.must(['export', name, '--to', folder])
      const files = readdirSync(folder, { recursive: true }).map(String)
      return files.filter((file) => /\/contacts\/[^/]+\.vcf$/.test(`/${file}`))
    },
  }
}

describe('farley migrate-from', () => {
  it('copies, compares, and prints what a person has to know', async () => {
    const { name, move, exported } = await mover()
    const report = join(here.data, 'report.jsonl')
    const { code, stdout, stderr } = await move('--report', report)
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trim().split('\n')
    expect(lines.filter((line) => line.startsWith('collection'))).toHaveLength(3)
    expect(lines.at(-1)).toMatch(
      /^201 found, 201 copied, 201 identical, 0 rewritten, .* 0 refused, .*\(migration \d+\)$/,
    )
    expect(await exported()).toHaveLength(200)
    const events = readFileSync(report, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.filter(({ kind, what }) => kind === 'item' && what === 'copied')).toHaveLength(201)
    expect(readFileSync(report, 'utf8') + stdout).not.toContain(password)
    const [listed = ''] = await here.must(['migrate-from', 'list', name])
    expect(listed.split('\t')).toMatchObject({ 2: `${url}/`, 3: 'alice', 4: 'finished' })
    expect(listed).toContain('201 identical')
  })

  it('is undone as one batch', async () => {
    const { name, move, exported } = await mover()
    const id = /migration (\d+)/.exec((await move()).stdout)?.[1] ?? ''
    expect(await here.must(['migrate-from', 'undo', name, id])).toEqual(['201 undone, 0 kept'])
    expect(await exported()).toEqual([])
    await expect(here.must(['migrate-from', 'undo', name, 'x'])).rejects.toThrow(/number/)
  })

  it('killed on its way it goes on, and has nothing twice', async () => {
    const { name, words, move, exported } = await mover()
    const report = join(here.data, 'killed.jsonl')
    const slow = { FARLEY_MIGRATION_CONNECTIONS: '1' }
    const killed = here.start([...words, '--report', report], { input: password, env: slow })
    while (!existsSync(report) || readFileSync(report, 'utf8').split('"copied"').length < 20) await wait(2)
    killed.kill('SIGKILL')
    await killed.ended
    const before = (await exported()).length
    expect(before).toBeLessThan(200)
    const { code, stdout } = await move()
    expect(code).toBe(0)
    expect(stdout).toContain('201 found, 201 copied, 201 identical')
    expect(await exported()).toHaveLength(200)
    expect(await here.must(['migrate-from', 'list', name])).toHaveLength(1)
  })

  it('follows changes until it is stopped', async () => {
    const { words, exported } = await mover()
    const following = here.start([...words, '--follow', '--every', '1s'], { input: password })
    await following.until(/following/)
    await alice().put(`${home}late.vcf`, card('late'))
    await following.until(/copied[^\n]*late\.vcf/)
    await alice().delete(`${home}late.vcf`)
    await following.until(/removed[^\n]*late\.vcf/)
    following.kill('SIGINT')
    expect(await following.ended).toBe(0)
    expect(await exported()).toHaveLength(200)
  })

  it('keeps a copy of what is refused, and ends with 1', async () => {
    const { words } = await mover()
    const folder = join(here.data, 'refused')
    const path = '/dav/calendars/alice/calendar/many.ics'
    const guests = [1, 2, 3].map((n) => `ATTENDEE:mailto:guest${n}@example.org`)
    const many = event('many', ['DTSTART:20260115T100000Z', 'ORGANIZER:mailto:a@example.org', ...guests])
    await alice().put(path, many)
    const { code, stdout } = await here.run([...words, '--refused', folder], {
      input: password,
      env: { FARLEY_LIMITS_ATTENDEES: '2' },
    })
    await alice().delete(path)
    expect(code).toBe(1)
    expect(stdout).toMatch(/refused\t\S+many\.ics\t\t.*attendees/i)
    const [file = ''] = readdirSync(folder)
    expect(file).toMatch(/-many\.ics$/)
    expect(readFileSync(join(folder, file), 'utf8')).toBe(many)
  })

  it('is told what it needs', async () => {
    const { name } = await mover()
    const wrong = async (...words: string[]) => (await here.run(['migrate-from', name, ...words])).stderr
    expect(await wrong()).toContain('--user')
    expect(await wrong('--user', 'a')).toContain('--url')
    expect(await wrong('--user', 'a', '--url', 'ftp://x')).toContain('is no address')
    expect(await wrong('--user', 'a', '--url', 'https://a:b@x')).toContain('not in the address')
    expect(await wrong('--user', 'a', '--url', url)).toContain('--password-stdin')
    expect(
      await wrong('--user', 'a', '--url', url, '--follow', '--every', '1d', '--password-stdin'),
    ).toContain('--every')
  })
})
