import { Badge, Code, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSizes } from '../ui/sizes.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { type Setting, type Settings, useReport } from './admin.ts'
import { Rows, Twice } from './more.tsx'

/** Those that whoever runs a place asks about first, by what they are. */
const first = [
  'publicUrl',
  'limits.quotaBytes',
  'limits.fileBytes',
  'retention.trashDays',
  'retention.revisionDays',
  'auth.failures',
  'auth.blockMs',
  'auth.sessionIdleDays',
  'directory.visibility',
  'people.country',
  'proxy.trusted',
] as const

/** The settings as they are, and where each is said: they are changed there, and hold after a restart. */
export function SettingList() {
  const { t } = useTranslation('admin')
  const { data, error, isPending, refetch } = useReport<Settings>('/settings')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="xl">
      <Text size="sm" c="dimmed">
        {t('settings.why')}
      </Text>
      <First settings={data.settings} />
      <All settings={data.settings} />
    </Stack>
  )
}

interface Shown {
  readonly settings: readonly Setting[]
}

function First({ settings }: Shown) {
  const { t } = useTranslation('admin')
  const textOf = useValueText()
  const known = new Map(settings.map((setting) => [setting.key, setting]))
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {t('settings.first')}
      </Title>
      <Rows heads={[t('settings.key'), t('settings.value'), t('settings.change')]}>
        {first.map((key) => {
          const setting = known.get(key)
          return (
            setting && (
              <Table.Tr key={key}>
                <Table.Td>{t(`settings.words.${key.replace('.', '-')}`)}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <Twice text={textOf(setting)} more={t(`settings.places.${setting.from}`)} />
                </Table.Td>
                <Table.Td>
                  <Code style={{ overflowWrap: 'anywhere' }}>{`${setting.variable}=…`}</Code>
                </Table.Td>
              </Table.Tr>
            )
          )
        })}
      </Rows>
    </Stack>
  )
}

function All({ settings }: Shown) {
  const { t } = useTranslation('admin')
  const [wanted, setWanted] = useState('')
  const found = settings.filter(({ key }) => key.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {t('settings.all')}
      </Title>
      <TextInput
        label={t('settings.find')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        maw={380}
      />
      {found.length === 0 ? (
        <Empty text={t('none.settings')} />
      ) : (
        <Rows heads={[t('settings.key'), t('settings.value'), t('settings.usual'), t('settings.from')]}>
          {found.map((setting) => (
            <Row key={setting.key} setting={setting} />
          ))}
        </Rows>
      )}
    </Stack>
  )
}

function Row({ setting }: { readonly setting: Setting }) {
  const { t } = useTranslation('admin')
  const { key, value, default: usual, from, variable } = setting
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm">{key}</Text>
        <Code>{variable}</Code>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{String(value) || '–'}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{String(usual) || '–'}</Table.Td>
      <Table.Td>
        {from === 'default' ? (
          t('settings.places.default')
        ) : (
          <Badge variant="default" tt="none">
            {t(`settings.places.${from}`)}
          </Badge>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

/** A value with its unit, which its name ends in. */
function useValueText(): (setting: Setting) => string {
  const { t, i18n } = useTranslation('admin')
  const sizeOf = useSizes()
  const inUnit = (value: number, unit: 'day' | 'second'): string =>
    new Intl.NumberFormat(i18n.language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
  return ({ key, value }) => {
    if (typeof value !== 'number') return String(value) || t('settings.unset')
    if (key.endsWith('Bytes')) return sizeOf(value)
    if (key.endsWith('Days')) return inUnit(value, 'day')
    if (key.endsWith('Ms')) return inUnit(value / 1000, 'second')
    return new Intl.NumberFormat(i18n.language).format(value)
  }
}
