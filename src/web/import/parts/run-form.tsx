import { Button, Checkbox, Group, Radio, Select, Stack, TagsInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ImportState, useOwnPlaces, useRun } from '../imports.ts'

interface RunFormProps {
  readonly row: ImportState
  readonly open: (id: number) => void
}

const keys = ['email', 'phone', 'name'] as const
const waysToMatch = ['update', 'skip', 'new'] as const

/** How what was tried is to be imported. */
export function RunForm({ row, open }: RunFormProps) {
  const { t } = useTranslation('import')
  const [into, setInto] = useState<string | null>(null)
  const [match, setMatch] = useState<string[]>(['email', 'phone'])
  const [onMatch, setOnMatch] = useState<(typeof waysToMatch)[number]>('update')
  const [labels, setLabels] = useState<string[]>([])
  const run = useRun(row.id, open)
  const given = {
    match: keys.filter((key) => match.includes(key)),
    ...{ onMatch, labels },
    ...(into !== null && { into }),
  }
  const count = row.counts.created + row.counts.updated
  return (
    <Stack gap="md" maw={560}>
      <IntoSelect value={into} onChange={setInto} />
      <Checkbox.Group label={t('match')} description={t('matchWhy')} value={match} onChange={setMatch}>
        <Group mt="xs">
          {keys.map((key) => (
            <Checkbox key={key} value={key} label={t(`matchBy.${key}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Radio.Group
        label={t('onMatch')}
        value={onMatch}
        onChange={(value) => setOnMatch(waysToMatch.find((way) => way === value) ?? 'update')}
      >
        <Stack mt="xs" gap="xs">
          {waysToMatch.map((way) => (
            <Radio key={way} value={way} label={t(`onMatchDo.${way}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TagsInput label={t('labels')} description={t('labelsWhy')} value={labels} onChange={setLabels} />
      <Group>
        <Button onClick={() => run.mutate(given)} loading={run.isPending}>
          {t('run', { count })}
        </Button>
        <Button
          variant="default"
          onClick={() => run.mutate({ ...given, dryRun: true })}
          disabled={run.isPending}
        >
          {t('tryAgain')}
        </Button>
      </Group>
    </Stack>
  )
}

interface IntoSelectProps {
  readonly value: string | null
  readonly onChange: (into: string | null) => void
}

function IntoSelect({ value, onChange }: IntoSelectProps) {
  const { t } = useTranslation('import')
  const { books, calendars } = useOwnPlaces()
  return (
    <Select
      label={t('into')}
      placeholder={t('asItFits')}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': t('asItFits') }}
      data={[
        { group: t('books'), items: books.map(({ name, title }) => ({ value: name, label: title })) },
        {
          group: t('calendars'),
          items: calendars.map(({ name, title }) => ({ value: name, label: title })),
        },
      ]}
    />
  )
}
