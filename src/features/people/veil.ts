import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { contactIndex } from '../../../protocol/vcard/index-fields.ts'
import { mayHide } from '../../../protocol/vcard/mask/rules.ts'
import type { CollectionId, PartyId } from '../../../storage/ids.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import { mailsOfCards } from '../../../storage/people/mails.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Reach } from './reach.ts'
import { seenTexts } from './seen-texts.ts'

type Placed = readonly Pick<PlacementRow, 'collectionId'>[]

/**
 * Whether a property of somebody is hidden from whoever sees these cards of him: then what stands beside the cards and says
 * the same is hidden too. One card of which it is hidden is enough, since facts do not say which card they came from.
 */
export function isVeiled({ books }: Pick<Reach, 'books'>, placements: Placed, property: string): boolean {
  return books.some(
    ({ row, masks }) =>
      masks.length > 0 &&
      placements.some(({ collectionId }) => collectionId === row.id) &&
      mayHide(property, masks),
  )
}

/** What of somebody's jobs is hidden: with the organisation everything. */
export interface JobVeil {
  readonly job: boolean
  readonly title: boolean
  readonly role: boolean
}

export function jobVeil(reach: Pick<Reach, 'books'>, placements: Placed): JobVeil {
  const hides = (property: string): boolean => isVeiled(reach, placements, property)
  return { job: hides('ORG'), title: hides('TITLE'), role: hides('ROLE') }
}

/** The books in which nothing of a property is hidden: what is looked for by it is looked for there. */
export function booksShowing({ books }: Pick<Reach, 'books'>, property: string): CollectionId[] {
  return books.filter(({ masks }) => !mayHide(property, masks)).map(({ row }) => row.id)
}

/** The mail addresses that whoever asks sees on these cards, in small letters, by whom they describe. */
export async function seenMails(
  reader: Reader,
  reach: Pick<Reach, 'books'>,
  placements: readonly PlacementRow[],
): Promise<ReadonlyMap<PartyId, readonly string[]>> {
  const showing = new Set(booksShowing(reach, 'EMAIL'))
  const open = placements.filter(({ collectionId }) => showing.has(collectionId))
  const found = new Map(await mailsOfCards(reader, open))
  const veiled = new Map(placements.map(({ objectId, partyId }) => [objectId, partyId]))
  for (const { objectId } of open) veiled.delete(objectId)
  if (veiled.size === 0) return found
  const rows = await findObjectsByIds(reader, [...veiled.keys()])
  for (const [objectId, text] of await seenTexts(reader, reach, rows, { withMedia: false })) {
    const id = veiled.get(objectId)
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), ...mailsIn(text)])
  }
  return found
}

/** None of a card that cannot be read. */
function mailsIn(text: string): string[] {
  try {
    return contactIndex(readCard(text)).rows.flatMap((row) =>
      row.kind === 'email'
        ? row.text
            .trim()
            .replace(/^mailto:/i, '')
            .toLowerCase()
        : [],
    )
  } catch (error) {
    if (error instanceof InvalidObjectError) return []
    throw error
  }
}
