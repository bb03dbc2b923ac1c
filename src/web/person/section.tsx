import { Group, Stack, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  /** What can be added here. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A part of the page, under a heading that names it. */
export function Section({ title, action, children }: SectionProps) {
  const id = useId()
  return (
    <Stack component="section" gap={4} aria-labelledby={id}>
      <Group justify="space-between" mih={30}>
        <Title order={3} size="h5" id={id}>
          {title}
        </Title>
        <span className="not-printed">{action}</span>
      </Group>
      {children}
    </Stack>
  )
}
