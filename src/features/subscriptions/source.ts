import { refuseStatus } from '../../../protocol/dav/preconditions.ts'

const longest = 2_000

/**
 * Checks the address of a calendar that somebody publishes.
 * @returns it as it is kept: webcal stays webcal, so that clients get back what they gave
 * @throws refusal 403
 */
export function readSource(text: string): string {
  const source = text.trim()
  const [first] = addressesOf(source)
  if (first && first.hostname !== '' && source.length <= longest) return source
  throw refuseStatus(
    403,
    `Give the address of a calendar, http, https or webcal, of ${longest} characters at most.`,
  )
}

/**
 * Where a source is fetched from, the better address first: webcal says neither that there is TLS nor that there is
 * none, and most publishers have it. A password is never sent in the clear for a webcal address.
 */
export function addressesOf(source: string): URL[] {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(source) ?? []
  const wanted = schemes.get(scheme.toLowerCase()) ?? []
  const urls = wanted.flatMap((protocol) => urlOf(`${protocol}:${rest}`) ?? [])
  return urls.filter(
    ({ protocol, username }) => urls.length === 1 || username === '' || protocol === 'https:',
  )
}

/** What a calendar is called until its publisher, or whoever follows it, says better: where it comes from. */
export function nameOf(source: string): string {
  return addressesOf(source)[0]?.hostname.replace(/^www\./, '') ?? source
}

/** The source for people to read, without its password. */
export function maskedSource(source: string): string {
  return source.replace(/^([a-z]+:\/\/[^/?#@:]*):[^/?#]*@/i, '$1:***@')
}

const schemes = new Map([
  ['http', ['http']],
  ['https', ['https']],
  ['webcal', ['https', 'http']],
  ['webcals', ['https']],
])

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
