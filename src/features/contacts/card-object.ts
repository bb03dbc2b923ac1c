import type { Settings } from '../../../config/defaults.ts'
import { fold } from '../../../protocol/text/fold.ts'
import type { Card, Slice } from '../../../protocol/vcard/card.ts'
import { labelledRows } from '../../../protocol/vcard/edit/labelled-index.ts'
import { type ContactSummary, contactIndex, sortName } from '../../../protocol/vcard/index-fields.ts'
import { inlineMedia } from '../../../protocol/vcard/inline-media.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'
import type { PersonIndex } from '../../../storage/people/placements.ts'
import { listIndex } from '../lists/list-index.ts'
import type { PreparedObject } from '../objects.ts'
import { cardDocument } from '../search/card-document.ts'

/** What is read off a vCard. */
export interface CardObject extends Pick<PreparedObject, 'uid' | 'component' | 'version' | 'index'> {
  /** Where photos and the like stand in its text. */
  readonly media: readonly Slice[]
}

/** Checks a vCard and works out its rows in the contact index. @throws InvalidObjectError */
export function readCardObject(text: string, settings: Settings): CardObject {
  const { card, uid, version } = validateCard(text)
  const { rows, summary } = contactIndex(card)
  const labelled = labelledRows(card)
  return {
    uid: uid ?? null,
    component: 'VCARD',
    version,
    media: card.lines.flatMap((line) => inlineMedia(text, line) ?? []),
    index: {
      contact: rows.map(({ kind, folded, text }) => ({ kind, folded, value: text })),
      lists: listIndex(text, card, settings),
      person: personOf(card, summary),
      labelled: labelled.map((row) => ({ ...row, folded: fold(row.value) })),
      search: cardDocument(summary, rows, labelled),
    },
  }
}

/** Whom a card describes; a list of people is nobody. */
function personOf(card: Card, { fn, kind }: ContactSummary): PersonIndex | undefined {
  if (kind === 'group') return undefined
  return { name: fn, sortKey: sortName(card), kind: kind === 'org' ? 'org' : 'person' }
}
