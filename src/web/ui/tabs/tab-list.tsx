import { ScrollArea, Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import './tab-list.css'

/** The tab that is open, where the others leave it no room in the window. */
export function intoSight(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

interface TabListProps {
  readonly label?: string
  readonly children: ReactNode
}

/** Tabs in one line, whatever their words: where they are wider than the window they are scrolled. */
export function TabList({ label, children }: TabListProps) {
  return (
    <ScrollArea type="never" className="not-printed">
      <Tabs.List aria-label={label} className="tab-list">
        {children}
      </Tabs.List>
    </ScrollArea>
  )
}
