import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
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
  readonly name: string
  readonly onEdit: () => void
  readonly children: ReactNode
}

/** One of them: what it is called, what it says, and what changes it. */
export function DefinedCard({ name, onEdit, children }: DefinedCardProps) {
  return (
    <Paper withBorder p="md" component="section">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Stack gap={6} miw={0}>
          <Title order={4} size="h5">
            {name}
          </Title>
          {children}
        </Stack>
        <EditButton name={name} onEdit={onEdit} />
      </Group>
    </Paper>
  )
}
