import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { isObjectPart } from '../../../protocol/ical/validate.ts'
import { unescapeText } from '../../../protocol/text/content-lines.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'

/** What a list says of an event or a task; empty and null where it says nothing. */
export interface EventSummary {
  readonly summary: string
  readonly location: string
  /** STATUS in upper case. */
  readonly status: string
  /** Of a task, as it is written. */
  readonly due: string | null
  readonly completed: string | null
}

/** Characters of one text. */
const longest = 500

/** Undefined for what cannot be read. Of a series it is what holds for all that are not changed. */
export function summarizeEvent(text: string): EventSummary | undefined {
  try {
    const parts = readCalendar(text).root.components.filter(isObjectPart)
    const main = parts.find(({ lines }) => !lines.some(({ name }) => name === 'RECURRENCE-ID')) ?? parts[0]
    if (!main) return undefined
    const value = (name: string): string => main.lines.find((line) => line.name === name)?.value ?? ''
    const plain = (name: string): string => unescapeText(value(name)).slice(0, longest)
    return {
      summary: plain('SUMMARY'),
      location: plain('LOCATION'),
      status: value('STATUS').trim().toUpperCase(),
      due: value('DUE') || null,
      completed: value('COMPLETED') || null,
    }
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}
