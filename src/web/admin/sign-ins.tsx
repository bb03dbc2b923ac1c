import { Badge, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDates } from '../ui/dates.ts'
import { type SignIn, usePages } from './admin.ts'
import { Paged, Twice } from './more.tsx'

/** Who has signed in from where, and who was refused. */
export function SignIns() {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const pages = usePages<SignIn>('/sign-ins')
  return (
    <Paged
      pages={pages}
      none={t('none.signIns')}
      heads={[t('account'), t('when'), t('from'), t('outcome')]}
      row={({ id, account, device, way, lastAt, address, agent, count, outcome }) => (
        <Table.Tr key={id}>
          <Table.Td>
            <Twice text={account} more={device ?? t(`ways.${way}`)} />
          </Table.Td>
          <Table.Td>{time(lastAt)}</Table.Td>
          <Table.Td>
            <Twice text={address} more={agent} />
          </Table.Td>
          <Table.Td>
            {outcome === 'refused' ? (
              <Badge color="red.9" tt="none">
                {t('refused')}
              </Badge>
            ) : (
              t('accepted')
            )}
            {count > 1 && ` × ${count}`}
          </Table.Td>
        </Table.Tr>
      )}
    />
  )
}
