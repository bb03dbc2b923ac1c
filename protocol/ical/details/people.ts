import { type ContentLine, parameter } from '../../text/content-lines.ts'
import { type Component, properties, property } from '../calendar.ts'

/** Who is named by an ATTENDEE or ORGANIZER line. @see RFC 5545 §3.8.4.1, §3.8.4.3 */
export interface Participant {
  /** A mail address, or whatever else the line names. */
  readonly address: string
  readonly name: string | null
  readonly role: string
  readonly status: string
  readonly kind: string
  readonly wantsReply: boolean
}

export function organizerOf(component: Component): Participant | null {
  const line = property(component, 'ORGANIZER')
  return line ? participant(line) : null
}

export function attendeesOf(component: Component): Participant[] {
  return properties(component, 'ATTENDEE').map(participant)
}

function participant(line: ContentLine): Participant {
  const word = (name: string, usual: string): string => parameter(line, name)?.toUpperCase() || usual
  return {
    address: line.value.trim().replace(/^mailto:/i, ''),
    name: parameter(line, 'CN') || null,
    role: word('ROLE', 'REQ-PARTICIPANT'),
    status: word('PARTSTAT', 'NEEDS-ACTION'),
    kind: word('CUTYPE', 'INDIVIDUAL'),
    wantsReply: word('RSVP', 'FALSE') === 'TRUE',
  }
}
