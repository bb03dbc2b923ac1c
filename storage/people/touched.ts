import type { BodyId, ObjectId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import type { CardState, TouchedCard, Writer } from '../store.ts'
import type { CollectionRef } from '../write-path.ts'

/**
 * Notes what became of a card or a to-do, for what is done before the commit. Of several changes in one write the octets before
 * all of them are kept, and what it was at last. Of calendar objects to-dos are noted, and calendars; nothing is of what the
 * server makes from something else.
 */
export function touch(
  tx: Writer,
  collection: CollectionRef,
  card: {
    readonly id: ObjectId
    readonly component: string
    readonly bodyId: BodyId | undefined
    readonly kind: TouchedCard['kind']
    readonly after?: CardState | undefined
    readonly placed?: TouchedCard['placed']
  },
  origin: Origin,
): void {
  if (collection.generated !== null) return
  if (card.component === 'VEVENT' || card.component === 'VTODO') tx.touchedCalendars.add(collection.id)
  if (card.component === 'VTODO') {
    const kind = card.kind === 'removed' ? 'removed' : 'put'
    tx.touchedTasks.set(card.id, { objectId: card.id, kind, origin })
  }
  if (card.component !== 'VCARD') return
  const known = tx.touched.get(card.id)
  tx.touched.set(card.id, {
    objectId: card.id,
    collectionId: collection.id,
    principalId: collection.principalId,
    // What was put and then moved has other octets than before.
    kind: known?.kind === 'put' && card.kind === 'moved' ? 'put' : card.kind,
    before: known ? known.before : card.bodyId,
    after: card.kind === 'moved' ? known?.after : card.after,
    placed: card.placed,
    // What it has in common with others goes with it when it is taken away; in another book there are others.
    isToCompare: known?.isToCompare || known?.kind === 'removed' || card.kind === 'moved',
    origin,
  })
}
