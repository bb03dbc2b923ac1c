import { describe, expect, it } from 'vitest'
import { card, event } from '../dav/objects.ts'
import { startServer, useServer } from '../dav/server.ts'
import { restoreFrom, signIn, walk } from '../features/archive-world.ts'
import { useFolder } from '../features/folder.ts'
import { useShares } from '../features/shares.ts'

const server = useServer()
const folder = useFolder()
const shares = useShares(server)
const group = card('g', 'Friends', ['X-ADDRESSBOOKSERVER-KIND:group'])

describe('GET /api/export', () => {
  it('is the archive of the account, which another installation takes', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.files}f.bin`, Buffer.alloc(3_000_000, 'abc'))
    const { status, headers, body } = await alice.get('/api/export')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${alice.segment}.zip"`,
      'cache-control': 'no-store',
    })
    const path = folder.write('alice.zip', body)
    await using other = await startServer()
    expect(await restoreFrom(other, path)).toMatchObject([{ kind: 'restored', objects: 1, documents: 1 }])
    expect(await walk(await signIn(other, alice))).toEqual(await walk(alice))
  })
})

describe('GET /api/collections/NAME/export', () => {
  it('is a book in every form: as stored, of a version, as a table, as JSON', async () => {
    const alice = await server.account()
    const text = card('a', '=HYPERLINK("http://x")', ['TEL;TYPE=CELL:+49 170 1'])
    for (const [name, body] of [
      ['a', text],
      ['g', group],
    ] as const)
      expect((await alice.put(`${alice.contacts}${name}.vcf`, body)).status).toBe(201)
    const get = (query: string) => alice.get(`/api/collections/contacts/export${query}`)
    expect((await get('')).text).toBe(text + group)
    expect((await get('?format=vcf&version=4.0')).text).toContain('VERSION:4.0\r\n')
    const table = await get('?format=csv')
    expect(table.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(table.headers['content-disposition']).toBe('attachment; filename="contacts.csv"')
    const [header = '', row, ...more] = table.text.split('\r\n')
    expect(header).toMatch(/^\ufeffFirst Name,.*,Display Name,UID,Phone 1 - Label,Phone 1 - Value$/)
    expect(row).toMatch(/^"'=HYPERLINK.*,"'=HYPERLINK\(""http:\/\/x""\)",a,Mobile,\+49 170 1$/)
    expect(more).toEqual([''])
    expect(JSON.parse((await get('?format=jcard')).text)).toMatchObject(
      [
        ['vcard', []],
        ['vcard', []],
      ].map(([name]) => [name, expect.any(Array)]),
    )
    expect(JSON.parse((await get('?format=jscontact')).text)).toMatchObject([
      { '@type': 'Card', uid: 'a' },
      { uid: 'g', kind: 'group' },
    ])
  })

  it('is a calendar as iCalendar and jCal, and refuses what a calendar is not written as', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    const get = (query: string) => alice.get(`/api/collections/calendar/export${query}`)
    expect((await get('?format=ics')).text).toContain('UID:e\r\n')
    expect(JSON.parse((await get('?format=jcal')).text)).toMatchObject([
      ['vcalendar', expect.any(Array), [['vevent', expect.any(Array), []]]],
    ])
    expect(JSON.parse((await alice.get('/api/collections/tasks/export?format=jcal')).text)).toEqual([])
    expect(await get('?format=csv')).toMatchObject({
      status: 422,
      text: expect.stringContaining('ics, jcal'),
    })
    expect(await get('?version=4.0')).toMatchObject({ status: 422 })
    expect(await alice.get('/api/collections/none/export')).toMatchObject({ status: 422 })
  })
})

describe('RFC 9110 §12.5.1 a book by GET', () => {
  it('is a table for those who accept text/csv, also where it is shared; for others cards', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await shares.share(alice.contacts, bob, 'read')
    const [mounted = ''] = await shares.accept(bob)
    const csv = { Accept: 'text/csv, text/plain;q=0.5' }
    for (const [account, path] of [
      [alice, alice.contacts],
      [bob, mounted],
    ] as const) {
      const { status, headers, text } = await account.get(path, csv)
      expect([status, headers['content-type'], headers.vary]).toEqual([
        200,
        'text/csv; charset=utf-8; header=present',
        'Accept',
      ])
      expect(text).toContain('Jane,,Doe')
      const etag = String(headers.etag)
      expect((await account.get(path, { ...csv, 'If-None-Match': etag })).status).toBe(304)
      for (const Accept of ['*/*', 'text/*', 'text/html, */*;q=0.1', 'text/vcard, text/csv;q=0.9'])
        expect((await account.get(path, { Accept })).headers['content-type']).toMatch(/^text\/vcard/)
    }
    expect((await alice.get(alice.calendar, csv)).headers['content-type']).toMatch(/^text\/calendar/)
  })
})
