import { Button, type ButtonProps } from '@mantine/core'
import type { ReactNode } from 'react'

interface MoreButtonProps extends Pick<ButtonProps, 'size' | 'variant' | 'fullWidth' | 'w'> {
  /** What comes in pages. */
  readonly pages: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  readonly children: ReactNode
}

/** Below a list that comes in pages, as long as there is more of it. */
export function MoreButton({ pages, children, ...looks }: MoreButtonProps) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  if (!hasNextPage) return null
  return (
    <Button variant="default" {...looks} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {children}
    </Button>
  )
}
