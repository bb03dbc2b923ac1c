import './items.css'
import { Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCursor } from '../../ui/rows/cursor.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { type ImportItem, type ItemsPart, pageItems, useItems } from '../imports.ts'
import type { Choices } from '../parts/choices.ts'
import { ItemRow } from './item-row.tsx'

/** Of one without a remark. */
const usualHeight = 45

interface ItemRowsProps {
  readonly id: number
  readonly part: ItemsPart
  readonly choices?: Choices
  readonly onLook: (item: ImportItem) => void
}

/** Items of a file, however many: only what is seen is in the page, and read. The arrow keys go from one to the next. */
export function ItemRows({ id, part, choices, onLook }: ItemRowsProps) {
  const { t } = useTranslation('import')
  const [seen, setSeen] = useState<readonly number[]>([0])
  const found = useItems({ id, isReady: true, part }, seen)
  const frame = useRef<HTMLDivElement>(null)
  const { count } = found
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => usualHeight,
    overscan: 10,
    onChange: ({ range }) => {
      const [from, until] = [pageOf(range?.startIndex ?? 0), pageOf(range?.endIndex ?? 0)]
      setSeen((old) => (old[0] === from && old.at(-1) === until ? old : [...new Set([from, until])]))
    },
  })
  const cursor = useCursor({ virtual, frame, count })
  if (found.error) return <Failed error={found.error} again={found.again} />
  if (found.isPending) return <Loading />
  if (count === 0) return <Text c="dimmed">{t(part === 'all' ? 'nothingThere' : 'nothingOdd')}</Text>
  const rows = virtual.getVirtualItems()
  const reached = rows.some(({ index }) => index === cursor.position) ? cursor.position : rows[0]?.index
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys move among its items
    <div ref={frame} className="import-items" onKeyDown={cursor.onKeyDown}>
      <ul aria-label={t('itemKeys')} style={{ blockSize: virtual.getTotalSize() }}>
        {rows.map(({ index, start }) => (
          <li
            key={index}
            ref={virtual.measureElement}
            data-index={index}
            data-position={index}
            aria-setsize={count}
            aria-posinset={index + 1}
            tabIndex={index === reached ? 0 : -1}
            style={{ transform: `translateY(${start}px)` }}
          >
            <ItemRow
              item={found.itemAt(index)}
              isReached={index === reached}
              onLook={onLook}
              {...(choices && { choices })}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}

function pageOf(position: number): number {
  return Math.floor(position / pageItems)
}
