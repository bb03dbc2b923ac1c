import { Button, Stack, Table, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { blockedList } from '../../features/sessions/schema.ts'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { useDates } from '../ui/dates.ts'
import { Failed } from '../ui/states.tsx'
import { useReport } from './admin.ts'
import { Line, Rows } from './more.tsx'

type Blocked = z.infer<typeof blockedList>

/** Who is let in no more for a while, after too many wrong passwords; nothing is shown where nobody is. */
export function BlockedList() {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const { data, error, refetch } = useReport<Blocked>('/blocked')
  const release = useChange<Blocked['blocked'][number]>({
    send: ({ account, address }) => {
      const query = new URLSearchParams({ address, ...(account !== null && { account }) })
      return send('DELETE', `/blocked?${query}`)
    },
    keys: [['admin', '/blocked']],
    isUndoable: false,
    said: ({ address }) => t('blocked.released', { address }),
  })
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (!data || data.blocked.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {t('blocked.title')}
      </Title>
      <Rows heads={[t('account'), t('from'), t('blocked.until'), t('jobs.do')]}>
        {data.blocked.map((one) => (
          <Line key={`${one.account} ${one.address}`}>
            <Table.Td>{one.account ?? t('blocked.all')}</Table.Td>
            <Table.Td>{one.address}</Table.Td>
            <Table.Td>{time(one.until)}</Table.Td>
            <Table.Td>
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => release.make(one)}
                aria-label={t('blocked.releaseOf', { address: one.address })}
              >
                {t('blocked.release')}
              </Button>
            </Table.Td>
          </Line>
        ))}
      </Rows>
    </Stack>
  )
}
