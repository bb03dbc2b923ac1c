import { splitValue } from '../../text/content-lines.ts'
import { fold } from '../../text/fold.ts'
import type { CardLine } from '../convert/line.ts'
import type { Instance } from '../merge/instances.ts'
import { isList, looselySaidBy, plainText } from '../merge/values.ts'

/** Whose values stay where two cards of one person become one. */
export type Choice = 'survivor' | 'loser' | 'both'

/** How a property is treated: a card has one of it, or several, or a list of words, or it is nobody's to choose. */
export type FieldForm = 'one' | 'some' | 'list' | 'joined' | 'own'

/** What is of the card and not of the person: it stays as the survivor has it. */
const own: ReadonlySet<string> = new Set('VERSION UID PRODID REV X-ABLABEL X-ABADR CLIENTPIDMAP'.split(' '))

/** Programs show one of these, whatever the card has. */
const single: ReadonlySet<string> = new Set(
  `FN N BDAY X-BDAY X-ALTBDAY ANNIVERSARY X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY GENDER KIND X-ADDRESSBOOKSERVER-KIND X-ABSHOWAS PHOTO
  DEATHDATE BIRTHPLACE DEATHPLACE ORG TITLE ROLE SORT-STRING TZ GEO MAILER CLASS LOGO SOUND X-MAIDENNAME X-PHONETIC-FIRST-NAME
  X-PHONETIC-MIDDLE-NAME X-PHONETIC-LAST-NAME X-PHONETIC-ORG X-EVOLUTION-FILE-AS X-EVOLUTION-SPOUSE X-SPOUSE X-MANAGER X-ASSISTANT`.split(
    /\s+/,
  ),
)

export function formOf({ name }: Pick<CardLine, 'name'>): FieldForm {
  if (own.has(name)) return 'own'
  if (name === 'NOTE') return 'joined'
  if (single.has(name)) return 'one'
  return isList({ name }) ? 'list' : 'some'
}

/** What may be chosen of a field; the first is what is proposed where both cards have something else. */
export function choicesOf(form: FieldForm): readonly Choice[] {
  switch (form) {
    case 'one':
      return ['survivor', 'loser', 'both']
    case 'some':
    case 'list':
    case 'joined':
      return ['both', 'survivor', 'loser']
    case 'own':
      return ['survivor']
    default:
      return form satisfies never
  }
}

/** Figures that tell a number from others, however its country is written. */
const tellingDigits = 8

/** What two lines of one property have in common if they say the same. */
export function valueKey({ main }: Pick<Instance, 'main'>): string {
  const said = looselySaidBy(main)
  if (main.name !== 'TEL') return said
  return said.length > tellingDigits ? said.slice(-tellingDigits) : said
}

/** The words of a list, as they are written. */
export function itemsOf({ value }: Pick<CardLine, 'value'>): readonly string[] {
  return splitValue(value, ',').filter((item) => plainText(item) !== '')
}

export function itemKey(item: string): string {
  return fold(plainText(item))
}

/** Whether a line says anything. */
export function isEmpty({ value }: Pick<CardLine, 'value'>): boolean {
  return value.replace(/[;,\s]/g, '') === ''
}
