import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { read, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { Onwards } from '../../things/onwards.tsx'
import { useDates } from '../../ui/dates.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed } from '../../ui/states.tsx'
import { type Setting, type SettingChange, type Settings, usePages } from '../admin.ts'
import { pathOfSetting, sendWish, settingKeys, type Wish, wayBackOf } from './send-wish.ts'
import { useSettingTexts } from './setting-texts.ts'

/** Who has changed which setting, the last first. */
export function SettingLog({ settings }: Pick<Settings, 'settings'>) {
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
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((change) => (
          <Change key={change.id} change={change} setting={settings.find(({ key }) => key === change.key)} />
        ))}
      </Stack>
      <MoreButton pages={pages} w="fit-content">
        {t('more')}
      </MoreButton>
    </Stack>
  )
}

interface ChangeProps {
  readonly change: SettingChange
  /** As it is now; undefined where there is none such any more. */
  readonly setting: Setting | undefined
}

function Change({ change, setting }: ChangeProps) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const { wordOf, shownAs } = useSettingTexts()
  const { key, before, after, by, at } = change
  const shown = (value: SettingChange['before']): string =>
    value === null ? t('settings.places.default') : shownAs({ key, value })
  return (
    <Group component="li" className="ruled" justify="space-between" wrap="nowrap" py="xs" gap="md">
      <div style={{ minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm">
          {`${wordOf(key)}: ${shown(before)} `}
          <Onwards /> {shown(after)}
        </Text>
        <Text size="sm" c="dimmed">
          {t('settings.changedBy', { name: by, when: time(at) })}
        </Text>
      </div>
      {setting?.change && !isSo(setting, before) && <Back change={change} />}
    </Group>
  )
}

function isSo({ from, value }: Setting, wish: Wish): boolean {
  return wish === null ? from !== 'page' : from === 'page' && value === wish
}

/** Makes a setting again what it was before a change; the message takes that back. */
function Back({ change: { key, before, at } }: Pick<ChangeProps, 'change'>) {
  const { t } = useTranslation('admin')
  const { t: tThings } = useTranslation('things')
  const { time } = useDates()
  const { wordOf, shownAs } = useSettingTexts()
  const { make, isBusy } = useChange<void, never, readonly [was: Setting, is: Tagged<Setting>]>({
    send: async () => {
      const was = await read<Setting>(pathOfSetting(key))
      const is = await sendWish(key, before, was.etag)
      return { ...is, data: [was.data, is] }
    },
    keys: settingKeys,
    said: (_, [, { data }]) => t('settings.changedTo', { name: wordOf(key), value: shownAs(data) }),
    back: (_, { data: [was, { etag }] }) => wayBackOf(was, etag),
  })
  const value = before === null ? t('settings.places.default') : shownAs({ key, value: before })
  const name = `${wordOf(key)}: ${value}, ${time(at)}`
  return (
    <Button
      variant="default"
      size="compact-sm"
      miw="fit-content"
      loading={isBusy}
      onClick={() => make()}
      aria-label={`${tThings('asBefore')}: ${name}`}
    >
      {tThings('asBefore')}
    </Button>
  )
}
