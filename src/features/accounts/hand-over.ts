import type { Settings } from '../../../config/defaults.ts'
import { moveCollection } from '../../../storage/collection-writes.ts'
import {
  type CollectionRow,
  findCollection,
  findCollectionById,
  isGenerated,
} from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { HomeId } from '../../../storage/ids.ts'
import { removeMount } from '../../../storage/mount-writes.ts'
import { listMountsOn } from '../../../storage/mounts.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { GivenCollection } from '../../../storage/removed/removed.ts'
import { listSharedCollections, listShares, removeShare } from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { listActivitiesOfBook, partiesOfActivities } from '../../../storage/timeline/activities.ts'
import { removeCollection } from '../collections.ts'
import { indexNote } from '../search/note-document.ts'
import { AccountError } from './account-error.ts'

const origin: Origin = { kind: 'move' }

/**
 * Gives every collection that an account shares with others to another one, with members, history and trash. Those it is
 * shared with notice nothing: their mounts, tokens and rights stay. The heir's own share of it ends: it is his now.
 * @returns the names under which the heir has them, and what each was before
 * @throws AccountError for an heir that is no other user
 */
export async function handOver(
  tx: Writer,
  from: PrincipalRow,
  heir: PrincipalRow,
  settings: Settings,
): Promise<{ readonly names: readonly string[]; readonly given: readonly GivenCollection[] }> {
  if (heir.id === from.id || heir.kind !== 'user') {
    throw new AccountError(`Collections can be given to another account only, not to "${heir.name}".`)
  }
  const homes = await listHomes(tx, heir.id)
  const [names, given]: [string[], GivenCollection[]] = [[], []]
  for (const id of await listSharedCollections(tx, from.id)) {
    const collection = await findCollectionById(tx, id)
    const home = homes.find(({ kind }) => (kind === 'calendars') === (collection?.kind === 'calendar'))
    if (!collection || !home) continue
    // Birthdays stay with their book: whoever gets that may have them made anew.
    if (isGenerated(collection)) {
      await removeCollection(tx, collection, origin, settings)
      continue
    }
    const share = (await listShares(tx, [id])).find(({ principalId }) => principalId === heir.id) ?? null
    given.push({
      ...{ id, name: collection.name, isDefault: collection.isDefault === 1 },
      share: share && { access: share.access, summary: share.summary },
    })
    await removeShare(tx, id, heir.id)
    for (const { mount } of await listMountsOn(tx, id)) {
      if (mount.principalId === heir.id) await removeMount(tx, mount, origin)
    }
    const name = await freeName(tx, home.id, collection, from)
    await moveCollection(tx, collection, { homeId: home.id, name }, origin)
    await findNotesAgain(tx, collection)
    names.push(name)
  }
  return { names, given }
}

const notesAtOnce = 500

/** What is written about the people of a book is found by those who read what its new owner has. */
export async function findNotesAgain(tx: Writer, { id, kind }: CollectionRow): Promise<void> {
  if (kind !== 'addressbook') return
  for (let after = 0; ; ) {
    const notes = await listActivitiesOfBook(tx, id, { after, limit: notesAtOnce })
    const about = await partiesOfActivities(
      tx,
      notes.map((note) => note.id),
    )
    for (const note of notes) await indexNote(tx, note, about.get(note.id) ?? [])
    after = notes.at(-1)?.id ?? 0
    if (notes.length < notesAtOnce) return
  }
}

/** The name it has, or one that says whose it was. */
export async function freeName(
  reader: Reader,
  homeId: HomeId,
  { name }: Pick<CollectionRow, 'name'>,
  from: Pick<PrincipalRow, 'segment'>,
): Promise<string> {
  for (let number = 0; ; number += 1) {
    const tried = [name, `${name}-${from.segment}`][number] ?? `${name}-${from.segment}-${number}`
    const isTaken =
      (await findCollection(reader, homeId, tried)) !== undefined || (await isMounted(reader, homeId, tried))
    if (!isTaken) return tried
  }
}

/** Whether a mount has the name, be it accepted or not. */
async function isMounted(reader: Reader, homeId: HomeId, name: string): Promise<boolean> {
  return (
    (await reader.sql.first('SELECT 1 FROM mounts WHERE home_id = $1 AND name = $2', [homeId, name])) !==
    undefined
  )
}
