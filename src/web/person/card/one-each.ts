import type { TFunction } from 'i18next'
import { ageOn, dateText } from './format.ts'
import type { Details } from './merged.ts'

/** What a card says once, under the names of their texts: those that it says. */
export function onceSaid(
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
