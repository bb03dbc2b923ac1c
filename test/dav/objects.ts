/** A small vCard 3.0 with CRLF line ends; `extra` are further whole lines. */
export function card(uid: string, fn = 'Jane Doe', extra: readonly string[] = []): string {
  const [given = '', family = ''] = fn.split(' ')
  return lines([
    'BEGIN:VCARD',
    'VERSION:3.0',
    `UID:${uid}`,
    `FN:${fn}`,
    `N:${family};${given};;;`,
    ...extra,
    'END:VCARD',
  ])
}

/** A calendar object with one event; `extra` are further lines of the event. */
export function event(
  uid: string,
  extra: readonly string[] = ['DTSTART:20260115T100000Z', 'DTEND:20260115T110000Z'],
): string {
  return calendar([
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `SUMMARY:Event ${uid}`,
    ...extra,
    'END:VEVENT',
  ])
}

export function todo(uid: string, extra: readonly string[] = []): string {
  return calendar([
    'BEGIN:VTODO',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `SUMMARY:Task ${uid}`,
    ...extra,
    'END:VTODO',
  ])
}

/** Wraps component lines into a VCALENDAR. */
export function calendar(components: readonly string[]): string {
  return lines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Farley//Test//EN',
    ...components,
    'END:VCALENDAR',
  ])
}

export function lines(all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n`
}
