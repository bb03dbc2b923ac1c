import { Badge, Button, Code, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDates } from '../../ui/dates.ts'
import { openForm } from '../../ui/dialog/forms.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { type Setting, type Settings, useReport } from '../admin.ts'
import { Line, Rows, Twice } from '../more.tsx'
import { EditSetting } from './edit-setting.tsx'
import { SettingLog } from './setting-log.tsx'
import { useSettingTexts } from './setting-texts.ts'

/** What can be changed here, in the order of the server, by what it is about. */
const groups = [
  { group: 'new', begins: ['accounts.', 'people.'] },
  { group: 'room', begins: ['limits.'] },
  { group: 'kept', begins: ['retention.'] },
  { group: 'people', begins: ['directory.'] },
  { group: 'devices', begins: ['bursts.', 'birthdays.', 'subscriptions.'] },
] as const

/** Those of the others that whoever runs a place asks about first. */
const safe = ['publicUrl', 'auth.failures', 'auth.blockMs', 'auth.sessionIdleDays', 'proxy.trusted']

/** The settings: those that are changed here, those that are not, and who has changed them. */
export function SettingList() {
  const { t } = useTranslation('admin')
  const { data, error, isPending, refetch } = useReport<Settings>('/settings')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const { settings } = data
  const own = settings.filter(({ change, fixed }) => change !== null || fixed === 'said')
  return (
    <Stack gap="xl">
      <Text size="sm" c="dimmed">
        {t('settings.why')}
      </Text>
      {groups.map(({ group, begins }) => (
        <Part
          key={group}
          title={t(`settings.groups.${group}`)}
          settings={own.filter(({ key }) => begins.some((begin) => key.startsWith(begin)))}
          onEdit={edit}
        />
      ))}
      <Part
        title={t('settings.safe')}
        why={t('settings.safeWhy')}
        settings={settings.filter(({ key }) => safe.includes(key))}
        onEdit={edit}
      />
      <SettingLog settings={settings} />
      <All settings={settings} />
    </Stack>
  )
}

function edit(name: string): void {
  openForm((close) => <EditSetting name={name} onClose={close} />)
}

interface PartProps {
  readonly title: string
  readonly why?: string
  readonly settings: readonly Setting[]
  readonly onEdit: (key: string) => void
}

function Part({ title, why, settings, onEdit }: PartProps) {
  return (
    <Stack gap="xs" component="section">
      <Title order={3} size="h4">
        {title}
      </Title>
      {why !== undefined && (
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      )}
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {settings.map((setting) => (
          <li key={setting.key} className="ruled">
            <Changeable setting={setting} onEdit={() => onEdit(setting.key)} />
          </li>
        ))}
      </Stack>
    </Stack>
  )
}

function Changeable({ setting, onEdit }: { readonly setting: Setting; readonly onEdit: () => void }) {
  const { t } = useTranslation('admin')
  const { wordOf, shownAs } = useSettingTexts()
  const { key, change, variable } = setting
  return (
    <Group justify="space-between" wrap="nowrap" py="xs" gap="md">
      <div style={{ minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm">{wordOf(key)}</Text>
        <Text size="sm" fw={600}>
          {shownAs(setting)}
        </Text>
        <Place setting={setting} />
        {change === null && <Code>{`${variable}=…`}</Code>}
      </div>
      {change !== null && (
        <Button
          variant="default"
          size="compact-sm"
          miw="fit-content"
          onClick={onEdit}
          aria-label={t('settings.editOf', { name: wordOf(key) })}
        >
          {t('settings.edit')}
        </Button>
      )}
    </Group>
  )
}

/** Where a setting was said, and by whom. */
function Place({ setting: { from, by, changedAt } }: { readonly setting: Setting }) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  if (from === 'default') return null
  const text =
    from === 'page' && changedAt !== null
      ? t('settings.changedBy', { name: by ?? t('settings.somebody'), when: time(changedAt) })
      : t('settings.saidIn', { place: t(`settings.places.${from}`) })
  return (
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  )
}

function All({ settings }: { readonly settings: readonly Setting[] }) {
  const { t } = useTranslation('admin')
  const [wanted, setWanted] = useState('')
  const found = settings.filter(({ key }) => key.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {t('settings.all')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('settings.allWhy')}
      </Text>
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
  const { key, value, default: usual, from, variable, fixed } = setting
  return (
    <Line>
      <Table.Td>
        <Text size="sm">{key}</Text>
        <Code>{variable}</Code>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{String(value) || '–'}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{String(usual) || '–'}</Table.Td>
      <Table.Td>
        {from !== 'default' && (
          <Badge variant="default" tt="none">
            {t(`settings.places.${from}`)}
          </Badge>
        )}
        <Twice
          text={from === 'default' ? t('settings.places.default') : ''}
          more={
            fixed === 'safety'
              ? t('settings.fixed.safety')
              : fixed === 'file'
                ? t('settings.fixed.file')
                : null
          }
        />
      </Table.Td>
    </Line>
  )
}
