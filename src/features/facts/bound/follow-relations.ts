import { fold } from '../../../../protocol/text/fold.ts'
import {
  isSameName,
  isThat,
  namesPerson,
  type RelatedLine,
} from '../../../../protocol/vcard/bound/read-bound.ts'
import { memberKey } from '../../../../protocol/vcard/lists.ts'
import { type Found, namesOf, partiesCalled, partiesOfUids } from '../../../../storage/facts/bound-rows.ts'
import { dropSuggestion, suggest } from '../../../../storage/facts/suggestions.ts'
import type { RelationRow } from '../../../../storage/facts/tables.ts'
import type { PartyId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Writer } from '../../../../storage/store.ts'
import { uidKey } from '../../../../storage/uid-key.ts'
import { dayOf, isCurrent } from '../days.ts'
import { inverseOf, typeNamed } from '../relation-types.ts'
import { from, relationRowsOf } from '../relations.ts'
import { relations, setFact, type Wanted } from '../row-facts.ts'
import type { ChangedCard, FollowingFacts } from './changed-cards.ts'
import { patchInverse } from './patch-relations.ts'

/** A line as it was and as it is: an edit where there are both. */
interface LineChange {
  readonly was: RelatedLine | undefined
  readonly is: RelatedLine | undefined
}

/** Who is known by name or by UID to the owner of a card. */
interface Known {
  readonly called: readonly Found[]
  readonly ofUid: ReadonlyMap<string, { readonly partyId: PartyId; readonly name: string }>
}

/**
 * The relations of people whose cards name others than before. A line that is gone ends the relation; a text that still means
 * the same person keeps it, any other is a relation with a name only. A line that nobody touched ends nothing.
 */
export async function followRelations(
  tx: Writer,
  changed: readonly ChangedCard[],
  following: FollowingFacts,
): Promise<void> {
  const cards = changed
    .map((one) => ({ ...one, lines: lineChanges(one.before.related, one.after.related) }))
    .filter(({ lines }) => lines.length > 0)
  if (cards.length === 0) return
  const rows = await relationRowsOf(tx, [...new Set(cards.map(({ placement }) => placement.partyId))])
  for (const [account, some] of grouped(cards, ({ card }) => card.principalId)) {
    const lines = some.flatMap((one) => one.lines.flatMap(({ is }) => is ?? []))
    const known = await knownTo(tx, account, lines)
    const edges = await edgesBy(tx, rows, some)
    for (const one of some) await followCard(tx, one, edges(one.placement.partyId), known, following)
  }
}

/** A relation as seen from the party, with all that the other is called. */
interface Edge {
  row: RelationRow
  readonly names: readonly string[]
}

async function edgesBy(tx: Writer, rows: readonly RelationRow[], cards: readonly ChangedCard[]) {
  const ids = new Set(cards.map(({ placement }) => placement.partyId))
  const seen = [...ids].flatMap((id) =>
    rows.filter(({ partyId, otherId }) => partyId === id || otherId === id).map((row) => from(id, row)),
  )
  const others = [...new Set(seen.flatMap(({ otherId }) => otherId ?? []))]
  const names = grouped(await namesOf(tx, others), ({ partyId }) => partyId)
  const edges = seen.map((row): Edge => {
    const called = row.otherId === null ? [] : (names.get(row.otherId) ?? [])
    return { row, names: called.map(({ name }) => name) }
  })
  return (id: PartyId) => edges.filter(({ row }) => row.partyId === id)
}

async function followCard(
  tx: Writer,
  one: ChangedCard & { readonly lines: readonly LineChange[] },
  edges: readonly Edge[],
  known: Known,
  following: FollowingFacts,
): Promise<void> {
  const today = dayOf(tx.now)
  let count = edges.length
  for (const { was, is } of one.lines) {
    const edge = was && edges.find(({ row, names }) => isCurrent(row, today) && meant(row, names, was, known))
    if (edge && is && keeps(edge, is, known)) {
      await keep(tx, one, { edge, is, known }, following)
      continue
    }
    if (edge) await end(tx, one, edge, today, following)
    if (!is || edges.some(({ row, names }) => isCurrent(row, today) && meant(row, names, is, known))) continue
    const over = edges.find(({ row }) => row.untilOn === today && isThat(row, is))
    if (!over && count >= following.settings.limits.relationsPerParty) continue
    if (!over) count += 1
    await begin(tx, one, { over, is, known }, following)
  }
}

/** Whether a line stands for a relation: by type, and by what its cards or the other's own call the other. */
function meant(row: RelationRow, names: readonly string[], line: RelatedLine, { ofUid }: Known): boolean {
  if (!isSameName(row.type, typeNamed(line.type))) return false
  if (line.uri !== '') return row.otherId !== null && ofUid.get(keyOf(line.uri))?.partyId === row.otherId
  return isSameName(row.name, line.name) || names.some((name) => isSameName(name, line.name))
}

/** Whether what a line says now still means the other. */
function keeps({ row, names }: Edge, is: RelatedLine, { ofUid }: Known): boolean {
  if (row.otherId === null) return is.uri === ''
  if (is.uri !== '') return ofUid.get(keyOf(is.uri))?.partyId === row.otherId
  return isSameName(is.name, row.name) || names.some((name) => namesPerson(is.name, name))
}

async function keep(
  tx: Writer,
  one: ChangedCard,
  { edge, is, known }: { readonly edge: Edge; readonly is: RelatedLine; readonly known: Known },
  { settings }: FollowingFacts,
): Promise<void> {
  const type = typeNamed(is.type)
  const { row } = edge
  const isSameType = isSameName(type, row.type)
  const next = {
    ...row,
    name: is.uri === '' ? is.name : row.name,
    ...(isSameType ? {} : { type, inverse: inverseOf(type, undefined) }),
  }
  await write(tx, one, edge, next)
  if (row.otherId === null) await ask(tx, one, { made: edge.row, is, known }, settings)
  else if (!isSameType) await patchInverse(tx, one, { was: row, is: next }, settings)
}

async function end(
  tx: Writer,
  one: ChangedCard,
  edge: Edge,
  today: string,
  { settings }: FollowingFacts,
): Promise<void> {
  const { row } = edge
  await write(tx, one, edge, { ...row, untilOn: today })
  await patchInverse(tx, one, { was: row, is: undefined }, settings)
}

async function begin(
  tx: Writer,
  one: ChangedCard,
  { over, is, known }: { readonly over: Edge | undefined; readonly is: RelatedLine; readonly known: Known },
  { settings }: FollowingFacts,
): Promise<void> {
  const { partyId } = one.placement
  if (over) {
    const again = { ...over.row, untilOn: null }
    await write(tx, one, over, again)
    await patchInverse(tx, one, { was: undefined, is: again }, settings)
    return
  }
  const uid = is.uri === '' ? undefined : known.ofUid.get(keyOf(is.uri))
  const type = typeNamed(is.type)
  const other = uid && uid.partyId !== partyId ? uid : undefined
  if (is.uri !== '' && !other) return
  const wanted = {
    ...{ partyId, otherId: other?.partyId ?? null, type, inverse: inverseOf(type, undefined) },
    ...{ name: is.name === '' ? (other?.name ?? '') : is.name, otherName: '', sinceOn: null, untilOn: null },
  }
  const made = await setFact(tx, relations, undefined, wanted, one.card.origin)
  if (!made || other) return
  await ask(tx, one, { made, is, known }, settings)
}

/** Who is meant by a name, where there is somebody of that name. */
async function ask(
  tx: Writer,
  { card, placement }: ChangedCard,
  { made, is, known }: { readonly made: RelationRow; readonly is: RelatedLine; readonly known: Known },
  settings: FollowingFacts['settings'],
): Promise<void> {
  const { partyId } = placement
  const called = known.called.filter(({ folded }) => folded === fold(is.name))
  const others = [...new Set(called.map((found) => found.partyId))].filter((id) => id !== partyId)
  const key = String(made.id)
  if (others.length === 0) return dropSuggestion(tx, { partyId, kind: 'relation', key })
  const dataJson = JSON.stringify({ name: is.name, type: made.type, candidates: others.slice(0, 5) })
  const question = { partyId, kind: 'relation', key, dataJson } as const
  await suggest(tx, card.principalId, question, settings.limits.suggestions)
}

/** From the side that it is kept from. */
async function write(
  tx: Writer,
  { card }: ChangedCard,
  edge: Edge,
  next: Wanted<RelationRow>,
): Promise<void> {
  const kept = await relationRowsOf(tx, [edge.row.partyId])
  const row = kept.find(({ id }) => id === edge.row.id)
  if (!row) return
  const saved = await setFact(
    tx,
    relations,
    row,
    from(row.partyId, { ...edge.row, ...next, id: row.id }),
    card.origin,
  )
  if (saved) edge.row = from(edge.row.partyId, saved)
}

async function knownTo(tx: Writer, account: number, lines: readonly RelatedLine[]): Promise<Known> {
  const names = [...new Set(lines.filter(({ name }) => name !== '').map(({ name }) => fold(name)))]
  const uids = [...new Set(lines.filter(({ uri }) => uri !== '').map(({ uri }) => keyOf(uri)))]
  const called = names.length === 0 ? [] : await partiesCalled(tx, account, 'person', names)
  const found =
    uids.length === 0
      ? []
      : await partiesOfUids(
          tx,
          account,
          uids.flatMap((uid) => [uid, `urn:uuid:${uid}`]),
        )
  const ofUid = new Map(found.map((one) => [keyOf(one.uidKey), one]))
  return { called, ofUid }
}

/** What a URI and a UID have in common. */
function keyOf(uri: string): string {
  return uidKey(memberKey(uri) ?? uri)
}

/** What has changed between two lists of lines: a line that is gone and one that is new are one edit where they fit. */
function lineChanges(before: readonly RelatedLine[], after: readonly RelatedLine[]): LineChange[] {
  const [gone, come] = [missing(before, after), missing(after, before)]
  const changes: LineChange[] = []
  const fits: ((was: RelatedLine, is: RelatedLine) => boolean)[] = [
    (was, is) => was.name !== '' && isSameName(was.name, is.name),
    (was, is) =>
      isSameName(was.type, is.type) && (namesPerson(was.name, is.name) || was.uri !== '' || is.uri !== ''),
    (was, is) => isSameName(was.type, is.type),
  ]
  for (const belong of fits) {
    for (const was of [...gone]) {
      const is = come.find((line) => belong(was, line))
      if (!is) continue
      changes.push({ was, is })
      gone.splice(gone.indexOf(was), 1)
      come.splice(come.indexOf(is), 1)
    }
  }
  return [
    ...changes,
    ...gone.map((was) => ({ was, is: undefined })),
    ...come.map((is) => ({ was: undefined, is })),
  ]
}

/** Lines of one list that the other has not, as often as it has not. */
function missing(lines: readonly RelatedLine[], others: readonly RelatedLine[]): RelatedLine[] {
  const left = others.map(textOf)
  return lines.filter((line) => {
    const at = left.indexOf(textOf(line))
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}

function textOf({ type, name, uri }: RelatedLine): string {
  return [type, name, uri].join('\n')
}
