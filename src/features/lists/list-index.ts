import type { Settings } from '../../../config/defaults.ts'
import type { Card } from '../../../protocol/vcard/card.ts'
import { type ListLimits, readLists, withoutCategories } from '../../../protocol/vcard/lists.ts'
import type { ListIndex } from '../../../storage/lists/list-rows.ts'
import { etagOf } from '../bodies.ts'

/** What a card says of lists of people, for the index; undefined where it says nothing. */
export function listIndex(text: string, card: Card, settings: Settings): ListIndex | undefined {
  const lists = readLists(card, listLimits(settings))
  if (lists.kind === 'person' && !lists.hasCategories) return undefined
  const bare = Buffer.from(lists.kind === 'group' ? text : withoutCategories(text, card))
  const face = { kind: lists.kind, bareEtag: etagOf(bare), bareSize: bare.byteLength }
  if (lists.kind === 'person') return { ...face, name: null, labels: lists.labels, members: [] }
  return { ...face, name: lists.name || null, labels: [], members: lists.members }
}

/** A list can hold whoever is in a book. */
export function listLimits({ limits }: Settings): ListLimits {
  return { labelsPerCard: limits.labelsPerCard, listMembers: limits.objectsPerCollection }
}
