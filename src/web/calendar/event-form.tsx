import {
  Button,
  Checkbox,
  Collapse,
  Group,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { DateInput, TimeInput } from '@mantine/dates'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { FailedPart } from '../ui/states.tsx'
import { AlarmsField } from './alarms-field.tsx'
import { type Calendar, useTimeZones } from './calendar.ts'
import { type Draft, isBackwards, withStart } from './draft.ts'
import { RuleField } from './rule-field.tsx'

interface EventFormProps {
  readonly title: string
  readonly initial: Draft
  readonly calendars: readonly Calendar[]
  readonly onSave: (draft: Draft) => void
  readonly onClose: () => void
}

/** All of an event that a form can have: the usual first, the rest behind "More". */
export function EventForm({ title, initial, calendars, onSave, onClose }: EventFormProps) {
  const { t } = useTranslation('calendar')
  const [draft, setDraft] = useState(initial)
  const change = (part: Partial<Draft>): void => setDraft((seen) => ({ ...seen, ...part }))
  const fault = isBackwards(draft) ? t('form.backwards') : null
  return (
    <Dialog onClose={onClose} title={title} size="lg" fillsPhone>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (fault === null) onSave(draft)
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('form.title')}
            value={draft.title}
            maxLength={1_000}
            data-autofocus
            onChange={({ currentTarget }) => change({ title: currentTarget.value })}
          />
          <Times draft={draft} fault={fault} onChange={setDraft} />
          <RuleField draft={draft} onChange={change} />
          <Usual draft={draft} calendars={calendars} onChange={change} />
          <More draft={draft} onChange={change} />
          <Group justify="flex-end" className="dialog-end">
            <Button variant="default" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" disabled={fault !== null}>
              {t('form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

interface UsualProps extends MoreProps {
  readonly calendars: readonly Calendar[]
}

function Usual({ draft, calendars, onChange }: UsualProps) {
  const { t } = useTranslation('calendar')
  return (
    <>
      <TextInput
        label={t('form.location')}
        value={draft.location}
        onChange={({ currentTarget }) => onChange({ location: currentTarget.value })}
      />
      <Select
        label={t('form.calendar')}
        value={String(draft.calendar)}
        allowDeselect={false}
        onChange={(next) => next !== null && onChange({ calendar: Number(next) })}
        data={calendars.map((one) => ({ value: String(one.id), label: one.title }))}
      />
      <Labelled text={t('alarm.label')}>
        <AlarmsField alarms={draft.alarms} onChange={(alarms) => onChange({ alarms })} />
      </Labelled>
      <Textarea
        label={t('form.notes')}
        value={draft.notes}
        autosize
        minRows={2}
        maxRows={10}
        onChange={({ currentTarget }) => onChange({ notes: currentTarget.value })}
      />
    </>
  )
}

function Labelled({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600} aria-hidden>
        {text}
      </Text>
      {children}
    </Stack>
  )
}

interface TimesProps {
  readonly draft: Draft
  readonly fault: string | null
  readonly onChange: (draft: Draft) => void
}

function Times({ draft, fault, onChange }: TimesProps) {
  const { t } = useTranslation('calendar')
  const { isAllDay, start, end } = draft
  return (
    <Stack gap="xs">
      <Switch
        label={t('form.allDay')}
        checked={isAllDay}
        onChange={({ currentTarget }) => onChange({ ...draft, isAllDay: currentTarget.checked })}
      />
      <Group gap="xs" align="flex-start">
        <MomentField
          day={t('form.startDay')}
          {...(!isAllDay && { time: t('form.startTime') })}
          value={start}
          onChange={(next) => onChange(withStart(draft, next))}
        />
        <MomentField
          day={t('form.endDay')}
          {...(!isAllDay && { time: t('form.endTime') })}
          value={end}
          fault={fault}
          onChange={(next) => onChange({ ...draft, end: next })}
        />
      </Group>
      {!isAllDay && <ZoneField zone={draft.zone} onChange={(zone) => onChange({ ...draft, zone })} />}
    </Stack>
  )
}

interface MomentFieldProps {
  /** What the field of the day is called. */
  readonly day: string
  /** What that of the time is called; there is none without it. */
  readonly time?: string
  readonly value: string
  readonly fault?: string | null
  readonly onChange: (value: string) => void
}

function MomentField({ day, time, value, fault, onChange }: MomentFieldProps) {
  const at = (date: string, clock: string): string => `${date.slice(0, 10)}T${clock.slice(0, 5)}:00`
  return (
    <>
      <DateInput
        label={day}
        value={value.slice(0, 10)}
        valueFormat="L"
        flex={1}
        miw={130}
        error={fault}
        onChange={(next) => next !== null && onChange(at(next, value.slice(11)))}
      />
      {time !== undefined && (
        <TimeInput
          label={time}
          value={value.slice(11, 16)}
          w={110}
          onChange={({ currentTarget }) =>
            currentTarget.value !== '' && onChange(at(value, currentTarget.value))
          }
        />
      )}
    </>
  )
}

interface ZoneFieldProps {
  readonly zone: string | null
  readonly onChange: (zone: string | null) => void
}

function ZoneField({ zone, onChange }: ZoneFieldProps) {
  const { t } = useTranslation('calendar')
  const asked = useTimeZones()
  const zones = asked.data ?? []
  const names = zone === null || zones.includes(zone) ? zones : [zone, ...zones]
  return (
    <Stack gap={4}>
      <Select
        label={t('form.zone')}
        value={zone ?? floating}
        searchable
        allowDeselect={false}
        limit={100}
        onChange={(next) => next !== null && onChange(next === floating ? null : next)}
        data={[
          { value: floating, label: t('form.floating') },
          ...names.map((name) => ({ value: name, label: name.replaceAll('_', ' ') })),
        ]}
      />
      <FailedPart of={[asked]} />
    </Stack>
  )
}

const floating = 'floating'

interface MoreProps {
  readonly draft: Draft
  readonly onChange: (change: Partial<Draft>) => void
}

const statuses = ['confirmed', 'tentative', 'cancelled'] as const
const classes = ['public', 'private', 'confidential'] as const

function More({ draft, onChange }: MoreProps) {
  const { t } = useTranslation('calendar')
  const [isMore, { toggle }] = useDisclosure(false)
  return (
    <>
      <Button variant="subtle" w="fit-content" size="compact-sm" onClick={toggle} aria-expanded={isMore}>
        {t(isMore ? 'form.less' : 'form.more')}
      </Button>
      <Collapse expanded={isMore}>
        <Stack gap="sm">
          <TextInput
            label={t('form.url')}
            type="url"
            value={draft.url}
            onChange={({ currentTarget }) => onChange({ url: currentTarget.value })}
          />
          <TagsInput
            label={t('form.categories')}
            value={[...draft.categories]}
            onChange={(categories) => onChange({ categories })}
          />
          <Group grow>
            <Select
              label={t('form.status')}
              value={draft.status}
              clearable
              onChange={(status) => onChange({ status: status as Draft['status'] })}
              data={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
            />
            <Select
              label={t('form.class')}
              value={draft.class}
              allowDeselect={false}
              onChange={(value) => value !== null && onChange({ class: value as Draft['class'] })}
              data={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
            />
          </Group>
          <Checkbox
            label={t('form.free')}
            checked={draft.isFree}
            onChange={({ currentTarget }) => onChange({ isFree: currentTarget.checked })}
          />
        </Stack>
      </Collapse>
    </>
  )
}
