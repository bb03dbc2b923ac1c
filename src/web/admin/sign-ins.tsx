import { Badge, SegmentedControl, Stack, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { programOf } from '../account/agents.ts'
import { useDates } from '../ui/dates.ts'
import { type SignIn, usePages } from './admin.ts'
import { BlockedList } from './blocked.tsx'
import { Line, Paged, Twice } from './more.tsx'

const outcomes = ['all', 'accepted', 'refused'] as const

/** Who has signed in from where, who was refused, and who is let in no more for a while. */
export function SignIns() {
  const { t } = useTranslation('admin')
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('all')
  const pages = usePages<SignIn>(outcome === 'all' ? '/sign-ins' : `/sign-ins?outcome=${outcome}`)
  return (
    <Stack>
      <BlockedList />
      <SegmentedControl
        aria-label={t('outcome')}
        data={outcomes.map((value) => ({ value, label: t(value) }))}
        value={outcome}
        onChange={(value) => setOutcome(value as typeof outcome)}
        w="fit-content"
      />
      <Paged
        pages={pages}
        none={t('none.signIns')}
        heads={[t('account'), t('when'), t('from'), t('outcome')]}
        row={(signIn) => <Row key={signIn.id} signIn={signIn} />}
      />
    </Stack>
  )
}

function Row({ signIn }: { readonly signIn: SignIn }) {
  const { t } = useTranslation('admin')
  const { time } = useDates()
  const { account, device, way, lastAt, address, agent, count, outcome } = signIn
  return (
    <Line>
      <Table.Td>
        <Twice text={account} more={device ?? t(`ways.${way}`)} />
      </Table.Td>
      <Table.Td>{time(lastAt)}</Table.Td>
      <Table.Td>
        <Twice text={address} more={programOf(agent)} title={agent} />
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
    </Line>
  )
}
