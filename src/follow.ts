import { encodeSegment } from '../protocol/dav/href.ts'
import type { Writer } from '../storage/store.ts'
import { collectionPath } from './dav/paths.ts'
import { followBooks } from './features/birthdays/birthdays.ts'
import type { Services } from './services.ts'

/**
 * What the store does at the end of a write that has changed something which collections are made from: it makes them
 * follow, in the same transaction.
 */
export function createFollower({
  settings,
  newId,
}: Pick<Services, 'settings' | 'newId'>): (tx: Writer) => Promise<void> {
  const base = settings.publicUrl.replace(/\/$/, '')
  const cardUrl = (segment: string, book: string, card: string): string | undefined =>
    base === '' ? undefined : base + collectionPath('addressbooks', segment, book) + encodeSegment(card)
  return (tx) => followBooks(tx, tx.followed, { settings, newId, cardUrl })
}
