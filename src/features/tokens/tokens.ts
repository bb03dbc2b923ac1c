import { createHash, randomBytes } from 'node:crypto'
import type { Settings } from '../../../config/defaults.ts'
import { addToken, listTokens, type TokenRow } from '../../../storage/api/tokens.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { type TokenScope, tokenScope } from '../../api/schema.ts'
import { AccountError } from '../accounts/accounts.ts'

const dayMs = 86_400_000

export interface WantedToken {
  readonly label: string
  readonly scopes: readonly TokenScope[]
  readonly days?: number | undefined
}

/**
 * A new token of an account.
 * @returns its row, and the secret, which is shown once and not kept
 * @throws AccountError when the account has too many
 */
export async function createToken(
  tx: Writer,
  account: PrincipalRow,
  { label, scopes, days }: WantedToken,
  { api }: Settings,
): Promise<{ row: TokenRow; secret: string }> {
  if ((await listTokens(tx, account.id)).length >= api.tokens)
    throw new AccountError(`An account may have ${api.tokens} tokens at most: remove one first.`)
  const secret = `farley_${randomBytes(32).toString('base64url')}`
  const row = await addToken(tx, {
    principalId: account.id,
    label,
    secretHash: hashToken(secret),
    scopes: [...new Set(scopes)].join(' '),
    expiresAt: days === undefined ? null : tx.now + days * dayMs,
  })
  return { row, secret }
}

/** The stored form. */
export function hashToken(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** What a token is for; a word that means nothing any more is left out. */
export function scopesOf({ scopes }: Pick<TokenRow, 'scopes'>): TokenScope[] {
  return scopes.split(' ').flatMap((word) => tokenScope.safeParse(word).data ?? [])
}

/** Whether scopes let somebody read, or write, what is of an area. */
export function allows(scopes: readonly TokenScope[], area: string, way: 'read' | 'write'): boolean {
  return scopes.some((scope) => scope === `${area}:write` || scope === `${area}:${way}`)
}
