import type { Settings } from '../../../config/defaults.ts'
import type { Slice } from '../../../protocol/vcard/card.ts'
import { contactIndex } from '../../../protocol/vcard/index-fields.ts'
import { inlineMedia } from '../../../protocol/vcard/inline-media.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'
import { listIndex } from '../lists/list-index.ts'
import type { PreparedObject } from '../objects.ts'

/** What is read off a vCard. */
export interface CardObject extends Pick<PreparedObject, 'uid' | 'component' | 'version' | 'index'> {
  /** Where photos and the like stand in its text. */
  readonly media: readonly Slice[]
}

/** Checks a vCard and works out its rows in the contact index. @throws InvalidObjectError */
export function readCardObject(text: string, settings: Settings): CardObject {
  const { card, uid, version } = validateCard(text)
  const { rows } = contactIndex(card)
  return {
    uid: uid ?? null,
    component: 'VCARD',
    version,
    media: card.lines.flatMap((line) => inlineMedia(text, line) ?? []),
    index: {
      contact: rows.map(({ kind, folded, text }) => ({ kind, folded, value: text })),
      lists: listIndex(text, card, settings),
    },
  }
}
