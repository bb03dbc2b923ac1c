import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePages } from '../client/pages.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { ChangeRow } from './change-row.tsx'
import { type Change, type Thing, wayBackOf } from './thing.ts'

interface HistoryPage {
  readonly items: readonly Change[]
  readonly next: string | null
}

interface ThingHistoryProps {
  readonly thing: Thing
  readonly onClose: () => void
}

/** Who changed what of a label, a list or whatever else has a history of its own, and the way back of each change. */
export function ThingHistory({ thing, onClose }: ThingHistoryProps) {
  const { t } = useTranslation('things')
  return (
    <Dialog onClose={onClose} title={t('title', { name: thing.name })} size="lg" fillsPhone>
      <Changes {...{ thing, onClose }} />
    </Dialog>
  )
}

function Changes({ thing, onClose }: ThingHistoryProps) {
  const { t } = useTranslation('things')
  const pages = usePages<HistoryPage>(['history', thing.path], `${thing.path}/history`, { limit: '30' })
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <Empty text={t('empty')} />
  return (
    <Stack gap="md">
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('changes')}>
        {items.map((change) => (
          <ChangeRow
            key={change.revision}
            {...{ thing, change, way: wayBackOf(thing, change, items[0]) }}
            onMoved={onClose}
          />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </Stack>
  )
}
