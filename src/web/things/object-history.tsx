import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePages } from '../client/pages.ts'
import { useSession } from '../session/session.ts'
import { useDates } from '../ui/dates.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useCalendarLine } from './calendar-lines.ts'
import { Differences } from './differences.tsx'
import { type Kept, type ListedState, wayOf } from './state.ts'
import { useStateWords } from './state-words.ts'
import { RequestBack, WayBack } from './way-back.tsx'

interface StatesPage {
  readonly items: readonly ListedState[]
  readonly next: string | null
}

interface ObjectHistoryProps {
  /** An event or a task. */
  readonly id: number
  readonly name: string
  readonly mayWrite: boolean
  /** Told whether something was brought back: what was read of it before is no longer so. */
  readonly onClose: (isOtherwise: boolean) => void
}

/** What an event or a task was, who made it so, and the way back of each change. */
export function ObjectHistory({ id, name, mayWrite, onClose }: ObjectHistoryProps) {
  const { t } = useTranslation('things')
  const [isOtherwise, setIsOtherwise] = useState(false)
  return (
    <Dialog onClose={() => onClose(isOtherwise)} title={t('title', { name })} size="lg" fillsPhone>
      <States kept={{ object: id, keys: [[]] }} mayWrite={mayWrite} onDone={() => setIsOtherwise(true)} />
    </Dialog>
  )
}

interface StatesProps {
  readonly kept: Kept
  readonly mayWrite: boolean
  readonly onDone: () => void
}

function States(props: StatesProps) {
  const { t } = useTranslation('things')
  const path = `/objects/${props.kept.object}/history`
  const pages = usePages<StatesPage>(['history', path], path, { limit: '30' })
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <Empty text={t('empty')} />
  return (
    <Stack gap="md">
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('changes')}>
        {items.map((item) => (
          <Row key={item.revision} {...{ item, items }} {...props} />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </Stack>
  )
}

interface RowProps extends StatesProps {
  readonly item: ListedState
  readonly items: readonly ListedState[]
}

function Row({ item, items, ...props }: RowProps) {
  const { t } = useTranslation('things')
  const { time } = useDates()
  const [isOpen, setIsOpen] = useState(false)
  const { summary } = useStateWords()
  const line = useCalendarLine()
  const { at, author, device, origin, kind, isKept, revision } = item
  const by = [author, device?.label].filter((part) => part !== null && part !== undefined)
  const done = origin === 'restore' && kind === 'updated' ? t('how.restored') : t(`changed.${kind}`)
  return (
    <Group component="li" className="ruled" justify="space-between" align="flex-start" gap="xs" py="sm">
      <div style={{ flex: '1 1 200px', minInlineSize: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {done}
        </Text>
        {item.summary !== '' && <Text size="sm">{summary(item.summary)}</Text>}
        <Text size="xs" c="dimmed">
          {[time(at), ...by].join(' · ')}
        </Text>
      </div>
      <Group gap="xs">
        {props.mayWrite && <Back {...{ item, items }} {...props} />}
        {isKept && (
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={isOpen}
            aria-label={t('backOf', { back: t('compare'), time: time(at) })}
            onClick={() => setIsOpen(!isOpen)}
          >
            {t('compare')}
          </Button>
        )}
      </Group>
      {isOpen && <Differences {...props} {...{ revision, line }} />}
    </Group>
  )
}

/** My last change goes back with all that it did elsewhere; others lead to a state. */
function Back({ item, items, kept, onDone }: RowProps) {
  const me = useSession().data?.account.name
  const { requestId, author, origin, kind, at } = item
  const isMine = author === me && origin === 'web' && (kind === 'updated' || kind === 'moved')
  if (item === items[0] && isMine && requestId !== null)
    return <RequestBack {...{ kept, at, onDone }} request={requestId} />
  const way = wayOf(item, items)
  return way ? <WayBack {...{ kept, at, onDone, way }} /> : null
}
