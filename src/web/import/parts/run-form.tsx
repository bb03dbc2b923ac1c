import { Checkbox, Group, Radio, Select, Stack, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FailedPart } from '../../ui/states.tsx'
import { useOwnPlaces } from '../imports.ts'
import type { Wish, WishChange } from '../wish.ts'
import { type Choices, ways } from './choices.ts'

interface RunFormProps {
  readonly wish: Wish
  readonly onChange: (change: WishChange) => void
  readonly choices: Choices
}

const keys = ['email', 'phone', 'name'] as const

/** Asks how what was tried is to be imported. */
export function RunForm({ wish, onChange, choices }: RunFormProps) {
  const { t } = useTranslation('import')
  const { match, labels, into } = wish
  return (
    <Stack gap="md" maw={560}>
      <IntoSelect value={into} onChange={(name) => onChange({ into: name })} />
      <Checkbox.Group
        label={t('match')}
        description={t('matchWhy')}
        value={[...match]}
        onChange={(chosen) => onChange({ match: keys.filter((key) => chosen.includes(key)) })}
      >
        <Group mt="xs">
          {keys.map((key) => (
            <Checkbox key={key} value={key} label={t(`matchBy.${key}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Radio.Group
        label={t('onMatch')}
        description={t('onMatchWhy')}
        value={choices.forAll}
        onChange={(value) => choices.chooseAll(ways.find((way) => way === value) ?? 'update')}
      >
        <Stack mt="xs" gap="xs">
          {ways.map((way) => (
            <Radio key={way} value={way} label={t(`onMatchDo.${way}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TagsInput
        label={t('labels')}
        description={t('labelsWhy')}
        value={labels}
        onChange={(chosen) => onChange({ labels: chosen })}
      />
    </Stack>
  )
}

interface IntoSelectProps {
  readonly value: string | null
  readonly onChange: (into: string | null) => void
}

function IntoSelect({ value, onChange }: IntoSelectProps) {
  const { t } = useTranslation('import')
  const { books, calendars, asked, isPending } = useOwnPlaces()
  const takes = (component: string) =>
    calendars.find(({ components }) => components?.includes(component) ?? true)
  const usual = { book: books[0], events: takes('VEVENT'), tasks: takes('VTODO') }
  const isToldWhere = value === null && !isPending && usual.book && usual.events && usual.tasks
  return (
    <Stack gap={4}>
      <Select
        label={t('into')}
        placeholder={t('asItFits')}
        {...(isToldWhere && {
          description: t('asItFitsWhere', {
            book: usual.book?.title,
            events: usual.events?.title,
            tasks: usual.tasks?.title,
          }),
        })}
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
      <FailedPart of={asked} />
    </Stack>
  )
}
