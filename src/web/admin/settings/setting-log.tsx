import { List, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Onwards } from '../../things/onwards.tsx'
import { useDates } from '../../ui/dates.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed } from '../../ui/states.tsx'
import { type SettingChange, usePages } from '../admin.ts'
import { useSettingTexts } from './setting-texts.ts'

/** Who has changed which setting, the last first. */
export function SettingLog() {
  const { t } = useTranslation('admin')
  const pages = usePages<SettingChange>('/settings/log?limit=10')
  const { data, error, refetch } = pages
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {t('settings.log')}
      </Title>
      <List size="sm" spacing={4}>
        {items.map((change) => (
          <List.Item key={change.id}>
            <Change change={change} />
          </List.Item>
        ))}
      </List>
      <MoreButton pages={pages} w="fit-content">
        {t('more')}
      </MoreButton>
    </Stack>
  )
}

function Change({ change: { key, before, after, by, at } }: { readonly change: SettingChange }) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const { wordOf, shownAs } = useSettingTexts()
  const shown = (value: SettingChange['before']): string =>
    value === null ? t('settings.places.default') : shownAs({ key, value })
  return (
    <>
      <Text size="sm">
        {`${wordOf(key)}: ${shown(before)} `}
        <Onwards /> {shown(after)}
      </Text>
      <Text size="sm" c="dimmed">
        {t('settings.changedBy', { name: by, when: time(at) })}
      </Text>
    </>
  )
}
