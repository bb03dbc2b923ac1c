import { describe, expect, it } from 'vitest'
import { todo } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { idOf } from '../../features/history/world.ts'
import { call } from '../json.ts'

const server = useServer()

type Account = Awaited<ReturnType<typeof server.account>>

const textOf = async (account: Account, name: string): Promise<string> =>
  (await account.get(`${account.tasks}${name}`)).text

async function listOf(account: Account): Promise<number> {
  const { calendars } = (await call(account, 'GET', '/calendars')).json
  return calendars.find(({ name }: { name: string }) => name === 'tasks').id
}

async function withTask(extra: readonly string[]): Promise<{ account: Account; id: number; text: string }> {
  const account = await server.account()
  const text = todo('t', extra)
  await account.put(`${account.tasks}t.ics`, text)
  return { account, id: await idOf(server, `${account.tasks}t.ics`), text }
}

describe('the API: editing tasks', () => {
  it('makes one, and one that is a part of it', async () => {
    const account = await server.account()
    const calendar = await listOf(account)
    const wish = { calendar, title: 'Whole', due: '2026-03-05', priority: 1, categories: ['a,b'], notes: 'n' }
    const whole = await call(account, 'POST', '/tasks', wish)
    expect(whole.status).toBe(201)
    expect(whole.json).toMatchObject({
      title: 'Whole',
      due: '2026-03-05',
      categories: ['a,b'],
      status: 'needs-action',
    })
    const timed = {
      calendar,
      title: 'Part',
      due: '2026-03-05T09:00:00',
      zone: 'Europe/Berlin',
      parent: whole.json.id,
    }
    const part = await call(account, 'POST', '/tasks', timed)
    expect(part.json).toMatchObject({ parent: { id: whole.json.id }, zone: 'Europe/Berlin' })
    const text = await textOf(account, part.json.name)
    expect(text).toContain(`RELATED-TO;RELTYPE=PARENT:${whole.json.uid}\r\n`)
    expect(text).toContain('BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n')
    const circle = await call(account, 'PATCH', `/tasks/${whole.json.id}`, { parent: part.json.id })
    expect(circle.status).toBe(422)
    const freed = await call(account, 'PATCH', `/tasks/${part.json.id}`, { parent: null, due: null })
    expect(freed.json).toMatchObject({ parent: null, due: null })
  })

  it('RFC 5545 §3.8.1.11 is done and open again; every other line stays', async () => {
    const { account, id, text } = await withTask([
      'X-ODD;P=1:x',
      'RELATED-TO;RELTYPE=CHILD:c',
      'STATUS:NEEDS-ACTION',
    ])
    const same = await call(account, 'PATCH', `/tasks/${id}`, {
      title: 'Task t',
      status: 'needs-action',
      percent: 0,
    })
    expect(await textOf(account, 't.ics')).toBe(text)
    const headers = { 'If-Match': same.json.etag }
    const done = await call(account, 'PATCH', `/tasks/${id}`, { status: 'completed' }, headers)
    expect(done.json).toMatchObject({ status: 'completed', percent: 100 })
    expect(done.json.completedAt).not.toBeNull()
    expect(await textOf(account, 't.ics')).toContain('X-ODD;P=1:x\r\nRELATED-TO;RELTYPE=CHILD:c\r\n')
    const open = await call(account, 'PATCH', `/tasks/${id}`, { status: 'needs-action' })
    expect(open.json).toMatchObject({ status: 'needs-action', percent: 0, completedAt: null })
    expect((await call(account, 'PATCH', `/tasks/${id}`, { title: 'x' }, headers)).status).toBe(412)
    const half = await call(account, 'PATCH', `/tasks/${id}`, { percent: 50, order: 3 })
    expect(half.json).toMatchObject({ percent: 50, order: 3, status: 'needs-action' })
    expect((await call(account, 'DELETE', `/tasks/${id}`)).status).toBe(204)
    expect((await call(account, 'GET', `/tasks/${id}`)).status).toBe(404)
  })

  it('RFC 5545 §3.8.5.3 one that recurs moves on when it is done, and is done the last time', async () => {
    const { account, id } = await withTask([
      ...['DTSTART;VALUE=DATE:20260302', 'DUE;VALUE=DATE:20260303', 'RRULE:FREQ=WEEKLY;COUNT=3'],
      'EXDATE;VALUE=DATE:20260309',
    ])
    const first = (await call(account, 'PATCH', `/tasks/${id}`, { status: 'completed' })).json
    expect(first).toMatchObject({ start: '2026-03-16', due: '2026-03-17', status: 'needs-action' })
    expect(first.recurrence.rule.count).toBe(1)
    const last = (await call(account, 'PATCH', `/tasks/${id}`, { status: 'completed' })).json
    expect(last).toMatchObject({ start: '2026-03-16', status: 'completed' })
  })

  it('comes to recur from when it is due', async () => {
    const { account, id } = await withTask(['DUE;VALUE=DATE:20260303'])
    const rule = { freq: 'DAILY', interval: 2 }
    const { json } = await call(account, 'PATCH', `/tasks/${id}`, { rule })
    expect(json).toMatchObject({ isRecurring: true, start: '2026-03-03', due: '2026-03-03' })
    const next = (await call(account, 'PATCH', `/tasks/${id}`, { status: 'completed' })).json
    expect(next).toMatchObject({ due: '2026-03-05', status: 'needs-action' })
    const undated = await withTask([])
    expect((await call(undated.account, 'PATCH', `/tasks/${undated.id}`, { rule })).status).toBe(409)
  })

  it('goes to another list', async () => {
    const { account, id } = await withTask([])
    await account.request('MKCALENDAR', `${account.calendars}other/`)
    const { calendars } = (await call(account, 'GET', '/calendars')).json
    const other = calendars.find(({ name }: { name: string }) => name === 'other').id
    const events = calendars.find(({ name }: { name: string }) => name === 'calendar').id
    expect((await call(account, 'POST', `/tasks/${id}/move`, { calendar: events })).status).toBe(403)
    expect((await call(account, 'POST', `/tasks/${id}/move`, { calendar: other })).json).toMatchObject({
      id,
      calendar: other,
    })
  })

  it('takes its parts along, and theirs, in one request with one way back', async () => {
    const { account, whole, parts, other, at } = await family()
    await account.put(`${account.tasks}odd.ics`, todo('odd', ['RELATED-TO;RELTYPE=CHILD:whole']))
    const moved = await call(account, 'PATCH', `/tasks/${whole}`, { calendar: other, title: 'Moved' })
    expect([moved.status, moved.json.calendar, moved.json.title]).toEqual([200, other, 'Moved'])
    expect(await at('tasks')).toEqual(['odd.ics'])
    expect(await at('other')).toEqual(['deep.ics', 'one.ics', 'two.ics', 'whole.ics'])
    const one = (await call(account, 'GET', `/tasks/${parts[0]}`)).json
    expect([one.calendar, one.parent]).toEqual([other, { uid: 'whole', id: whole }])
    expect((await account.get(`${account.calendars}other/one.ics`)).text).toBe(partText('one', 'whole'))
    const undo = { request: moved.headers['farley-request'] }
    expect((await call(account, 'POST', '/history/undo', undo)).status).toBe(200)
    expect(await at('other')).toEqual([])
    expect(await at('tasks')).toEqual(['deep.ics', 'odd.ics', 'one.ics', 'two.ics', 'whole.ics'])
    expect((await call(account, 'POST', `/tasks/${whole}/move`, { calendar: other })).status).toBe(200)
    expect(await at('other')).toHaveLength(4)
  })

  it('stays with all its parts where one of them cannot go', async () => {
    const { account, whole, other, at } = await family()
    await account.put(`${account.calendars}other/else.ics`, todo('deep'))
    expect((await call(account, 'POST', `/tasks/${whole}/move`, { calendar: other })).status).toBe(403)
    expect(await at('other')).toEqual(['else.ics'])
    expect(await at('tasks')).toEqual(['deep.ics', 'one.ics', 'two.ics', 'whole.ics'])
  })
})

const partText = (name: string, parent: string): string => todo(name, [`RELATED-TO:${parent}`, 'X-OWN:kept'])

/** A task of two parts, of which one has a part itself, and another list. */
async function family() {
  const account = await server.account()
  await account.put(`${account.tasks}deep.ics`, partText('deep', 'one'))
  await account.put(`${account.tasks}whole.ics`, todo('whole'))
  for (const name of ['one', 'two']) await account.put(`${account.tasks}${name}.ics`, partText(name, 'whole'))
  await account.request('MKCALENDAR', `${account.calendars}other/`)
  const { calendars } = (await call(account, 'GET', '/calendars')).json
  const other = calendars.find(({ name }: { name: string }) => name === 'other').id
  const ids = await Promise.all(
    ['whole', 'one', 'two', 'deep'].map((name) => idOf(server, `${account.tasks}${name}.ics`)),
  )
  const at = async (list: string): Promise<string[]> => {
    const { hrefs } = await account.sync(`${account.calendars}${list}/`, '')
    return hrefs.map((href: string) => href.split('/').at(-1) ?? '').sort()
  }
  return { account, whole: ids[0], parts: ids.slice(1), other, at }
}
