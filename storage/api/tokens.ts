import type { PrincipalId, TokenId } from '../ids.ts'
import { type PrincipalRow, principalFields } from '../principals.ts'
import { rowTaker, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A token that a program uses the API with. */
export interface TokenRow {
  readonly id: TokenId
  readonly principalId: PrincipalId
  readonly label: string
  /** SHA-256 in hexadecimal: the secret is random and needs no slow hash. */
  readonly secretHash: string
  /** Words with blanks between, such as `people:read files:write`. */
  readonly scopes: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
}

const fields: readonly (keyof TokenRow & string)[] = [
  'id',
  'principalId',
  'label',
  'secretHash',
  'scopes',
  'createdAt',
  'expiresAt',
  'lastUsedAt',
]
const columns = selectList<TokenRow>('t', fields)
const takeToken = rowTaker<TokenRow>(fields, 't_')
const takeAccount = rowTaker<PrincipalRow>(principalFields, 'p_')
const joined = `SELECT ${selectList<TokenRow>('t', fields, 't_')}, ${selectList<PrincipalRow>('p', principalFields, 'p_')}
  FROM api_tokens t JOIN principals p ON p.id = t.principal_id`

/** A token with whom it speaks for; undefined where there is none, or its time is over, or the account is locked. */
export async function findToken(
  reader: Reader,
  secretHash: string,
  now: number,
): Promise<{ token: TokenRow; account: PrincipalRow } | undefined> {
  const text = `${joined} WHERE t.secret_hash = $1 AND p.locked_at IS NULL AND p.removed_at IS NULL
    AND (t.expires_at IS NULL OR t.expires_at > $2)`
  const row = await reader.sql.first<Record<string, unknown>>(text, [secretHash, now])
  return row && { token: takeToken(row), account: takeAccount(row) }
}

/** All of an account, those whose time is over too, as they were made. */
export function listTokens(reader: Reader, principalId: PrincipalId): Promise<TokenRow[]> {
  const text = `SELECT ${columns} FROM api_tokens t WHERE t.principal_id = $1 ORDER BY t.id`
  return reader.sql.all<TokenRow>(text, [principalId])
}

export type NewToken = Pick<TokenRow, 'principalId' | 'label' | 'secretHash' | 'scopes' | 'expiresAt'>

export async function addToken(tx: Writer, token: NewToken): Promise<TokenRow> {
  const row = await tx.sql.first<{ id: TokenId }>(
    `INSERT INTO api_tokens (principal_id, label, secret_hash, scopes, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [token.principalId, token.label, token.secretHash, token.scopes, tx.now, token.expiresAt],
  )
  if (row === undefined) throw new Error('The token was not stored.')
  return { ...token, id: row.id, createdAt: tx.now, lastUsedAt: null }
}

/** @returns false when the account has none of that id */
export async function removeToken(tx: Writer, principalId: PrincipalId, id: TokenId): Promise<boolean> {
  const text = 'DELETE FROM api_tokens WHERE id = $1 AND principal_id = $2'
  return (await tx.sql.run(text, [id, principalId])) > 0
}

export async function touchToken(tx: Writer, id: TokenId, at: number): Promise<void> {
  await tx.sql.run('UPDATE api_tokens SET last_used_at = $2 WHERE id = $1', [id, at])
}
