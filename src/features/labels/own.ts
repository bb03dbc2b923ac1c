import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listThingRevisions, rekeyThing } from '../../../storage/history/thing-revisions.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { countLabelled, groupsOfName, type LabelCount, listLabels } from '../../../storage/lists/labels.ts'
import {
  countOwnLabels,
  ownLabels,
  removeOwnLabel,
  renameOwnLabel,
  saveOwnLabel,
} from '../../../storage/lists/own-labels.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { recordThing } from '../history/things/record.ts'
import { notThere } from '../people/asking.ts'
import { type Reach, reachOf } from '../people/reach.ts'
import { booksShowing } from '../people/veil.ts'

/** Who says what a label is like, and what he may. */
export interface LabelBy {
  readonly settings: Settings
  readonly origin: Origin
}

/** A label as somebody sees it. */
export interface SeenLabel {
  readonly name: string
  readonly count: number
  readonly color: string | null
}

/**
 * The labels of cards that somebody reads, none of a book in which CATEGORIES are hidden; and those that he, or whose books he
 * reads, has made and that nobody has.
 */
export async function labelsFor(
  reader: Reader,
  session: Session,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<SeenLabel[]> {
  const reach = await reachOf(reader, session)
  const makers = makersOf(reach, session)
  const counts = await listLabels(reader, { books: booksShowing(reach, 'CATEGORIES'), makers }, page)
  return colored(reader, makers, counts)
}

/** One of them. @throws refusal 404 where the caller sees nobody who has it, nor a list of that name, nor that anybody made it */
export async function mustSeeLabel(reader: Reader, session: Session, name: string): Promise<SeenLabel> {
  const seen = await seenLabel(reader, session, name)
  if (!seen) throw notThere()
  return seen
}

/** @throws refusal 422 where there is one of that name, or there are too many */
export async function makeLabel(
  tx: Writer,
  session: Session,
  { name, color }: Omit<SeenLabel, 'count'>,
  by: LabelBy,
): Promise<SeenLabel> {
  if (await seenLabel(tx, session, name)) throw refuseStatus(422, `There is a label "${name}" already.`)
  await colorLabel(tx, session, { name, color }, by)
  return { name, color, count: 0 }
}

/** Gives a label a colour that its caller sees it with, and who reads his books. @throws refusal 422 where there are too many */
export async function colorLabel(
  tx: Writer,
  { principal: { id: principalId } }: Session,
  { name, color }: Omit<SeenLabel, 'count'>,
  { settings: { limits }, origin }: LabelBy,
): Promise<void> {
  const [known] = await ownLabels(tx, [principalId], [name])
  if (!known && (await countOwnLabels(tx, principalId)) >= limits.labels)
    throw refuseStatus(422, `An account makes ${limits.labels} labels at most.`)
  await saveOwnLabel(tx, { principalId, name, color })
  const before = known && { name, color: known.color }
  await recordThing(
    tx,
    { kind: 'label', key: name, ownerId: principalId, before, after: { name, color } },
    origin,
  )
}

/** Gives what somebody has made of a label another name; its history goes along. */
export async function renameOwn(
  tx: Writer,
  ownerId: PrincipalId,
  { from, to }: { readonly from: string; readonly to: string },
  origin: Origin,
): Promise<void> {
  const [known] = await ownLabels(tx, [ownerId], [from])
  if (!known) return
  await renameOwnLabel(tx, ownerId, { from, to })
  await rekeyThing(tx, { kind: 'label', key: from, ownerId }, to)
  const color = (await ownLabels(tx, [ownerId], [to]))[0]?.color ?? null
  const [before, after] = [
    { name: from, color: known.color },
    { name: to, color },
  ]
  await recordThing(tx, { kind: 'label', key: to, ownerId, before, after }, origin)
}

/** A label is off all cards: what its owner has made of it goes too, and that it went is in its history. */
export async function endOwn(tx: Writer, ownerId: PrincipalId, name: string, origin: Origin): Promise<void> {
  const [known] = await ownLabels(tx, [ownerId], [name])
  if (known) return dropOwn(tx, ownerId, name, origin)
  const [last] = await listThingRevisions(tx, { kind: 'label', key: name, ownerId }, { limit: 1 })
  // A job that was cut off at its end says so once.
  if (last && last.afterJson === null && last.requestId === origin.requestId) return
  const before = { name, color: null, isMade: false }
  await recordThing(tx, { kind: 'label', key: name, ownerId, before, after: undefined }, origin)
}

/** Forgets what somebody has made of a label; cards keep it. */
export async function dropOwn(tx: Writer, ownerId: PrincipalId, name: string, origin: Origin): Promise<void> {
  const [known] = await ownLabels(tx, [ownerId], [name])
  if (!known) return
  await removeOwnLabel(tx, ownerId, name)
  const before = { name, color: known.color }
  await recordThing(tx, { kind: 'label', key: name, ownerId, before, after: undefined }, origin)
}

/** As somebody sees it; undefined where he sees nothing of it. */
export async function seenLabel(
  reader: Reader,
  session: Session,
  name: string,
): Promise<SeenLabel | undefined> {
  const reach = await reachOf(reader, session)
  const [books, makers] = [booksShowing(reach, 'CATEGORIES'), makersOf(reach, session)]
  const count = await countLabelled(reader, books, name)
  const isKnown = count > 0 || (await groupsOfName(reader, books, name)).length > 0
  if (!isKnown && (await ownLabels(reader, makers, [name])).length === 0) return undefined
  const [seen] = await colored(reader, makers, [{ label: name, count }])
  return seen
}

/** Who makes labels for whom: himself, and whose books he reads as a whole, with their labels. */
function makersOf(reach: Reach, { principal }: Session): PrincipalId[] {
  const showing = new Set(booksShowing(reach, 'CATEGORIES'))
  const whole = reach.books.filter(({ row, givenBy }) => givenBy === undefined && showing.has(row.id))
  return [...new Set([principal.id, ...whole.map(({ row }) => row.principalId)])]
}

/** Each with the colour that the first of these has given it. */
async function colored(
  reader: Reader,
  makers: readonly PrincipalId[],
  counts: readonly LabelCount[],
): Promise<SeenLabel[]> {
  const names = counts.map(({ label }) => label)
  const made = names.length === 0 ? [] : await ownLabels(reader, makers, names)
  const rank = new Map(makers.map((id, at) => [id, at]))
  const colors = new Map<string, string>()
  const turn = (id: PrincipalId): number => rank.get(id) ?? makers.length
  for (const { name, color } of made.toSorted((a, b) => turn(a.principalId) - turn(b.principalId)))
    if (color !== null && !colors.has(name)) colors.set(name, color)
  return counts.map(({ label, count }) => ({ name: label, count, color: colors.get(label) ?? null }))
}
