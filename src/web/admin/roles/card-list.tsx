import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { HistoryButton } from '../../things/history-button.tsx'
import type { Thing } from '../../things/thing.ts'
import { EditButton } from '../more.tsx'

interface CardListProps {
  readonly title: string
  /** What they are for. */
  readonly why: string
  readonly add: string
  readonly onAdd: () => void
  readonly children: ReactNode
}

/** Things of one kind that are defined here, each on a card, and what makes another. */
export function CardList({ title, why, add, onAdd, children }: CardListProps) {
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={3} size="h4">
          {title}
        </Title>
        <Button leftSection={<IconPlus size={18} />} onClick={onAdd}>
          {add}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {why}
      </Text>
      {children}
    </Stack>
  )
}

interface DefinedCardProps {
  readonly thing: Thing
  readonly onEdit: () => void
  readonly children: ReactNode
}

/** One of them: what it is called, what it says, what became of it, and what changes it. */
export function DefinedCard({ thing, onEdit, children }: DefinedCardProps) {
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap={6}>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={4} size="h5">
            {thing.name}
          </Title>
          <Group gap="xs" wrap="nowrap">
            <HistoryButton thing={thing} />
            <EditButton name={thing.name} onEdit={onEdit} />
          </Group>
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
