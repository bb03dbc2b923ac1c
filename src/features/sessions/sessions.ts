import { createHash, randomBytes } from 'node:crypto'
import type { Settings } from '../../../config/defaults.ts'
import { putPasswordLink, takePasswordLink } from '../../../storage/api/password-links.ts'
import { addWebSession, type SessionTimes } from '../../../storage/api/web-sessions.ts'
import type { PrincipalId, WebSessionId } from '../../../storage/ids.ts'
import { type PrincipalRow, setPassword } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** From when on sessions hold. */
export function sessionTimes(now: number, { auth }: Pick<Settings, 'auth'>): SessionTimes {
  return { madeAfter: now - auth.sessionDays * dayMs, usedAfter: now - auth.sessionIdleDays * dayMs }
}

/**
 * Signs somebody in whose password was verified.
 * @returns the secret for the cookie, which is not kept
 */
export async function createSession(
  tx: Writer,
  { id: principalId }: Pick<PrincipalRow, 'id'>,
  from: { readonly address: string; readonly agent: string },
  { auth }: Pick<Settings, 'auth'>,
): Promise<{ id: WebSessionId; secret: string }> {
  const secret = randomBytes(32).toString('base64url')
  const { address, agent } = from
  const made = { principalId, secretHash: hashSecret(secret), address, agent: agent.slice(0, 300) }
  return { id: await addWebSession(tx, made, auth.sessions), secret }
}

/** The stored form of a secret. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** What changes have to carry that are made with a session: a page of another site cannot know it. */
export function csrfTokenOf(secret: string): string {
  return createHash('sha256').update(`csrf ${secret}`).digest('base64url').slice(0, 32)
}

/**
 * A link by which an account's person chooses a new password; one that was made before is void.
 * @returns the secret, which is shown once and not kept
 */
export async function createPasswordLink(
  tx: Writer,
  { id: principalId }: Pick<PrincipalRow, 'id'>,
  { auth }: Pick<Settings, 'auth'>,
): Promise<{ secret: string; expiresAt: number }> {
  const secret = randomBytes(24).toString('base64url')
  const expiresAt = tx.now + auth.passwordLinkHours * hourMs
  await putPasswordLink(tx, { principalId, secretHash: hashSecret(secret), expiresAt })
  return { secret, expiresAt }
}

/** Chooses a new password by a link, which is used up. @returns whose; undefined where the link is void */
export async function useLink(
  tx: Writer,
  secret: string,
  passwordHash: string,
): Promise<PrincipalId | undefined> {
  const id = await takePasswordLink(tx, hashSecret(secret))
  if (id !== undefined) await setPassword(tx, id, passwordHash)
  return id
}
