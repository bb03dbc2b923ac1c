import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readDetails } from '../../../protocol/vcard/edit/read-details.ts'
import type { BatchRow } from '../../../storage/batches/batches.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { actingFor } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { isOnCard } from '../fields/card-values.ts'
import { createPause } from '../pause.ts'
import { readObjectTexts } from '../texts.ts'
import { findFiles } from '../transfer/find-files.ts'
import { arrivals, fieldsFor } from '../transfer/import.ts'
import type { ImportOutcome, OnMatch, Waiting } from '../transfer/import-outcome.ts'
import { type TriedItem, tryItem } from '../transfer/store/store-batch.ts'
import { findTargets } from '../transfer/targets.ts'
import { withFile } from './columns.ts'
import { optionsOf } from './uploads.ts'

/**
 * One item of a file that was sent, as it would be stored now, beside what is there already. Nothing is stored. Items that
 * would be made before it are not looked at: who is twice in the file is new twice.
 * @param number  counted from 1
 * @param onMatch  what becomes of it where it is there already; without it as the import was asked for
 * @throws refusal 404 for an item that there is not; 409 when the file is no longer kept
 */
export async function previewItem(
  services: Services,
  account: PrincipalRow,
  batch: BatchRow,
  number: number,
  onMatch?: OnMatch,
) {
  const { store, settings } = services
  const options = optionsOf(batch)
  const targets = await store.read((reader) => findTargets(reader, account.id, options.into))
  const fields = await fieldsFor(services, account, targets, options.newFields)
  const item = await withFile(services, batch, async (path) => {
    let at = 0
    const pause = createPause()
    const isPassed = (): boolean => at < number - 1
    for (const one of arrivals(services, findFiles([path]), targets, { ...options, fields, isPassed })) {
      at += 1
      await pause()
      if (at === number) return one
    }
    throw refuseStatus(404, 'There is nothing at this address.')
  })
  const session = actingFor(account, settings)
  const { key } = batch
  const storing = {
    // Of no batch: what was tried before is no twin of it.
    batch: { id: 0, key, runner: '', isTrial: true },
    matching: { keys: options.keys, onMatch: onMatch ?? options.onMatch, choices: new Map() },
    ...{ labels: options.labels, settings, session, trial: new Set<string>() },
    origin: { kind: 'import', authorId: account.id, requestId: key } as const,
  }
  return store.write(async (tx) => shown(tx, item, await tryItem(tx, storing, { number, item })))
}

async function shown(tx: Writer, item: Waiting | ImportOutcome, { outcome, object, existing }: TriedItem) {
  const before = existing && (await readObjectTexts(tx, [existing])).get(existing.id)
  const party = existing && (await placementsByObject(tx, [existing.id])).get(existing.id)?.partyId
  const values = 'object' in item ? item.values.filter(({ field }) => !isOnCard(field)) : []
  return {
    outcome: outcome.kind,
    note: 'reason' in outcome ? outcome.reason : outcome.notes.join(', '),
    after: object === undefined ? null : face(bodyText(object.body), object.component),
    match:
      existing === undefined || before === undefined
        ? null
        : { object: existing.id, party: party ?? null, ...face(before, existing.component) },
    values: values.map(({ field, value }) => ({ key: field.row.key, label: field.row.label, value })),
  }
}

/** What is shown of an object: its text, and of a card what it says. */
function face(text: string, component: string) {
  return { component, text, details: component === 'VCARD' ? readDetails(text) : null }
}
