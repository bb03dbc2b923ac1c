import { Group, NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Draft } from './draft.ts'

interface DatePartsProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

/** A date of which parts may be missing: a birthday without its year is one too. */
export function DateParts({ draft, onChange }: DatePartsProps) {
  const { t, i18n } = useTranslation('person')
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' })
  const months = Array.from({ length: 12 }, (_, index) => ({
    value: String(index + 1),
    label: month.format(Date.UTC(2024, index, 1)),
  }))
  const set = (part: string, text: string): void => onChange({ ...draft, [part]: text })
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label={t('parts.day')}
        w={72}
        inputMode="numeric"
        pattern="0?[1-9]|[12]\d|3[01]"
        value={draft.day ?? ''}
        onChange={(event) => set('day', event.currentTarget.value)}
        autoFocus
      />
      <NativeSelect
        label={t('parts.month')}
        data={[{ value: '', label: '–' }, ...months]}
        value={draft.month ?? ''}
        onChange={(event) => set('month', event.currentTarget.value)}
      />
      <TextInput
        label={t('parts.year')}
        w={96}
        inputMode="numeric"
        pattern="\d{1,4}"
        value={draft.year ?? ''}
        onChange={(event) => set('year', event.currentTarget.value)}
      />
    </Group>
  )
}
