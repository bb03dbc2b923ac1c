import { type ContentLine, readContentLines } from '../../../protocol/text/content-lines.ts'
import { writeLine } from '../../../protocol/text/write-line.ts'

/** Who else stands in the line of an attendee or an organizer. @see RFC 5545 §3.2.4–3.2.5, §3.2.11, §3.2.18 */
const naming: ReadonlySet<string> = new Set(['SENT-BY', 'DELEGATED-FROM', 'DELEGATED-TO', 'MEMBER'])
/** What Apple's calendars write for an organizer without an address: nobody can be written to, and attendees stay attendees. */
const nobody = 'invalid:nomail'

/**
 * Takes somebody off an event or a task: lines of an attendee with one of these addresses are left out, an organizer is nobody any more
 * where others attend, and who acted for whom is not said. All else stays byte for byte. @see RFC 5545 §3.8.4.1, §3.8.4.3
 * @param mails  in small letters
 */
export function withoutPerson(text: string, mails: ReadonlySet<string>): string {
  const lines = [...readContentLines(text)].flatMap((line) => ('broken' in line ? [] : line))
  const people = lines.filter(({ name }) => name === 'ATTENDEE' || name === 'ORGANIZER')
  const isLeft = people.some((line) => line.name === 'ATTENDEE' && !isOf(line, mails))
  let kept = ''
  let from = 0
  for (const line of people) {
    const now = lineWithout(line, mails, isLeft)
    if (now === undefined) continue
    kept += text.slice(from, line.start) + now
    from = line.end
  }
  return kept + text.slice(from)
}

/** Whether a text names one of these addresses where people stand in it. */
export function namesPerson(text: string, mails: ReadonlySet<string>): boolean {
  const lower = text.toLowerCase()
  return [...mails].some((mail) => lower.includes(mail)) && withoutPerson(text, mails) !== text
}

/** Undefined for a line that stays as it is. */
function lineWithout(line: ContentLine, mails: ReadonlySet<string>, isLeft: boolean): string | undefined {
  if (isOf(line, mails)) return line.name === 'ORGANIZER' && isLeft ? writeLine('ORGANIZER', [], nobody) : ''
  const parameters = line.parameters.flatMap((parameter) => {
    if (!naming.has(parameter.name)) return parameter
    const values = parameter.values.filter((value) => !mails.has(addressIn(value)))
    return values.length === 0 ? [] : { ...parameter, values }
  })
  const isSame = parameters.every(({ values }, at) => line.parameters[at]?.values.length === values.length)
  if (isSame && parameters.length === line.parameters.length) return undefined
  return writeLine(line.name, parameters, line.value)
}

function isOf({ value, parameters }: ContentLine, mails: ReadonlySet<string>): boolean {
  const given = parameters.find(({ name }) => name === 'EMAIL')?.values ?? []
  return [value, ...given].some((address) => mails.has(addressIn(address)))
}

function addressIn(value: string): string {
  const address = value
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, '')
  try {
    return decodeURIComponent(address).toLowerCase()
  } catch {
    return address
  }
}
