import { DatesProvider } from '@mantine/dates'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { dateLanguageOf } from '../date-texts.ts'
import { firstWeekday } from '../times.ts'

/** Has the fields of days speak as whoever reads them, and begin the week on his day. */
export function InDates({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation('calendar')
  const locale = dateLanguageOf(i18n.language)
  const firstDayOfWeek = firstWeekday(i18n.language) as 0
  return <DatesProvider settings={{ locale, firstDayOfWeek, weekendDays: [] }}>{children}</DatesProvider>
}
