import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDates } from '../ui/dates.ts'
import { type AdminDevice, usePages } from './admin.ts'
import { Paged, Twice } from './more.tsx'

/** The devices of all accounts, and how far each has synced. */
export function Devices() {
  const { t } = useTranslation('admin')
  const { relative } = useDates()
  const pages = usePages<AdminDevice>('/all-devices')
  const heads = [t('account'), t('device'), t('seen'), t('sync'), t('refusals')]
  return (
    <Paged
      pages={pages}
      none={t('none.devices')}
      heads={heads}
      row={(device) => (
        <Table.Tr key={device.id}>
          <Table.Td>{device.account}</Table.Td>
          <Table.Td>
            <Twice text={device.label} more={device.lastAgent} />
          </Table.Td>
          <Table.Td>
            <Twice
              text={device.lastUsedAt === null ? t('never') : relative(device.lastUsedAt)}
              more={device.lastAddress}
            />
          </Table.Td>
          <Table.Td>
            {device.collections === 0
              ? t('notAsked')
              : device.behind === 0
                ? t('upToDate')
                : t('behind', { count: device.behind })}
          </Table.Td>
          <Table.Td>{device.refusals}</Table.Td>
        </Table.Tr>
      )}
    />
  )
}
