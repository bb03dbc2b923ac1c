/** A zone that forms offer, and how many minutes it is east of UTC at a moment. */
export interface OfferedZone {
  readonly name: string
  readonly offset: number
}

const hourMs = 3_600_000
let offered: { readonly hour: number; readonly zones: readonly OfferedZone[] } = { hour: -1, zones: [] }

/** The zones that are known, by name, and UTC first; worked out once an hour. */
export function listTimeZones(at: number): readonly OfferedZone[] {
  const hour = Math.floor(at / hourMs)
  if (offered.hour !== hour) offered = { hour, zones: zonesAt(hour * hourMs) }
  return offered.zones
}

function zonesAt(at: number): OfferedZone[] {
  // UTC is none of those that Intl counts.
  const names = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]
  return names.map((name) => ({ name, offset: offsetOf(name, at) }))
}

/** In minutes: Intl writes GMT, or GMT+05:30. */
function offsetOf(timeZone: string, at: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? []
  if (hours === undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
