import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readContentLines } from '../../../protocol/text/content-lines.ts'
import { wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../../protocol/vcard/merge.ts'
import { findBaseByEtag } from '../../../storage/held/merge-bases.ts'
import { type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { lastStates } from '../../../storage/views/past-states.ts'
import type { Services } from '../../services.ts'
import { bodyText, etagOf } from '../bodies.ts'
import { type ListDialect, traitsOf } from '../devices/kinds.ts'
import { mergeRulesOf } from '../devices/merge-rules.ts'
import { hasMoreLines } from '../devices/serve.ts'
import { textFor } from '../lists/lists.ts'
import { readObjectTexts } from '../texts.ts'
import type { HeldEdit } from './held.ts'

/** What is to be stored. @throws refusal 409 */
export async function outcomeOf(
  tx: Reader,
  held: HeldEdit,
  { replace }: { readonly replace: boolean },
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
export function listsOf({ clientKind }: HeldEdit['edit']): ListDialect {
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
