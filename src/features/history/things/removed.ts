import { findMakers } from '../../../../storage/history/object-revisions.ts'
import {
  removedThings,
  type ThingKindName,
  type ThingRevisionRow,
} from '../../../../storage/history/thing-revisions.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { shownMaker } from '../shown-state.ts'
import { thingKindOf } from './kinds.ts'
import type { ThingState } from './record.ts'

/** So many of those that were removed are shown: what is looked for was removed lately. */
const mostRemoved = 20

/**
 * What of one kind was removed lately, the latest first, each name once.
 * @param kind  one that is of nobody alone
 * @param taken  names that others have by now: those do not come back
 */
export async function listRemoved(
  reader: Reader,
  kind: Extract<ThingKindName, 'role' | 'mask'>,
  taken: ReadonlySet<string>,
) {
  const named = new Set(taken)
  const rows = (await removedThings(reader, { kind, ownerId: null }, { limit: mostRemoved })).flatMap(
    (row) => {
      const { name } = JSON.parse(row.beforeJson ?? '{}') as ThingState
      if (typeof name !== 'string' || named.has(name)) return []
      named.add(name)
      return { ...row, name }
    },
  )
  const makers = await findMakers(reader, rows)
  return rows.map((row) => ({
    ...{ id: Number(row.key), name: row.name, revision: row.id },
    ...shownMaker(row, makers),
  }))
}

/** What somebody made for himself and others, and whose removal is looked for where he looks for what he deleted. */
export const ownKinds = ['label', 'field', 'grant', 'share', 'folder'] as const
type OwnKind = (typeof ownKinds)[number]

/** Which property says what a removed one was called, the first that says anything. */
const titles = {
  label: ['name'],
  field: ['label'],
  grant: ['name', 'party', 'label', 'source'],
  share: ['collection'],
  folder: ['folder'],
} as const satisfies Readonly<Record<OwnKind, readonly string[]>>

interface Removed {
  readonly row: ThingRevisionRow
  readonly kind: OwnKind
  readonly key: string
  readonly title: string
  readonly receiver: string | null
}

/** So many are looked at for those that are gone still, and that somebody is shown: fewer where judging one takes more. */
const mostLooked = {
  label: 400,
  field: 400,
  grant: 400,
  share: 100,
  folder: 100,
} as const satisfies Readonly<Record<OwnKind, number>>

async function removedOf(reader: Reader, session: Session, name: OwnKind): Promise<Removed[]> {
  const kind = thingKindOf(name)
  const of = { kind: name, ownerId: name === 'field' ? null : session.principal.id }
  const found: Removed[] = []
  let before: number | undefined
  for (let looked = 0; looked < mostLooked[name]; looked += mostRemoved) {
    const rows = await removedThings(reader, of, { limit: mostRemoved, before })
    for (const row of rows) {
      const state = JSON.parse(row.beforeJson ?? '{}') as ThingState
      if (await kind.isThere(reader, session, row)) continue
      if (!(await kind.isShown(reader, session, row, state))) continue
      const say = (property: string) => kind.told(reader, property, state[property], state, session)
      const said = await Promise.all(titles[name].map(say))
      const receiver = ('receiver' in state && (await say('receiver'))) || null
      const key = (await kind.addressOf?.(reader, row.key)) ?? row.key
      found.push({ row, kind: name, key, title: said.find((text) => text) ?? '', receiver })
    }
    before = rows.at(-1)?.id
    if (rows.length < mostRemoved || found.length >= mostRemoved) break
  }
  return found
}

/** Labels of somebody, what he shared, and fields, that were removed lately and are not there again, the latest first. */
export async function listOwnRemoved(reader: Reader, session: Session, kinds: readonly OwnKind[]) {
  const found: Removed[] = []
  for (const kind of kinds) found.push(...(await removedOf(reader, session, kind)))
  const latest = found.toSorted((one, other) => other.row.at - one.row.at || other.row.id - one.row.id)
  const rows = latest.slice(0, mostRemoved)
  const makers = await findMakers(
    reader,
    rows.map(({ row }) => row),
  )
  return rows.map(({ row, kind, key, title, receiver }) => ({
    ...{ kind, key, name: title, receiver, revision: row.id },
    isMine: row.authorId === session.principal.id,
    ...shownMaker(row, makers),
  }))
}
