import { ActionIcon, Badge, Checkbox, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconFlag, IconPlus, IconRepeat } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../i18n/locale.ts'
import { type Branch, dueText } from './groups.ts'
import type { Task } from './tasks.ts'

interface TaskRowProps {
  readonly branch: Branch
  readonly isLate: boolean
  readonly onOpen: (task: Task) => void
  readonly onDone: (task: Task, isDone: boolean) => void
  readonly onPart: (task: Task) => void
}

/** One task with what is a part of it below. */
export function TaskRow({ branch: { task, parts }, ...told }: TaskRowProps) {
  const { t, i18n } = useTranslation('tasks')
  const { title, status, due, priority, categories, isRecurring, rights } = task
  const isDone = status === 'completed'
  const name = title === '' ? t('untitled') : title
  return (
    <Stack gap={0} component="li" style={{ listStyle: 'none' }}>
      <Group gap="sm" wrap="nowrap" className="task" py={4}>
        <Checkbox
          checked={isDone}
          disabled={!rights.edit}
          radius="xl"
          aria-label={t(isDone ? 'reopen' : 'complete', { title: name })}
          onChange={({ currentTarget }) => told.onDone(task, currentTarget.checked)}
        />
        <UnstyledButton flex={1} miw={0} mih={32} onClick={() => told.onOpen(task)}>
          <Group gap="xs">
            <Text td={isDone || status === 'cancelled' ? 'line-through' : undefined} lineClamp={2}>
              {name}
            </Text>
            {priority > 0 && priority < 5 && <IconFlag size={14} aria-label={t('important')} />}
            {isRecurring && <IconRepeat size={14} aria-label={t('repeats')} />}
            {categories.map((category) => (
              <Badge key={category} variant="default" size="sm">
                {category}
              </Badge>
            ))}
          </Group>
          {due !== null && (
            <Text
              size="sm"
              c={told.isLate && !isDone ? 'var(--mantine-color-error)' : 'dimmed'}
              className="task-due"
            >
              {dueText(localeOf(i18n.language), task)}
            </Text>
          )}
        </UnstyledButton>
        {rights.edit && !isDone && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('addPart', { title: name })}
            onClick={() => told.onPart(task)}
          >
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </Group>
      {parts.length > 0 && (
        <Stack component="ul" gap={0} m={0} ps="xl" aria-label={t('partsOf', { title: name })}>
          {parts.map((part) => (
            <TaskRow key={part.task.id} branch={part} {...told} />
          ))}
        </Stack>
      )}
    </Stack>
  )
}
