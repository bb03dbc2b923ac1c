import { useTranslation } from 'react-i18next'
import { localeOf } from '../i18n/locale.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A size as people say it: 1.4 MB. */
export function sizeIn(language: string, bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const value = bytes / 1000 ** step
  const maximumFractionDigits = step === 0 || value >= 100 ? 0 : 1
  const unit = units[step] ?? 'byte'
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits,
  }).format(value)
}

/** The same in the language that is spoken. */
export function useSizes(): (bytes: number) => string {
  const { i18n } = useTranslation()
  const locale = localeOf(i18n.language)
  return (bytes) => sizeIn(locale, bytes)
}
