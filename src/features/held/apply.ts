import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { settleHeldEdit } from '../../../storage/held/held-edits.ts'
import type { HeldEditId } from '../../../storage/ids.ts'
import { findMountOn } from '../../../storage/mounts.ts'
import { findObject } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { planPersonalPut, putPersonal } from '../views/personal-put.ts'
import { storeThrough } from '../virtual/virtual.ts'
import { type HeldEdit, mustFindHeld } from './held.ts'
import { listsOf, outcomeOf } from './outcome.ts'

/** How a held edit is to be applied. */
export interface Application {
  /** The entity tag of what was there when the edit was looked at; null for nothing, undefined for whatever is there. */
  readonly ifMatch?: string | null | undefined
  /** Whether what is there may be replaced where there is nothing to merge by. */
  readonly replace: boolean
  readonly origin: Origin
}

export interface Applied {
  readonly kind: 'created' | 'updated' | 'unchanged'
  readonly etag: string
}

/**
 * Stores what was refused, and is done with it: a card is merged with what is there now against the state that it was an edit of;
 * an event takes the place of the one that is there, unless that was rescheduled since.
 * @throws refusal 404; 403 where the account may not write there; 412 where something else is there than `ifMatch` says; 409
 *   where it makes no sense unless `replace`; and what `prepareObject` and `storeObject` throw
 */
export async function applyHeld(
  tx: Writer,
  session: Session,
  id: HeldEditId,
  application: Application,
  { settings, now }: Pick<Services, 'settings' | 'now'>,
): Promise<Applied> {
  const held = await mustFindHeld(tx, session, id)
  checkRights(held)
  checkMatch(held, application)
  const { collection, book, edit, existing } = held
  const body = await outcomeOf(tx, held, application, settings)
  const object = prepareObject(collection.kind, body, settings, now())
  const { origin } = application
  const request = { collection, name: edit.name, existing, origin, hrefOf: (name: string) => name }
  if (book) {
    const lists = listsOf(edit)
    const { kind, etag } = await storeThrough(tx, { ...request, book, object, session, lists }, settings)
    await settleHeldEdit(tx, edit, { as: 'applied', by: session.principal.id })
    return { kind, etag }
  }
  const mounted = await findMountOn(tx, collection.id, session.principal.id)
  const mount = mounted?.mount.view === 'personal' ? mounted.mount : undefined
  const { kind, etag } = mount
    ? await putPersonal(
        tx,
        { ...request, mount },
        await planPersonalPut(tx, { mount, object, existing, mayWrite: true }, settings, now()),
        settings,
      )
    : await storeObject(tx, { ...request, object, lists: listsOf(edit) }, settings)
  await settleHeldEdit(tx, edit, { as: 'applied', by: session.principal.id })
  // Not as the device sees it: whoever applies it sees what is stored.
  const there = await findObject(tx, collection.id, edit.name)
  return { kind, etag: mount ? etag : (there?.etag ?? etag) }
}

function checkRights({ rights, existing }: HeldEdit): void {
  if ((rights & (existing ? bit['write-content'] : bit.bind)) === 0)
    throw refuseStatus(403, 'You may not write there any more.')
}

function checkMatch({ existing }: HeldEdit, { ifMatch }: Application): void {
  if (ifMatch === undefined || ifMatch === (existing?.etag ?? null)) return
  throw refuseStatus(412, 'Something else is there now: look at the edit again.')
}
