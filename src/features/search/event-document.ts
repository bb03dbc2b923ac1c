import { type Calendar, type Component, properties } from '../../../protocol/ical/calendar.ts'
import {
  type ContentLine,
  parameter,
  splitValue,
  unescapeText,
} from '../../../protocol/text/content-lines.ts'
import type { SearchText } from '../../../storage/search/documents.ts'
import { searchText } from './document.ts'
import type { FieldText, SearchField } from './fields.ts'

/** Changed occurrences of a series and guests of one component, that an event is found by, at most. */
const most = { components: 20, guests: 30 } as const

const found = new Set(['VEVENT', 'VTODO', 'VJOURNAL'])

const texts: readonly (readonly [property: string, field: SearchField])[] = [
  ['SUMMARY', 'heading'],
  ['LOCATION', 'location'],
  ['CATEGORIES', 'label'],
  ['DESCRIPTION', 'note'],
]

/** What an event, a task or a journal entry is found by; undefined for what has none of their texts. */
export function eventDocument({ root }: Calendar): SearchText | undefined {
  const components = root.components.filter(({ name }) => found.has(name)).slice(0, most.components)
  const seen = new Set<string>()
  const fields: FieldText[] = []
  for (const field of components.flatMap(fieldsOf)) {
    const key = `${field.field} ${field.text}`
    if (!seen.has(key)) fields.push(field)
    seen.add(key)
  }
  if (fields.length === 0) return undefined
  const title = fields.find(({ field }) => field === 'heading')?.text ?? ''
  return searchText('event', title, fields)
}

function fieldsOf(component: Component): FieldText[] {
  const own = texts.flatMap(([name, field]) =>
    properties(component, name)
      .flatMap((line) => (field === 'label' ? splitValue(line.value, ',') : [line.value]))
      .map((value) => ({ field, text: unescapeText(value) })),
  )
  const guests = [...properties(component, 'ORGANIZER'), ...properties(component, 'ATTENDEE')]
  return [...own, ...guests.slice(0, most.guests).flatMap(guestOf)]
}

function guestOf(line: ContentLine): FieldText[] {
  const name = parameter(line, 'CN') ?? ''
  const address = /^mailto:(.*)$/is.exec(line.value)?.[1] ?? ''
  const text = name === address || name === '' ? address : `${name} ${address}`.trim()
  return text === '' ? [] : [{ field: 'attendee', text }]
}
