import { SegmentedControl, Stack } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportItem, ItemsPart } from '../imports.ts'
import type { Choices } from '../parts/choices.ts'
import { titleOf } from './item-row.tsx'
import { ItemRows } from './item-rows.tsx'

const ItemPreview = lazy(async () => ({ default: (await import('./item-preview.tsx')).ItemPreview }))

interface ItemListProps {
  readonly id: number
  readonly isReady: boolean
  /** Of what was only tried: each item is shown as it would be, and what becomes of it can be chosen. */
  readonly choices?: Choices
}

const parts = ['all', 'met', 'odd'] as const

/** Each item of a file, and what becomes of it and why; or those alone that are there already, or have something wrong. */
export function ItemList({ id, isReady, choices }: ItemListProps) {
  const { t } = useTranslation('import')
  const [looked, setLooked] = useState<ImportItem>()
  const [part, setPart] = useState<ItemsPart>('all')
  if (!isReady) return null
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label={t('shown')}
        value={part}
        onChange={(value) => setPart(parts.find((one) => one === value) ?? 'all')}
        data={parts.map((value) => ({ value, label: t(value) }))}
      />
      <ItemRows key={part} {...{ id, part }} onLook={setLooked} {...(choices && { choices })} />
      {looked && choices && (
        <Suspense>
          <ItemPreview
            {...{ id, number: looked.number, name: titleOf(looked), way: choices.wayOf(looked) }}
            onClose={() => setLooked(undefined)}
          />
        </Suspense>
      )}
    </Stack>
  )
}
