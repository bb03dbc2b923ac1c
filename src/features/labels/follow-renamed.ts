import type { Settings } from '../../../config/defaults.ts'
import { isLabelWorn } from '../../../storage/lists/own-labels.ts'
import type { Writer } from '../../../storage/store.ts'
import { relabelGrants } from '../grants/grants.ts'
import { relabelLists } from '../smart-lists/smart-lists.ts'
import { renameOwn } from './own.ts'
import { renamingsOf } from './renaming.ts'

/**
 * Whatever goes by a label goes by its new name, in the write that renames it: saved lists, what is shared of it, the books
 * of both, and its colour. While some cards still have the former name both are meant.
 */
export async function followRenamedLabels(
  tx: Writer,
  { settings, newId }: { readonly settings: Settings; readonly newId: () => string },
): Promise<void> {
  const renamings = renamingsOf(tx.renamedLabels)
  tx.renamedLabels.clear()
  const origin = { kind: 'job', requestId: newId() } as const
  for (const renaming of renamings) {
    await relabelLists(tx, renaming, settings)
    await relabelGrants(tx, renaming, { settings, newId, origin })
    for (const owner of renaming.owners)
      if (!(await isLabelWorn(tx, owner, renaming.from)))
        await renameOwn(tx, owner, renaming, renaming.origin ?? origin)
  }
}
