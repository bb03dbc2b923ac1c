import { Chip, Group, NumberInput, Select, Stack } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Draft } from './draft.ts'
import { type Freq, nthOf, type Preset, presetOf, presets, type RuleWish, ruleOf, weekdays } from './rule.ts'
import { ruleText, weekdayName } from './rule-text.ts'
import { firstWeekday, weekdayOf } from './times.ts'

interface RuleFieldProps {
  readonly draft: Pick<Draft, 'rule' | 'ruleKept' | 'start'>
  readonly onChange: (change: Pick<Draft, 'rule' | 'ruleKept'>) => void
}

/** How an event comes again: as most do, or in detail. */
export function RuleField({ draft: { rule, ruleKept, start }, onChange }: RuleFieldProps) {
  const { t, i18n } = useTranslation('calendar')
  const preset = ruleKept === undefined ? presetOf(rule, start) : undefined
  const [isOwn, setIsOwn] = useState(rule !== undefined && preset === undefined)
  const value = ruleKept !== undefined ? 'kept' : isOwn || preset === undefined ? 'own' : preset
  const labelOf = (one: Preset): string => {
    const made = ruleOf(one, start)
    return made ? ruleText(t, i18n.language, made) : t('rule.never')
  }
  const choose = (next: string): void => {
    if (next === 'kept') return
    setIsOwn(next === 'own')
    if (next === 'own') onChange({ rule: rule ?? { freq: 'WEEKLY', interval: 1 }, ruleKept: undefined })
    else onChange({ rule: ruleOf(next as Preset, start), ruleKept: undefined })
  }
  return (
    <Stack gap="xs">
      <Select
        label={t('rule.label')}
        value={value}
        onChange={(next) => next !== null && choose(next)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        data={[
          ...presets.map((one) => ({ value: one, label: labelOf(one) })),
          { value: 'own', label: t('rule.own') },
          ...(ruleKept === undefined ? [] : [{ value: 'kept', label: t('rule.kept', { rule: ruleKept }) }]),
        ]}
      />
      {value === 'own' && rule && (
        <OwnRule
          rule={rule}
          start={start}
          onChange={(next) => onChange({ rule: next, ruleKept: undefined })}
        />
      )}
    </Stack>
  )
}

interface OwnRuleProps {
  readonly rule: RuleWish
  readonly start: string
  readonly onChange: (rule: RuleWish) => void
}

const freqs: readonly Freq[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']

function OwnRule({ rule, start, onChange }: OwnRuleProps) {
  const { t } = useTranslation('calendar')
  const { freq, interval = 1 } = rule
  return (
    <Stack gap="xs" ps="md">
      <Group gap="xs" align="flex-end">
        <NumberInput
          label={t('rule.interval')}
          value={interval}
          min={1}
          max={1000}
          w={90}
          onChange={(next) => onChange({ ...rule, interval: Number(next) || 1 })}
        />
        <Select
          label={t('rule.unit')}
          value={freq}
          w={150}
          allowDeselect={false}
          onChange={(next) => next !== null && onChange({ freq: next as Freq, interval, ...endOf(rule) })}
          data={freqs.map((one) => ({ value: one, label: t(`rule.units.${one}`, { count: interval }) }))}
        />
      </Group>
      {freq === 'WEEKLY' && <Weekdays rule={rule} start={start} onChange={onChange} />}
      {freq === 'MONTHLY' && <DayInMonth rule={rule} start={start} onChange={onChange} />}
      <RuleEnd rule={rule} start={start} onChange={onChange} />
    </Stack>
  )
}

function Weekdays({ rule, onChange }: OwnRuleProps) {
  const { t, i18n } = useTranslation('calendar')
  const first = firstWeekday(i18n.language)
  const days = Array.from({ length: 7 }, (_, index) => (first + index) % 7)
  const choose = (chosen: readonly string[]): void => {
    const byDay = weekdays.filter((one) => chosen.includes(one)).map((day) => ({ day }))
    onChange({ ...rule, byDay })
  }
  return (
    <Chip.Group multiple value={(rule.byDay ?? []).map(({ day }) => day)} onChange={choose}>
      <Group gap={4} role="group" aria-label={t('rule.days')}>
        {days.map((day) => (
          <Chip key={day} value={weekdays[day] ?? ''} size="xs" aria-label={weekdayName(i18n.language, day)}>
            {weekdayName(i18n.language, day, 'short')}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  )
}

function DayInMonth({ rule, start, onChange }: OwnRuleProps) {
  const { t, i18n } = useTranslation('calendar')
  const { byDay = [], byMonthDay = [] } = rule
  const nth = nthOf(start)
  const weekday = weekdayName(i18n.language, weekdayOf(start))
  return (
    <Select
      label={t('rule.on')}
      value={byDay.length > 0 ? 'weekday' : 'day'}
      allowDeselect={false}
      onChange={(next) => onChange({ ...rule, ...monthly(next === 'weekday', start) })}
      data={[
        { value: 'day', label: t('rule.dayOfMonth', { day: byMonthDay[0] ?? Number(start.slice(8, 10)) }) },
        { value: 'weekday', label: t(`rule.nth.${nth === -1 ? 'last' : nth}`, { day: weekday }) },
      ]}
    />
  )
}

function monthly(isWeekday: boolean, start: string): Pick<RuleWish, 'byDay' | 'byMonthDay'> {
  const { byDay = [], byMonthDay = [] } = ruleOf(isWeekday ? 'monthlyWeekday' : 'monthlyDay', start) ?? {}
  return { byDay, byMonthDay }
}

function endOf({ count, until }: RuleWish): Pick<RuleWish, 'count' | 'until'> {
  return { ...(count && { count }), ...(until && { until }) }
}

function RuleEnd({ rule, start, onChange }: OwnRuleProps) {
  const { t } = useTranslation('calendar')
  const { count: times, until: last, ...endless } = rule
  const kind = times ? 'count' : last ? 'until' : 'never'
  const choose = (next: string): void => {
    if (next === 'count') onChange({ ...endless, count: 10 })
    else if (next === 'until') onChange({ ...endless, until: start.slice(0, 10) })
    else onChange(endless)
  }
  return (
    <Group gap="xs" align="flex-end">
      <Select
        label={t('rule.ends')}
        value={kind}
        w={150}
        allowDeselect={false}
        onChange={(next) => next !== null && choose(next)}
        data={['never', 'count', 'until'].map((one) => ({ value: one, label: t(`rule.end.${one}`) }))}
      />
      {kind === 'count' && (
        <NumberInput
          label={t('rule.times')}
          value={times ?? 1}
          min={1}
          max={10_000}
          w={110}
          onChange={(next) => onChange({ ...endless, count: Number(next) || 1 })}
        />
      )}
      {kind === 'until' && (
        <DateInput
          label={t('rule.lastDay')}
          value={last ?? null}
          minDate={start.slice(0, 10)}
          valueFormat="L"
          onChange={(next) => next !== null && onChange({ ...endless, until: next.slice(0, 10) })}
        />
      )}
    </Group>
  )
}
