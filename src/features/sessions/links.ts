import type { Settings } from '../../../config/defaults.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { createPasswordLink } from './sessions.ts'

/** A link by which an account's person chooses a password, as it is shown, once; it says for which account. */
export async function passwordLinkFor(
  tx: Writer,
  account: PrincipalRow,
  settings: Settings,
): Promise<{ url: string; expiresAt: string }> {
  const { secret, expiresAt } = await createPasswordLink(tx, account, settings)
  const url = `${settings.publicUrl.replace(/\/$/, '')}/password#${secret}/${encodeURIComponent(account.name)}`
  return { url, expiresAt: new Date(expiresAt).toISOString() }
}
