import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { putSetupLink, takeSetupLink } from '../../../storage/api/setup-links.ts'
import type { AppPasswordRow } from '../../../storage/credentials.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { hashAppPassword } from '../../auth/app-password.ts'

const minuteMs = 60_000

/**
 * A link by which a device fetches its password, once; one that was made for it before is void. The password is kept sealed
 * until then: only the secret of the link opens it, and that is not kept.
 * @param password  of the device, as it was shown
 * @throws refusal 422 for another password
 */
export async function createSetupLink(
  tx: Writer,
  device: AppPasswordRow,
  password: string,
  { auth }: Pick<Settings, 'auth'>,
): Promise<{ secret: string; expiresAt: number }> {
  if (hashAppPassword(password) !== device.secretHash)
    throw refuseStatus(422, 'That is not the password of this device: make it a new one.')
  const secret = randomBytes(32).toString('base64url')
  const expiresAt = tx.now + auth.setupLinkMinutes * minuteMs
  const sealed = seal(password, secret)
  await putSetupLink(tx, { deviceId: device.id, secretHash: hashOf(secret), sealed, expiresAt })
  return { secret, expiresAt }
}

/** What a device needs to be set up. */
export interface Setup {
  readonly account: PrincipalRow
  readonly device: AppPasswordRow
  readonly password: string
}

/** Uses a link up. @throws refusal 404 where it is void */
export async function useSetupLink(tx: Writer, secret: string): Promise<Setup> {
  const taken = await takeSetupLink(tx, hashOf(secret))
  if (!taken) throw refuseStatus(404, 'This link was used already, or its time is over. Make another one.')
  const { sealed, device, account } = taken
  return { device, account, password: unseal(sealed, secret) }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(`setup ${secret}`).digest('hex')
}

function keyOf(secret: string): Buffer {
  return createHash('sha256').update(`seal ${secret}`).digest()
}

const cipher = 'aes-256-gcm'

/** @returns the nonce, the tag and the octets, in base64 with dots between @see NIST SP 800-38D */
function seal(text: string, secret: string): string {
  const nonce = randomBytes(12)
  const sealing = createCipheriv(cipher, keyOf(secret), nonce)
  const octets = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
  return [nonce, sealing.getAuthTag(), octets].map((part) => part.toString('base64')).join('.')
}

function unseal(sealed: string, secret: string): string {
  const [nonce, tag, octets] = sealed.split('.').map((part) => Buffer.from(part, 'base64'))
  if (!nonce || !tag || !octets) throw new Error('A sealed password is not whole.')
  const opening = createDecipheriv(cipher, keyOf(secret), nonce)
  opening.setAuthTag(tag)
  return Buffer.concat([opening.update(octets), opening.final()]).toString('utf8')
}
