import type { z } from 'zod'
import type { partyChange } from '../../../features/history/schema.ts'
import { type Kept, type Way, wayOf } from '../../things/state.ts'
import type { Party } from '../person.ts'
import { awaitTag } from '../tags.ts'

export type Change = z.infer<typeof partyChange>
type CardChange = Extract<Change, { type: 'card' }>

/** A card of somebody, as what is kept of it is brought back. */
export function keptCard(partyId: number, { object }: CardChange): Kept {
  return { object, keys: [['party', partyId], ['card'], ['parties'], ['history', 'state']], awaitTag }
}

/** Whether what is told may be made otherwise. */
export function mayChange(item: Change, { cards }: Party): boolean {
  return item.type === 'card' && cards.some(({ id, mayWrite }) => mayWrite && id === item.object)
}

/** Where an entry leads back to. @param items  all that is shown, the newest first */
export function wayOfChange(item: Change, items: readonly Change[], party: Party): Way | undefined {
  if (item.type !== 'card' || !mayChange(item, party)) return
  return wayOf(
    item,
    items.filter((one): one is CardChange => one.type === 'card' && one.object === item.object),
  )
}
