import { Group, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface QuickAddProps {
  /** @param due  a day, or null for none */
  readonly onAdd: (title: string, due: string | null) => void
}

/** A line that becomes a task, with the day by which it is to be done. */
export function QuickAdd({ onAdd }: QuickAddProps) {
  const { t } = useTranslation('tasks')
  const [due, setDue] = useState<string | null>(null)
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim()
    if (title === '') return
    onAdd(title, due)
    setDue(null)
    event.currentTarget.reset()
  }
  return (
    <form onSubmit={add}>
      <Group gap="xs" wrap="nowrap" mb="md">
        <TextInput
          name="title"
          aria-label={t('add')}
          placeholder={t('add')}
          leftSection={<IconPlus size={16} />}
          maxLength={1_000}
          autoComplete="off"
          flex={1}
        />
        <DateInput
          aria-label={t('form.due')}
          placeholder={t('form.due')}
          value={due}
          valueFormat="L"
          clearable
          clearButtonProps={{ 'aria-label': t('form.noDue') }}
          w={140}
          onChange={(day) => setDue(day?.slice(0, 10) ?? null)}
        />
        <button type="submit" hidden />
      </Group>
    </form>
  )
}
