import { describe, expect, it } from 'vitest'
import { extendIndex } from '../../src/jobs/extend-index.ts'
import { event } from '../dav/objects.ts'
import { found, inRange } from '../dav/queries.ts'
import { type Account, useServer } from '../dav/server.ts'

const dayMs = 86_400_000
const daily = ['DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY']

interface Known {
  readonly uid: string
  readonly from: number
  readonly until: number
  readonly instances: number
}

describe('the window of the calendar index (design §4)', () => {
  const server = useServer({
    calendar: { indexPastDays: 10, indexFutureDays: 40 },
    limits: { indexedInstances: 45 },
  })
  const run = () => extendIndex.run(server.services, new AbortController().signal, '')

  /** What the rows of each object cover, in days from today. */
  async function known({ calendar }: Account): Promise<Map<string, Known>> {
    const name = calendar.split('/').at(-2)
    const rows = await server.services.store.read(({ sql }) =>
      sql.all<Known & { segment: string }>(
        `SELECT o.uid, k.expanded_from AS "from", k.expanded_until AS "until",
           (SELECT COUNT(*) FROM calendar_instances i WHERE i.object_id = o.id) AS "instances"
         FROM objects o JOIN calendar_objects k ON k.object_id = o.id
         JOIN collections c ON c.id = o.collection_id WHERE c.name = $1`,
        [name],
      ),
    )
    const today = Math.floor(server.clock.now / dayMs) * dayMs
    const days = (time: number): number => (Number(time) - today) / dayMs
    return new Map(
      rows.map((row) => [
        row.uid,
        { ...row, from: days(row.from), until: days(row.until), instances: Number(row.instances) },
      ]),
    )
  }

  it('moves with time, over pages, and past what cannot be read (law 9)', async () => {
    const alice = await server.account()
    const weekly = (uid: string) => event(uid, [daily[0] ?? '', 'RRULE:FREQ=WEEKLY'])
    await alice.put(`${alice.calendar}bad.ics`, weekly('bad'))
    const names = Array.from({ length: 203 }, (_, n) => `good${n}`)
    for (let at = 0; at < names.length; at += 29) {
      await Promise.all(
        names.slice(at, at + 29).map((uid) => alice.put(`${alice.calendar}${uid}.ics`, weekly(uid))),
      )
    }
    await alice.put(`${alice.calendar}single.ics`, event('single', ['DTSTART:20260120T100000Z']))
    await damage('bad')
    const before = await alice.sync(alice.calendar, '')
    server.clock.now += 35 * dayMs
    await run()
    const rows = await known(alice)
    for (const uid of names) expect([uid, rows.get(uid)?.until]).toEqual([uid, 40])
    expect([rows.get('bad')?.until, rows.get('single')?.until]).toEqual([5, 5])
    const after = await alice.sync(alice.calendar, before.syncToken ?? '')
    expect([after.hrefs, after.syncToken], 'law 5: no client hears of it').toEqual([[], before.syncToken])
  })

  it('is as wide as the settings say, and leaves to its octets what has more instances than they say', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}weekly.ics`, event('weekly', [daily[0] ?? '', 'RRULE:FREQ=WEEKLY']))
    await alice.put(`${alice.calendar}daily.ics`, event('daily', daily))
    const rows = await known(alice)
    expect(rows.get('weekly')).toMatchObject({ from: -10, until: 40, instances: 7 })
    expect(rows.get('daily')?.instances).toBe(0)
    for (const range of [
      ['20260305T100000Z', '20260305T100001Z'],
      ['20260102T100000Z', '20260102T100001Z'],
      ['20310102T100000Z', '20310102T100001Z'],
    ] as const) {
      expect(await found(alice, alice.calendar, inRange('VEVENT', ...range))).toContain('daily')
    }
  })

  /** What a disk may do to the octets of an object. */
  async function damage(uid: string): Promise<void> {
    await server.services.store.write(async ({ sql }) => {
      const [row] = await sql.all<{ id: number; size: number }>(
        'SELECT body_id AS id, size FROM objects WHERE uid = $1',
        [uid],
      )
      await sql.run('UPDATE bodies SET bytes = $1 WHERE id = $2', [
        Buffer.alloc(row?.size ?? 0, 'x'),
        row?.id,
      ])
    })
  }
})
