import type { TFunction } from 'i18next'
import { type RuleWish, weekdays } from './rule.ts'

/** The name of a weekday, 0 for Sunday. */
export function weekdayName(
  language: string,
  day: number,
  weekday: 'long' | 'short' | 'narrow' = 'long',
): string {
  return new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(
    new Date(Date.UTC(2023, 0, 1 + day)),
  )
}

/** A rule in words: "every 2 weeks, Monday and Friday, until 3 May 2026". */
export function ruleText(t: TFunction<'calendar'>, language: string, rule: RuleWish): string {
  const { freq, interval = 1, byDay = [], byMonthDay = [], count, until } = rule
  const named = byDay.map(({ day, nth = 0 }) => {
    const name = weekdayName(language, weekdays.indexOf(day))
    return nth === 0 ? name : t(`rule.nth.${nth === -1 ? 'last' : nth}`, { day: name })
  })
  const days = [...named, ...byMonthDay.map((day) => t('rule.dayOfMonth', { day }))]
  const parts = [t(`rule.every.${freq}`, { count: interval })]
  if (days.length > 0) parts.push(new Intl.ListFormat(language, { type: 'conjunction' }).format(days))
  if (count) parts.push(t('rule.count', { count }))
  if (until) {
    const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
    parts.push(t('rule.until', { day: day.format(new Date(until)) }))
  }
  return parts.join(', ')
}
