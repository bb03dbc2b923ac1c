import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crlf, event } from './objects.ts'
import { newName } from './programs.ts'
import { setUpVdirsyncer } from './vdirsyncer.ts'
import { stages } from './world.ts'

const newStage = stages()

/** khal over a calendar that vdirsyncer keeps in step with the server. */
async function khalWorld() {
  const stage = await newStage()
  const name = newName('work')
  const path = await stage.dav.makeCalendar(name)
  const vdirsyncer = await setUpVdirsyncer(stage.machine, stage.account, [
    { name: 'pim', type: 'caldav', collections: [name] },
  ])
  await vdirsyncer.discover()
  const configFile = join(stage.machine.home, 'khal.conf')
  await writeFile(configFile, khalConfig(vdirsyncer.folder('pim', name), stage.machine.home))
  const khal = async (...args: readonly string[]) =>
    (await stage.machine.must('khal', ['-c', configFile, ...args])).stdout
  return {
    ...stage,
    path,
    khal,
    sync: () => vdirsyncer.sync(),
    /** Title and start of every instance in March 2026, in order. */
    march: async () => {
      const listed = await khal('list', '-df', '', '-f', '{start-long} {title}', '2026-03-01', '31d')
      return listed.split('\n').filter((line) => line !== '')
    },
    /** Bodies of all members on the server. */
    bodies: async () => {
      const members = await stage.dav.members(path)
      return Promise.all(members.map((member) => stage.dav.get(encodeURI(member))))
    },
  }
}

function khalConfig(folder: string, home: string): string {
  const format = ['timeformat = %H:%M', 'dateformat = %Y-%m-%d', 'longdateformat = %Y-%m-%d']
  const long = ['datetimeformat = %Y-%m-%d %H:%M', 'longdatetimeformat = %Y-%m-%d %H:%M']
  const zone = ['local_timezone = Europe/Berlin', 'default_timezone = Europe/Berlin']
  const calendars = ['[calendars]', '[[work]]', `path = ${folder}`, 'type = calendar']
  const rest = ['[default]', 'default_calendar = work', '[sqlite]', `path = ${join(home, 'khal.db')}`]
  return `${[...calendars, '[locale]', ...zone, ...format, ...long, ...rest].join('\n')}\n`
}

describe('khal', () => {
  it('lists what another device made, in the reader’s own time', async () => {
    const { dav, path, sync, march } = await khalWorld()
    await dav.put(`${path}standup.ics`, event(newName('uid'), 'Standup'))
    const trip = ['DTSTART;VALUE=DATE:20260305', 'DTEND;VALUE=DATE:20260307']
    await dav.put(`${path}trip.ics`, event(newName('uid'), 'Trip', ...trip))
    await sync()
    expect(await march()).toEqual(['2026-03-02 10:00 Standup', '2026-03-05 Trip', '2026-03-05 Trip'])
  })

  it('makes an event that another device reads', async () => {
    const { khal, sync, bodies } = await khalWorld()
    await khal(
      'new',
      '-l',
      'Room 5',
      '-m',
      '15m',
      '2026-03-02',
      '10:00',
      '11:00',
      'Café mit Ada',
      '::',
      'and cake',
    )
    await sync()
    const [body, ...others] = await bodies()
    expect(others).toEqual([])
    for (const line of [
      'SUMMARY:Café mit Ada',
      'LOCATION:Room 5',
      'DESCRIPTION:and cake',
      'TRIGGER:-PT15M',
    ]) {
      expect(body).toContain(line)
    }
  })

  it('makes a weekly event whose instances a time range on the server finds (RFC 4791 §9.9)', async () => {
    const { khal, sync, march, dav, path } = await khalWorld()
    await khal('new', '-r', 'weekly', '-u', '2026-04-01', '2026-03-03', '09:30', '10:00', 'Jour fixe')
    await sync()
    const days = ['2026-03-03', '2026-03-10', '2026-03-17', '2026-03-24', '2026-03-31']
    expect(await march()).toEqual(days.map((day) => `${day} 09:30 Jour fixe`))
    const found = async (start: string, end: string) => {
      const range = `<C:time-range start="${start}" end="${end}"/>`
      const filter = `<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${range}</C:comp-filter></C:comp-filter>`
      const body = `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop><C:filter>${filter}</C:filter></C:calendar-query>`
      const headers = { Depth: '1', 'Content-Type': 'application/xml; charset=utf-8' }
      const answer = await dav.request('REPORT', path, { body, headers })
      expect(answer.status).toBe(207)
      return answer.body.includes('.ics')
    }
    expect(await found('20260317T083000Z', '20260317T084500Z')).toBe(true)
    expect(await found('20260317T090000Z', '20260317T100000Z')).toBe(false)
    // Berlin's clock goes forward on 29 March: 09:30 is 07:30 UTC from then on.
    expect(await found('20260331T073000Z', '20260331T074500Z')).toBe(true)
    expect(await found('20260331T083000Z', '20260331T090000Z')).toBe(false)
    expect(await found('20260407T000000Z', '20260408T000000Z')).toBe(false)
  })

  it('shows an instance moved and one dropped by another device', async () => {
    const { dav, path, sync, march, khal } = await khalWorld()
    const uid = newName('daily')
    const rule = ['DTSTART:20260302T090000Z', 'DTEND:20260302T093000Z', 'RRULE:FREQ=DAILY;COUNT=4']
    const series = event(uid, 'Daily', ...rule)
    await dav.put(`${path}${uid}.ics`, series)
    await sync()
    expect(await march()).toHaveLength(4)
    const moved = crlf(
      'BEGIN:VEVENT',
      `UID:${uid}`,
      'DTSTAMP:20260101T000000Z',
      'RECURRENCE-ID:20260304T090000Z',
      'DTSTART:20260304T140000Z',
      'DTEND:20260304T143000Z',
      'SUMMARY:Daily moved',
      'END:VEVENT',
    )
    const changed = series
      .replace('RRULE', 'EXDATE:20260303T090000Z\r\nRRULE')
      .replace('END:VCALENDAR', `${moved}END:VCALENDAR`)
    await dav.put(`${path}${uid}.ics`, changed)
    await sync()
    expect(await march()).toEqual([
      '2026-03-02 10:00 Daily',
      '2026-03-04 15:00 Daily moved',
      '2026-03-05 10:00 Daily',
    ])
    expect(await khal('at', '2026-03-04', '15:10')).toContain('Daily moved')
  })

  it('imports a file, and forgets what another device deleted', async () => {
    const { machine, khal, sync, march, dav, path } = await khalWorld()
    const file = join(machine.home, 'invitation.ics')
    const uid = newName('imported')
    await writeFile(file, event(uid, 'Concert', 'CATEGORIES:Music,Evening'))
    await khal('import', '--batch', '-a', 'work', file)
    await dav.put(`${path}other.ics`, event(newName('uid'), 'Other'))
    await sync()
    const member = (await dav.members(path)).find((name) => name.includes(uid))
    expect(member).toBeDefined()
    expect(await march()).toHaveLength(2)
    await dav.remove(encodeURI(member ?? ''))
    await sync()
    expect(await march()).toEqual(['2026-03-02 10:00 Other'])
    expect(await khal('search', 'Concert')).not.toContain('Concert')
  })
})
