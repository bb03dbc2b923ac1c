import { encodeSegment } from '../../../protocol/dav/href.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readInviteReply, sharedAs } from '../../../protocol/dav/sharing.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import { findMountByInvite, type MountRow } from '../../../storage/mounts.ts'
import type { Writer } from '../../../storage/store.ts'
import { acceptInvite, declineInvite } from '../../features/sharing/sharing.ts'
import { authorize } from '../access.ts'
import { type Call, originOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks, dropLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import { empty, type Reply, xmlType } from '../reply.ts'
import { type HomeResource, isHome } from '../resource.ts'
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
  const href = await store.write(async (tx) => {
    const home = await mustFind(tx, session, location)
    if (!isHome(home)) throw refuseStatus(403, 'Invitations are answered in the home.')
    authorize(session, 'make-collection', { parent: home })
    const mount = (await findMountByInvite(tx, home.principal.id, inReplyTo))?.mount
    if (mount?.homeId !== home.row.id)
      throw refuse('valid-request', { message: 'There is no such invitation any more.' })
    await checkConditions(tx, call, home)
    if (!isAccepted) return decline(tx, call, home, mount)
    const place = placeIn(placeOf(home), mount.name)
    if (mount.state !== 'accepted') await checkLocks(tx, call, [{ place, act: 'make' }])
    const { name } = await acceptInvite(tx, mount, { origin: originOf(call), settings }, summary)
    return `${home.href}${encodeSegment(name)}/`
  })
  if (href === undefined) return empty(204)
  return { status: 200, headers: { 'Content-Type': xmlType }, body: sharedAs(href) }
}

/** What he had is gone from his home, as by DELETE. */
async function decline(tx: Writer, call: Call, home: HomeResource, mount: MountRow): Promise<undefined> {
  const place = placeIn(placeOf(home), mount.name)
  const isShown = mount.state === 'accepted'
  const held = isShown ? await checkLocks(tx, call, [{ place, act: 'remove', isWhole: true }]) : undefined
  await declineInvite(tx, mount, { origin: originOf(call), settings: call.settings })
  if (held) await dropLocks(tx, held, place)
}
