import { z } from 'zod'
import type { CollectionRow } from '../../../storage/collections.ts'
import { addFactEvent } from '../../../storage/events.ts'
import type { MountRow, MountState } from '../../../storage/mounts.ts'
import {
  deleteNotification,
  type NotificationRow,
  putNotification,
  trimNotifications,
} from '../../../storage/notifications.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { etagOf } from '../bodies.ts'
import type { Sharing } from './sharing.ts'

const collection = z.object({
  kind: z.enum(['calendar', 'addressbook']),
  name: z.string(),
  /** Of a calendar; null where it takes every one. */
  components: z.string().nullable(),
})
const person = z.object({ segment: z.string(), displayName: z.string() })

const notice = z.discriminatedUnion('kind', [
  /** To a sharee: what he is offered, or what became of it. */
  z.object({
    kind: z.literal('invite'),
    uid: z.string(),
    state: z.enum(['invited', 'accepted', 'declined', 'deleted']),
    access: z.enum(['read', 'read-write', 'no-delete', 'free-busy']),
    collection,
    owner: person,
    summary: z.string(),
  }),
  /** To an owner: what a sharee has said. */
  z.object({
    kind: z.literal('reply'),
    uid: z.string(),
    isAccepted: z.boolean(),
    collection,
    owner: person,
    sharee: person,
    summary: z.string(),
  }),
])

/** What an account is told about something that is shared. */
export type Notice = z.infer<typeof notice>

/** What a notification says; undefined for one of another version of the program. */
export function readNotice({ content }: Pick<NotificationRow, 'content'>): Notice | undefined {
  return notice.safeParse(JSON.parse(content)).data
}

/** A mount, or one that is being made, with what is shared and by whom. */
export interface Invitation {
  readonly mount: Pick<MountRow, 'principalId' | 'inviteUid' | 'access' | 'displayname'>
  readonly collection: CollectionRow
  readonly owner: PrincipalRow
}

/** Tells a sharee that he is invited, or what has changed. */
export async function tellSharee(
  tx: Writer,
  { mount, collection: shared, owner }: Invitation,
  state: MountState | 'deleted',
  { settings, origin }: Pick<Sharing, 'settings' | 'origin'>,
): Promise<void> {
  await addFactEvent(tx, { kind: `invite-${state}`, readers: [mount.principalId] }, origin)
  await tell(tx, mount.principalId, inviteName(mount), settings.limits.notifications, {
    kind: 'invite',
    uid: mount.inviteUid,
    state,
    access: mount.access,
    collection: collectionOf(shared),
    owner: personOf(owner),
    summary: mount.displayname ?? (shared.displayname || shared.name),
  })
}

/** Takes back what a sharee was told: he has answered, or it is no longer so. Pages that show it hear of that. */
export async function untellSharee(tx: Writer, mount: Invitation['mount'], origin: Origin): Promise<void> {
  await addFactEvent(tx, { kind: 'invite-gone', readers: [mount.principalId] }, origin)
  await deleteNotification(tx, mount.principalId, inviteName(mount))
}

/** Tells an owner what a sharee has said. */
export async function tellOwner(
  tx: Writer,
  { mount, collection: shared, owner }: Invitation,
  sharee: PrincipalRow,
  { isAccepted, summary }: { readonly isAccepted: boolean; readonly summary: string },
  { settings }: Pick<Sharing, 'settings'>,
): Promise<void> {
  await tell(tx, owner.id, replyName(mount), settings.limits.notifications, {
    kind: 'reply',
    uid: mount.inviteUid,
    isAccepted,
    collection: collectionOf(shared),
    owner: personOf(owner),
    sharee: personOf(sharee),
    summary,
  })
}

const inviteName = ({ inviteUid }: Invitation['mount']): string => `${inviteUid}.xml`
const replyName = ({ inviteUid }: Invitation['mount']): string => `${inviteUid}-reply.xml`

function collectionOf({ kind, name, components }: CollectionRow): Notice['collection'] {
  return { kind, name, components }
}

function personOf({ segment, displayName, name }: PrincipalRow): Notice['owner'] {
  return { segment, displayName: displayName || name }
}

async function tell(
  tx: Writer,
  principalId: PrincipalRow['id'],
  name: string,
  limit: number,
  said: Notice,
): Promise<void> {
  const content = JSON.stringify(said)
  await putNotification(tx, {
    principalId,
    name,
    kind: said.kind,
    content,
    etag: etagOf(Buffer.from(`${tx.now} ${content}`)),
  })
  await trimNotifications(tx, principalId, limit)
}
