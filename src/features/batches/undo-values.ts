import type { Settings } from '../../../config/defaults.ts'
import type { BatchRow } from '../../../storage/batches/batches.ts'
import { listItems } from '../../../storage/batches/items.ts'
import { removeCustomField } from '../../../storage/fields/custom-fields.ts'
import { countCustomValues } from '../../../storage/fields/custom-values.ts'
import {
  type FactRevisionRow,
  factRevisionsFrom,
  factRevisionsOfRequest,
} from '../../../storage/history/fact-revisions.ts'
import type { CustomFieldId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { actingFor } from '../../auth/session.ts'
import type { Field } from '../fields/field.ts'
import { fieldsFor } from '../fields/fields.ts'
import { setBeside } from '../fields/party-fields.ts'
import { reachOf } from '../people/reach.ts'
import { fieldsMade } from '../transfer/open-import.ts'
import type { KeptItem } from './undo.ts'

/** How a batch is undone. */
export interface Undoing {
  /** What somebody changed since is undone too. */
  readonly isForced: boolean
  readonly origin: Origin
  readonly settings: Settings
}

const pageItems = 50

/** A page of what was undone, and where the next one begins; undefined after the last. */
interface UndonePage {
  readonly kept: readonly KeptItem[]
  readonly next: number | undefined
}

/**
 * Takes back what a batch has put into fields beside cards, of a page of its items: what somebody has changed since stays.
 * @param after  the number of the last item that was looked at
 */
export async function undoValues(
  tx: Writer,
  batch: BatchRow,
  after: number,
  undoing: Undoing,
): Promise<UndonePage> {
  const items = await listItems(tx, batch.id, { after, limit: pageItems })
  const next = items.length === pageItems ? items.at(-1)?.number : undefined
  const placed = await placementsByObject(
    tx,
    items.flatMap(({ objectId }) => objectId ?? []),
  )
  const parties = [...new Set([...placed.values()].map(({ partyId }) => partyId))]
  const all = parties.length === 0 ? [] : await factRevisionsOfRequest(tx, parties, batch.key)
  const revisions = all.filter(({ kind }) => kind === 'field')
  if (revisions.length === 0) return { kept: [], next }
  const fields = new Map((await fieldsOf(tx, batch, undoing)).map((field) => [String(field.row.id), field]))
  const kept: KeptItem[] = []
  for (const meant of grouped(revisions, ({ partyId, key }) => `${partyId} ${key}`).values()) {
    const field = fields.get(String(meant[0]?.key))
    const reason = field ? await undoValue(tx, field, meant, undoing) : 'The field is not there any more.'
    const place = [...placed.values()].find(({ partyId }) => partyId === meant[0]?.partyId)
    const name = [place?.name, field?.row.label].filter(Boolean).join(': ')
    if (reason !== undefined) kept.push({ place: '', name, reason })
  }
  return { kept, next }
}

async function fieldsOf(reader: Reader, { principalId }: BatchRow, { settings }: Undoing): Promise<Field[]> {
  const account = await findPrincipalById(reader, principalId)
  return account ? fieldsFor(reader, await reachOf(reader, actingFor(account, settings))) : []
}

/** @param meant  what the batch did to one value, the newest first @returns why it stays */
async function undoValue(
  tx: Writer,
  field: Field,
  meant: readonly FactRevisionRow[],
  { isForced, origin }: Undoing,
): Promise<string | undefined> {
  const oldest = meant.at(-1)
  if (!oldest) return undefined
  const since = await factRevisionsFrom(tx, oldest)
  const isDone = since.at(-1)?.afterJson === oldest.beforeJson
  if (isDone) return undefined
  if (!isForced && since.length !== meant.length) return 'It was changed since.'
  const before =
    oldest.beforeJson === null ? undefined : (JSON.parse(oldest.beforeJson) as { value?: unknown })
  await setBeside(tx, oldest.partyId, field, before?.value ?? null, origin)
  return undefined
}

/** Takes away the fields that were defined for a batch, where nobody has a value of them and nobody has changed them. */
export async function undoFields(tx: Writer, batch: BatchRow, undoing: Undoing): Promise<void> {
  const made = new Set<CustomFieldId>(fieldsMade(batch))
  if (made.size === 0) return
  for (const { row } of await fieldsOf(tx, batch, undoing))
    if (made.has(row.id) && row.version === 1 && (await countCustomValues(tx, row.id)) === 0)
      await removeCustomField(tx, row.id)
}
