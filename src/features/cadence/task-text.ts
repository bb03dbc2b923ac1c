import { type Component, readCalendar } from '../../../protocol/ical/calendar.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'

/** When a to-do was done: undefined where it is not. @see RFC 5545 §3.8.1.11, §3.8.2.1 */
export function completedAt(text: string, now: number): number | undefined {
  const todo = todoOf(text)
  if (!todo) return undefined
  const value = (name: string): string => todo.lines.find((line) => line.name === name)?.value.trim() ?? ''
  const at = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value('COMPLETED'))
  const isDone = value('STATUS').toUpperCase() === 'COMPLETED' || value('PERCENT-COMPLETE') === '100'
  if (!at) return isDone || value('COMPLETED') !== '' ? now : undefined
  const [, year, month, day, hours, minutes, seconds] = at
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`)
  // A clock may be wrong: nothing was done after now.
  return Number.isNaN(time) ? now : Math.min(time, now)
}

/** The same to-do, done: the lines that say so take the place of those that said otherwise. */
export function completeTask(text: string, now: number): string {
  const todo = todoOf(text)
  if (!todo || completedAt(text, now) !== undefined) return text
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const replaced = new Set(['STATUS', 'COMPLETED', 'PERCENT-COMPLETE'])
  let done = ''
  let from = 0
  for (const { name, start, end } of todo.lines) {
    if (!replaced.has(name)) continue
    done += text.slice(from, start)
    from = end
  }
  const rest = text.slice(from)
  const at = rest.search(/^(?:BEGIN:|END:VTODO)/im)
  const lines = `STATUS:COMPLETED\r\nCOMPLETED:${stamp}\r\nPERCENT-COMPLETE:100\r\n`
  return `${done}${rest.slice(0, at)}${lines}${rest.slice(at)}`
}

function todoOf(text: string): Component | undefined {
  try {
    return readCalendar(text).root.components.find(({ name }) => name === 'VTODO')
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}
