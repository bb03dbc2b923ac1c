import { describe, expect, it } from 'vitest'
import { reindexAll } from '../../src/features/reindex.ts'
import { calendar, card, event, todo } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'

const server = useServer()
const dayMs = 86_400_000

/** All rows of the index, without surrogate ids, in an order of their own. */
async function indexRows(): Promise<string[]> {
  const rows: string[] = []
  for (const table of ['calendar_objects', 'calendar_instances', 'contact_fields']) {
    const found = await server.services.store.read(({ sql }) =>
      sql.all<Record<string, unknown>>(`SELECT * FROM ${table}`),
    )
    for (const { id: _, ...row } of found) rows.push(JSON.stringify({ table, ...row }))
  }
  return rows.sort()
}

/** What a reindex must not touch. */
function truth(): Promise<unknown[]> {
  return server.services.store.read(async ({ sql }) => [
    await sql.all('SELECT id, name, etag, change, body_id, modified_at FROM objects ORDER BY id'),
    await sql.all('SELECT id, change, floor FROM feeds ORDER BY id'),
    await sql.all('SELECT count(*) AS n FROM revisions'),
    await sql.all('SELECT count(*) AS n FROM events'),
  ])
}

const objects: Record<string, string> = {
  'once.ics': event('once'),
  'daily.ics': event('daily', ['DTSTART;TZID=Europe/Berlin:20260101T090000', 'RRULE:FREQ=DAILY']),
  'days.ics': event('days', [
    'DTSTART;VALUE=DATE:20260105',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    'TRANSP:TRANSPARENT',
  ]),
  'moved.ics': calendar([
    ...['BEGIN:VEVENT', 'UID:moved', 'DTSTART:20260101T100000', 'RRULE:FREQ=MONTHLY', 'END:VEVENT'],
    ...['BEGIN:VEVENT', 'UID:moved', 'RECURRENCE-ID:20260201T100000', 'DTSTART:20260203T100000'],
    ...['STATUS:TENTATIVE', 'END:VEVENT'],
  ]),
  'endless.ics': event('endless', ['DTSTART:19000101T000000Z', 'RRULE:FREQ=SECONDLY']),
}

describe('law 1: reindexing', () => {
  it('gives the same rows, at the horizon each object has, and touches nothing else', async () => {
    const alice = await server.account()
    for (const [name, body] of Object.entries(objects)) {
      expect((await alice.put(alice.calendar + name, body)).status).toBe(201)
      // Each object has a window of its own.
      server.clock.now += dayMs
    }
    await alice.put(`${alice.tasks}t.ics`, todo('t', ['DUE:20260201T100000Z']))
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Žofie Nováková', ['TEL:+49 30 1', 'EMAIL:a@x.org']))
    const book = `${alice.books}gone/`
    await alice.request('MKCOL', book, {
      body: '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/></d:resourcetype></d:prop></d:set></d:mkcol>',
    })
    await alice.put(`${book}b.vcf`, card('b'))
    await alice.delete(book)
    server.clock.now += 40 * dayMs
    const before = [await indexRows(), await truth()]
    expect(before[0]?.length).toBeGreaterThan(700)
    const steps: number[] = []
    const counts = await reindexAll(server.services, ({ done }) => steps.push(done))
    expect(counts).toEqual({ indexed: 8, changed: 0, unreadable: 0 })
    expect(steps.at(-1)).toBe(8)
    expect([await indexRows(), await truth()]).toEqual(before)
  })

  it('brings back rows that were lost, at the horizon of today', async () => {
    const alice = await server.account()
    await reindexAll(server.services)
    for (const [name, body] of Object.entries(objects)) await alice.put(alice.calendar + name, body)
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe', ['NOTE:row']))
    const own = async () => (await indexRows()).filter((row) => ids.has(JSON.parse(row).object_id))
    const ids = new Set(
      (
        await server.services.store.read(({ sql }) =>
          sql.all<{ id: number }>(
            `SELECT o.id FROM objects o JOIN collections c ON c.id = o.collection_id
             JOIN principals p ON p.id = c.principal_id WHERE p.segment = $1`,
            [alice.segment],
          ),
        )
      ).map(({ id }) => id),
    )
    const before = [await own(), await truth()]
    expect(ids.size).toBe(6)
    await server.services.store.write(async ({ sql }) => {
      for (const table of ['calendar_instances', 'calendar_objects', 'contact_fields']) {
        await sql.run(`DELETE FROM ${table}`)
      }
    })
    expect(await own()).toEqual([])
    await reindexAll(server.services)
    expect([await own(), await truth()]).toEqual(before)
  })

  it('leaves an object that cannot be read as it is, and goes on', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.contacts}b.vcf`, card('b'))
    await server.services.store.write(({ sql }) =>
      sql.run(
        `UPDATE bodies SET bytes = $1 WHERE id = (SELECT body_id FROM objects WHERE name = 'a.vcf' AND etag IN
           (SELECT etag FROM objects WHERE uid = 'a') ORDER BY id DESC LIMIT 1)`,
        [Buffer.from('x'.repeat(Buffer.byteLength(card('a'))))],
      ),
    )
    const before = await indexRows()
    expect(await reindexAll(server.services)).toMatchObject({ changed: 0, unreadable: 1 })
    expect(await indexRows()).toEqual(before)
  })
})
