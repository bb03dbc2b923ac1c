import { describe, expect, it } from 'vitest'
import { newName, runPython } from './programs.ts'
import { stages } from './world.ts'

const newStage = stages()

async function play(scenario: string) {
  const { account, machine, dav, isFarley } = await newStage()
  const name = newName('py')
  const answer = await runPython(machine, 'python-caldav.py', scenario, { ...account, name })
  return { answer, name, dav, isFarley }
}

describe('python-caldav discovery and calendars', () => {
  it('finds principal, home and calendars from the root address, after a 401 (RFC 5397, RFC 4791 §6.2.1)', async () => {
    const { answer, name, isFarley } = await play('discover')
    expect(answer).toMatchObject({ displayName: 'Büro & <Heim>', statuses: [201] })
    expect(answer.made).toBe(`${answer.home}${name}/`)
    expect(answer.found).toBe(answer.made)
    expect(answer.components).toEqual(expect.arrayContaining(['VEVENT', 'VTODO']))
    if (isFarley) expect(answer.before).toEqual([`${answer.home}calendar/`, `${answer.home}tasks/`])
  })

  it('makes a task list that keeps its component set (RFC 4791 §5.2.3)', async () => {
    const { answer } = await play('tasklist')
    expect(answer.components).toEqual(['VTODO'])
  })

  it('saves, changes, loads and deletes an event, then the calendar (PYC-01, PYC-07)', async () => {
    const { answer, isFarley } = await play('lifecycle')
    expect(answer).toMatchObject({
      loaded: 'Second',
      events: ['Second'],
      gone: 'not found',
      calendarGone: true,
    })
    expect([403, 409]).toContain(answer.duplicate)
    if (isFarley) expect(answer.puts).toEqual([201, 204])
  })
})

describe('python-caldav and recurring events (RFC 4791 §9.6.5, §9.9)', () => {
  const range = ['2026-01-01', '2026-01-02', '2026-01-04', '2026-01-06', '2026-01-07']
  const starts = [...range.map((day) => `${day}T08:00:00+00:00`), '2026-01-05T14:00:00+00:00'].sort()

  it('finds the series by any of its instances and by none it has not', async () => {
    const { answer } = await play('recurring')
    expect(answer).toMatchObject({ plain: 1, plainHasRule: true, starts })
    expect(answer).toMatchObject({ before: 0, excludedHour: 0, movedFrom: 0, movedTo: 1, summer: 1 })
  })

  it('is given instances in UTC with RECURRENCE-ID and no rule when it asks to expand (PYC-03, HAS-02)', async () => {
    const raw = String((await play('recurring')).answer.raw)
    expect(raw.match(/BEGIN:VEVENT/g)).toHaveLength(6)
    expect(raw.match(/DTSTART:\d{8}T\d{6}Z/g)).toHaveLength(6)
    expect(raw.match(/RECURRENCE-ID:\d{8}T\d{6}Z/g)).toHaveLength(6)
    expect(raw).not.toMatch(/RRULE|RDATE|EXDATE|VTIMEZONE|TZID/)
    expect(raw).toContain('RECURRENCE-ID:20260105T080000Z')
  })

  it('is given an all-day instance as a date (HAS-02)', async () => {
    const { answer } = await play('fields')
    expect(answer).toMatchObject({ count: 1, start: '2028-03-02' })
    expect(String(answer.raw)).toMatch(/DTSTART;VALUE=DATE:20280302/)
    expect(String(answer.raw)).not.toContain('RRULE')
  })
})

describe('python-caldav searches (RFC 4791 §7.8)', () => {
  it('by time, with one bound or two, for timed, all-day and floating events (PYC-05)', async () => {
    const { answer } = await play('ranges')
    expect(answer).toEqual({
      all: ['All day', 'Floating', 'Future', 'Instant', 'Past'],
      march: ['All day', 'Floating', 'Instant'],
      fromMarch: ['All day', 'Floating', 'Future', 'Instant'],
      untilMarch: ['Past'],
      atInstant: ['Instant'],
      afterInstant: [],
    })
  })

  it('by UID and by text, in one component or in all (PYC-04)', async () => {
    const { answer } = await play('search')
    expect(answer).toEqual({
      byUid: ['Käse und Brot'],
      anyByUid: ['Buy milk'],
      missing: 'not found',
      summary: ['Käse und Brot'],
      // The library asks for i;octet, which keeps case apart (RFC 4790 §9.3).
      otherCase: [],
      category: ['Käse und Brot'],
      location: ['Käse und Brot'],
      description: ['Standup'],
      class: ['Käse und Brot'],
      nothing: [],
      events: ['Käse und Brot', 'Standup'],
      all: 3,
      multiget: ['Käse und Brot', 'Standup'],
    })
  })

  it('by state of tasks, and sees one completed (HAS-03)', async () => {
    const { answer, isFarley } = await play('todos')
    expect(answer).toMatchObject({
      pending: ['Bare', 'Due', 'Started'],
      afterwards: ['Due', 'Started'],
      withCompleted: ['Bare', 'Cancelled', 'Due', 'Started'],
      status: 'COMPLETED',
      // RFC 4791 §9.9: a task without any date is in every range.
      dueThatDay: ['Cancelled', 'Due'],
    })
    if (isFarley) expect(answer.puts).toEqual([201, 201, 201, 201, 204])
  })
})

describe('python-caldav sync tokens (RFC 6578)', () => {
  it('learns of changes and deletions, and replays from an old token', async () => {
    const { answer, name } = await play('sync')
    expect(answer).toMatchObject({
      initial: ['One', 'Two'],
      unchanged: 0,
      changes: [['Three', 'Two changed'], 0],
      deletion: [[], [`${name}1.ics`]],
      left: ['Three', 'Two changed'],
      replay: [1, 2, 3].map((n) => `${name}${n}.ics`),
      invented: 'AuthorizationError',
    })
    expect(String(answer.replayRaw).match(/404 Not Found/g)).toHaveLength(1)
  })
})

describe('scripts with python-requests (SEQ-17)', () => {
  it('are redirected from the well-known addresses without credentials, by any method (PYC-02, MIN-06)', async () => {
    const { account, machine } = await newStage()
    const answer = await runPython(machine, 'python-requests.py', 'well_known', { ...account, name: '' })
    const { seen, status, challenge } = answer
    expect(Object.keys(Object(seen))).toHaveLength(6)
    for (const [asked, found] of Object.entries(Object(seen))) {
      expect([asked, found]).toEqual([asked, [expect.toSatisfy(isRedirect), true, true]])
    }
    expect(status).toBe(401)
    expect(challenge).toMatch(/^Basic realm="/)
  })

  it('make, fill, read and empty an address book', async () => {
    const { account, machine, isFarley } = await newStage()
    const input = { ...account, name: newName('py') }
    const answer = await runPython(machine, 'python-requests.py', 'address_book', input)
    expect(answer).toMatchObject({
      made: 201,
      again: 405,
      put: 201,
      clash: 412,
      stale: 412,
      fetched: true,
      gone: 404,
    })
    expect(answer.listed).toHaveLength(1)
    expect([403, 409]).toContain(answer.double)
    expect(answer.multiget).toContainEqual(['gone.vcf', 404])
    expect(answer.data).toHaveLength(1)
    expect(String(answer.type)).toMatch(/^text\/vcard/)
    if (!isFarley) return
    expect(answer).toMatchObject({ replaced: 204, removed: 204, etag: expect.stringMatching(/^"[^"]+"$/) })
    // One canonical percent-encoding in every answer, whatever the client wrote (MIN-12, MIN-13).
    expect(answer.listed).toEqual(['a%3Ab%40c.vcf'])
    expect(answer.multiget).toContainEqual(['a%3Ab%40c.vcf', 200])
  })
})

function isRedirect(status: unknown): boolean {
  return [301, 302, 307, 308].includes(Number(status))
}
