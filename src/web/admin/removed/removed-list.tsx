import { Button, Group, Stack, Table, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { removedPage } from '../../../features/accounts/removed/schema.ts'
import { ApiError } from '../../client/api.ts'
import { useDates } from '../../ui/dates.ts'
import { Failed } from '../../ui/states.tsx'
import { usePages } from '../admin.ts'
import { Line, Paged, Twice } from '../more.tsx'
import type { Kind } from '../people/people.ts'
import { useBack } from './back.ts'
import { ForGood } from './for-good.tsx'
import { OtherName } from './other-name.tsx'

export type Removed = z.infer<typeof removedPage>['items'][number]

/** What of a kind was removed and can be brought back, until its time is over; nothing is shown where nothing is. */
export function RemovedList({ kind }: { readonly kind: Kind }) {
  const { t } = useTranslation('admin')
  const pages = usePages<Removed>(`/removed?kind=${kind}`)
  if (pages.error) return <Failed error={pages.error} again={() => void pages.refetch()} />
  if (!pages.data?.pages.some(({ items }) => items.length > 0)) return null
  return (
    <Stack gap="xs" mt="md">
      <Title order={3} size="h4">
        {t('removed.title')}
      </Title>
      <Paged
        pages={pages}
        none=""
        heads={[t('name'), t('removed.when'), t('removed.until'), t('jobs.do')]}
        row={(removed) => <Row key={removed.id} removed={removed} />}
      />
    </Stack>
  )
}

function Row({ removed }: { readonly removed: Removed }) {
  const { t } = useTranslation('admin')
  const { day, relative } = useDates()
  const [asked, setAsked] = useState<'name' | 'forGood'>()
  const { name, displayName, removedAt, removedBy, until } = removed
  const back = useBack(removed)
  const bringBack = (): void => {
    back.makeNow({}).catch((error: unknown) => {
      // Its name is another's by now.
      if (error instanceof ApiError && error.status === 422) setAsked('name')
    })
  }
  return (
    <Line>
      <Table.Td>
        <Twice text={displayName} more={name} />
      </Table.Td>
      <Table.Td>
        <Twice text={relative(removedAt)} more={removedBy} />
      </Table.Td>
      <Table.Td>{day(until)}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            size="compact-sm"
            miw="fit-content"
            loading={back.isBusy}
            onClick={bringBack}
            aria-label={t('removed.backOf', { name: displayName })}
          >
            {t('removed.back')}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            miw="fit-content"
            onClick={() => setAsked('forGood')}
            aria-label={t('removed.forGoodOf', { name: displayName })}
          >
            {t('removed.forGood')}
          </Button>
        </Group>
        {asked === 'name' && <OtherName removed={removed} onClose={() => setAsked(undefined)} />}
        {asked === 'forGood' && <ForGood removed={removed} onClose={() => setAsked(undefined)} />}
      </Table.Td>
    </Line>
  )
}
