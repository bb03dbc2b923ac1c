import type { Settings } from '../../../config/defaults.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { editCard } from '../../../protocol/vcard/edit/edit-card.ts'
import type { CardEdit } from '../../../protocol/vcard/edit/edits.ts'
import { readDetails } from '../../../protocol/vcard/edit/read-details.ts'
import { changeMembers, editBesideMembers } from '../../../protocol/vcard/lists.ts'
import { type GroupRow, groupsNamed, membersOf } from '../../../storage/lists/list-queries.ts'
import { findObjectById } from '../../../storage/objects.ts'
import type { Writer } from '../../../storage/store.ts'
import { deleteObject } from '../../../storage/write-path.ts'
import { byRule, type Patched, patchText, withLists } from './patch.ts'
import { unsettle } from './settle.ts'

/** What somebody may do in a book. */
export interface WholeLists {
  readonly settings: Settings
  /** Whether he may take cards away: else group cards that are needless are left, with nobody in them. */
  readonly mayDrop: boolean
}

/**
 * Gives the group cards of a list another name, or makes them one with those of that name, and changes nothing else: the cards of
 * people follow in writes of their own. A group card keeps its address where there is none of the new name.
 */
export async function renameGroups(
  tx: Writer,
  patched: Patched,
  { from, to }: { readonly from: string; readonly to: string },
  how: WholeLists,
): Promise<void> {
  const groups = await groupsNamed(tx, patched.collection.id, [from, to])
  const former = groups.filter(({ name }) => name === from)
  if (former.length === 0) return
  await unsettle(tx, patched, [from])
  await unsettle(tx, patched, [to], from)
  const twin = groups.find(({ name }) => name === to)
  const target = twin ?? former.find(({ made }) => made === 0) ?? former[0]
  if (!target) return
  const others = former.filter((group) => group !== target)
  const known = new Set(await membersOf(tx, target.id))
  const adding = new Set<string>()
  for (const { id } of others) for (const key of await membersOf(tx, id)) if (!known.has(key)) adding.add(key)
  const isDone = await patchText(
    tx,
    whose(patched, twin ? undefined : target),
    target,
    how.settings,
    (text) => {
      const named = twin ? text : renamed(text, { from, to }, tx.now)
      return adding.size === 0
        ? named
        : changeMembers(named, readCard(named), { adding: [...adding], without: new Set() })
    },
  )
  // What would be too large stays, and its people leave it one by one.
  if (isDone || adding.size === 0) for (const group of others) await dropGroup(tx, patched, group, how)
}

/** Takes the group cards of a list away, and changes nothing else: the cards of people follow in writes of their own. */
export async function dropGroups(tx: Writer, patched: Patched, name: string, how: WholeLists): Promise<void> {
  const groups = await groupsNamed(tx, patched.collection.id, [name])
  if (groups.length > 0) await unsettle(tx, patched, [name])
  for (const group of groups) await dropGroup(tx, patched, group, how)
}

async function dropGroup(
  tx: Writer,
  patched: Patched,
  group: GroupRow,
  { settings, mayDrop }: WholeLists,
): Promise<void> {
  const { collection, origin } = whose(patched, group)
  const row = await findObjectById(tx, group.id)
  if (!row) return
  if (mayDrop) await deleteObject(tx, withLists(collection), row, origin)
  else {
    const without = new Set(await membersOf(tx, group.id))
    await patchText(tx, { collection, origin: byRule(origin) }, group, settings, (text) =>
      changeMembers(text, readCard(text), { adding: [], without }),
    )
  }
}

/** What the server has made, and nobody has touched, is no change of somebody: an undo makes it anew. */
function whose(patched: Patched, group: GroupRow | undefined): Patched {
  return group && group.made !== 1 ? patched : { ...patched, origin: byRule(patched.origin) }
}

function renamed(
  text: string,
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
): string {
  const edits: CardEdit[] = [{ op: 'text', property: 'fn', value: to }]
  return editBesideMembers(text, readCard(text), (seen) => {
    const isApple = readDetails(seen).name.family === from
    return editCard(seen, isApple ? [{ op: 'name', parts: { family: to } }, ...edits] : edits, now)
  })
}
