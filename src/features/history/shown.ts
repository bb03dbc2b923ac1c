import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import { findMountOn } from '../../../storage/mounts.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { masksFor, masksOfSession } from '../masks/masks.ts'
import { readLayer } from '../views/layer.ts'
import { personalText } from '../views/personal-view.ts'

/** How somebody sees what is in a collection; undefined where he sees it as it is stored. */
export type Sight = (text: string) => string

/** How each of these collections is seen by somebody who may read it. */
export async function sightsOf(
  reader: Reader,
  session: Session,
  collections: readonly CollectionRow[],
): Promise<ReadonlyMap<CollectionId, Sight>> {
  const sights = new Map<CollectionId, Sight>()
  const others = collections.filter(({ principalId }) => principalId !== session.principal.id)
  const { masks } = others.length > 0 ? await masksOfSession(reader, session) : { masks: [] }
  for (const collection of others) {
    const { id, kind } = collection
    if (kind === 'addressbook') {
      const here = masksFor(masks, collection)
      // What cannot be read cannot be judged either.
      if (here.length > 0) sights.set(id, (text) => maskCard(text, here) ?? '')
      continue
    }
    const found = await findMountOn(reader, id, session.principal.id)
    // Whoever has alarms of his own sees nobody else's, and never did.
    if (found?.mount.view === 'personal') sights.set(id, (text) => personalText(text, readLayer('')))
  }
  return sights
}

/** A stored text, of now or of then, as its reader may see it: everything that history shows goes through this. */
export function shownText(sight: Sight | undefined, text: string): string {
  return sight ? sight(text) : text
}
