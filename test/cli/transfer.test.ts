import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'
import { createClient } from '../dav/client.ts'
import { card, event, todo } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()
const password = 'a good password'

beforeAll(async () => {
  const input = { input: password }
  for (const name of ['alice', 'bob']) await farley.must(['user', 'add', name, '--password-stdin'], input)
})

function files(content: Readonly<Record<string, string>>): string {
  const folder = join(farley.data, `files-${(folders += 1)}`)
  mkdirSync(folder)
  for (const [name, text] of Object.entries(content)) writeFileSync(join(folder, name), text)
  return folder
}
let folders = 0

describe('farley import', () => {
  it('reports every item and the counts; again nothing changes', async () => {
    const folder = files({ 'a.vcf': card('a') + card('b'), 'c.ICS': event('c'), 'd.ics': todo('d') })
    expect(await farley.must(['import', 'alice', folder])).toEqual([
      `taken\t${folder}/a.vcf:1\tcontacts/a.vcf`,
      `taken\t${folder}/a.vcf:7\tcontacts/b.vcf`,
      `taken\t${folder}/c.ICS:1\tcalendar/c.ics`,
      `taken\t${folder}/d.ics:1\ttasks/d.ics`,
      expect.stringMatching(/^4 taken, 0 updated, 0 unchanged, 0 refused \(import \d+\)$/),
    ])
    expect(await farley.must(['import', 'alice', folder, '--quiet'])).toEqual([
      expect.stringMatching(/^0 taken, 0 updated, 4 unchanged, 0 refused /),
    ])
    writeFileSync(join(folder, 'c.ICS'), event('c', ['DTSTART:20260116T100000Z']))
    expect(await farley.must(['import', 'alice', join(folder, 'c.ICS')])).toEqual([
      `updated\t${folder}/c.ICS:1\tcalendar/c.ics`,
      expect.stringMatching(/^0 taken, 1 updated, 0 unchanged, 0 refused /),
    ])
  })

  it('ends with 1 when anything was refused, with file, line and reason', async () => {
    const bad = card('bad').replace('VERSION:3.0', 'VERSION:5.0')
    const folder = files({ 'a.vcf': card('one') + bad })
    const { code, stdout, stderr } = await farley.run(['import', 'bob', folder, join(folder, 'none.vcf')])
    expect(code).toBe(1)
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual([
      `taken\t${folder}/a.vcf:1\tcontacts/one.vcf`,
      `refused\t${folder}/a.vcf:7\tvCard version 5.0 is not stored; 3.0 and 4.0 are.`,
      expect.stringMatching(/^refused\t\S+none\.vcf\tIt cannot be read: ENOENT/),
      expect.stringMatching(/^1 taken, 0 updated, 0 unchanged, 2 refused /),
      '',
    ])
  })

  it('takes --into a collection that is there', async () => {
    const folder = files({ 'a.vcf': card('into') })
    expect(await farley.must(['import', 'bob', folder, '--into', 'contacts', '--quiet'])).toHaveLength(1)
    expect(await farley.run(['import', 'bob', folder, '--into', 'friends'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'farley: The account has no collection "friends"; it has calendar, tasks, contacts.\n',
    })
    expect(await farley.run(['import', 'bob'])).toMatchObject({ code: 2 })
    expect(await farley.run(['import', 'nobody', folder])).toMatchObject({ code: 1 })
  })

  it('works beside a running server, which shows what came', async () => {
    const serving = await farley.serve()
    const folder = files({ 'many.vcf': Array.from({ length: 200 }, (_, n) => card(`m${n}`)).join('') })
    const bob = createClient(serving.url, { name: 'bob', password })
    const { token } = await bob.syncAll('/dav/addressbooks/bob/contacts/', '')
    await farley.must(['import', 'bob', folder, '--quiet'])
    expect((await bob.syncAll('/dav/addressbooks/bob/contacts/', token)).changed).toHaveLength(200)
    expect(await serving.stop()).toBe(0)
  })
})

describe('the progress bar', () => {
  const drawn = (isTTY: boolean): string[] => {
    const written: string[] = []
    let now = 0
    const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) }
    const progress = createProgress('import', stream, () => now)
    progress.update(0, 10)
    progress.update(1, 10)
    now += 1_000
    progress.update(5, 10)
    progress.clear()
    progress.clear()
    return written
  }

  it('is drawn on a terminal, now and then, and goes away', () => {
    expect(drawn(true)).toEqual([
      `\rimport [${'.'.repeat(40)}]   0 %\u001b[K`,
      `\rimport [${'#'.repeat(20)}${'.'.repeat(20)}]  50 %\u001b[K`,
      '\r\u001b[K',
    ])
  })

  it('is not drawn elsewhere', () => {
    expect(drawn(false)).toEqual([])
  })
})

describe('farley export', () => {
  it('writes a folder for each collection, by default ./export-NAME', async () => {
    const lines = await farley.must(['export', 'alice'], { cwd: farley.data })
    expect(lines).toEqual([
      'exported\talice/calendars/calendar\t1',
      'exported\talice/calendars/tasks\t1',
      'exported\talice/addressbooks/contacts\t2',
    ])
    const to = join(farley.data, 'export-alice')
    expect(readFileSync(join(to, 'alice/addressbooks/contacts/a.vcf'), 'utf8')).toBe(card('a'))
    expect(existsSync(join(to, 'manifest.json'))).toBe(true)
    expect(await farley.must(['import', 'alice', to, '--quiet'])).toEqual([
      expect.stringMatching(/^0 taken, 0 updated, 4 unchanged, 0 refused /),
    ])
  })

  it('writes into --to, if that is empty', async () => {
    const to = join(farley.data, 'elsewhere')
    await farley.must(['export', 'bob', '--to', to])
    expect(await farley.run(['export', 'bob', '--to', to])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `farley: The folder ${to} is not empty: name another one with --to.\n`,
    })
    expect(await farley.run(['export'])).toMatchObject({ code: 2 })
    expect(await farley.run(['export', 'bob', '--all'])).toMatchObject({ code: 2 })
  })
})

describe('farley export --collection', () => {
  it('writes one collection to standard output, or into a file', async () => {
    const one = ['export', 'alice', '--collection', 'contacts']
    expect((await farley.run(one)).stdout).toBe(card('a') + card('b'))
    const csv = await farley.run([...one, '--format', 'csv'])
    expect(csv).toMatchObject({ code: 0, stdout: expect.stringContaining('\r\nJane,,Doe,') })
    const to = join(farley.data, 'calendar.ics')
    expect(await farley.must(['export', 'alice', '--collection', 'Calendar', '--to', to])).toEqual([])
    expect(readFileSync(to, 'utf8')).toContain('UID:c\r\n')
    expect(await farley.run([...one, '--format', 'ics'])).toMatchObject({
      code: 1,
      stderr: 'farley: An address book is written as vcf, csv, jcard, jscontact, not as "ics".\n',
    })
  })
})

describe('farley import-archive', () => {
  it('makes everybody again in an empty installation, from a ZIP file; nobody can sign in before he has a password', async () => {
    const zip = join(farley.data, 'all.zip')
    await farley.must(['export', '--all', '--to', zip])
    expect(await farley.run(['export', '--all', '--to', zip])).toMatchObject({
      code: 1,
      stderr: `farley: The file ${zip} is there already: name another one with --to.\n`,
    })
    const other = ['--data', join(farley.data, 'other')]
    const lines = await farley.must(['import-archive', zip, ...other])
    expect(lines.filter((line) => line.startsWith('restored'))).toEqual([
      'restored\taccount\talice\t/alice/\t4 objects\t0 documents',
      expect.stringMatching(/^restored\taccount\tbob\t\/bob\/\t\d+ objects\t0 documents$/),
    ])
    expect(lines.slice(-2)).toEqual([
      '2 restored, 0 left out, 0 damaged',
      'Nobody can sign in yet: set passwords with "farley user password NAME --password-stdin".',
    ])
    expect(await farley.run(['import-archive', zip, ...other])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is an account "alice" here already'),
    })
  })

  it('gives one account a password, and refuses what is damaged', async () => {
    const to = join(farley.data, 'damaged')
    await farley.must(['export', 'alice', '--to', to])
    rmSync(join(to, 'alice/addressbooks/contacts/a.vcf'))
    const other = ['--data', join(farley.data, 'third')]
    expect(await farley.run(['import-archive', to, ...other])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('missing: alice/addressbooks/contacts/a.vcf'),
    })
    const words = ['import-archive', to, 'alice', '--force', '--password-stdin', ...other]
    // The card, and whose it was.
    expect(await farley.run(words, { input: password })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('1 restored, 2 left out, 1 damaged'),
    })
    const serving = await farley.serve(other)
    const alice = createClient(serving.url, { name: 'alice', password })
    expect((await alice.get('/dav/addressbooks/alice/contacts/b.vcf')).text).toBe(card('b'))
    expect(await serving.stop()).toBe(0)
  })
})

describe('farley trash', () => {
  it('lists, restores and empties', async () => {
    const folder = files({ 'a.vcf': card('t1', 'Jane Doe') + card('t2', 'Odd \u009b31mRed') })
    await farley.must(['import', 'alice', folder])
    const serving = await farley.serve()
    const alice = createClient(serving.url, { name: 'alice', password })
    const contacts = '/dav/addressbooks/alice/contacts/'
    expect((await alice.delete(`${contacts}t2.vcf`)).status).toBe(204)
    expect((await alice.delete('/dav/calendars/alice/tasks/d.ics')).status).toBe(204)
    const listed = (await farley.must(['trash', 'list', 'alice'])).map((line) => line.split('\t'))
    expect(listed).toEqual([
      [
        expect.any(String),
        expect.stringMatching(/^\d{4}-.*Z$/),
        'VTODO',
        'd.ics',
        'Task d',
        'Tasks',
        'client',
      ],
      [expect.any(String), expect.any(String), 'VCARD', 't2.vcf', 'Odd  31mRed', 'Contacts', 'client'],
    ])
    const id = listed[1]?.[0] ?? ''
    expect(await farley.must(['trash', 'restore', 'alice', id])).toEqual([`restored\t${id}\tcontacts/t2.vcf`])
    expect((await alice.get(`${contacts}t2.vcf`)).text).toBe(card('t2', 'Odd \u009b31mRed'))
    expect(await farley.run(['trash', 'restore', 'alice', id, '999'])).toMatchObject({
      code: 1,
      stdout: `refused\t${id}\tIt is not in the trash.\nrefused\t999\tIt is not in the trash.\n`,
    })
    expect(await farley.must(['trash', 'empty', 'alice'])).toEqual(['1 removed from the trash of alice.'])
    expect(await farley.must(['trash', 'list', 'alice'])).toEqual([])
    expect(await farley.run(['trash', 'restore', 'alice'])).toMatchObject({ code: 2 })
    expect(await serving.stop()).toBe(0)
  })
})

describe('the documents of a group', () => {
  it('are brought back from the trash, written out, and said to be missing where they are', async () => {
    await farley.must(['group', 'add', 'staff'])
    await farley.must(['group', 'add-member', 'staff', 'alice'])
    const serving = await farley.serve()
    const alice = createClient(serving.url, { name: 'alice', password })
    for (const name of ['kept.txt', 'gone.txt']) await alice.put(`/dav/files/staff/${name}`, name)
    expect((await alice.delete('/dav/files/staff/gone.txt')).status).toBe(204)
    const [entry = ''] = await farley.must(['trash', 'list', 'staff'])
    const [id = '', , kind, name] = entry.split('\t')
    expect([kind, name]).toEqual(['file', 'gone.txt'])
    await farley.must(['trash', 'restore', 'staff', id])
    expect(await serving.stop()).toBe(0)
    const to = join(farley.data, 'staff')
    expect(await farley.must(['export', 'staff', '--to', to])).toEqual(['exported\tstaff/files\t2'])
    expect(readFileSync(join(to, 'staff/files/gone.txt'), 'utf8')).toBe('gone.txt')
    rmSync(join(farley.data, 'blobs'), { recursive: true })
    const { code, stdout } = await farley.run(['export', 'staff', '--to', `${to}-2`])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^refused\t\S+files\/gone\.txt\tThe octets [0-9a-f]{64} are missing/)
    expect(stdout).not.toContain('exported\tstaff/files')
  })
})

describe('farley reindex', () => {
  it('says how many objects it indexed', async () => {
    const [line] = await farley.must(['reindex'])
    expect(line).toMatch(/^[1-9]\d* indexed, 0 changed meanwhile, 0 unreadable$/)
  })
})
