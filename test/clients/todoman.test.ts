import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { task } from './objects.ts'
import { newName } from './programs.ts'
import { setUpVdirsyncer } from './vdirsyncer.ts'
import { stages } from './world.ts'

const newStage = stages()

/** One row of `todoman --porcelain list`. */
interface Todo {
  readonly id: number
  readonly summary: string
  readonly completed: boolean
  readonly priority: number
  readonly due: number | null
}

/** todoman over a task list that vdirsyncer keeps in step with the server. */
async function todoWorld() {
  const stage = await newStage()
  const name = newName('chores')
  const path = await stage.dav.makeCalendar(name, ['VTODO'])
  const vdirsyncer = await setUpVdirsyncer(stage.machine, stage.account, [
    { name: 'pim', type: 'caldav', collections: [name] },
  ])
  await vdirsyncer.discover()
  const configFile = join(stage.machine.home, 'todoman.py')
  const settings = {
    path: join(vdirsyncer.folder('pim'), '*'),
    date_format: '%Y-%m-%d',
    time_format: '%H:%M',
    default_list: name,
    cache_path: join(stage.machine.home, 'todoman.sqlite3'),
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  await writeFile(configFile, `${lines.join('\n')}\ndefault_due = 0\n`)
  const todoman = async (...args: readonly string[]) =>
    (await stage.machine.must('todoman', ['-c', configFile, ...args])).stdout
  return {
    ...stage,
    path,
    todoman,
    sync: () => vdirsyncer.sync(),
    todos: async (): Promise<Todo[]> => JSON.parse(await todoman('--porcelain', 'list', '--status', 'ANY')),
    only: async () => {
      const members = await stage.dav.members(path)
      expect(members).toHaveLength(1)
      return stage.dav.get(encodeURI(members[0] ?? ''))
    },
  }
}

describe('todoman', () => {
  it('lists what another device made', async () => {
    const { dav, path, sync, todos } = await todoWorld()
    await dav.put(`${path}milk.ics`, task(newName('uid'), 'Buy milk', 'PRIORITY:1', 'DUE:20260305T160000Z'))
    await dav.put(
      `${path}done.ics`,
      task(newName('uid'), 'Old one', 'STATUS:COMPLETED', 'COMPLETED:20260101T000000Z'),
    )
    await sync()
    const all = await todos()
    expect(all.map(({ summary, completed }) => ({ summary, completed }))).toEqual(
      expect.arrayContaining([
        { summary: 'Buy milk', completed: false },
        { summary: 'Old one', completed: true },
      ]),
    )
    const milk = all.find(({ summary }) => summary === 'Buy milk')
    expect(milk).toMatchObject({ priority: 1, due: Date.UTC(2026, 2, 5, 16) / 1000 })
  })

  it('makes a task that another device reads', async () => {
    const { todoman, sync, only } = await todoWorld()
    await todoman('new', '--due', '2026-03-05 18:00', '--priority', 'high', 'Käse kaufen')
    await sync()
    const body = await only()
    expect(body).toContain('BEGIN:VTODO')
    expect(body).toContain('SUMMARY:Käse kaufen')
    expect(body).toMatch(/DUE[;:].*20260305T170000Z/)
  })

  it('completes a task, keeping what it does not know, and the change arrives', async () => {
    const { dav, path, sync, todos, todoman, only } = await todoWorld()
    const kept = ['X-APPLE-SORT-ORDER:42', 'RELATED-TO;RELTYPE=PARENT:parent-uid', 'STATUS:NEEDS-ACTION']
    await dav.put(`${path}milk.ics`, task(newName('uid'), 'Buy milk', ...kept))
    await sync()
    const [todo] = await todos()
    await todoman('done', String(todo?.id))
    await sync()
    const body = await only()
    expect(body).toContain('STATUS:COMPLETED')
    expect(body).toMatch(/COMPLETED[;:].*\d{8}T\d{6}Z/)
    expect(body).toContain('PERCENT-COMPLETE:100')
    expect(body).toContain('X-APPLE-SORT-ORDER:42')
    expect(body).toMatch(/RELATED-TO;RELTYPE=PARENT:\s*parent-uid/)
  })

  it('shows as done what another device completed', async () => {
    const { dav, path, sync, todos, todoman, only } = await todoWorld()
    await todoman('new', 'Water plants')
    await sync()
    const body = await only()
    const [member] = await dav.members(path)
    const done = body
      .replace(/STATUS:NEEDS-ACTION\r?\n/, '')
      .replace('END:VTODO', 'STATUS:COMPLETED\r\nEND:VTODO')
    await dav.put(encodeURI(member ?? ''), done)
    await sync()
    expect(await todos()).toMatchObject([{ summary: 'Water plants', completed: true }])
  })

  it('deletes a task, and it goes from the server', async () => {
    const { dav, path, sync, todos, todoman } = await todoWorld()
    await dav.put(`${path}stay.ics`, task(newName('uid'), 'Stay'))
    await dav.put(`${path}leave.ics`, task(newName('uid'), 'Leave'))
    await sync()
    const leaving = (await todos()).find(({ summary }) => summary === 'Leave')
    await todoman('delete', '--yes', String(leaving?.id))
    await sync()
    expect(await dav.members(path)).toEqual([`${path}stay.ics`])
  })
})
