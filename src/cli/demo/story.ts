import type { Face } from './face.ts'
import type { Person } from './people.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

const notes = [
  ['note', 'Wants oak, not ash. The offer of March still holds, less the handrail.'],
  ['call', 'Asked when we come. Promised the week after next, and to call on the day before.'],
  ['visit', 'Measured twice: the landing is 4 mm out of level. <b>Order the newel posts.</b>'],
  ['call', 'Happy with the doors. One hinge creaks; Ben looks at it when he passes.'],
  ['note', 'Invoice goes to the head office, not to the site.'],
  ['visit', 'Showed three samples. They keep the second until Friday.'],
  ['call', 'Nobody answered; left a message.'],
  ['note', 'Met at the fair in Harrogate. Interested in fire doors for old houses.'],
] as const

/** What was written down over half a year, by whom it was. */
export async function writeStory(
  faces: readonly Face[],
  ids: ReadonlyMap<string, number>,
  people: readonly Person[],
  now: number,
): Promise<void> {
  for (let number = 0; number < 70; number += 1) {
    const face = faces[number % faces.length]
    const person = people[(number * 3) % people.length]
    const party = person && ids.get(`${person.given} ${person.family}`)
    const [kind, html] = notes[number % notes.length] ?? notes[0]
    if (!face || party === undefined) continue
    await face.json('POST', '/activities', {
      ...{ kind, html, parties: [party] },
      at: new Date(now - ((number * number) % 170) * dayMs - number * 37 * minuteMs).toISOString(),
      ...(kind === 'call' && { direction: number % 3 === 0 ? 'out' : 'in', minutes: 2 + (number % 11) }),
      ...(number % 17 === 0 && { isPinned: true }),
    })
  }
}

const errands = [
  ['Send the offer', 2],
  ['Call back about the handrail', 0],
  ['Order hinges', 4],
  ['Ask for the safety sheets', 9],
  ['Pictures for the magazine', 12],
  ['Remind of the invoice', -3],
] as const

export async function writeTasks(
  face: Face,
  ids: ReadonlyMap<string, number>,
  people: readonly Person[],
  now: number,
): Promise<void> {
  for (const [at, [summary, days]] of errands.entries()) {
    const person = people[at * 9]
    const party = person && ids.get(`${person.given} ${person.family}`)
    if (party === undefined) continue
    const due = new Date(now + days * dayMs).toISOString().slice(0, 10)
    await face.json('POST', `/parties/${party}/tasks`, { summary, due })
  }
}

/** Questions that somebody of the firm asks every week. */
export async function writeLists(face: Face): Promise<void> {
  const lists: readonly (readonly [string, unknown])[] = [
    [
      'Customers not heard of for 90 days',
      {
        all: [
          { field: 'role', op: 'is', text: 'customer' },
          { field: 'last-contact', op: 'before', days: 90 },
        ],
      },
    ],
    ['Christmas cards', { field: 'label', op: 'is', text: 'Christmas cards' }],
    ['Birthdays this month', { field: 'birthday', op: 'within', days: 30 }],
    [
      'Suppliers',
      {
        all: [
          { field: 'role', op: 'is', text: 'supplier' },
          { field: 'kind', kind: 'org' },
        ],
      },
    ],
    ['Everybody in Ilkley', { field: 'city', op: 'is', text: 'Ilkley' }],
  ]
  for (const [name, filter] of lists) await face.json('POST', '/lists', { name, filter })
}
