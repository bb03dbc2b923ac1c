import { createHash } from 'node:crypto'
import type { Settings } from '../../config/defaults.ts'
import { type NewSignIn, noteSignIn } from '../../storage/api/sign-ins.ts'
import type { Writer } from '../../storage/store.ts'

const dayMs = 86_400_000

/** Where somebody signs in from. */
export interface SignInFrom {
  readonly address: string
  readonly agent: string
}

export type SignIn = Omit<NewSignIn, 'address' | 'agent'> & { readonly from: SignInFrom }

/** A User-Agent header as it is kept. */
export function shortAgent({ agent }: Pick<SignInFrom, 'agent'>): string {
  return agent.slice(0, 300)
}

/**
 * Notes that somebody signed in to an account, or was refused. A device asks all day: the same from the same place is noted
 * once a day, and counted.
 */
export function recordSignIn(
  tx: Writer,
  { from, ...signIn }: SignIn,
  { auth }: Pick<Settings, 'auth'>,
): Promise<void> {
  const { way, deviceId, outcome } = signIn
  const noted = { ...signIn, address: from.address, agent: shortAgent(from) }
  const same = [way, deviceId, outcome, noted.address, noted.agent, Math.floor(tx.now / dayMs)]
  const key = createHash('sha256').update(JSON.stringify(same)).digest('base64url').slice(0, 22)
  return noteSignIn(tx, noted, { key, most: auth.signIns })
}
