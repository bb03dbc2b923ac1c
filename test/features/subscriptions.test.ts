import { describe, expect, it } from 'vitest'
import { makeSubscription, subscriptionJob } from '../../src/features/subscriptions/subscriptions.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import type { Services } from '../../src/services.ts'
import { deleteCollection, type NewCollection, patchCollection } from '../../storage/collection-writes.ts'
import { type CollectionRow, findCollectionById } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { emptyTrash } from '../../storage/purge.ts'
import { setQuota } from '../../storage/quotas.ts'
import { listTrash } from '../../storage/revisions.ts'
import { type JobEnd, listJobs } from '../../storage/upkeep/jobs.ts'
import { findSubscription } from '../../storage/upkeep/subscriptions.ts'
import { calendar } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { usePublisher } from '../publisher.ts'
import { rowOf } from './world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const server = useServer({ subscriptions: { privateNetworks: '127.0.0.0/8', objects: 200 } })
const publisher = usePublisher()
const never = new AbortController().signal

/** The lines of an event; `stamp` is when the publisher says that it was made. */
const item = (
  uid: string | undefined,
  summary: string,
  extra: readonly string[] = [],
  stamp = '1',
): string[] => [
  'BEGIN:VEVENT',
  ...(uid === undefined ? [] : [`UID:${uid}`]),
  `DTSTAMP:2026010${stamp}T000000Z`,
  'DTSTART:20260115T100000Z',
  `SUMMARY:${summary}`,
  ...extra,
  'END:VEVENT',
]
const feed = (...components: readonly (readonly string[])[]): string => calendar(components.flat())

interface Subscribed {
  readonly account: Account
  readonly row: CollectionRow
  readonly path: string
}

let names = 0

/** A calendar that follows a path of the publisher, not fetched yet. */
async function subscribe(path: string, made: Partial<NewCollection> = {}): Promise<Subscribed> {
  const { services } = server
  const account = await server.account()
  const { id } = await rowOf(server, account)
  const name = `followed${(names += 1)}`
  const row = await services.store.write(async (tx) => {
    const home = (await listHomes(tx, id)).find(({ kind }) => kind === 'calendars')
    const calendarOf = { name, resourceId: services.newId(), source: publisher.url + path, ...made }
    const source = calendarOf.source ?? ''
    return makeSubscription(
      tx,
      home?.id ?? 0,
      { ...calendarOf, source },
      { kind: 'client' },
      services.settings,
    )
  })
  return { account, row, path: `${account.calendars}${name}/` }
}

const refresh = ({ row }: Subscribed, services: Services = server.services, signal = never) =>
  runNextJob(services, jobs, signal, subscriptionJob(row.id))

async function published(path: string, body: string, made: Partial<NewCollection> = {}): Promise<Subscribed> {
  publisher.publish(path, body)
  const subscribed = await subscribe(path, made)
  expect(await refresh(subscribed)).toMatchObject({ kind: 'done' })
  return subscribed
}

/** The texts of a calendar's members, by their titles. */
async function contents({ account, path }: Subscribed): Promise<Map<string, string>> {
  const { changed } = await account.syncAll(path, '')
  const texts = await Promise.all(changed.map(async (href) => (await account.get(href)).text))
  return new Map(texts.map((text) => [/SUMMARY:(.*)\r/.exec(text)?.[1] ?? '', text]))
}

const titles = async (subscribed: Subscribed) => [...(await contents(subscribed)).keys()].toSorted()
const tokenOf = async ({ account, path }: Subscribed) => (await account.sync(path, '')).syncToken ?? ''
const stateOf = ({ row }: Subscribed) => server.services.store.read((tx) => findSubscription(tx, row.id))
const rowNow = ({ row }: Subscribed) => server.services.store.read((tx) => findCollectionById(tx, row.id))

async function jobOf({ row }: Subscribed) {
  const all = await server.services.store.read(listJobs)
  return all.find(({ key }) => key === subscriptionJob(row.id))
}

/** How many of a calendar's objects have left something in the tables of their history. */
async function historyOf({ row, account }: Subscribed): Promise<Record<string, number>> {
  const { id } = await rowOf(server, account)
  return server.services.store.read(async (reader) => {
    const count = async (text: string) =>
      (await reader.sql.first<{ count: number }>(text, [row.id]))?.count ?? Number.NaN
    return {
      revisions: await count('SELECT count(*) AS count FROM revisions WHERE collection_id = $1'),
      trash: (await listTrash(reader, id, { limit: 10 })).length,
    }
  })
}

describe('a published calendar', () => {
  it('becomes an object for each UID, overrides with their master, without METHOD', async () => {
    const series = item('a', 'Series', ['RRULE:FREQ=DAILY;COUNT=3'])
    const override = item('a', 'Moved', ['RECURRENCE-ID:20260116T100000Z'])
    const subscribed = await published(
      '/a.ics',
      feed(['METHOD:PUBLISH'], series, item('b', 'Other'), override),
    )
    const found = await contents(subscribed)
    expect([...found.keys()].toSorted()).toEqual(['Other', 'Series'])
    expect(found.get('Series')).toContain('SUMMARY:Moved')
    expect([...found.values()].join('')).not.toContain('METHOD')
    expect(await stateOf(subscribed)).toMatchObject({ etag: '"1"', skipped: 0, fetchedAt: server.clock.now })
  })

  it('is asked for again with what it said of itself, and then costs nothing', async () => {
    const subscribed = await published('/a.ics', feed(item('a', 'A')))
    const token = await tokenOf(subscribed)
    server.clock.now += hour
    expect(await refresh(subscribed)).toMatchObject({ kind: 'done' })
    expect(publisher.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"'])
    expect(await tokenOf(subscribed)).toBe(token)
    expect(await stateOf(subscribed)).toMatchObject({ fetchedAt: server.clock.now })
  })

  it('gives new change numbers only to what says something else, and tombstones to what is gone', async () => {
    const before = feed(item('a', 'A'), item('b', 'B'), item('c', 'C'))
    const subscribed = await published('/a.ics', before)
    const token = await tokenOf(subscribed)
    const old = await contents(subscribed)
    // Everything is stamped anew, as many publishers do for every answer.
    publisher.publish(
      '/a.ics',
      feed(item('a', 'A', [], '2'), item('b', 'New', [], '2'), item('d', 'D', [], '2')),
      2,
    )
    await refresh(subscribed)
    const { account, path } = subscribed
    const { changed, removed } = await account.syncAll(path, token)
    expect([changed.length, removed.length]).toEqual([2, 1])
    const now = await contents(subscribed)
    expect([...now.keys()].toSorted()).toEqual(['A', 'D', 'New'])
    expect(now.get('A')).toBe(old.get('A'))
    expect(now.get('New')).toContain('DTSTAMP:20260102')
  })

  it('leaves nothing in the trash, and no revision but the present ones', async () => {
    const subscribed = await published('/a.ics', feed(item('a', 'A'), item('b', 'B'), item('c', 'C')))
    for (const version of [2, 3, 4]) {
      publisher.publish('/a.ics', feed(item('a', `A${version}`), item('b', 'B')), version)
      await refresh(subscribed)
    }
    expect(await historyOf(subscribed)).toEqual({ revisions: 2, trash: 0 })
    publisher.publish('/a.ics', feed(), 5)
    await refresh(subscribed)
    expect(await historyOf(subscribed)).toEqual({ revisions: 0, trash: 0 })
  })

  it('may make up new UIDs for every answer, or have none', async () => {
    const subscribed = await published('/a.ics', feed(item('u1', 'A'), item('u2', 'B'), item(undefined, 'C')))
    const token = await tokenOf(subscribed)
    publisher.publish(
      '/a.ics',
      feed(item('u4', 'B', [], '2'), item(undefined, 'C', [], '2'), item('u3', 'A', [], '2')),
      2,
    )
    await refresh(subscribed)
    expect(await tokenOf(subscribed)).toBe(token)
    publisher.publish('/a.ics', feed(item('u5', 'A'), item('u6', 'New'), item(undefined, 'C')), 3)
    await refresh(subscribed)
    const { changed, removed } = await subscribed.account.syncAll(subscribed.path, token)
    expect([changed.length, removed.length]).toEqual([1, 1])
    expect(await titles(subscribed)).toEqual(['A', 'C', 'New'])
  })

  it('with broken parts is taken without them, and they are counted', async () => {
    const { attendees } = server.settings.limits
    const crowd = Array.from({ length: attendees + 1 }, (_, n) => `ATTENDEE:mailto:${n}@example.org`)
    const broken = ['BEGIN:VEVENT', 'UID:x', 'DTSTART:20260115T100000Z', 'RRULE:FREQ=SOMETIMES', 'END:VEVENT']
    const twin = ['BEGIN:VTODO', 'UID:a', 'SUMMARY:Twin', 'END:VTODO']
    const body = feed(
      item('a', 'A'),
      broken,
      ['BEGIN:X-THING', 'END:X-THING'],
      item('c', 'Crowd', crowd),
      twin,
    )
    const subscribed = await published('/a.ics', body)
    expect(await titles(subscribed)).toEqual(['A'])
    expect(await stateOf(subscribed)).toMatchObject({ skipped: 4 })
  })

  it('may be in an old character set', async () => {
    const text = feed(item('a', 'Café'))
    const octets = Buffer.from(text, 'latin1')
    publisher.paths.set('/said', {
      headers: { 'Content-Type': 'text/calendar; charset=iso-8859-1' },
      body: octets,
    })
    publisher.paths.set('/unsaid', { body: octets })
    publisher.paths.set('/utf-16', { body: Buffer.from(`\ufeff${text}`, 'utf16le') })
    for (const path of ['/said', '/unsaid', '/utf-16']) {
      const subscribed = await subscribe(path)
      await refresh(subscribed)
      expect(await titles(subscribed), path).toEqual(['Café'])
    }
  })

  it('gives its name to a calendar that has none, once', async () => {
    const named = (name: string) => feed(['X-WR-CALNAME:Wrong', `NAME:${name}`], item('a', 'A'))
    const subscribed = await published('/a.ics', named('Holidays\\, Berlin'))
    expect((await rowNow(subscribed))?.displayname).toBe('Holidays, Berlin')
    publisher.publish('/a.ics', named('Other'), 2)
    await refresh(subscribed)
    expect((await rowNow(subscribed))?.displayname).toBe('Holidays, Berlin')
    const own = await published('/a.ics', named('Other'), { displayname: 'Mine' })
    expect((await rowNow(own))?.displayname).toBe('Mine')
  })
})

describe('what is left out of a published calendar', () => {
  const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT5M', 'END:VALARM']
  const attachment = ['ATTACH;VALUE=URI:https://example.org/', ' long.pdf']
  const task = ['BEGIN:VTODO', 'UID:t', 'SUMMARY:Task', 'END:VTODO']
  const body = feed(item('a', 'A', [...attachment, ...alarm]), task)

  it('is nothing, unless it is asked for; tasks are let in when there are some', async () => {
    const subscribed = await published('/a.ics', body)
    expect((await contents(subscribed)).get('A')).toContain('BEGIN:VALARM')
    expect(await titles(subscribed)).toEqual(['A', 'Task'])
    expect(await rowNow(subscribed)).toMatchObject({ components: 'VEVENT,VTODO' })
  })

  it('are alarms, attachments and tasks', async () => {
    const strip = { stripAlarms: 1, stripAttachments: 1, stripTodos: 1 }
    const subscribed = await published('/a.ics', body, strip)
    expect([...(await contents(subscribed)).values()]).toEqual([feed(item('a', 'A'))])
    expect(await rowNow(subscribed)).toMatchObject({ components: 'VEVENT' })
    expect(await stateOf(subscribed)).toMatchObject({ skipped: 0 })
  })
})

describe('when a published calendar is fetched again', () => {
  /** How long after now. */
  async function nextInMs(subscribed: Subscribed): Promise<number> {
    return ((await jobOf(subscribed))?.nextAt ?? 0) - server.clock.now
  }

  it.each([
    ['as usual', [], null, hour],
    ['as the publisher says', ['REFRESH-INTERVAL;VALUE=DURATION:PT12H'], null, 12 * hour],
    ['as older publishers say', ['X-PUBLISHED-TTL:PT6H'], null, 6 * hour],
    ['as the owner says', ['REFRESH-INTERVAL;VALUE=DURATION:PT12H'], 'PT2H', 2 * hour],
    ['not too often', ['X-PUBLISHED-TTL:PT1S'], null, 15 * minute],
    ['not too often for the owner', [], 'PT1M', 15 * minute],
    ['not for ever later', ['X-PUBLISHED-TTL:P99999W'], null, 7 * day],
    ['as usual after nonsense', ['X-PUBLISHED-TTL:-PT5H'], 'soon', hour],
  ])('%s', async (_why, lines, refreshRate, expected) => {
    const subscribed = await published('/a.ics', feed(lines, item('a', 'A')), { refreshRate })
    // Also when it has not changed since.
    for (let round = 0; round < 2; round += 1) {
      expect(await nextInMs(subscribed)).toBeGreaterThanOrEqual(expected)
      expect(await nextInMs(subscribed)).toBeLessThanOrEqual(expected * 1.05)
      await refresh(subscribed)
    }
  })

  it('after an error, later and later; what was fetched stays, and the error is told', async () => {
    const subscribed = await published('/a.ics', feed(item('a', 'A')))
    const page = '<!doctype html><title>Sign in</title>'
    const failures: readonly (readonly [Parameters<typeof publisher.paths.set>[1], RegExp])[] = [
      [{ status: 404 }, /answers 404: the calendar is not there; what was fetched before stays/],
      [{ status: 500 }, /answers 500/],
      [{ body: page }, /no calendar, or cut short/],
      [{ body: feed(item('a', 'A')).slice(0, -10) }, /no calendar, or cut short/],
      [{ body: '' }, /no calendar, or cut short/],
      [
        { body: feed(...Array.from({ length: 201 }, (_, n) => item(`${n}`, `${n}`))) },
        /more than 200 objects/,
      ],
    ]
    let attempts = 0
    for (const [answer, reason] of failures) {
      attempts += 1
      publisher.paths.set('/a.ics', answer)
      expect(await refresh(subscribed)).toMatchObject({
        kind: 'failed',
        error: expect.stringMatching(reason),
      })
      expect(await jobOf(subscribed)).toMatchObject({ attempts, lastError: expect.stringMatching(reason) })
      expect(await nextInMs(subscribed)).toBeGreaterThanOrEqual(minute * 2 ** (attempts - 1) * 0.75)
      expect(await titles(subscribed)).toEqual(['A'])
    }
    publisher.publish('/a.ics', feed(item('b', 'B')), 2)
    await refresh(subscribed)
    expect(await jobOf(subscribed)).toMatchObject({ attempts: 0, lastError: null })
    expect(await titles(subscribed)).toEqual(['B'])
  })

  it('after an error, too, when the account is full; what was taken of it stays', async () => {
    const subscribed = await published('/a.ics', feed(item('a', 'A')))
    const { id } = await rowOf(server, subscribed.account)
    const room = (bytes: number | null) => server.services.store.write((tx) => setQuota(tx, id, bytes))
    await room(1_000)
    const long = Array.from({ length: 10 }, (_, n) => item(`${n}`, `Title ${n}`))
    publisher.publish('/a.ics', feed(item('a', 'New'), ...long), 2)
    const error = expect.stringContaining('The account may keep 1000 octets')
    expect(await refresh(subscribed)).toMatchObject({ kind: 'failed', error })
    expect(await titles(subscribed)).toEqual(['A'])
    await room(null)
    await refresh(subscribed)
    expect(await titles(subscribed)).toHaveLength(11)
  })

  it('a day after it is gone for good, as it stands', async () => {
    const subscribed = await published('/a.ics', feed(item('a', 'A')))
    publisher.paths.set('/a.ics', { status: 410 })
    await refresh(subscribed)
    expect(await nextInMs(subscribed)).toBe(day)
    expect(await titles(subscribed)).toEqual(['A'])
  })

  it('not while it is in the trash, and never when that is emptied', async () => {
    const subscribed = await published('/a.ics', feed(item('a', 'A')))
    const { store } = server.services
    await store.write((tx) => deleteCollection(tx, subscribed.row, { kind: 'client' }))
    await refresh(subscribed)
    expect(publisher.requests).toHaveLength(1)
    expect(await nextInMs(subscribed)).toBe(day)
    const { id } = await rowOf(server, subscribed.account)
    await store.write((tx) => emptyTrash(tx, id))
    await refresh(subscribed)
    expect(await jobOf(subscribed)).toBeUndefined()
  })
})

describe('a fetch', () => {
  const many = feed(...Array.from({ length: 120 }, (_, n) => item(`${n}`, `Event ${n}`)))

  /** The same services, whose n-th write does something first. */
  function beforeWrite(nth: number, act: () => Promise<void> | void): Services {
    const { store } = server.services
    let writes = 0
    const write: typeof store.write = async (fn) => {
      writes += 1
      if (writes === nth) await act()
      return store.write(fn)
    }
    return { ...server.services, store: { ...store, write } }
  }

  it('that is stopped half-way is gone on with by the next', async () => {
    publisher.publish('/a.ics', many)
    const subscribed = await subscribe('/a.ics')
    const stopping = new AbortController()
    const services = beforeWrite(4, () => stopping.abort(new Error('stopped')))
    expect(await refresh(subscribed, services, stopping.signal)).toEqual({ kind: 'stopped' } satisfies JobEnd)
    const half = (await titles(subscribed)).length
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(120)
    expect(await stateOf(subscribed)).toBeUndefined()
    await refresh(subscribed)
    expect(await titles(subscribed)).toHaveLength(120)
  })

  it('stores nothing more once the calendar follows something else', async () => {
    publisher.publish('/a.ics', many)
    publisher.publish('/b.ics', feed(item('b', 'B')))
    const subscribed = await subscribe('/a.ics')
    const services = beforeWrite(4, async () => {
      const { store } = server.services
      const patch = { source: `${publisher.url}/b.ics` }
      await store.write((tx) => patchCollection(tx, subscribed.row, patch, { kind: 'client' }))
    })
    await refresh(subscribed, services)
    expect((await titles(subscribed)).length).toBeLessThan(120)
    expect(await stateOf(subscribed)).toBeUndefined()
    await refresh(subscribed)
    expect(await titles(subscribed)).toEqual(['B'])
  })
})
