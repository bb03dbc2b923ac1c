import { useTranslation } from 'react-i18next'
import { languages } from '../../i18n/i18n.ts'
import { localeOf } from '../../i18n/locale.ts'
import { useSizes } from '../../ui/sizes.ts'
import type { Setting } from '../admin.ts'

type Value = Setting['value']

/** What settings and their values are called. */
export interface SettingTexts {
  /** What a setting is about; its key where there are no words for it. */
  readonly wordOf: (key: string) => string
  readonly shownAs: (setting: Pick<Setting, 'key' | 'value'>) => string
  /** One of several. */
  readonly choiceOf: (key: string, choice: string) => string
}

/** A value with its unit, which its name ends in, in the language that is spoken. */
export function useSettingTexts(): SettingTexts {
  const { t, i18n } = useTranslation('admin')
  const sizeOf = useSizes()
  const locale = localeOf(i18n.language)
  const inUnit = (value: number, unit: string): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
  const numberOf = (key: string, value: number): string => {
    if (key.endsWith('Bytes')) return sizeOf(value)
    if (key.endsWith('Days')) return inUnit(value, 'day')
    if (key.endsWith('Ms'))
      return value < minuteMs ? inUnit(value / 1000, 'second') : inUnit(value / minuteMs, 'minute')
    if (key.endsWith('.percent'))
      return new Intl.NumberFormat(locale, { style: 'percent' }).format(value / 100)
    return new Intl.NumberFormat(locale).format(value)
  }
  const choiceOf = (key: string, choice: string): string => {
    if (key.endsWith('.language')) return nameOfLanguage(locale, choice)
    const known = choices.find((one) => one === choice)
    return known === undefined ? choice : t(`settings.choices.${known}`)
  }
  const shownAs = (key: string, value: Value): string => {
    if (typeof value === 'number') return numberOf(key, value)
    if (typeof value === 'boolean') return t(value ? 'settings.on' : 'settings.off')
    return value === '' ? t('settings.unset') : choiceOf(key, value)
  }
  return {
    wordOf: (key) => {
      const known = words.find((word) => word === key.replace('.', '-'))
      return known === undefined ? key : t(`settings.words.${known}`)
    },
    shownAs: ({ key, value }) => shownAs(key, value),
    choiceOf,
  }
}

const minuteMs = 60_000
const choices = ['all', 'groups', 'none', 'february', 'march'] as const
/** Settings that there are words for. */
const words = [
  'publicUrl',
  'accounts-language',
  'accounts-timeZone',
  'people-country',
  'limits-quotaBytes',
  'limits-fileBytes',
  'limits-importBytes',
  'limits-collectionsPerHome',
  'limits-sharees',
  'limits-publicLinks',
  'limits-apiRequestsPerMinute',
  'retention-trashDays',
  'retention-revisionDays',
  'retention-heldEditDays',
  'retention-signInDays',
  'bursts-objects',
  'bursts-percent',
  'directory-visibility',
  'directory-addressBook',
  'directory-bookName',
  'birthdays-language',
  'birthdays-leapDay',
  'subscriptions-refreshMs',
  'auth-failures',
  'auth-blockMs',
  'auth-sessionIdleDays',
  'proxy-trusted',
] as const

/** As it calls itself where the app speaks it, else as the language that is spoken calls it. */
export function nameOfLanguage(locale: string, tag: string): string {
  if (tag in languages) return languages[tag as keyof typeof languages]
  return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
}
