import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePages } from '../client/pages.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { ChangeRow, type ChangeRowProps } from './change-row.tsx'
import { type Change, type Thing, wayBackOf } from './thing.ts'

interface HistoryPage {
  /** What calendars are called is changed only: of that no `how` is told. */
  readonly items: readonly (Omit<Change, 'how'> & Partial<Pick<Change, 'how'>>)[]
  readonly next: string | null
}

interface ThingHistoryProps {
  readonly thing: Thing
  /** Told whether something was brought back: what was read of it before is no longer so. */
  readonly onClose: (isOtherwise: boolean) => void
}

/** Who changed what of a label, a list or whatever else has a history of its own, and the way back of each change. */
export function ThingHistory({ thing, onClose }: ThingHistoryProps) {
  const { t } = useTranslation('things')
  const [isOtherwise, setIsOtherwise] = useState(false)
  return (
    <Dialog
      onClose={() => onClose(isOtherwise)}
      title={t('title', { name: thing.name })}
      size="lg"
      fillsPhone
    >
      <Changes thing={thing} onMoved={() => onClose(true)} onDone={() => setIsOtherwise(true)} />
    </Dialog>
  )
}

function Changes({ thing, onMoved, onDone }: Omit<ChangeRowProps, 'change' | 'way'>) {
  const { t } = useTranslation('things')
  const pages = usePages<HistoryPage>(['history', thing.path], `${thing.path}/history`, { limit: '30' })
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items.map((item): Change => ({ how: 'changed', ...item })))
  if (items.length === 0) return <Empty text={t('empty')} />
  return (
    <Stack gap="md">
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('changes')}>
        {items.map((change) => (
          <ChangeRow
            key={change.revision}
            {...{ thing, change, way: wayBackOf(thing, change, items[0]) }}
            onMoved={onMoved}
            onDone={onDone}
          />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </Stack>
  )
}
