import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalSearch } from '../../../storage/overview/accounts.ts'
import {
  findPrincipalByName,
  type PrincipalKind,
  type PrincipalRow,
  updatePrincipal,
} from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { readCursor } from '../../api/cursor.ts'
import type { RawCall } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import type { principalPatch, principalQuery } from './admin-schema.ts'
import { checkMail } from './named.ts'

/** What a page of accounts, groups or rooms is asked for: one more than it shows, to know whether there are more. */
export function searchIn({ limit, cursor, q }: z.infer<typeof principalQuery>): {
  readonly limit: number
  readonly search: Omit<PrincipalSearch, 'kind'>
} {
  const after = readCursor(cursor, z.tuple([z.string()]))?.[0]
  return { limit, search: { text: q === undefined ? undefined : foldName(q), after, limit: limit + 1 } }
}

/** Whom the path names. @throws refusal 404 where that is nobody of these kinds */
export async function mustFindNamed(
  reader: Reader,
  { params }: Pick<RawCall, 'params'>,
  kinds: readonly PrincipalKind[],
): Promise<PrincipalRow> {
  const found = await findPrincipalByName(reader, foldName(params.name ?? ''))
  if (!found || !kinds.includes(found.kind)) throw refuseStatus(404, 'There is nobody of that name.')
  return found
}

/** Changes what somebody is called, and his mail address. @throws AccountError for what is no mail address */
export async function changeNames(
  tx: Writer,
  { id }: Pick<PrincipalRow, 'id'>,
  { displayName, email }: z.infer<typeof principalPatch>,
): Promise<void> {
  if (typeof email === 'string') checkMail(email)
  if (displayName === undefined && email === undefined) return
  await updatePrincipal(tx, id, {
    ...(displayName !== undefined && { displayName }),
    ...(email !== undefined && { email }),
  })
}
