import { readContentLines } from '../../protocol/text/content-lines.ts'

/** A component or a card of a text, as a scan that knows nothing but BEGIN and END sees it. */
export interface SourceComponent {
  readonly name: string
  readonly text: string
  /** Its first and its last line, counted from 1. */
  readonly firstLine: number
  readonly lastLine: number
  readonly isInCalendar: boolean
}

const names = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY'])

/** The components that an import must account for; one that is cut short ends before the next, or with its calendar. */
export function sourceComponents(text: string): SourceComponent[] {
  const found: SourceComponent[] = []
  const lineAt = lineCounter(text)
  let open: { name: string; start: number; isInCalendar: boolean } | undefined
  let isInCalendar = false
  const close = (end: number): void => {
    if (!open) return
    const [firstLine, lastLine] = [lineAt(open.start), lineAt(Math.max(end - 1, 0))]
    found.push({ ...open, text: text.slice(open.start, end), firstLine, lastLine })
    open = undefined
  }
  for (const line of readContentLines(text)) {
    if ('broken' in line && !/^\ufeff?BEGIN:/i.test(line.broken)) continue
    const [, word, what = ''] =
      /^\ufeff?(BEGIN|END)[ \t]*:(.*)$/is.exec(text.slice(line.start, line.end)) ?? []
    const name = what.trim().toUpperCase()
    if (word?.toUpperCase() === 'BEGIN') {
      if (names.has(name) || name === 'VCALENDAR') close(line.start)
      if (name === 'VCALENDAR') isInCalendar = true
      if (names.has(name)) open = { name, start: line.start, isInCalendar }
    } else if (word !== undefined) {
      if (name === 'VCALENDAR') {
        close(line.start)
        isInCalendar = false
      } else if (name === open?.name) close(line.end)
    }
  }
  close(text.length)
  return found
}

/** The lines on which a card begins, but those of agents inside another card. */
export function cardLines(text: string): number[] {
  const lineAt = lineCounter(text)
  const found: number[] = []
  let depth = 0
  let previous = ''
  for (const line of readContentLines(text)) {
    const raw = text.slice(line.start, line.end).trim().toUpperCase()
    const isAgent = raw === 'BEGIN:VCARD' && /(^|\.)AGENT(;[^:]*)?:$/.test(previous)
    if (raw === 'BEGIN:VCARD' && !isAgent) {
      found.push(lineAt(line.start))
      depth = 1
    } else if (isAgent || /^AGENT:\s*BEGIN:VCARD$/.test(raw)) depth += 1
    else if (raw === 'END:VCARD') depth = Math.max(depth - 1, 0)
    previous = raw
  }
  return found
}

/** The line of an offset; offsets come in any order. */
export function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length)
  return (offset) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
