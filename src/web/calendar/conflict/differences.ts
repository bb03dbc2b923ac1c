import type { TFunction } from 'i18next'
import type { Difference } from '../../ui/conflict.tsx'
import { alarmText } from '../alarms-field.tsx'
import type { Alarm, Calendar, EventChange, EventDetails } from '../calendar.ts'
import { isPlain, type RuleWish } from '../rule.ts'
import { ruleText } from '../rule-text.ts'
import { whenText } from '../when.ts'

/** How what an event or a task says is told. */
export interface Telling {
  readonly t: TFunction<'calendar'>
  readonly language: string
  readonly time: (at: string) => string
  readonly calendars: readonly Pick<Calendar, 'id' | 'title'>[]
}

type Wished = { readonly [Name in keyof EventChange]?: EventChange[Name] }
type Shared = Pick<
  EventDetails,
  'title' | 'location' | 'notes' | 'url' | 'calendar' | 'categories' | 'alarms' | 'recurrence'
>

interface WishedAlarm extends Pick<Alarm, 'related'> {
  readonly offset?: number | null | undefined
  readonly at?: string | null | undefined
}

const nothing = '–'
const texts = ['title', 'location', 'notes', 'url'] as const

/** What an event and a task have both, of which something else is wanted than what is there. */
export function sharedDifferences(
  mine: Pick<Wished, (typeof texts)[number] | 'calendar' | 'categories' | 'alarms' | 'rule'>,
  theirs: Shared,
  { t, language, time, calendars }: Telling,
): readonly Difference[] {
  const listOf = (entries: readonly string[] = []): string => entries.join(', ') || nothing
  const titleOf = (wanted: number | undefined): string =>
    calendars.find(({ id }) => id === wanted)?.title ?? nothing
  const ruleOf = (rule: EventChange['rule']): string => {
    if (!rule) return t('rule.never')
    return 'text' in rule ? rule.text : ruleText(t, language, rule as RuleWish)
  }
  const alarmOf = (alarm: WishedAlarm): string =>
    alarmText(
      t,
      { key: '', action: '', related: alarm.related, offset: alarm.offset ?? null, at: alarm.at ?? null },
      time,
    )
  const kept = theirs.recurrence
  const rows: (Difference | undefined)[] = [
    ...texts.map((name) =>
      mine[name] === undefined
        ? undefined
        : { label: t(`form.${name}`), mine: mine[name] || nothing, theirs: theirs[name] || nothing },
    ),
    mine.calendar === undefined
      ? undefined
      : { label: t('form.calendar'), mine: titleOf(mine.calendar), theirs: titleOf(theirs.calendar) },
    mine.rule === undefined
      ? undefined
      : {
          label: t('rule.label'),
          mine: ruleOf(mine.rule),
          theirs: kept && !(kept.rule && isPlain(kept.rule)) ? kept.text : ruleOf(kept?.rule),
        },
    mine.categories === undefined
      ? undefined
      : { label: t('form.categories'), mine: listOf(mine.categories), theirs: listOf(theirs.categories) },
    mine.alarms === undefined
      ? undefined
      : {
          label: t('alarm.label'),
          mine: listOf(mine.alarms.map((one) => alarmOf({ ...one, related: one.related ?? 'start' }))),
          theirs: listOf(theirs.alarms.map(alarmOf)),
        },
  ]
  return rows.filter((row) => row !== undefined)
}

/** What is wanted of an event beside what is there: a row for everything that would be written. @param zone  whose clocks show */
export function eventDifferences(
  mine: EventChange,
  theirs: EventDetails,
  telling: Telling,
  zone: string,
): readonly Difference[] {
  const { t, language } = telling
  const rows = [...sharedDifferences(mine, theirs, telling)]
  if (mine.start !== undefined) {
    const wanted = { ...theirs, ...mine, allDay: mine.start.length === 10 } as EventDetails
    const [own, there] = [wanted, theirs].map((one) => whenText(language, one, zone))
    rows.push({ label: t('form.when'), mine: own ?? '', theirs: there ?? '' })
  }
  const statusOf = (status: string | null): string => (status ? t(`status.${status.toLowerCase()}`) : nothing)
  if (mine.status !== undefined)
    rows.push({ label: t('form.status'), mine: statusOf(mine.status), theirs: statusOf(theirs.status) })
  if (mine.class !== undefined) {
    const classOf = (name: string): string => t(`class.${name.toLowerCase()}`)
    rows.push({ label: t('form.class'), mine: classOf(mine.class), theirs: classOf(theirs.class) })
  }
  if (mine.transparency !== undefined) {
    const freeOf = (name: string): string => (name === 'transparent' ? '✓' : nothing)
    rows.push({
      label: t('form.free'),
      mine: freeOf(mine.transparency),
      theirs: freeOf(theirs.transparency),
    })
  }
  return rows
}
