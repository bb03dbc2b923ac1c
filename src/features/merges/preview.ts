import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { wordsOf } from '../../../protocol/vcard/convert/line.ts'
import type { Instance } from '../../../protocol/vcard/merge/instances.ts'
import { isMedia, plainText } from '../../../protocol/vcard/merge/values.ts'
import { choicesOf } from '../../../protocol/vcard/unite/fields.ts'
import { compareCards, type Field } from '../../../protocol/vcard/unite/unite.ts'
import { shownParty } from '../duplicates/duplicates.ts'
import type { LivingCard, MergePair, Side } from './pair.ts'

/** What making one of two people would do, side by side; of several cards the first ones are compared. */
export function previewMerge(pair: MergePair) {
  const { survivor, loser, books } = pair
  const shownCard = ({ row }: LivingCard) => {
    const book = books.get(row.collectionId)
    return { book: book?.displayname ?? book?.name ?? '', name: row.name, etag: row.etag }
  }
  const shownSide = ({ party, cards }: Side) => ({ ...shownParty(party), cards: cards.map(shownCard) })
  const inBooks = new Set(survivor.cards.map(({ row }) => row.collectionId))
  const gone = loser.cards.filter(({ row }) => inBooks.has(row.collectionId))
  const theirBooks = new Set(loser.cards.map(({ row }) => row.collectionId))
  const apart = [...survivor.cards, ...loser.cards].filter(
    ({ row: { collectionId } }) => !(inBooks.has(collectionId) && theirBooks.has(collectionId)),
  )
  const [theirs] = gone.length > 0 ? gone : loser.cards
  const mine =
    survivor.cards.find(({ row }) => row.collectionId === theirs?.row.collectionId) ?? survivor.cards[0]
  return {
    survivor: shownSide(survivor),
    loser: shownSide(loser),
    fields: mine && theirs ? fieldsOf(mine, theirs).map(shownField) : [],
    gone: gone.map(shownCard),
    apart: apart.map(shownCard),
  }
}

/** Of a card that cannot be read nothing is known (law 9). */
function fieldsOf(mine: LivingCard, theirs: LivingCard): readonly Field[] {
  try {
    return compareCards({ survivor: mine.text, loser: theirs.text })
  } catch (error) {
    if (error instanceof InvalidObjectError) return []
    throw error
  }
}

function shownField({ name, form, survivor, loser, isSame, proposed }: Field) {
  return {
    name,
    survivor: survivor.map(shownValue),
    loser: loser.map(shownValue),
    isSame,
    proposed,
    choices: [...choicesOf(form)],
  }
}

/** Characters of a value that are shown. */
const longest = 2_000

function shownValue({ main, label }: Instance) {
  const isPicture = isMedia(main)
  return {
    value: isPicture ? '' : plainText(main.value).slice(0, longest),
    types: [...new Set(wordsOf(main, 'TYPE'))],
    label: label === undefined ? null : plainText(label).replace(/^_\$!<(.*)>!\$_$/s, '$1'),
    isMedia: isPicture,
  }
}
