import { Anchor, Button, Group, Paper, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { dropItem, patchItem } from '../../client/items.ts'
import { confirmed } from '../../ui/confirm.tsx'
import { useDates } from '../../ui/dates.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { signInText } from '../agents.ts'
import { ConnectionTest } from './connection-test.tsx'
import { type DeviceState, useDevice } from './devices.ts'
import { UndoDevice } from './undo-device.tsx'

/** One device: how far it has synced, what it was refused, and its end. */
export function DevicePage({ id }: { readonly id: string }) {
  const { t } = useTranslation('account')
  const { data, error, isPending, refetch } = useDevice(id)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="lg">
      <Anchor component={Link} href="/account/devices" size="sm">
        {t('devices.all')}
      </Anchor>
      <Heading device={data} />
      <Name key={data.label} device={data} />
      <Collections device={data} />
      <Refusals device={data} />
      <Anchor component={Link} href={`/served?device=${data.id}`} size="sm">
        {t('sync.missing')}
      </Anchor>
      <ConnectionTest />
      <UndoDevice device={data} />
      <Revoke device={data} />
    </Stack>
  )
}

function Heading({ device: { label, lastUsedAt, lastAddress, lastAgent, isReadOnly } }: Shown) {
  const { t } = useTranslation('account')
  const { time } = useDates()
  return (
    <div>
      <Title order={3} size="h4">
        {label}
      </Title>
      <Text size="sm" c="dimmed">
        {lastUsedAt === null ? t('devices.never') : signInText(time(lastUsedAt), lastAddress, lastAgent)}
      </Text>
      {isReadOnly && <Text size="sm">{t('devices.onlyRead')}</Text>}
    </div>
  )
}

interface Shown {
  readonly device: DeviceState
}

function Name({ device: { id, label } }: Shown) {
  const { t } = useTranslation('account')
  const change = useChange<{ label: string }>({
    send: (body) => send('PATCH', `/devices/${id}`, { body }),
    written: 'staying',
    patches: (wish) => [['devices'], ['device', String(id)]].map((key) => patchItem(key, id, wish)),
    keys: [['devices'], ['device', String(id)]],
    isUndoable: false,
    said: () => t('saved'),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.make({ label: String(new FormData(event.currentTarget).get('label')) })
      }}
    >
      <Group align="flex-end">
        <TextInput
          name="label"
          label={t('devices.name')}
          defaultValue={label}
          required
          withAsterisk={false}
          maxLength={200}
        />
        <Button type="submit" variant="default" loading={change.isBusy}>
          {t('devices.rename')}
        </Button>
      </Group>
    </form>
  )
}

function Collections({ device: { collections, lastUsedAt } }: Shown) {
  const { t } = useTranslation('account')
  const { relative, day } = useDates()
  return (
    <Stack gap="xs">
      <Title order={4} size="h5">
        {t('sync.title')}
      </Title>
      {collections.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t(lastUsedAt === null ? 'sync.none' : 'sync.untold')}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={300}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('sync.what')}</Table.Th>
                <Table.Th scope="col">{t('sync.asked')}</Table.Th>
                <Table.Th scope="col">{t('sync.state')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {collections.map(({ id, title, at, behind, position, newest, from }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    {title}
                    {from !== null && (
                      <Text size="sm" c="dimmed">
                        {t('sync.since', { day: day(from) })}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{relative(at)}</Table.Td>
                  <Table.Td>
                    {behind === 0 ? t('sync.all') : t('sync.behind', { count: behind })}
                    <Text size="sm" c="dimmed">
                      {t('sync.token', { position, newest })}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  )
}

function Refusals({ device: { refusals } }: Shown) {
  const { t } = useTranslation('account')
  const { time } = useDates()
  if (refusals.length === 0) return null
  return (
    <Paper withBorder p="md">
      <Text size="sm" fw={600}>
        {t('sync.refused', { count: refusals.length })}
      </Text>
      <Stack component="ul" gap={4} p={0} m={0} style={{ listStyle: 'none' }}>
        {refusals.map(({ id, at, collection, name, status, reason }) => (
          <li key={id}>
            <Anchor component={Link} href={`/served/held/${id}`} size="sm">
              {t('sync.refusal', { when: time(at), name: `${collection}/${name}`, status, reason })}
            </Anchor>
          </li>
        ))}
      </Stack>
    </Paper>
  )
}

function Revoke({ device: { id, label } }: Shown) {
  const { t } = useTranslation('account')
  const [, go] = useLocation()
  const revoke = useChange<undefined>({
    send: () => send('DELETE', `/devices/${id}`),
    patches: () => [dropItem(['devices'], id)],
    keys: [['devices']],
    isUndoable: false,
    said: () => t('devices.revoked', { name: label }),
    onDone: () => go('/account/devices'),
  })
  const ask = async (): Promise<void> => {
    const isMeant = await confirmed({
      title: t('devices.revokeTitle', { name: label }),
      text: t('devices.revokeText'),
      act: t('devices.revoke'),
      isDangerous: true,
    })
    if (isMeant) revoke.make(undefined)
  }
  return (
    <Button variant="light" color="red" w="fit-content" onClick={() => void ask()} loading={revoke.isBusy}>
      {t('devices.revoke')}
    </Button>
  )
}
