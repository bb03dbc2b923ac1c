import { createHash, randomBytes } from 'node:crypto'

/** Who signs in to another server. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** How a server wants its user to sign in, as far as we can. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest'
      readonly realm: string
      readonly nonce: string
      readonly opaque: string | undefined
      readonly algorithm: Algorithm
      /** Whether it takes a count of its nonce; older servers do not. */
      readonly hasQop: boolean
    }

type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'

/**
 * The best way to sign in that a server offers: Digest before Basic, SHA-256 before MD5.
 * @param header  WWW-Authenticate, with all its challenges
 * @see RFC 9110 §11.6.1, RFC 7616 §3.3
 */
export function bestChallenge(header: string): Challenge | undefined {
  const digests = [...header.matchAll(digestChallenge)].flatMap(([, list = '']) => readDigest(list) ?? [])
  const best = digests.find(({ algorithm }) => algorithm.startsWith('SHA-256')) ?? digests[0]
  if (best) return best
  return /(?:^|[,\s])basic(?:\s|,|$)/i.test(header) ? { scheme: 'basic' } : undefined
}

/** Signs in to one server again and again: gives the value of Authorization for one request. */
export type SignIn = (method: string, uri: string) => string

/** @param newNonce  something that is never twice the same; of the client in Digest */
export function signIn(
  challenge: Challenge,
  { user, password }: Credentials,
  newNonce: () => string = () => randomBytes(12).toString('hex'),
): SignIn {
  if (challenge.scheme === 'basic') {
    const value = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    return () => value
  }
  const { realm, nonce, opaque, algorithm, hasQop } = challenge
  const clientNonce = newNonce()
  let count = 0
  return (method, uri) => {
    count += 1
    const nc = count.toString(16).padStart(8, '0')
    const hash = hasher(algorithm)
    const plain = hash(`${user}:${realm}:${password}`)
    const secret = algorithm.endsWith('-sess') ? hash(`${plain}:${nonce}:${clientNonce}`) : plain
    const target = hash(`${method}:${uri}`)
    const middle = hasQop ? `${nonce}:${nc}:${clientNonce}:auth` : nonce
    const fields = [
      ...[
        `username=${quoted(user)}`,
        `realm=${quoted(realm)}`,
        `nonce=${quoted(nonce)}`,
        `uri=${quoted(uri)}`,
      ],
      ...[`response="${hash(`${secret}:${middle}:${target}`)}"`, `algorithm=${algorithm}`],
      ...(hasQop ? ['qop=auth', `nc=${nc}`, `cnonce="${clientNonce}"`] : []),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ]
    return `Digest ${fields.join(', ')}`
  }
}

/** One challenge with its parameters; the next scheme has a blank behind its name, not `=`. */
const digestChallenge = /\bdigest\s+((?:[\w-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)\s*(?:,\s*)?)+)/gi
const parameter = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g

function readDigest(list: string): Extract<Challenge, { scheme: 'digest' }> | undefined {
  const parameters = new Map<string, string>()
  for (const [, name = '', inQuotes, bare = ''] of list.matchAll(parameter)) {
    parameters.set(name.toLowerCase(), inQuotes?.replace(/\\(.)/g, '$1') ?? bare)
  }
  const nonce = parameters.get('nonce')
  const algorithm = algorithms.find(
    (known) => known.toLowerCase() === (parameters.get('algorithm') ?? 'MD5').toLowerCase(),
  )
  const qop = parameters.get('qop')?.split(/[\s,]+/)
  if (nonce === undefined || algorithm === undefined || (qop && !qop.includes('auth'))) return undefined
  const opaque = parameters.get('opaque')
  return {
    scheme: 'digest',
    realm: parameters.get('realm') ?? '',
    nonce,
    opaque,
    algorithm,
    hasQop: qop !== undefined,
  }
}

const algorithms: readonly Algorithm[] = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess']

function hasher(algorithm: Algorithm): (text: string) => string {
  const name = algorithm.startsWith('MD5') ? 'md5' : 'sha256'
  return (text) => createHash(name).update(text).digest('hex')
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
