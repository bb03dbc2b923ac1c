import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readInviteReply, sharedAs } from '../../../protocol/dav/sharing.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import { findMountByInvite } from '../../../storage/mounts.ts'
import { acceptInvite, declineInvite } from '../../features/sharing/sharing.ts'
import { authorize } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { collectionPath } from '../paths.ts'
import { empty, type Reply, xmlType } from '../reply.ts'
import { isHome } from '../resource.ts'
import { mustFind } from '../tree.ts'

/**
 * CS:invite-reply: accepts what is shared, or declines it.
 * @returns where it is in the home of the sharee, once it is accepted
 * @throws valid-request when there is no such invitation, or it was withdrawn
 * @see caldav-sharing "Replying to a Sharing Invite"
 */
export async function inviteReply(call: Call, body: XmlElement): Promise<Reply> {
  const { session, location, store, settings } = call
  const { isAccepted, inReplyTo, summary } = readInviteReply(body)
  const answering = { origin: originOf(call), settings }
  const href = await store.write(async (tx) => {
    const home = await mustFind(tx, session, location)
    if (!isHome(home)) throw refuseStatus(403, 'Invitations are answered in the home.')
    authorize(session, 'make-collection', { parent: home })
    const found = await findMountByInvite(tx, home.principal.id, inReplyTo)
    if (!found) throw refuse('valid-request', { message: 'There is no such invitation any more.' })
    if (!isAccepted) return declineInvite(tx, found.mount, answering)
    const { name } = await acceptInvite(tx, found.mount, answering, summary)
    const kind = found.collection.kind === 'calendar' ? 'calendars' : 'addressbooks'
    return collectionPath(kind, home.principal.segment, name)
  })
  if (href === undefined) return empty(204)
  return { status: 200, headers: { 'Content-Type': xmlType }, body: sharedAs(href) }
}
