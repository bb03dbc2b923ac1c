import { Badge, Code, Stack, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failed, Loading } from '../ui/states.tsx'
import { type Settings, useReport } from './admin.ts'
import { Rows } from './more.tsx'

/** The settings as they are, and where each is said: they are changed there. */
export function SettingList() {
  const { t } = useTranslation('admin')
  const [wanted, setWanted] = useState('')
  const { data, error, isPending, refetch } = useReport<Settings>('/settings')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const found = data.settings.filter(({ key }) => key.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('settings.why')}
      </Text>
      <TextInput
        label={t('settings.find')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        maw={380}
      />
      <Rows heads={[t('settings.key'), t('settings.value'), t('settings.from')]}>
        {found.map(({ key, value, from, variable }) => (
          <Table.Tr key={key}>
            <Table.Td>
              <Text size="sm">{key}</Text>
              <Code>{variable}</Code>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{String(value) || '–'}</Table.Td>
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
        ))}
      </Rows>
    </Stack>
  )
}
