import {
  ActionIcon,
  Badge,
  Checkbox,
  Group,
  Menu,
  Stack,
  Text,
  UnstyledButton,
  useDirection,
} from '@mantine/core'
import {
  IconBell,
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconFlag,
  IconHistory,
  IconIndentDecrease,
  IconIndentIncrease,
  IconPlus,
  IconRepeat,
  IconTrash,
} from '@tabler/icons-react'
import { type KeyboardEvent, useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useZone } from '../calendar/zone.ts'
import { isPending } from '../client/items.ts'
import { localeOf } from '../i18n/locale.ts'
import { type RowPlace, WindowRows } from '../ui/rows/window-rows.tsx'
import { dueText } from './due.ts'
import type { Branch } from './groups.ts'
import type { Task } from './tasks.ts'

/** What is done with tasks, from their rows. */
export interface RowActs {
  readonly onOpen: (task: Task) => void
  readonly onDone: (task: Task, isDone: boolean) => void
  readonly onPart: (task: Task) => void
  /** Makes it a part of another; with null it stands by itself. */
  readonly onInto: (task: Task, parent: number | null) => void
  readonly onHistory: (task: Task) => void
  readonly onRemove: (task: Task) => void
  readonly folded: ReadonlySet<number>
  readonly onFold: (id: number) => void
}

interface TaskRowProps extends RowActs {
  readonly branch: Branch
  readonly isLate: boolean
  /** The one before it, of the same list, which it can become a part of. */
  readonly before: Task | undefined
  /** What it is a part of. */
  readonly whole?: Task | undefined
  readonly place: RowPlace | undefined
}

/** One task with what is a part of it below. */
function TaskRow({ branch: { task, parts }, before, whole, isLate, place, ...acts }: TaskRowProps) {
  const { t } = useTranslation('tasks')
  const isFolded = acts.folded.has(task.id)
  const name = task.title === '' ? t('untitled') : task.title
  const moves = movesOf(task, { before, whole })
  const onKeyDown = useRowKeys(task, moves, acts)
  return (
    <li
      {...place}
      data-task={task.id}
      aria-busy={isPending(task)}
      style={{ listStyle: 'none', ...place?.style }}
    >
      <Group gap="xs" wrap="nowrap" className="task" py={4}>
        <Checkbox
          checked={task.status === 'completed'}
          disabled={!task.rights.edit}
          radius="xl"
          aria-label={t(task.status === 'completed' ? 'reopen' : 'complete', { title: name })}
          onChange={({ currentTarget }) => acts.onDone(task, currentTarget.checked)}
        />
        <UnstyledButton
          flex={1}
          miw={0}
          mih={32}
          className="task-open"
          disabled={isPending(task)}
          onClick={() => acts.onOpen(task)}
          onKeyDown={onKeyDown}
        >
          <Says task={task} name={name} isLate={isLate} />
        </UnstyledButton>
        {parts.length > 0 && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('partsOf', { title: name })}
            aria-expanded={!isFolded}
            onClick={() => acts.onFold(task.id)}
          >
            {isFolded ? <IconChevronRight size={16} className="directed" /> : <IconChevronDown size={16} />}
          </ActionIcon>
        )}
        {!isPending(task) && <RowMenu task={task} name={name} moves={moves} acts={acts} />}
      </Group>
      {parts.length > 0 && !isFolded && (
        <Stack component="ul" gap={0} m={0} ps="xl" aria-label={t('partsOf', { title: name })}>
          <Rows branches={parts} isLate={isLate} whole={task} {...acts} />
        </Stack>
      )}
    </li>
  )
}

const left = { key: 'ArrowLeft', sign: '←' } as const
const right = { key: 'ArrowRight', sign: '→' } as const

/** The keys by which a part is made of a task, and taken out: lists are indented where lines begin. */
function useSides() {
  return useDirection().dir === 'rtl'
    ? { inwards: left, outwards: right }
    : { inwards: right, outwards: left }
}

/** A row that has the keyboard is taken away, or becomes a part of another. */
function useRowKeys(task: Task, moves: Moves, acts: Pick<RowActs, 'onRemove' | 'onInto'>) {
  const { inwards, outwards } = useSides()
  return (event: KeyboardEvent): void => {
    if (event.key === 'Delete' && task.rights.remove) acts.onRemove(task)
    else if (!event.shiftKey) return
    else if (event.key === inwards.key && moves.into !== undefined) acts.onInto(task, moves.into)
    else if (event.key === outwards.key && moves.out !== undefined) acts.onInto(task, moves.out)
    else return
    event.preventDefault()
  }
}

interface RowsProps extends RowActs {
  readonly branches: readonly Branch[]
  readonly isLate: boolean
  readonly whole?: Task | undefined
}

/** Tasks below each other. */
export function Rows({ branches, ...rest }: RowsProps) {
  const before = useMemo(() => beforeEach(branches), [branches])
  const keyOf = useCallback((at: number) => branches[at]?.task.id ?? at, [branches])
  return (
    <WindowRows count={branches.length} rowHeight={40} keyOf={keyOf}>
      {(at, place) => {
        const branch = branches[at]
        return branch && <TaskRow {...{ branch, place }} before={before[at]} {...rest} />
      }}
    </WindowRows>
  )
}

/** Of each, the one above it of the same list. */
function beforeEach(branches: readonly Branch[]): readonly (Task | undefined)[] {
  const last = new Map<number, Task>()
  return branches.map(({ task }) => {
    const before = last.get(task.calendar)
    last.set(task.calendar, task)
    return before
  })
}

interface Moves {
  /** What it becomes a part of; undefined where it cannot. */
  readonly into: number | undefined
  readonly out: number | null | undefined
}

function movesOf(
  { rights }: Task,
  { before, whole }: { readonly before: Task | undefined; readonly whole: Task | undefined },
): Moves {
  return {
    into: rights.edit ? before?.id : undefined,
    out: rights.edit && whole ? (whole.parent?.id ?? null) : undefined,
  }
}

function Says({
  task,
  name,
  isLate,
}: {
  readonly task: Task
  readonly name: string
  readonly isLate: boolean
}) {
  const { t, i18n } = useTranslation('tasks')
  const zone = useZone()
  const { status, due, priority, categories, isRecurring, alarms } = task
  const isDone = status === 'completed'
  return (
    <>
      <Group gap="xs">
        <Text td={isDone || status === 'cancelled' ? 'line-through' : undefined} lineClamp={2}>
          {name}
        </Text>
        {priority > 0 && priority < 5 && <IconFlag size={14} aria-label={t('important')} />}
        {isRecurring && <IconRepeat size={14} aria-label={t('repeats')} />}
        {alarms.length > 0 && <IconBell size={14} aria-label={t('hasAlarm')} />}
        {categories.map((category) => (
          <Badge key={category} variant="default" size="sm">
            {category}
          </Badge>
        ))}
      </Group>
      {due !== null && (
        <Text size="sm" c={isLate && !isDone ? 'var(--mantine-color-error)' : 'dimmed'} className="task-due">
          {dueText(localeOf(i18n.language), task, zone)}
        </Text>
      )}
    </>
  )
}

interface RowMenuProps {
  readonly task: Task
  readonly name: string
  readonly moves: Moves
  readonly acts: RowActs
}

/** What else can be done with a task; what may not be done is not there. */
function RowMenu({ task, name, moves: { into, out }, acts }: RowMenuProps) {
  const { t } = useTranslation('tasks')
  const { inwards, outwards } = useSides()
  const { edit, remove } = task.rights
  const isOpen = task.status !== 'completed'
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('actions', { title: name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {edit && isOpen && (
          <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => acts.onPart(task)}>
            {t('addPart')}
          </Menu.Item>
        )}
        {into !== undefined && (
          <Menu.Item
            leftSection={<IconIndentIncrease size={16} className="directed" />}
            rightSection={<kbd>{`⇧ ${inwards.sign}`}</kbd>}
            onClick={() => acts.onInto(task, into)}
          >
            {t('into')}
          </Menu.Item>
        )}
        {out !== undefined && (
          <Menu.Item
            leftSection={<IconIndentDecrease size={16} className="directed" />}
            rightSection={<kbd>{`⇧ ${outwards.sign}`}</kbd>}
            onClick={() => acts.onInto(task, out)}
          >
            {t('out')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => acts.onHistory(task)}>
          {t('history')}
        </Menu.Item>
        {remove && (
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} />}
            onClick={() => acts.onRemove(task)}
          >
            {t('form.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
