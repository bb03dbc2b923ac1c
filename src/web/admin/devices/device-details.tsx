import { Anchor, List, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { reasonOf } from '../../served/sentences.ts'
import { useSession } from '../../session/session.ts'
import { useDates } from '../../ui/dates.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { type OneDevice, useReport } from '../admin.ts'
import { Line, Rows, Twice } from '../more.tsx'
import { LookUp } from './look-up.tsx'

/** One device of anybody: what it has asked for, how far it is, what it was refused, and what it has of one thing. */
export function DeviceDetails({ id }: { readonly id: string }) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const { data, error, isPending, refetch } = useReport<OneDevice>(`/all-devices/${id}`)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const { account, label, lastUsedAt, lastAddress, lastAgent } = data
  const used = lastUsedAt === null ? t('never') : time(lastUsedAt)
  return (
    <Stack gap="lg">
      <Anchor component={Link} href="/admin/devices" size="sm">
        {t('allDevices')}
      </Anchor>
      <div>
        <Title order={3} size="h4">
          {t('deviceOf', { device: label, account })}
        </Title>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[`${t('seen')}: ${used}`, lastAddress, lastAgent].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Collections device={data} />
      <Refusals device={data} />
      <LookUp device={data} />
      <Undoing device={data} />
    </Stack>
  )
}

interface Shown {
  readonly device: OneDevice
}

function Collections({ device: { collections, lastUsedAt } }: Shown) {
  const { t } = useTranslation('admin')
  const { time, day } = useDates()
  if (collections.length === 0)
    return <Text size="sm">{t(lastUsedAt === null ? 'notAsked' : 'notTold')}</Text>
  return (
    <Rows heads={[t('collection'), t('asked'), t('sync')]}>
      {collections.map(({ id, title, at, behind, position, newest, from }) => (
        <Line key={id}>
          <Table.Td>
            <Twice text={title} more={from === null ? null : t('onlyFrom', { day: day(from) })} />
          </Table.Td>
          <Table.Td>{time(at)}</Table.Td>
          <Table.Td>
            <Twice
              text={behind === 0 ? t('upToDate') : t('behind', { count: behind })}
              more={t('token', { position, newest })}
            />
          </Table.Td>
        </Line>
      ))}
    </Rows>
  )
}

/** What it did is undone by whose it is: what would change is shown before, and that is not for others to read. */
function Undoing({ device: { id, account } }: Shown) {
  const { t } = useTranslation('admin')
  const isOwn = useSession().data?.account.name === account
  return (
    <Stack gap="xs">
      <Title order={4} size="h5">
        {t('undoDevice.title')}
      </Title>
      {isOwn ? (
        <Anchor component={Link} href={`/account/devices/${id}`} size="sm">
          {t('undoDevice.own')}
        </Anchor>
      ) : (
        <Text size="sm" c="dimmed">
          {t('undoDevice.owner', { account })}
        </Text>
      )}
    </Stack>
  )
}

function Refusals({ device: { account, refusals } }: Shown) {
  const { t } = useTranslation('admin')
  const isOwn = useSession().data?.account.name === account
  const { t: tServed } = useTranslation('served')
  const { time } = useDates()
  if (refusals.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={4} size="h5">
        {t('refusedEdits')}
      </Title>
      <List size="sm">
        {refusals.map(({ id, at, collection, name, reason }) => (
          <List.Item key={id}>
            {t('refusedEdit', {
              when: time(at),
              name: `${collection}/${name}`,
              reason: reasonOf(tServed, reason),
            })}{' '}
            {isOwn && (
              <Anchor component={Link} href={`/served/held/${id}`} inherit>
                {tServed('held.lookAt')}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
      {!isOwn && (
        <Text size="sm" c="dimmed">
          {t('refusedOwner', { account })}
        </Text>
      )}
    </Stack>
  )
}
