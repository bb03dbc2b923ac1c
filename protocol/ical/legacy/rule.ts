/** A rule as iCalendar writes it, or what is wrong with it. */
export type LegacyRule = { readonly rule: string } | { readonly problem: string }

const weekdays = new Set(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])

/**
 * A recurrence rule of vCalendar 1.0 as one of iCalendar: `D1 #5`, `W2 MO WE 19980101T000000Z`, `MP1 1+ TU 2- TH #0`,
 * `MD1 1 15 LD #3`, `YM1 1 6 #0`, `YD1 100 200 #0`. Without an end a rule is for two times.
 * A rule that iCalendar's program wrote into a vCalendar is given as it is.
 * @see vCalendar 1.0 (versit, 1996), section 3 "Recurrence Rule Grammar"
 */
export function readLegacyRule(text: string): LegacyRule {
  const clean = text.trim().toUpperCase().replace(/\s+/g, ' ')
  if (/(?:^|;)FREQ=/.test(clean)) return { rule: clean }
  const [head = '', ...words] = clean.split(' ')
  const match = /^(D|W|MP|MD|YM|YD)(\d{1,4})$/.exec(head)
  if (!match) return { problem: `The recurrence rule "${clean.slice(0, 60)}" cannot be read.` }
  const [, kind = 'D', interval = '1'] = match
  const { parts, end } = takeEnd(words)
  const by = byParts(kind, parts)
  if (by === undefined) return { problem: `The recurrence rule "${clean.slice(0, 60)}" cannot be read.` }
  const every = Number(interval) > 1 ? `;INTERVAL=${Number(interval)}` : ''
  return { rule: `FREQ=${frequencies[kind] ?? 'DAILY'}${every}${by}${end}` }
}

const frequencies: Readonly<Record<string, string>> = {
  D: 'DAILY',
  W: 'WEEKLY',
  MP: 'MONTHLY',
  MD: 'MONTHLY',
  YM: 'YEARLY',
  YD: 'YEARLY',
}

function takeEnd(words: readonly string[]): { parts: readonly string[]; end: string } {
  let count: number | undefined
  let until: string | undefined
  const parts = words.filter((word) => {
    if (/^#\d+$/.test(word)) count = Number(word.slice(1))
    else if (/^\d{8}(?:T\d{6}Z?)?$/.test(word)) until = word
    // A dollar ends a rule, times of the day are those of the event.
    else return word !== '' && word !== '$'
    return false
  })
  if (until !== undefined) return { parts, end: `;UNTIL=${until}` }
  if (count === 0) return { parts, end: '' }
  return { parts, end: `;COUNT=${count ?? 2}` }
}

function byParts(kind: string, words: readonly string[]): string | undefined {
  const marked = words.map((word) => word.replace(/\$$/, ''))
  switch (kind) {
    case 'D':
      return marked.every((word) => /^\d{4}$/.test(word)) ? '' : undefined
    case 'W':
      return list('BYDAY', marked.filter(isNoTime), (day) => (weekdays.has(day) ? day : undefined))
    case 'MP':
      return byPosition(marked)
    case 'MD':
      return list('BYMONTHDAY', marked, monthDay)
    case 'YM':
      return list('BYMONTH', marked, (month) => (inRange(month, 1, 12) ? String(Number(month)) : undefined))
    default:
      return list('BYYEARDAY', marked, (day) => (inRange(day, 1, 366) ? String(Number(day)) : undefined))
  }
}

const isNoTime = (word: string): boolean => !/^\d{4}$/.test(word)

function list(
  name: string,
  words: readonly string[],
  read: (word: string) => string | undefined,
): string | undefined {
  const values = words.map(read)
  if (values.some((value) => value === undefined)) return undefined
  return values.length === 0 ? '' : `;${name}=${values.join(',')}`
}

function inRange(word: string, from: number, to: number): boolean {
  return /^\d{1,3}$/.test(word) && Number(word) >= from && Number(word) <= to
}

/** `LD` is the last day, `2-` the last but one. */
function monthDay(word: string): string | undefined {
  if (word === 'LD') return '-1'
  const match = /^(\d{1,2})([+-]?)$/.exec(word)
  if (!match || !inRange(match[1] ?? '', 1, 31)) return undefined
  return match[2] === '-' ? `-${Number(match[1])}` : String(Number(match[1]))
}

/** `1+ TU TH 2- FR`: the days after a position are all at it. */
function byPosition(words: readonly string[]): string | undefined {
  const days: string[] = []
  let position = ''
  for (const word of words.filter(isNoTime)) {
    const match = /^([1-5])([+-]?)$/.exec(word)
    if (match) position = match[2] === '-' ? `-${match[1]}` : (match[1] ?? '')
    else if (weekdays.has(word) && position !== '') days.push(`${position}${word}`)
    else return undefined
  }
  return days.length === 0 ? '' : `;BYDAY=${days.join(',')}`
}
