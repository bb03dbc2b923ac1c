import { useTranslation } from 'react-i18next'
import { datesOf } from '../../ui/dates.ts'

/** From when until when, in words; each may be a year, a month or a day, or not known. */
export function useSpan(): (from: string | null, until: string | null) => string {
  const { t, i18n } = useTranslation('person')
  return (from, until) => {
    if (from !== null && until !== null)
      return t('span.both', { from: dayText(from, i18n.language), until: dayText(until, i18n.language) })
    if (from !== null) return t('span.from', { from: dayText(from, i18n.language) })
    return until === null ? '' : t('span.until', { until: dayText(until, i18n.language) })
  }
}

/** A day, a month or a year by locale. @see ISO 8601-1 §5.2.2 */
export function dayText(written: string, language: string): string {
  const [year = '', month, day] = written.split('-')
  const numberOf = (part: string | undefined): number | null => (part === undefined ? null : Number(part))
  return datesOf(language).partial({ year: Number(year), month: numberOf(month), day: numberOf(day) })
}
