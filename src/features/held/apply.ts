import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { readContentLines } from '../../../protocol/text/content-lines.ts'
import { wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../../protocol/vcard/merge.ts'
import { dropHeldEdit } from '../../../storage/held/held-edits.ts'
import { findBaseByEtag } from '../../../storage/held/merge-bases.ts'
import type { HeldEditId } from '../../../storage/ids.ts'
import { findMountOn } from '../../../storage/mounts.ts'
import { findObject, type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { lastStates } from '../../../storage/views/past-states.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText, etagOf } from '../bodies.ts'
import { type ListDialect, traitsOf } from '../devices/kinds.ts'
import { mergeRulesOf } from '../devices/merge-rules.ts'
import { hasMoreLines } from '../devices/serve.ts'
import { textFor } from '../lists/lists.ts'
import { prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'
import { planPersonalPut, putPersonal } from '../views/personal-put.ts'
import { storeThrough } from '../virtual/virtual.ts'
import { type HeldEdit, mustFindHeld } from './held.ts'

/** How a held edit is to be applied. */
export interface Application {
  /** The entity tag of what was there when the edit was looked at; undefined for whatever is there. */
  readonly ifMatch?: string | undefined
  /** Whether what is there may be replaced where there is nothing to merge by. */
  readonly replace: boolean
  readonly origin: Origin
}

export interface Applied {
  readonly kind: 'created' | 'updated' | 'unchanged'
  readonly etag: string
}

/**
 * Stores what was refused, and forgets it: a card is merged with what is there now against the state that it was an edit of;
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
    await dropHeldEdit(tx, session.principal.id, id)
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
  await dropHeldEdit(tx, session.principal.id, id)
  // Not as the device sees it: whoever applies it sees what is stored.
  const there = await findObject(tx, collection.id, edit.name)
  return { kind, etag: mount ? etag : (there?.etag ?? etag) }
}

function checkRights({ rights, existing }: HeldEdit): void {
  if ((rights & (existing ? bit['write-content'] : bit.bind)) === 0)
    throw refuseStatus(403, 'You may not write there any more.')
}

function checkMatch({ existing }: HeldEdit, { ifMatch }: Application): void {
  if (ifMatch === undefined || ifMatch === existing?.etag) return
  throw refuseStatus(412, 'Something else is there now: look at the edit again.')
}

/** What is to be stored. @throws refusal 409 */
async function outcomeOf(
  tx: Writer,
  held: HeldEdit,
  { replace }: Application,
  settings: Services['settings'],
): Promise<Buffer> {
  const { collection, existing, body } = held
  if (!existing || replace) return body
  const stored = (await readObjectTexts(tx, [existing])).get(existing.id) ?? ''
  if (collection.kind === 'addressbook') return mergedCard(tx, held, existing, stored, settings)
  if (sequenceOf(stored) > sequenceOf(bodyText(body)))
    throw refuseStatus(409, 'The event was rescheduled since: apply it with replace, or drop it.')
  return body
}

async function mergedCard(
  tx: Reader,
  { edit, body }: HeldEdit,
  existing: ObjectRow,
  stored: string,
  { limits }: Services['settings'],
): Promise<Buffer> {
  const lists = listsOf(edit)
  const served = edit.baseEtag === null ? undefined : await servedText(tx, existing.id, edit.baseEtag, lists)
  const sent = bodyText(body)
  const isLong = [stored, sent].some((text) => hasMoreLines(text, limits.mergedLines))
  if (served === undefined || isLong)
    throw refuseStatus(409, 'What it was an edit of is not known: apply it with replace, or drop it.')
  const rules = mergeRulesOf({ clientKind: edit.clientKind ?? undefined, merge: true }) ?? wholeCard
  const merged = mergeCard({ stored, served, sent, rules })
  if (!merged.isMerged) throw refuseStatus(409, 'It cannot be merged: apply it with replace, or drop it.')
  return Buffer.from(merged.text)
}

/** How the device that sent it knows lists of people. */
function listsOf({ clientKind }: HeldEdit['edit']): ListDialect {
  return traitsOf(clientKind ?? undefined).lists
}

/** Of a card that has changed more often it is not looked for longer. */
const mostStates = 20

/** The state that had an entity tag, as the device saw it: without CATEGORIES it had another one than it is stored with. */
async function servedText(
  tx: Reader,
  id: ObjectRow['id'],
  etag: string,
  lists: ListDialect,
): Promise<string | undefined> {
  const base = await findBaseByEtag(tx, id, etag)
  if (base || lists !== 'cards') {
    const body = base && (await readBody(tx, base.bodyId))
    return body && textFor(lists, bodyText(body))
  }
  for (const { bodyId } of (await lastStates(tx, [id], mostStates)).get(id) ?? []) {
    const body = bodyId === null ? undefined : await readBody(tx, bodyId)
    const text = body && textFor(lists, bodyText(body))
    if (text !== undefined && etagOf(Buffer.from(text)) === etag) return text
  }
  return undefined
}

/** The highest SEQUENCE in it. @see RFC 5545 §3.8.7.4 */
function sequenceOf(text: string): number {
  let highest = 0
  for (const line of readContentLines(text)) {
    if (!('broken' in line) && line.name === 'SEQUENCE') highest = Math.max(highest, Number(line.value) || 0)
  }
  return highest
}
