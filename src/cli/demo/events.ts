import { firm } from './firm.ts'
import { lines, type Person, text } from './people.ts'

/** An event of the demo: where it is kept, and what it says. */
export interface DemoEvent {
  readonly uid: string
  readonly calendar: 'calendar' | 'workshop'
  readonly octets: string
}

const dayMs = 86_400_000

/** Meetings with people around today, the weekly ones of the firm, deliveries and holidays. @param now  epoch milliseconds */
export function makeEvents(people: readonly Person[], now: number): readonly DemoEvent[] {
  const monday = now - ((new Date(now).getUTCDay() + 6) % 7) * dayMs
  return [weekly(monday), ...visits(people, monday), ...deliveries(monday), holiday(monday + 18 * dayMs)]
}

const occasions = [
  ['Measure the staircase', 60],
  ['Look at samples', 45],
  ['Hand over drawings', 30],
  ['Site visit', 90],
  ['Talk about the offer', 30],
  ['Fit the doors', 240],
] as const

/** From six weeks ago to four weeks ahead, a few a week. */
function visits(people: readonly Person[], monday: number): DemoEvent[] {
  const events: DemoEvent[] = []
  for (let week = -6; week < 4; week += 1) {
    for (const day of [0, 1, 2, 3, 4]) {
      const number = (week + 6) * 5 + day
      const [summary, minutes] = occasions[number % occasions.length] ?? occasions[0]
      const person = people[(number * 5) % people.length]
      if (!person || number % 4 === 3) continue
      const start = monday + (week * 7 + day) * dayMs
      events.push(visit(number, { summary, minutes, person, start, hour: 8 + (number % 3) * 3 }))
    }
  }
  return events
}

interface Visit {
  readonly summary: string
  readonly minutes: number
  readonly person: Person
  readonly start: number
  readonly hour: number
}

function visit(number: number, { summary, minutes, person, start, hour }: Visit): DemoEvent {
  const { given, family, mail, address, company } = person
  const begin = at(start, hour, number % 2 === 0 ? 0 : 30)
  const where = address ? `${address[0]}, ${address[1]}` : company ? `${company.street}, ${company.city}` : ''
  const uid = `demo-visit-${number}`
  return event(uid, 'calendar', [
    ...times(begin, begin + minutes * 60_000),
    `SUMMARY:${text(`${summary}: ${given} ${family}`)}`,
    ...(where === '' ? [] : [`LOCATION:${text(where)}`]),
    `ORGANIZER;CN=Anna Larkfield:mailto:anna@${firm.host}`,
    `ATTENDEE;CN=${given} ${family};PARTSTAT=ACCEPTED:mailto:${mail}`,
    ...(number % 3 === 0 ? alarm('-PT30M') : []),
  ])
}

function weekly(monday: number): DemoEvent {
  const begin = at(monday - 42 * dayMs, 7, 30)
  return event('demo-weekly', 'workshop', [
    ...times(begin, begin + 30 * 60_000),
    'RRULE:FREQ=WEEKLY;BYDAY=MO',
    'SUMMARY:Who does what this week',
    'LOCATION:Workshop',
  ])
}

function deliveries(monday: number): DemoEvent[] {
  return [-14, -7, 0, 7, 14].map((days, at_) => {
    const begin = at(monday + (days + 1) * dayMs, 10, 0)
    return event(`demo-delivery-${at_}`, 'workshop', [
      ...times(begin, begin + 60 * 60_000),
      'SUMMARY:Timber from Dale & Sons',
      'LOCATION:Yard',
    ])
  })
}

function holiday(start: number): DemoEvent {
  return event('demo-holiday', 'workshop', [
    `DTSTART;VALUE=DATE:${dayOf(start)}`,
    `DTEND;VALUE=DATE:${dayOf(start + 5 * dayMs)}`,
    'SUMMARY:Ben is away',
    'TRANSP:TRANSPARENT',
  ])
}

function alarm(trigger: string): string[] {
  return ['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:Reminder', `TRIGGER:${trigger}`, 'END:VALARM']
}

function event(uid: string, calendar: DemoEvent['calendar'], content: readonly string[]): DemoEvent {
  const octets = lines([
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Farley//Demo//EN', 'BEGIN:VEVENT', `UID:${uid}`],
    'DTSTAMP:20260101T000000Z',
    ...content,
    ...['END:VEVENT', 'END:VCALENDAR'],
  ])
  return { uid, calendar, octets }
}

function at(day: number, hour: number, minute: number): number {
  return Math.floor(day / dayMs) * dayMs + (hour * 60 + minute) * 60_000
}

function times(start: number, end: number): string[] {
  return [`DTSTART:${stamp(start)}`, `DTEND:${stamp(end)}`]
}

function stamp(time: number): string {
  return `${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}`
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '')
}
