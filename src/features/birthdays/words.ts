import type { Occasion } from '../../../protocol/vcard/occasions.ts'

/** What a calendar of birthdays says, in one language. */
export interface Words {
  /** What the calendar is called. */
  readonly calendar: string
  readonly birthday: string
  readonly anniversary: string
  /** For a date that the card does not name. */
  readonly other: string
  readonly unnamed: string
}

const languages: Readonly<Record<string, Words>> = {
  en: {
    calendar: 'Birthdays',
    birthday: 'birthday',
    anniversary: 'anniversary',
    other: 'date',
    unnamed: 'No name',
  },
  de: {
    calendar: 'Geburtstage',
    birthday: 'Geburtstag',
    anniversary: 'Jahrestag',
    other: 'Datum',
    unnamed: 'Ohne Namen',
  },
  fr: {
    calendar: 'Anniversaires',
    birthday: 'anniversaire',
    anniversary: 'fête annuelle',
    other: 'date',
    unnamed: 'Sans nom',
  },
  es: {
    calendar: 'Cumpleaños',
    birthday: 'cumpleaños',
    anniversary: 'aniversario',
    other: 'fecha',
    unnamed: 'Sin nombre',
  },
  it: {
    calendar: 'Compleanni',
    birthday: 'compleanno',
    anniversary: 'anniversario',
    other: 'data',
    unnamed: 'Senza nome',
  },
  nl: {
    calendar: 'Verjaardagen',
    birthday: 'verjaardag',
    anniversary: 'jubileum',
    other: 'datum',
    unnamed: 'Naamloos',
  },
  ru: {
    calendar: 'Дни рождения',
    birthday: 'день рождения',
    anniversary: 'годовщина',
    other: 'дата',
    unnamed: 'Без имени',
  },
  el: {
    calendar: 'Γενέθλια',
    birthday: 'γενέθλια',
    anniversary: 'επέτειος',
    other: 'ημερομηνία',
    unnamed: 'Χωρίς όνομα',
  },
}

/** The languages there are. */
export const birthdayLanguages: readonly string[] = Object.keys(languages)

/** The language of the words for an account: its own where there are words in it, else that of the settings. */
export function languageFor(own: string | null | undefined, usual: string): string {
  const [primary = ''] = (own ?? '').toLowerCase().split('-')
  return birthdayLanguages.includes(primary) ? primary : usual
}

/** The words of a language; English where it is not known. */
export function wordsIn(language: string): Words {
  return languages[language] ?? (languages.en as Words)
}

const nameLength = 200

/**
 * The title of an event: who, first of all, for a month on a phone shows little more; what; and the year in which it
 * began, where it is known, from which a recurring event cannot count by itself.
 */
export function titleOf(name: string, { kind, label, year }: Occasion, words: Words): string {
  const who = short(name) || words.unnamed
  const what = kind === 'other' ? short(label) || words.other : words[kind]
  return year === undefined ? `${who}: ${what}` : `${who}: ${what} (${year})`
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return [...line].slice(0, nameLength).join('')
}
