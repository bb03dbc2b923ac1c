import type { Settings } from '../../../config/defaults.ts'
import { memberKey } from '../../../protocol/vcard/lists.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import { labelsBecoming } from '../../../storage/lists/becoming.ts'
import {
  groupsNamed,
  groupsWithMember,
  membershipsAmong,
  membersWithout,
  personsLabelled,
} from '../../../storage/lists/list-queries.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Writer } from '../../../storage/store.ts'
import { noteRenamed } from '../labels/renaming.ts'
import type { PreparedObject } from '../objects.ts'
import { type SentCard, withKeptLabels } from './kept-labels.ts'
import {
  dropGroup,
  dropIfEmpty,
  type MemberChange,
  makeGroup,
  type Patched,
  patchGroup,
  patchPeople,
} from './patch.ts'
import { type Listed, readListed, unlisted } from './prior.ts'
import { unsettle } from './settle.ts'

/**
 * Keeps the two ways to write down lists of people in step, in the write that changes one of them: the CATEGORIES of people's cards, and
 * the members of group cards. A person is in a list if one of the group cards of its name says so. What cards of people say is gathered,
 * so that a group card is written once for many of them; `finish` writes it.
 */
export interface Folding {
  /** Reads what there was, and gives a card that is sent as it is to be stored. */
  readonly open: (sent: SentCard) => Promise<Opened>
  /** A card was stored in place of what there was; `undefined` where it is gone from there. */
  readonly changed: (patched: Patched, before: Listed, after: Changed | undefined) => Promise<void>
  /** A card has come as it is: out of the trash, or from another book. */
  readonly arrived: (patched: Patched, id: ObjectRow['id']) => Promise<void>
  readonly finish: () => Promise<void>
  /** For a part of the write that may fail alone: what it gathers counts once it is finished. */
  readonly part: (tx: Writer) => Folding
}

export interface Opened {
  readonly before: Listed
  readonly object: PreparedObject
}

/** A card in its present state. */
export interface Changed {
  readonly id: ObjectRow['id']
  readonly uid: string | null
  readonly lists: PreparedObject['index']['lists']
}

export function openFolding(tx: Writer, settings: Settings): Folding {
  return gathering(tx, settings, async (gathered) => {
    for (const { patched, labels } of gathered.values()) await foldLabels(tx, patched, labels, settings)
  })
}

/** The same where very many cards are changed in many writes: the group cards wait until `settleLists`. */
export function deferFolding(tx: Writer, settings: Settings): Folding {
  return gathering(tx, settings, async (gathered) => {
    for (const { patched, labels } of gathered.values()) await unsettle(tx, patched, labels.keys())
  })
}

/** @param end  does something with what was gathered */
function gathering(tx: Writer, settings: Settings, end: (gathered: Gathered) => Promise<void>): Folding {
  const gathered: Gathered = new Map()
  return {
    open: async (sent) => {
      const { collection, existing, object } = sent
      await lockFeed(tx, collection.feedId)
      if (collection.listsSince === null) return { before: unlisted, object }
      const before = existing ? await readListed(tx, existing) : unlisted
      return { before, object: await withKeptLabels(tx, sent, before, settings) }
    },
    changed: async (patched, before, after) => {
      if (before.face?.kind === 'group' || after?.lists?.kind === 'group')
        await groupChanged(tx, patched, before, after, settings)
      const key = after?.uid ? memberKey(after.uid) : undefined
      if (key === undefined) return
      const labels = after?.lists?.labels ?? []
      const gone = before.labels.filter((label) => !labels.includes(label))
      gather(gathered, patched, key, labels, gone)
    },
    arrived: async (patched, id) => {
      const row = await findObjectById(tx, id)
      if (!row) return
      const now = await readListed(tx, row)
      if (now.face?.kind === 'group') {
        const { name, bareEtag, bareSize } = now.face
        const lists = { kind: 'group', name, bareEtag, bareSize, labels: [], members: now.members } as const
        return groupChanged(tx, patched, unlisted, { id, uid: row.uid, lists }, settings)
      }
      const key = row.uid === null ? undefined : memberKey(row.uid)
      if (key === undefined) return
      gather(gathered, patched, key, now.labels, [])
      const groups = await groupsWithMember(tx, patched.collection.id, key)
      const adding = groups.flatMap(({ name }) => (name === null || now.labels.includes(name) ? [] : [name]))
      if (adding.length > 0) await patchPeople(tx, patched, [row], () => ({ adding }), settings)
    },
    part: (inner) => gathering(inner, settings, async (its) => gatherAll(gathered, its)),
    finish: async () => {
      await end(gathered)
      gathered.clear()
    },
  }
}

/**
 * A person has gone from a book: group cards still name him, but for those that the server made and that are left with nobody.
 * @param groups  those that named him
 */
export async function dropForsaken(
  tx: Writer,
  patched: Patched,
  groups: readonly { readonly id: ObjectRow['id']; readonly made: number }[],
): Promise<void> {
  for (const { id, made } of groups) if (made === 1) await dropIfEmpty(tx, patched, id)
}

/** Who comes into lists and who leaves them, by name, for each book. */
type Gathered = Map<number, { readonly patched: Patched; readonly labels: Map<string, Coming> }>

interface Coming {
  readonly adding: Set<string>
  readonly without: Set<string>
}

function gather(
  gathered: Gathered,
  patched: Patched,
  key: string,
  labels: readonly string[],
  gone: readonly string[],
): void {
  if (labels.length === 0 && gone.length === 0) return
  const { id } = patched.collection
  const book = gathered.get(id) ?? { patched, labels: new Map<string, Coming>() }
  gathered.set(id, book)
  const of = (label: string): Coming => {
    const coming = book.labels.get(label) ?? { adding: new Set(), without: new Set() }
    book.labels.set(label, coming)
    return coming
  }
  for (const label of labels) {
    of(label).adding.add(key)
    of(label).without.delete(key)
  }
  for (const label of gone) {
    of(label).without.add(key)
    of(label).adding.delete(key)
  }
}

function gatherAll(into: Gathered, its: Gathered): void {
  for (const { patched, labels } of its.values())
    for (const [label, { adding, without }] of labels) {
      for (const key of adding) gather(into, patched, key, [label], [])
      for (const key of without) gather(into, patched, key, [], [label])
    }
}

async function foldLabels(
  tx: Writer,
  patched: Patched,
  labels: ReadonlyMap<string, Coming>,
  settings: Settings,
): Promise<void> {
  const names = [...labels.keys()]
  const keys = [...new Set([...labels.values()].flatMap(({ adding, without }) => [...adding, ...without]))]
  const groups = await groupsNamed(tx, patched.collection.id, names)
  const present = await membershipsAmong(tx, patched.collection.id, names, keys)
  for (const [label, { adding, without }] of labels) {
    const ofName = groups.filter(({ name }) => name === label)
    const members = present.filter(({ name }) => name === label)
    const isIn = new Set(members.map(({ key }) => key))
    const missing = new Set([...adding].filter((key) => !isIn.has(key)))
    const [first] = ofName
    if (!first && missing.size > 0) await makeGroup(tx, patched, label, [...missing], settings)
    for (const group of ofName) {
      const gone = members.filter(({ id, key }) => id === group.id && without.has(key)).map(({ key }) => key)
      const change: MemberChange = { adding: group === first ? missing : new Set(), without: new Set(gone) }
      if (change.adding.size + change.without.size > 0) await patchGroup(tx, patched, group, change, settings)
    }
  }
}

/** People get the name of a list, or another one, or lose it, as a group card of it comes, changes or goes. */
async function groupChanged(
  tx: Writer,
  patched: Patched,
  before: Listed,
  after: Changed | undefined,
  settings: Settings,
): Promise<void> {
  const { collection, origin } = patched
  const from = before.face?.kind === 'group' ? before.face.name : null
  const now = after?.lists?.kind === 'group' ? after.lists : undefined
  const to = now?.name ?? null
  if (from !== null && to !== null && from !== to)
    noteRenamed(tx, collection, { from, to, authorId: origin.authorId, origin })
  const stays = new Set(from === to ? now?.members : [])
  const leaving = before.members.filter((key) => !stays.has(key))
  const hasLosers = from !== null && leaving.length > 0
  // Where a job gives the list its name, cards that it has not come to are in it by the former one.
  const names = hasLosers ? [from, ...(await labelsBecoming(tx, collection.id, from))] : []
  const losing = hasLosers ? await whoLoses(tx, patched, names, leaving) : []
  const gaining = after && to !== null ? await membersWithout(tx, collection.id, after.id, to) : []
  const [lost, gained] = [idsOf(losing), idsOf(gaining)]
  const rows = [...losing, ...gaining.filter(({ id }) => !lost.has(id))]
  await patchPeople(
    tx,
    patched,
    rows,
    ({ id }) => {
      const isRenamed = lost.has(id) && gained.has(id) && from !== null && to !== null
      if (isRenamed) return { renamed: { from, to }, adding: [to] }
      return {
        adding: gained.has(id) && to !== null ? [to] : [],
        without: new Set(lost.has(id) ? names : []),
      }
    },
    settings,
  )
  if (after && now && to !== null) await dropTwins(tx, patched, after.id, to, new Set(now.members))
}

/** Those of these who have a label of some, and are named by no other group card of these names. */
async function whoLoses(
  tx: Writer,
  { collection }: Patched,
  names: readonly string[],
  keys: readonly string[],
): Promise<ObjectRow[]> {
  const still = new Set((await membershipsAmong(tx, collection.id, names, keys)).map(({ key }) => key))
  const left = keys.filter((key) => !still.has(key))
  const losing = new Map<ObjectRow['id'], ObjectRow>()
  for (const name of names)
    for (const row of await personsLabelled(tx, collection.id, name, left)) losing.set(row.id, row)
  return [...losing.values()]
}

/** A card that the server made is needless once a client brings one of that name with all its members. */
async function dropTwins(
  tx: Writer,
  patched: Patched,
  id: ObjectRow['id'],
  name: string,
  members: ReadonlySet<string>,
): Promise<void> {
  for (const twin of await groupsNamed(tx, patched.collection.id, [name])) {
    if (twin.id === id || twin.made !== 1) continue
    const { members: known } = await readListed(tx, twin)
    if (known.every((key) => members.has(key))) await dropGroup(tx, patched, twin.id)
  }
}

function idsOf(rows: readonly ObjectRow[]): ReadonlySet<number> {
  return new Set(rows.map(({ id }) => id))
}
