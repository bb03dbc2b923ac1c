import { Box, Button, Group, Stack, Tabs, Title } from '@mantine/core'
import { IconDevices, IconLock, IconSettings } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { signOut } from '../session/session.ts'
import { intoSight, TabList } from '../ui/tabs/tab-list.tsx'
import { useTitle } from '../ui/title/title.ts'
import { tellFailed } from '../ui/toast.tsx'
import { DeviceList } from './devices/device-list.tsx'
import { DevicePage } from './devices/device-page.tsx'
import { NewDevice } from './devices/new-device.tsx'
import { Looks } from './looks.tsx'
import { Security } from './security/security.tsx'

const parts = [
  { part: 'devices', icon: IconDevices },
  { part: 'security', icon: IconLock },
  { part: 'settings', icon: IconSettings },
] as const

/** One's own account: its devices, who is signed in to it, and how the app looks and speaks. */
export function AccountPage() {
  const { t } = useTranslation('account')
  const { part: wanted, item } = useParams<{ part?: string; item?: string }>()
  const { part } = parts.find((one) => one.part === wanted) ?? parts[0]
  const [, go] = useLocation()
  useTitle(t(`parts.${part}`))
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={860} gap="lg">
      <Group justify="space-between">
        <Title order={2}>{t('title')}</Title>
        <Button variant="default" onClick={() => void signOut().catch(tellFailed)}>
          {t('signOut')}
        </Button>
      </Group>
      <Tabs value={part} onChange={(next) => go(`/account/${next}`)} keepMounted={false}>
        <Box mb="lg">
          <TabList label={t('title')}>
            {parts.map(({ part: name, icon: Icon }) => (
              <Tabs.Tab
                key={name}
                value={name}
                ref={name === part ? intoSight : undefined}
                leftSection={<Icon size={18} aria-hidden />}
              >
                {t(`parts.${name}`)}
              </Tabs.Tab>
            ))}
          </TabList>
        </Box>
        <Tabs.Panel value="devices">
          <Devices item={item} />
        </Tabs.Panel>
        <Tabs.Panel value="security">
          <Security />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Looks />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

function Devices({ item }: { readonly item: string | undefined }) {
  if (item === 'new') return <NewDevice />
  return item === undefined ? <DeviceList /> : <DevicePage id={item} />
}
