import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportAccount } from '../../src/features/transfer/export-folder.ts'
import { TransferError } from '../../src/features/transfer/transfer-error.ts'
import { card, event, todo } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { collect, importAll, rowOf } from './world.ts'

const server = useServer()
const folder = useFolder()

async function exportAll(account: Account, to: string, onProgress?: (done: number, all: number) => void) {
  const row = await rowOf(server, account)
  return collect(exportAccount(server.services, row, join(folder.path, to), onProgress))
}

const mkcalendar = (props: string) =>
  `<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop>${props}</d:prop></d:set></c:mkcalendar>`
const proppatch = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:note xmlns:x="urn:x">kept</x:note></d:prop></d:set></d:propertyupdate>`

describe('exporting an account', () => {
  it('writes a folder for each collection and a file for each object, octet for octet', async () => {
    const alice = await server.account()
    const odd = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from(card('odd', 'Zoë Doe'))])
    await alice.put(`${alice.contacts}odd.vcf`, odd)
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    await alice.put(`${alice.tasks}t.ics`, todo('t'))
    const steps: [number, number][] = []
    const exported = await exportAll(alice, 'out', (done, total) => steps.push([done, total]))
    expect(exported).toEqual(
      ['calendar', 'tasks', 'contacts'].map((name) => ({
        kind: 'exported',
        folder: join(folder.path, 'out', name),
        count: 1,
      })),
    )
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
    const files = folder.files('out')
    expect([...files.keys()]).toEqual([
      'calendar/collection.json',
      'calendar/e.ics',
      'contacts/collection.json',
      'contacts/odd.vcf',
      'tasks/collection.json',
      'tasks/t.ics',
    ])
    expect(files.get('contacts/odd.vcf')).toEqual(odd)
    expect(files.get('calendar/e.ics')?.toString()).toBe(event('e'))
  })

  it('writes the properties of a collection and of its objects beside them', async () => {
    const alice = await server.account()
    const made = await alice.request('MKCALENDAR', `${alice.calendars}work/`, {
      body: mkcalendar(
        '<d:displayname>Work</d:displayname><c:calendar-description>Büro</c:calendar-description>',
      ),
    })
    expect(made.status).toBe(201)
    await alice.put(`${alice.calendars}work/e.ics`, event('e'))
    for (const path of ['work/', 'work/e.ics']) {
      expect((await alice.request('PROPPATCH', alice.calendars + path, { body: proppatch })).status).toBe(207)
    }
    await exportAll(alice, 'out')
    const described: unknown = JSON.parse(folder.files('out').get('work/collection.json')?.toString() ?? '')
    const properties = [{ name: '{urn:x}note', xml: expect.stringContaining('kept') }]
    expect(described).toMatchObject({
      kind: 'calendar',
      name: 'work',
      displayname: 'Work',
      description: 'Büro',
      isDefault: false,
      properties,
      members: { 'e.ics': { properties } },
    })
  })

  it('gives names that no file system minds, and says whose they are', async () => {
    const alice = await server.account()
    const names = ['a%2Fb', 'a%5Cb.vcf', 'CASE.vcf', 'case.vcf', `${'l'.repeat(240)}.vcf`, 'con.vcf']
    for (const [n, name] of names.entries()) {
      const { status } = await alice.put(`${alice.contacts}${name.replace('%2F', '%3F')}`, card(`u${n}`), {
        'Content-Type': 'text/vcard',
      })
      expect(status).toBe(201)
    }
    await exportAll(alice, 'out')
    const files = [...folder.files('out/contacts').keys()].filter((name) => name.endsWith('.vcf'))
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length)
    for (const file of files) expect(file).toMatch(/^[\w.%-]{1,170}\.vcf$/)
    const described: { members: Record<string, { name: string }> } = JSON.parse(
      folder.files('out/contacts').get('collection.json')?.toString() ?? '',
    )
    expect(Object.values(described.members).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['a?b', 'a\\b.vcf', 'case.vcf', `${'l'.repeat(240)}.vcf`, 'con.vcf']),
    )
  })

  it('does not write into a folder that holds something', async () => {
    const alice = await server.account()
    folder.write('out/mine.txt', 'mine')
    await expect(exportAll(alice, 'out')).rejects.toThrow(TransferError)
    expect([...folder.files('out').keys()]).toEqual(['mine.txt'])
  })

  it('can be imported again: into the same account nothing changes, into another all comes', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const odd = event('e').replace('PRODID', 'X-WR-CALNAME:odd\r\nPRODID')
    await alice.put(`${alice.calendar}e.ics`, odd)
    await alice.put(`${alice.contacts}c.vcf`, card('c'))
    await exportAll(alice, 'out')
    const out = join(folder.path, 'out')
    expect((await importAll(server, alice, [out])).map(({ kind }) => kind)).toEqual([
      'unchanged',
      'unchanged',
    ])
    expect((await importAll(server, bob, [out])).map(({ kind }) => kind)).toEqual(['created', 'created'])
    expect((await bob.get(`${bob.calendar}e.ics`)).text).toBe(odd)
  })
})
