/** Properties a server may add, rewrite or leave out without the object being another one. */
const ownOfServers = /^(PRODID|CALSCALE|X-[A-Z-]+|SCHEDULE-[A-Z]+)$/

/**
 * Whether a body that came back holds the same components and properties as the one sent; their order,
 * folding, line ends and the definition of the time zone are the server's own.
 * @param sent  canonical form of the body sent, see canonicalLines
 */
export function isSameObject(sent: readonly string[], got: string): boolean {
  const lines = canonicalLines(got)
  return lines.length === sent.length && lines.every((line, index) => line === sent[index])
}

/** The lines of a body that count, unfolded, parameters sorted, each with its component, in order. */
export function canonicalLines(body: string): string[] {
  const path: string[] = []
  const lines: string[] = []
  for (const line of unfoldedLines(body)) {
    if (line.startsWith('BEGIN:')) path.push(line.slice(6).toUpperCase())
    else if (line.startsWith('END:')) lines.push(`/${path.pop() ?? ''}`)
    else if (!path.includes('VTIMEZONE')) addLine(lines, path, line)
  }
  return lines.filter((line) => !zoneEnds.has(line)).sort()
}

const zoneEnds = new Set(['/VTIMEZONE', '/STANDARD', '/DAYLIGHT'])

function addLine(lines: string[], path: readonly string[], line: string): void {
  const colon = line.indexOf(':')
  const [name = '', ...parameters] = line.slice(0, colon).toUpperCase().split(';')
  if (ownOfServers.test(name)) return
  const text = line.slice(colon + 1).replace(/\\([,;])/g, '$1')
  const value = name === 'RRULE' ? text.split(';').sort().join(';') : text
  lines.push([path.at(-1) ?? '', name, ...parameters.sort(), value].join(' '))
}

function unfoldedLines(body: string): string[] {
  return body
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
}
