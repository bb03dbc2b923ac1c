/** Content lines joined as RFC 5545 §3.1 and RFC 6350 §3.2 want them. */
export function crlf(...lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`
}

/** The same text whatever its line ends, for clients that write files with the machine's own. */
export function sameLines(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd()
}

/** A calendar object of one VEVENT; `more` are further lines of it. */
export function event(uid: string, summary: string, ...more: readonly string[]): string {
  const when = more.some((line) => line.startsWith('DTSTART'))
    ? []
    : ['DTSTART:20260302T090000Z', 'DTEND:20260302T100000Z']
  return calendar('VEVENT', uid, summary, ...when, ...more)
}

/** A calendar object of one VTODO. */
export function task(uid: string, summary: string, ...more: readonly string[]): string {
  return calendar('VTODO', uid, summary, ...more)
}

function calendar(component: string, uid: string, summary: string, ...more: readonly string[]): string {
  return crlf(
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Example//Second device//EN',
    `BEGIN:${component}`,
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `SUMMARY:${summary}`,
    ...more,
    `END:${component}`,
    'END:VCALENDAR',
  )
}

/** A vCard 3.0 of one person. */
export function card(uid: string, name: string, ...more: readonly string[]): string {
  const [given = '', family = ''] = name.split(' ')
  return crlf(
    'BEGIN:VCARD',
    'VERSION:3.0',
    `UID:${uid}`,
    `FN:${name}`,
    `N:${family};${given};;;`,
    ...more,
    'END:VCARD',
  )
}
