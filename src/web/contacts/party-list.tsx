import { Box, NavLink } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Face } from '../ui/face.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { type PartyItem, useParties } from './contacts.ts'

const rowHeight = 56

/** Everybody by name. Only what is seen is in the page, and what comes next is read before it is. */
export function PartyList({ chosen }: { readonly chosen?: number | undefined }) {
  const { t } = useTranslation('contacts')
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useParties()
  const rows = data?.pages.flatMap(({ items }) => items) ?? []
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 50) void fetchNextPage()
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (rows.length === 0) return <Empty text={t('empty')} />
  return (
    <Box
      ref={frame}
      h="100%"
      mah="calc(100dvh - var(--app-shell-header-offset, 0px) - var(--app-shell-footer-offset, 0px))"
      style={{ overflow: 'auto' }}
      component="nav"
      aria-label={t('list')}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows[index]
          return row && <Row key={row.id} row={row} top={start} isChosen={row.id === chosen} />
        })}
      </div>
    </Box>
  )
}

interface RowProps {
  readonly row: PartyItem
  readonly top: number
  readonly isChosen: boolean
}

function Row({ row, top, isChosen }: RowProps) {
  const { id, name, organisation, title, kind } = row
  return (
    <NavLink
      component={Link}
      href={`/contacts/${id}`}
      label={name}
      description={[title, kind === 'person' ? organisation : ''].filter((part) => part !== '').join(' · ')}
      leftSection={<Face name={name} size={36} />}
      active={isChosen}
      aria-current={isChosen ? 'true' : undefined}
      style={{ position: 'absolute', top, insetInline: 0, height: rowHeight }}
    />
  )
}
