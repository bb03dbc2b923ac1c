/** How times are said; a date is read off a clock of UTC. */
export interface Clocks {
  /** 14:30, or 2:30 pm; a full hour of twelve without its minutes. */
  readonly time: (date: Date) => string
  /** 14:00, or 2 pm. */
  readonly hour: (date: Date) => string
}

const known = new Map<string, Clocks>()

/** Twelve hours or twenty-four, as it is usual in a region; made once, for hundreds of events. */
export function clocksOf(locale: string): Clocks {
  const clocks = known.get(locale) ?? makeClocks(locale)
  known.set(locale, clocks)
  return clocks
}

function makeClocks(locale: string): Clocks {
  const isOfTwelve = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ?? false
  const utc = { timeZone: 'UTC', hour12: isOfTwelve, hour: isOfTwelve ? 'numeric' : '2-digit' } as const
  const minutes = new Intl.DateTimeFormat(locale, { ...utc, minute: '2-digit' })
  const hours = isOfTwelve ? new Intl.DateTimeFormat(locale, utc) : minutes
  return {
    time: (date) => (date.getUTCMinutes() === 0 ? hours : minutes).format(date),
    hour: (date) => hours.format(date),
  }
}
