import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** A new secret, as receivers are given it. @see Standard Webhooks, "Signature scheme" */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

export interface Message {
  /** The same for each attempt. */
  readonly id: string
  /** Epoch milliseconds of the attempt. */
  readonly at: number
  readonly body: string
}

/**
 * The headers that say whom a message is from, with a signature for each secret that holds.
 * @see Standard Webhooks, "Webhook headers"
 */
export function signatureHeaders(
  { id, at, body }: Message,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
