import { contactIndex } from '../../../protocol/vcard/index-fields.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'
import type { PreparedObject } from '../objects.ts'

/** Checks a vCard and works out its rows in the contact index. @throws InvalidObjectError */
export function readCardObject(
  text: string,
): Pick<PreparedObject, 'uid' | 'component' | 'version' | 'index'> {
  const { card, uid, version } = validateCard(text)
  const { rows } = contactIndex(card)
  return {
    uid: uid ?? null,
    component: 'VCARD',
    version,
    index: { contact: rows.map(({ kind, folded, text }) => ({ kind, folded, value: text })) },
  }
}
