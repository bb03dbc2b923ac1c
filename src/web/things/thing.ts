import type { z } from 'zod'
import type { thingChange } from '../../features/history/schema.ts'

/**
 * What is said of each kind of thing, in this order; other properties are no words for people. How a property is called is in
 * the catalogues under `properties.KIND`.
 */
export const properties = {
  label: ['name', 'color'],
  list: ['name', 'description', 'color', 'filter'],
  field: ['label', 'type', 'formerLabels', 'options', 'position', 'isRetired'],
  calendar: ['title', 'description', 'color', 'timeZone', 'isFree', 'address'],
  book: ['title', 'description', 'address'],
  grant: ['receiver', 'party', 'source', 'label', 'name', 'access', 'masks'],
  share: ['receiver', 'collection', 'access', 'summary'],
  folder: ['receiver', 'folder', 'access'],
  role: ['name', 'capabilities', 'masks', 'holders'],
  mask: ['name', 'hide', 'only', 'books', 'holders', 'roles'],
  account: ['name', 'displayName', 'email', 'isLocked', 'language', 'timeZone', 'requestLimit', 'limitBytes'],
  group: ['displayName', 'email', 'members'],
  room: ['displayName', 'email', 'place', 'capacity', 'description'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type ThingKind = keyof typeof properties

/** Something that has a history of its own. */
export interface Thing {
  readonly kind: ThingKind
  /** Where the API has it, such as `/lists/7`: its history is below. */
  readonly path: string
  /** What it is called. */
  readonly name: string
}

/** Something that was removed, and can come back. */
export interface RemovedThing {
  readonly thing: Thing
  /** What restoring takes. */
  readonly revision: number
  /** What removed it, where undoing that brings back more than restoring does. */
  readonly request: string | undefined
  /** What it was, where that is not plain. */
  readonly what?: string
  readonly at: string
  readonly author: string | null
}

export type Change = z.infer<typeof thingChange>

/** How a change is taken back: as the history has it, or by what took it to many places at once. */
export type WayBack = { readonly says: 'asBefore' | 'bringBack'; readonly request: string | undefined }

/**
 * The way back of a change, where there is one: what was removed comes back while it is gone, and what was changed while it
 * is there. What was made is removed where it is edited.
 * @param newest  the last change of all
 */
export function wayBackOf({ kind }: Thing, change: Change, newest: Change | undefined): WayBack | undefined {
  if (change.how === 'removed')
    return change === newest ? { says: 'bringBack', request: undefined } : undefined
  if (change.how === 'added' || newest?.how === 'removed') return undefined
  // Cards have the name of a label too.
  const isEverywhere = kind === 'label' && change.changes.some(({ property }) => property === 'name')
  if (!isEverywhere) return { says: 'asBefore', request: undefined }
  return change.requestId === null ? undefined : { says: 'asBefore', request: change.requestId }
}
