import type { Settings } from '../../../config/defaults.ts'
import { countLabelled } from '../../../storage/lists/labels.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import { changeSmartList, listsWithLabels, type SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { actingFor } from '../../auth/session.ts'
import { type Renaming, renamedIn } from '../labels/renaming.ts'
import { reachOf } from '../people/reach.ts'
import { booksShowing } from '../people/veil.ts'
import { lookAgainAt } from './books-of-list.ts'
import { filterOf } from './evaluate.ts'
import type { Filter, Question } from './schema.ts'

const listsAtOnce = 200

/**
 * Lets lists follow a label that is called otherwise, before the books that are made of them do: whoever was in them stays. Only
 * lists of whoever renames it do, and are filled from the books in which he does: others may have shared theirs.
 */
export async function relabelLists(tx: Writer, renaming: Renaming, settings: Settings): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows: SmartListRow[] = await listsWithLabels(tx, { after, limit: listsAtOnce })
    for (const list of rows) await relabelList(tx, list, renaming, settings)
    after = rows.length === listsAtOnce ? rows.at(-1)?.id : undefined
  }
}

async function relabelList(
  tx: Writer,
  list: SmartListRow,
  renaming: Renaming,
  settings: Settings,
): Promise<void> {
  if (list.principalId !== renaming.authorId) return
  const { filter } = filterOf(list)
  const asIfLeft = relabelled(filter, renaming, true)
  if (asIfLeft === filter) return
  const left = await isLeftFor(tx, list, renaming, settings)
  if (left === undefined) return
  const written = JSON.stringify(left ? asIfLeft : relabelled(filter, renaming, false))
  if (written === list.filter) return
  await changeSmartList(tx, { ...list, filter: written })
  await lookAgainAt(tx, list.id)
}

/** Whether whoever has a list still sees the former name; undefined where he sees nothing that was renamed. */
async function isLeftFor(
  reader: Reader,
  { principalId }: SmartListRow,
  { from, books, owners }: Renaming,
  settings: Settings,
): Promise<boolean | undefined> {
  const owner = await findPrincipalById(reader, principalId)
  if (!owner) return undefined
  const reach = await reachOf(reader, actingFor(owner, settings))
  const isMeant = reach.books.some(
    ({ row, givenBy }) => books.has(row.id) || (givenBy !== undefined && owners.has(givenBy)),
  )
  return isMeant ? (await countLabelled(reader, booksShowing(reach, 'CATEGORIES'), from)) > 0 : undefined
}

/** The same filter where it does not ask for the label. */
function relabelled(filter: Filter, renaming: Renaming, isLeft: boolean): Filter {
  if ('all' in filter) {
    const all = relabelledEach(filter.all, renaming, isLeft)
    return all === filter.all ? filter : { all }
  }
  if ('any' in filter) {
    const any = relabelledEach(filter.any, renaming, isLeft)
    return any === filter.any ? filter : { any }
  }
  if ('not' in filter) {
    const not = relabelled(filter.not, renaming, isLeft)
    return not === filter.not ? filter : { not }
  }
  return relabelledQuestion(filter, renaming, isLeft)
}

function relabelledEach(parts: readonly Filter[], renaming: Renaming, isLeft: boolean): readonly Filter[] {
  const now = parts.map((part) => relabelled(part, renaming, isLeft))
  return now.every((part, at) => part === parts[at]) ? parts : now
}

function relabelledQuestion(question: Question, renaming: Renaming, isLeft: boolean): Question {
  if (question.field !== 'label' || question.text === undefined) return question
  const { was: before = [], ...rest } = question
  const names = { label: question.text.normalize('NFC'), was: before.map((name) => name.normalize('NFC')) }
  const now = renamedIn(names, renaming, isLeft)
  if (!now) return question
  return { ...rest, text: now.label, ...(now.was.length > 0 && { was: [...now.was] }) }
}
