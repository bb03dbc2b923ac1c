import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import type { FeedId } from '../../../storage/ids.ts'

/**
 * The names and UIDs under which a view shows members as blocks of time. Who does not know the secret of the database learns nothing from
 * them: a name is the stored one encrypted, with what it was encrypted from as the initial vector (as RFC 5297 does), so that it is the
 * same every time, another one in another view, and can be read back.
 */
export interface BlockNames {
  nameOf(stored: string): string
  uidOf(stored: string): string
  /** Undefined for what is no name of this view. */
  storedName(name: string): string | undefined
}

export function blockNames(secret: Buffer, view: FeedId): BlockNames {
  const key = (use: string): Buffer => createHmac('sha256', secret).update(`blocks ${view} ${use}`).digest()
  const [vectorKey, cipherKey, uidKey] = [key('vector'), key('cipher'), key('uid')]
  const vectorOf = (padded: Buffer): Buffer =>
    createHmac('sha256', vectorKey).update(padded).digest().subarray(0, vectorBytes)
  const nameOf = (stored: string): string => {
    const padded = pad(Buffer.from(stored))
    const vector = vectorOf(padded)
    const cipher = createCipheriv(algorithm, cipherKey, vector)
    return `${Buffer.concat([vector, cipher.update(padded), cipher.final()]).toString('base64url')}${ending}`
  }
  return {
    nameOf,
    uidOf: (stored) => createHmac('sha256', uidKey).update(stored).digest('hex').slice(0, 32),
    storedName: (name) => {
      const bytes = Buffer.from(name.slice(0, -ending.length), 'base64url')
      if (!name.endsWith(ending) || bytes.length < vectorBytes + padBytes) return undefined
      const decipher = createDecipheriv(algorithm, cipherKey, bytes.subarray(0, vectorBytes))
      const padded = Buffer.concat([decipher.update(bytes.subarray(vectorBytes)), decipher.final()])
      const stored = padded.subarray(0, padded.lastIndexOf(mark)).toString()
      return nameOf(stored) === name ? stored : undefined
    },
  }
}

const algorithm = 'aes-256-ctr'
const ending = '.ics'
const vectorBytes = 16
/** Names up to this length look alike; longer ones tell how many times as long they are. */
const padBytes = 48
const mark = 0x80

/** With a mark where the name ends, and zeros up to a whole number of blocks. */
function pad(name: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil((name.length + 1) / padBytes) * padBytes)
  name.copy(padded)
  padded[name.length] = mark
  return padded
}
