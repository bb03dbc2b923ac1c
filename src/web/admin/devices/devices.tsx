import { Anchor, Stack, Table, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'wouter'
import { programOf } from '../../account/agents.ts'
import { useDates } from '../../ui/dates.ts'
import { type AdminDevice, usePages } from '../admin.ts'
import { Line, Paged, Twice } from '../more.tsx'
import { DeviceDetails } from './device-details.tsx'

/** The devices of all accounts, and how far each has synced; or one of them. */
export function Devices() {
  const { item } = useParams<{ item?: string }>()
  return item === undefined ? <DeviceTable /> : <DeviceDetails key={item} id={item} />
}

function DeviceTable() {
  const { t } = useTranslation('admin')
  const [search] = useSearchParams()
  const [wanted, setWanted] = useState(search.get('account') ?? '')
  const [account] = useDebouncedValue(wanted.trim(), 200)
  const query = account === '' ? '' : `?account=${encodeURIComponent(account)}`
  const pages = usePages<AdminDevice>(`/all-devices${query}`)
  return (
    <Stack>
      <TextInput
        label={t('ofAccount')}
        description={t('ofAccountHow')}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        maw={380}
      />
      <Paged
        pages={pages}
        none={t('none.devices')}
        heads={[t('device'), t('account'), t('seen'), t('sync'), t('refusals')]}
        row={(device) => <Row key={device.id} device={device} />}
      />
    </Stack>
  )
}

function Row({ device }: { readonly device: AdminDevice }) {
  const { t } = useTranslation('admin')
  const { relative } = useDates()
  const { id, label, account, lastAgent, lastUsedAt, lastAddress, collections, behind, refusals } = device
  return (
    <Line>
      <Table.Td>
        <Anchor component={Link} href={`/admin/devices/${id}`} size="sm">
          {label}
        </Anchor>
        <Twice text="" more={programOf(lastAgent ?? '')} title={lastAgent} />
      </Table.Td>
      <Table.Td>{account}</Table.Td>
      <Table.Td>
        <Twice text={lastUsedAt === null ? t('never') : relative(lastUsedAt)} more={lastAddress} />
      </Table.Td>
      <Table.Td>
        {collections === 0
          ? t(lastUsedAt === null ? 'notAsked' : 'notTold')
          : behind === 0
            ? t('upToDate')
            : t('behind', { count: behind })}
      </Table.Td>
      <Table.Td>{refusals}</Table.Td>
    </Line>
  )
}
