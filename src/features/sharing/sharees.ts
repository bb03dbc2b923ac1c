import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findPrincipalByName, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { foldName } from '../../auth/basic.ts'
import type { Session } from '../../auth/session.ts'
import { findVisibleByEmail, findVisiblePrincipal } from '../rights/directory.ts'

/**
 * Whom the caller means: a user or a group that he may see, by mail address where only one has it, else by name.
 * @throws refusal 422, the same whether there is none or it is hidden
 */
export async function findShareeFor(reader: Reader, session: Session, who: string): Promise<PrincipalRow> {
  const address = who.replace(/^mailto:/i, '').trim()
  const byMail = address.includes('@') ? await findVisibleByEmail(reader, session, address) : []
  const named = byMail.length === 1 ? byMail[0] : await findPrincipalByName(reader, foldName(address))
  const isSeen = await isShareeFor(reader, session, named ?? nobody)
  if (!named || !isSeen) throw refuseStatus(422, `Nobody is called "${who}".`)
  return named
}

/** Whether something new may be shared with somebody: the caller has to see him. */
export async function isShareeFor(
  reader: Reader,
  session: Session,
  { id, segment }: Pick<PrincipalRow, 'id' | 'segment'>,
): Promise<boolean> {
  return (await findVisiblePrincipal(reader, session, segment))?.id === id
}

/** Who is not there is looked for like who is: the time of a refusal tells nothing. */
const nobody = { id: 0, segment: '' }
