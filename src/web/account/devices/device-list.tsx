import { Badge, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useDates } from '../../ui/dates.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { type Device, useDevices } from './devices.ts'
import { KindIcon } from './kind-icon.tsx'

/** What has a password of its own. */
export function DeviceList() {
  const { t } = useTranslation('account')
  const { data, error, isPending, refetch } = useDevices()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const add = (
    <Button component={Link} href="/account/devices/new" leftSection={<IconPlus size={18} />}>
      {t('devices.add')}
    </Button>
  )
  if (data.devices.length === 0) return <Empty text={t('devices.none')}>{add}</Empty>
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t('devices.title')}
        </Title>
        {add}
      </Group>
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {data.devices.map((device) => (
          <li key={device.id} className="ruled">
            <Row device={device} />
          </li>
        ))}
      </Stack>
    </Stack>
  )
}

function Row({ device }: { readonly device: Device }) {
  const { t } = useTranslation('account')
  const { relative } = useDates()
  const { id, label, kind, looksLike, lastUsedAt, isReadOnly } = device
  return (
    <UnstyledButton component={Link} href={`/account/devices/${id}`} py="sm" display="block">
      <Group wrap="nowrap">
        <KindIcon kind={kind ?? looksLike} />
        <div style={{ minInlineSize: 0, flex: 1 }}>
          <Text fw={600} truncate>
            {label}
          </Text>
          <Text size="sm" c="dimmed">
            {lastUsedAt === null ? t('devices.never') : t('devices.seen', { when: relative(lastUsedAt) })}
          </Text>
        </div>
        {isReadOnly && (
          <Badge variant="default" tt="none">
            {t('devices.readOnly')}
          </Badge>
        )}
      </Group>
    </UnstyledButton>
  )
}
