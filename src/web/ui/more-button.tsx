import { Button, type ButtonProps } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { tellFailed } from './toast.tsx'

interface MoreButtonProps extends Pick<ButtonProps, 'size' | 'variant' | 'fullWidth' | 'w'> {
  /** What comes in pages. */
  readonly pages: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: (how?: { readonly throwOnError: boolean }) => Promise<unknown>
  }
  readonly children: ReactNode
}

/** Rows of a list that is all there, and is drawn so many at a time. */
const step = 200

/** The first of what is there, and more of it by a {@link MoreButton}. */
export function useInSteps<Item>(items: readonly Item[]) {
  const [steps, setSteps] = useState(1)
  const pages: MoreButtonProps['pages'] = {
    hasNextPage: items.length > steps * step,
    isFetchingNextPage: false,
    fetchNextPage: async () => setSteps(steps + 1),
  }
  return { shown: items.length > steps * step ? items.slice(0, steps * step) : items, pages }
}

/** Below a list that comes in pages, as long as there is more of it. */
export function MoreButton({ pages, children, ...looks }: MoreButtonProps) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  if (!hasNextPage) return null
  return (
    <Button
      variant="default"
      {...looks}
      loading={isFetchingNextPage}
      onClick={() => void fetchNextPage({ throwOnError: true }).catch(tellFailed)}
    >
      {children}
    </Button>
  )
}
