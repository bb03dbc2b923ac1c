import { findCollectionById } from '../../../../storage/collections.ts'
import { heldBody, type ListedHeldEdit, listHeldEdits } from '../../../../storage/held/held-edits.ts'
import { findPrincipalById, type PrincipalRow } from '../../../../storage/principals.ts'
import { fileNamer } from '../../transfer/names.ts'
import { createSpool, type Entries, timeText } from '../entries.ts'
import { whoOf } from './describe.ts'
import type { Run } from './run.ts'

/** What an account sent in vain, and is held for it: octets as files, and `held.jsonl` with a line of JSON for each. */
export async function* heldEntries(run: Run, { id }: PrincipalRow, folder: string): Entries {
  const { store } = run.services
  const edits = await store.read((reader) => listHeldEdits(reader, id))
  if (edits.length === 0) return
  const lines = createSpool()
  const namers = { calendar: fileNamer('.ics'), addressbook: fileNamer('.vcf') }
  for (const edit of edits.toReversed()) {
    const { body, owner } = await store.read(async (reader) => {
      const collection = await findCollectionById(reader, edit.collectionId)
      const found = collection && (await findPrincipalById(reader, collection.principalId))
      return { body: await heldBody(reader, edit.id), owner: found }
    })
    if (!body || !owner) continue
    const file = `held/${namers[edit.collectionKind](edit.name)}`
    yield { kind: 'file', path: `${folder}/${file}`, octets: body, size: body.length, modifiedAt: edit.at }
    lines.add({ owner: whoOf(owner), ...lineOf(edit), file })
  }
  yield lines.file(`${folder}/held.jsonl`, run.now)
}

function lineOf(edit: ListedHeldEdit) {
  const { collectionKind, collectionName, name, clientKind, status, reason, baseEtag, etag, at } = edit
  const collection = { kind: collectionKind, name: collectionName }
  return { collection, name, clientKind, status, reason, baseEtag, etag, at: timeText(at) }
}
