import type { Calendar } from './calendar.ts'
import { isObjectPart } from './validate.ts'

/** Addresses of one object that are kept for an index. */
const mostPeople = 1_000

/**
 * The mail addresses of those who organise or attend an event or a task, in small letters, each once. An address that
 * hides behind another scheme is looked for in EMAIL. @see RFC 5545 §3.8.4.1, §3.8.4.3, RFC 7986 §6.2
 */
export function peopleOf({ root }: Pick<Calendar, 'root'>): string[] {
  const found = new Set<string>()
  for (const part of root.components.filter(isObjectPart)) {
    for (const { name, value, parameters } of part.lines) {
      if (name !== 'ATTENDEE' && name !== 'ORGANIZER') continue
      const given = parameters.find((parameter) => parameter.name === 'EMAIL')?.values[0]
      const address = /^mailto:(.+)$/i.exec(value.trim())?.[1] ?? given
      const mail = address
        ?.replace(/^mailto:/i, '')
        .trim()
        .toLowerCase()
      if (mail?.includes('@') && found.size < mostPeople) found.add(decoded(mail).slice(0, 320))
    }
  }
  return [...found]
}

/** A URI may have its characters encoded. */
function decoded(mail: string): string {
  try {
    return decodeURIComponent(mail).toLowerCase()
  } catch {
    return mail
  }
}
