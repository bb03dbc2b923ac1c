import { describe, expect, it } from 'vitest'
import { newName, runPython } from './programs.ts'
import { stages } from './world.ts'

const newStage = stages()

async function play(scenario: string): Promise<Readonly<Record<string, unknown>>> {
  const { account, machine } = await newStage()
  return runPython(machine, 'python-caldav-tasks.py', scenario, { ...account, name: newName('py') })
}

const at = (day: string, hour: string): string => `2026-03-${day}T${hour}:00:00+00:00`

describe('python-caldav and tasks', () => {
  it('moves, shortens, completes and reopens one, and completes one that recurs in both ways (HAS-03)', async () => {
    expect(await play('tasks')).toEqual({
      duration: 7200,
      movedTo: [at('02', '09'), at('02', '11')],
      shorter: at('02', '10'),
      done: [0, 1],
      reopened: ['Pay'],
      // Completing safely leaves a completed copy beside the series; the other way splits the series in itself.
      recurring: { safe: [1, 2], thisandfuture: [1, 1] },
      puts: [201, 204],
    })
  })

  it('keeps relations of both ends, and copies within and between calendars (MIN-37)', async () => {
    expect(await play('relations')).toEqual({
      parentIsKept: true,
      childIsKept: true,
      elsewhere: ['House'],
      twins: ['House', 'House', 'Roof'],
    })
  })

  it('finds journals by UID and by time', async () => {
    expect(await play('journals')).toEqual({
      all: ['Day one', 'Day two'],
      byUid: ['Day one'],
      firstDay: ['Day one'],
    })
  })
})

describe('python-caldav asks for instances in every way it knows (RFC 4791 §9.6.5)', () => {
  it('events and tasks, one object an instance or all in one', async () => {
    expect(await play('expansion')).toEqual({
      events: [at('01', '09'), at('03', '09'), at('03', '12'), at('04', '09')],
      whole: 2,
      legacy: [at('01', '09'), at('03', '12')],
      unexpanded: ['Once', 'Standup'],
      tasks: [at('02', '08'), at('09', '08'), at('16', '08')],
      due: [at('02', '09'), at('09', '09'), at('16', '09')],
      needsRange: 'yes',
      rules: 0,
    })
  })
})

describe('python-caldav asks for several things at once (RFC 4791 §7.8, PYC-04)', () => {
  it('text with time, status, comment, component class, filters of its own, sorted', async () => {
    expect(await play('combined')).toEqual({
      textAndDay: ['Budget'],
      statusAndDay: ['Party'],
      comment: ['Budget', 'Budget review', 'Party'],
      byClass: ['Budget review'],
      ownFilter: ['Budget'],
      xml: ['Party'],
      untilApril: ['Never', 'Sooner'],
      byDue: ['Sooner', 'Later', 'Never'],
      byPriority: ['Later', 'Never', 'Sooner'],
      todos: ['Later', 'Never', 'Sooner'],
    })
  })
})

describe('python-caldav asks when somebody is busy (RFC 4791 §7.10)', () => {
  it('is told merged periods, tentative ones apart, nothing that is transparent or cancelled', async () => {
    expect(await play('freebusy')).toEqual({
      periods: [
        ['BUSY', at('02', '09'), at('02', '11')],
        ['BUSY-TENTATIVE', at('02', '13'), at('02', '14')],
        ['BUSY', at('02', '20'), at('02', '21')],
      ],
      status: 200,
    })
  })
})
