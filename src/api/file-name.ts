/** How a download is called. @see RFC 6266 §4.3, RFC 8187 */
export function namedAs(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** A name for a file of something, by what it is called: without what some system does not take. @param other  where it is called nothing */
export function fileNameOf(title: string, ending: string, other: string): string {
  const bare = title
    .slice(0, mostLooked)
    .replace(/[\p{C}/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
  return `${[...bare].slice(0, longestName).join('') || other}.${ending}`
}

/** What comes behind is not looked at: a name that somebody made may be very long. */
const mostLooked = 1_000
/** Letters of four octets fit then, too. */
const longestName = 60
