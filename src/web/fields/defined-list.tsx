import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Empty } from '../ui/states.tsx'

interface DefinedListProps {
  readonly isEmpty: boolean
  /** What is said where there is none, and what they are for where there are some. */
  readonly none: string
  readonly why: string
  readonly add: string
  readonly onAdd: () => void
  readonly children: ReactNode
}

/** Fields or labels as they are defined, and what makes another. */
export function DefinedList({ isEmpty, none, why, add, onAdd, children }: DefinedListProps) {
  const button = (
    <Button leftSection={<IconPlus size={18} />} style={{ flexShrink: 0 }} onClick={onAdd}>
      {add}
    </Button>
  )
  if (isEmpty) return <Empty text={none}>{button}</Empty>
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Text size="sm" c="dimmed" maw={560} flex="1 1 260px">
          {why}
        </Text>
        {button}
      </Group>
      {children}
    </Stack>
  )
}
