import { Box, Stack, Tabs, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { useCapabilities } from '../client/capabilities.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { intoSight, TabList } from '../ui/tabs/tab-list.tsx'
import { useTitle } from '../ui/title/title.ts'
import { Accounts } from './accounts/accounts.tsx'
import { Devices } from './devices/devices.tsx'
import { Jobs } from './jobs.tsx'
import { OutboxList } from './outbox.tsx'
import { Overview } from './overview.tsx'
import { Groups } from './people/groups.tsx'
import { Rooms } from './people/rooms.tsx'
import { Roles } from './roles/roles.tsx'
import { SettingList } from './settings/setting-list.tsx'
import { SignIns } from './sign-ins.tsx'

const parts = [
  { part: 'accounts', Shown: Accounts },
  { part: 'groups', Shown: Groups },
  { part: 'rooms', Shown: Rooms },
  { part: 'roles', Shown: Roles },
  { part: 'devices', Shown: Devices },
  { part: 'sign-ins', Shown: SignIns },
  { part: 'jobs', Shown: Jobs },
  { part: 'outbox', Shown: OutboxList },
  { part: 'server', Shown: Overview },
  { part: 'settings', Shown: SettingList },
] as const

/** What whoever runs the place does and looks at. */
export function AdminPage() {
  const { t } = useTranslation('admin')
  const { part: wanted } = useParams<{ part?: string }>()
  const { part } = parts.find((one) => one.part === wanted) ?? parts[0]
  const [, go] = useLocation()
  useTitle(t(`parts.${part}`))
  const { data, error, refetch } = useCapabilities()
  if (!data) return error ? <Failed error={error} again={() => void refetch()} /> : <Loading />
  if (!data.capabilities.includes('administer')) return <Empty text={t('notYours')} />
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={1100} gap="lg">
      <Title order={2}>{t('title')}</Title>
      <Tabs value={part} onChange={(next) => go(`/admin/${next}`)} keepMounted={false}>
        <Box mb="lg">
          <TabList label={t('title')}>
            {parts.map(({ part: name }) => (
              <Tabs.Tab key={name} value={name} ref={name === part ? intoSight : undefined}>
                {t(`parts.${name}`)}
              </Tabs.Tab>
            ))}
          </TabList>
        </Box>
        {parts.map(({ part: name, Shown }) => (
          <Tabs.Panel key={name} value={name}>
            <Shown />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  )
}
