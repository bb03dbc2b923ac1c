import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { compareObjects, type Difference } from '../../../protocol/text/differences.ts'
import type { ListedHeldEdit } from '../../../storage/held/held-edits.ts'
import type { HeldEditId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { hasMoreLines, inVersionOf } from '../devices/serve.ts'
import { readObjectTexts } from '../texts.ts'
import { type HeldEdit, mustFindHeld } from './held.ts'
import { outcomeOf } from './outcome.ts'

/** How it is shown. */
export interface ShownHeldEdit {
  readonly edit: ListedHeldEdit
  /** What was sent. */
  readonly text: string
  /**
   * What it says otherwise than what is there now: all of it where nothing is; undefined where that may not be read, or is too
   * long to compare.
   */
  readonly differences: readonly Difference[] | undefined
  /** What applying it comes to; undefined where what is there may not be read, or written. */
  readonly outcome: ShownOutcome | undefined
}

/** What becomes of what is there, or why it is not known what should. */
export type ShownOutcome =
  | { readonly kind: 'changes'; readonly changes: readonly Difference[] | undefined }
  | { readonly kind: 'conflict'; readonly reason: string }

/** A held edit with what it would change. @throws refuseStatus(404) */
export async function showHeld(
  reader: Reader,
  session: Session,
  id: HeldEditId,
  settings: Services['settings'],
): Promise<ShownHeldEdit> {
  const held = await mustFindHeld(reader, session, id)
  const text = bodyText(held.body)
  const { edit, rights, existing } = held
  const mayRead = (rights & bit.read) !== 0
  const mayWrite = (rights & (existing ? bit['write-content'] : bit.bind)) !== 0
  return {
    ...{ edit, text },
    differences: mayRead ? await differencesOf(reader, held, text, settings) : undefined,
    outcome: mayRead && mayWrite ? await shownOutcome(reader, held, settings) : undefined,
  }
}

async function shownOutcome(
  reader: Reader,
  held: HeldEdit,
  settings: Services['settings'],
): Promise<ShownOutcome> {
  try {
    const outcome = await outcomeOf(reader, held, { replace: false }, settings)
    return { kind: 'changes', changes: await differencesOf(reader, held, bodyText(outcome), settings) }
  } catch (error) {
    if (error instanceof Refusal && error.status === 409) return { kind: 'conflict', reason: error.message }
    throw error
  }
}

async function differencesOf(
  reader: Reader,
  { collection, existing }: HeldEdit,
  text: string,
  { limits }: Services['settings'],
): Promise<readonly Difference[] | undefined> {
  const stored = existing ? ((await readObjectTexts(reader, [existing])).get(existing.id) ?? '') : ''
  const maxLines = limits.mergedLines
  if (hasMoreLines(stored, maxLines) || hasMoreLines(text, maxLines)) return undefined
  const isCard = collection.kind === 'addressbook' && existing !== undefined
  const comparable = isCard ? (inVersionOf(existing, text, maxLines) ?? text) : text
  const comparison = compareObjects(stored, comparable)
  return comparison.kind === 'differing' ? comparison.differences : []
}
