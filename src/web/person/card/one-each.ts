import type { TFunction } from 'i18next'
import type { Card } from '../person.ts'
import { ageOn, dateText } from './format.ts'
import type { Details } from './merged.ts'

/** What is said once, and all cards that say the same. */
export interface OnceEntry {
  readonly what: OnceSaid
  readonly text: string
  readonly cards: readonly [Card, ...Card[]]
}

/** What cards say once: as one where they agree, and each by itself where they do not. */
export function onceEntries(
  cards: readonly Card[],
  t: TFunction<'person'>,
  language: string,
): readonly OnceEntry[] {
  const found = new Map<string, OnceEntry>()
  for (const card of cards)
    for (const { what, text } of onceSaid(card.details, t, language)) {
      const key = `${what} ${text}`
      const same = found.get(key)
      found.set(key, { what, text, cards: same ? [...same.cards, card] : [card] })
    }
  return [...found.values()].sort((a, b) => onceOrder.indexOf(a.what) - onceOrder.indexOf(b.what))
}

/** Cards that may be changed and say nothing of this. */
export function unsaidOn(cards: readonly Card[], what: OnceSaid, entries: readonly OnceEntry[]): Card[] {
  const said = new Set(
    entries.filter((entry) => entry.what === what).flatMap((entry) => entry.cards.map(({ id }) => id)),
  )
  return cards.filter(({ id, rights }) => rights.edit && !said.has(id))
}

/** What a card says once, under the names of their texts: those that it says. */
function onceSaid(
  details: Details,
  t: TFunction<'person'>,
  language: string,
): { readonly what: OnceSaid; readonly text: string }[] {
  const { name, nicknames, birthday, anniversary, gender, timeZone, phoneticOrg } = details
  const phonetic = [name.phoneticGiven, name.phoneticAdditional, name.phoneticFamily]
  const age = birthday && ageOn(birthday, new Date())
  const born = birthday ? dateText(birthday, language) : ''
  const texts: Readonly<Record<OnceSaid, string>> = {
    nicknames: nicknames.join(', '),
    phonetic: phonetic.filter((part) => part !== '').join(' ') || phoneticOrg,
    maiden: name.maiden,
    birthday: age === null || age < 0 ? born : t('bornOn', { date: born, age }),
    anniversary: anniversary ? dateText(anniversary, language) : '',
    gender: gender.identity || (gender.sex === '' ? '' : t(`genders.${gender.sex}`)),
    language: details.language === '' ? '' : tongue(details.language, language),
    timeZone,
  }
  return onceOrder.flatMap((what) => (texts[what] === '' ? [] : [{ what, text: texts[what] }]))
}

export const onceOrder = [
  'nicknames',
  'phonetic',
  'maiden',
  'birthday',
  'anniversary',
  'gender',
  'language',
  'timeZone',
] as const
export type OnceSaid = (typeof onceOrder)[number]

function tongue(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
