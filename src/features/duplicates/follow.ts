import { traitLines } from '../../../protocol/match/traits.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { addPending } from '../../../storage/match/match-keys.ts'
import type { Reader, TouchedCard } from '../../../storage/store.ts'
import { cardTexts } from '../people/card-texts.ts'
import type { Follower } from '../people/follower.ts'

/** Cards of one look at most, so that their texts take little memory. */
const cardsAtOnce = 200

/**
 * Cards that are new, or say otherwise than before who they are of, wait to be compared with those that are there: by the job,
 * a moment later, or by whoever asks first. Comparing them in the write would cost a phone more than all the rest of it.
 */
export const followDuplicates: Follower = async (tx, { cards }) => {
  const there = cards.filter(({ kind }) => kind === 'put' || kind === 'moved')
  for (let at = 0; at < there.length; at += cardsAtOnce) {
    const some = there.slice(at, at + cardsAtOnce)
    const same = await sameTraits(tx, some)
    const ids = some.map(({ objectId }) => objectId).filter((id) => !same.has(id))
    if (ids.length > 0) await addPending(tx, ids)
  }
}

/** Those in which nothing has changed by which somebody can be known. */
async function sameTraits(reader: Reader, cards: readonly TouchedCard[]): Promise<ReadonlySet<ObjectId>> {
  const known = cards.filter(
    ({ kind, before, isToCompare }) => kind === 'put' && before !== undefined && !isToCompare,
  )
  if (known.length === 0) return new Set()
  const texts = await cardTexts(reader, known)
  const same = texts.filter(({ before, after }) => traitLines(before) === traitLines(after))
  return new Set(same.map(({ card }) => card.objectId))
}
