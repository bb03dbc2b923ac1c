import type { BodyId, ObjectId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import type { TouchedCard, Writer } from '../store.ts'
import type { CollectionRef } from '../write-path.ts'

/**
 * Notes what became of a card, for what is done before the commit. Of several changes in one write the octets before
 * all of them are kept, and what it was at last. Calendar objects are not noted,
 * nor what the server makes from other cards.
 */
export function touch(
  tx: Writer,
  collection: CollectionRef,
  card: {
    readonly id: ObjectId
    readonly component: string
    readonly bodyId: BodyId | undefined
    readonly kind: TouchedCard['kind']
  },
  origin: Origin,
): void {
  if (card.component !== 'VCARD' || collection.generated !== null) return
  const known = tx.touched.get(card.id)
  tx.touched.set(card.id, {
    objectId: card.id,
    collectionId: collection.id,
    principalId: collection.principalId,
    // What was put and then moved has other octets than before.
    kind: known?.kind === 'put' && card.kind === 'moved' ? 'put' : card.kind,
    before: known ? known.before : card.bodyId,
    origin,
  })
}
