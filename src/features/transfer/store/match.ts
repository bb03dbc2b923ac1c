import { ownersOfValues } from '../../../../storage/contact-index.ts'
import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../../storage/objects.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { PreparedObject } from '../../objects.ts'
import type { MatchKey, Waiting } from '../import-outcome.ts'

/** What a card is like: one that is there, one that a trial would have made, several, or none. */
export type Match =
  | { readonly kind: 'one'; readonly by: MatchKey; readonly row: ObjectRow }
  | { readonly kind: 'trial'; readonly by: MatchKey }
  | { readonly kind: 'several'; readonly by: MatchKey; readonly names: readonly string[] }
  | undefined

/** Finds the cards that others are like. */
export interface Matcher {
  find(item: Waiting): Match
  /** From now on this card can be found too; without an id it is one that a trial would have made. */
  add(item: Waiting, row: ObjectRow | undefined): void
}

/** What a trial would have made, by their values; it grows with the import. */
export type TrialValues = Set<string>

const kinds = { email: 'email', phone: 'phone', name: 'fn' } as const satisfies Record<MatchKey, string>

/**
 * Looks up, at once, the cards that have a mail address, a telephone number or a name of these.
 * @param trial  what the import would have made before; undefined where it is no trial
 */
export async function readMatcher(
  reader: Reader,
  items: readonly Waiting[],
  keys: readonly MatchKey[],
  trial: TrialValues | undefined,
): Promise<Matcher> {
  const owners = new Map<string, Set<ObjectId>>()
  const cards = keys.length === 0 ? [] : items.filter(({ collection }) => collection.kind === 'addressbook')
  for (const id of new Set(cards.map(({ collection }) => collection.id))) {
    const here = cards.filter(({ collection }) => collection.id === id)
    for (const key of keys) await readOwners(reader, owners, id, key, here)
  }
  const ids = [...new Set([...owners.values()].flatMap((found) => [...found]))]
  const rows = new Map((await findObjectsByIds(reader, ids)).map((row) => [row.id, row]))
  return {
    find: (item) => (keys.length === 0 ? undefined : findOne(item, keys, owners, rows, trial)),
    add: (item, row) => {
      if (row) rows.set(row.id, row)
      for (const key of keys) {
        for (const value of valuesOf(item.object, key)) {
          const place = placeOf(item.collection.id, key, value)
          if (row) owners.set(place, (owners.get(place) ?? new Set<ObjectId>()).add(row.id))
          else trial?.add(place)
        }
      }
    },
  }
}

async function readOwners(
  reader: Reader,
  owners: Map<string, Set<ObjectId>>,
  id: CollectionId,
  key: MatchKey,
  items: readonly Waiting[],
): Promise<void> {
  const values = new Set(items.flatMap(({ object }) => valuesOf(object, key)))
  for (const { objectId, folded } of await ownersOfValues(reader, id, kinds[key], [...values])) {
    const place = placeOf(id, key, folded)
    owners.set(place, (owners.get(place) ?? new Set<ObjectId>()).add(objectId))
  }
}

/** The first key that finds anything decides; where it finds several, those after it may tell them apart. */
function findOne(
  item: Waiting,
  keys: readonly MatchKey[],
  owners: ReadonlyMap<string, ReadonlySet<ObjectId>>,
  rows: ReadonlyMap<ObjectId, ObjectRow>,
  trial: TrialValues | undefined,
): Match {
  let found: ReadonlySet<ObjectId> = new Set()
  let by: MatchKey | undefined
  for (const key of keys) {
    const places = valuesOf(item.object, key).map((value) => placeOf(item.collection.id, key, value))
    if (by === undefined && places.some((place) => trial?.has(place))) return { kind: 'trial', by: key }
    const ids = new Set(
      places.flatMap((place) => [...(owners.get(place) ?? [])]).filter((id) => rows.has(id)),
    )
    if (ids.size === 0) continue
    const both = by === undefined ? ids : new Set([...found].filter((id) => ids.has(id)))
    if (both.size > 0) found = both
    by ??= key
    if (found.size === 1) break
  }
  const matched = [...found].flatMap((id) => rows.get(id) ?? [])
  const [only] = matched
  if (by === undefined || !only) return undefined
  if (matched.length > 1) return { kind: 'several', by, names: matched.map(({ name }) => name) }
  return { kind: 'one', by, row: only }
}

/** Whole values; a number is written with `+` or with `00` before its country. */
function valuesOf({ index }: PreparedObject, key: MatchKey): string[] {
  const values = (index.contact ?? [])
    .filter(({ kind, folded }) => kind === kinds[key] && folded.trim() !== '')
    .map(({ folded }) => folded)
  if (key !== 'phone') return values
  return values.flatMap((value) => {
    if (value.startsWith('+')) return [value, `00${value.slice(1)}`]
    return value.startsWith('00') ? [value, `+${value.slice(2)}`] : [value]
  })
}

function placeOf(id: CollectionId, key: MatchKey, value: string): string {
  return `${id} ${key} ${value}`
}
