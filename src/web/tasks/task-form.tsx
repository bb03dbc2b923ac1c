import { Button, Group, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { DateInput, TimeInput } from '@mantine/dates'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AlarmsField } from '../calendar/alarms-field.tsx'
import type { Calendar } from '../calendar/calendar.ts'
import { RuleField } from '../calendar/rule-field.tsx'
import { Dialog } from '../ui/dialog/dialog.tsx'
import type { Draft } from './draft.ts'
import { type Priority, priorities, priorityOf } from './priority.ts'

interface TaskFormProps {
  readonly title: string
  readonly initial: Draft
  readonly lists: readonly Calendar[]
  readonly onSave: (draft: Draft) => void
  readonly onDelete?: (() => void) | undefined
  readonly onClose: () => void
}

/** All of a task that a form can have. */
export function TaskForm({ title, initial, lists, onSave, onDelete, onClose }: TaskFormProps) {
  const { t } = useTranslation('tasks')
  const [draft, setDraft] = useState(initial)
  const change = (part: Partial<Draft>): void => setDraft((seen) => ({ ...seen, ...part }))
  return (
    <Dialog onClose={onClose} title={title} size="lg" fillsPhone>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (draft.title.trim() !== '') onSave(draft)
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('form.title')}
            value={draft.title}
            required
            maxLength={1_000}
            data-autofocus
            onChange={({ currentTarget }) => change({ title: currentTarget.value })}
          />
          <DueFields draft={draft} onChange={change} />
          {draft.dueDay !== '' && (
            <RuleField draft={{ ...draft, start: `${draft.dueDay}T00:00:00` }} onChange={change} />
          )}
          {(draft.dueDay !== '' || draft.alarms.length > 0) && (
            <AlarmsField related="due" alarms={draft.alarms} onChange={(alarms) => change({ alarms })} />
          )}
          <Rest draft={draft} lists={lists} onChange={change} />
          <Group justify="space-between">
            {onDelete ? (
              <Button variant="light" color="red" onClick={onDelete}>
                {t('form.delete')}
              </Button>
            ) : (
              <span />
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                {t('app.cancel')}
              </Button>
              <Button type="submit">{t('form.save')}</Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

interface FieldsProps {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
}

function DueFields({ draft: { dueDay, dueTime }, onChange }: FieldsProps) {
  const { t } = useTranslation('tasks')
  return (
    <Group gap="xs" align="flex-start">
      <DateInput
        label={t('form.due')}
        value={dueDay === '' ? null : dueDay}
        valueFormat="L"
        clearable
        clearButtonProps={{ 'aria-label': t('form.noDue') }}
        flex={1}
        onChange={(day) => onChange({ dueDay: day?.slice(0, 10) ?? '' })}
      />
      <TimeInput
        label={t('form.time')}
        value={dueTime}
        disabled={dueDay === ''}
        w={120}
        onChange={({ currentTarget }) => onChange({ dueTime: currentTarget.value })}
      />
    </Group>
  )
}

function Rest({ draft, lists, onChange }: FieldsProps & { readonly lists: readonly Calendar[] }) {
  const { t } = useTranslation('tasks')
  const names = Object.keys(priorities) as Priority[]
  return (
    <>
      <Group grow>
        <Select
          label={t('form.priority')}
          value={priorityOf(draft.priority)}
          allowDeselect={false}
          onChange={(next) => next !== null && onChange({ priority: priorities[next as Priority] })}
          data={names.map((value) => ({ value, label: t(`priority.${value}`) }))}
        />
        <Select
          label={t('form.list')}
          value={String(draft.calendar)}
          allowDeselect={false}
          disabled={draft.parent !== null}
          onChange={(next) => next !== null && onChange({ calendar: Number(next) })}
          data={lists.map((one) => ({ value: String(one.id), label: one.title }))}
        />
      </Group>
      <TagsInput
        label={t('form.categories')}
        value={[...draft.categories]}
        onChange={(categories) => onChange({ categories })}
      />
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
