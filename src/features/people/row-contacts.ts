import type { ObjectId } from '../../../storage/ids.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import { type RowText, rowLabelsOf, rowTextsOf } from '../../../storage/people/row-texts.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Reach } from './reach.ts'
import { booksShowing } from './veil.ts'

/** What a row of a list says of somebody's cards. */
export interface RowContact {
  /** The first of each; empty where there is none. */
  readonly phone: string
  readonly mail: string
  readonly labels: readonly string[]
  /** The card that has a photo. */
  readonly photo: ObjectId | null
  /** Another one whenever the photo may be another; null where more of the card is hidden than that may tell. */
  readonly photoVersion: string | null
}

type Placed = readonly Pick<PlacementRow, 'objectId' | 'collectionId'>[]

const shownIn = { tel: 'TEL', email: 'EMAIL', photo: 'PHOTO' } as const

/**
 * How the people of a page are reached, with two statements for all of them. Of a book in which something of a property may
 * be hidden nothing of it is shown.
 * @param placements  of all people of the page
 */
export async function rowContacts(
  reader: Reader,
  reach: Pick<Reach, 'books'>,
  placements: Placed,
): Promise<(placements: Placed) => RowContact> {
  const showing = (property: string): ((placed: Placed) => Placed) => {
    const books = new Set(booksShowing(reach, property))
    return (placed) => placed.filter(({ collectionId }) => books.has(collectionId))
  }
  const open = { tel: showing(shownIn.tel), email: showing(shownIn.email), photo: showing(shownIn.photo) }
  const labelled = showing('CATEGORIES')
  const plain = new Set(reach.books.flatMap(({ row, masks }) => (masks.length === 0 ? [row.id] : [])))
  const ids = placements.map(({ objectId }) => objectId)
  const texts = grouped(await rowTextsOf(reader, ids), ({ objectId }) => objectId)
  const labels = grouped(await rowLabelsOf(reader, ids), ({ objectId }) => objectId)
  return (placed) => {
    const first = (kind: RowText['kind']): RowText | undefined =>
      open[kind](placed)
        .flatMap(({ objectId }) => texts.get(objectId) ?? [])
        .find((text) => text.kind === kind)
    const photo = first('photo')
    const isPlain = placed.some(
      ({ objectId, collectionId }) => objectId === photo?.objectId && plain.has(collectionId),
    )
    const own = labelled(placed).flatMap(({ objectId }) => labels.get(objectId) ?? [])
    return {
      phone: withoutScheme(first('tel')?.value),
      mail: withoutScheme(first('email')?.value),
      labels: [...new Set(own.map(({ label }) => label))],
      photo: photo?.objectId ?? null,
      photoVersion: photo && isPlain ? photo.value.replace(/\W/g, '').slice(0, 16) : null,
    }
  }
}

/** @see RFC 3966 §3, RFC 6068 §2 */
function withoutScheme(value = ''): string {
  const [address = ''] = value
    .trim()
    .replace(/^(?:tel|mailto):/i, '')
    .split(';', 1)
  return address
}
