import { Group, Stack, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  /** What can be added here. */
  readonly action?: ReactNode
  /** Where nothing is in it that could be read on paper. */
  readonly isEmpty?: boolean
  readonly children: ReactNode
}

/** A part of the page, under a heading that names it. */
export function Section({ title, action, isEmpty, children }: SectionProps) {
  const id = useId()
  return (
    <Stack component="section" gap={4} aria-labelledby={id} {...(isEmpty && { className: 'not-printed' })}>
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
