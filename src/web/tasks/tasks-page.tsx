import '@mantine/dates/styles.css'
import { Box, Button, Group, SegmentedControl, Select, Stack, TextInput, Title } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Calendar, takes, useCalendars } from '../calendar/calendar.ts'
import { dateLanguageOf } from '../calendar/date-texts.ts'
import { firstWeekday } from '../calendar/times.ts'
import { useChange } from '../client/change.ts'
import { ConflictDialog } from '../ui/conflict.tsx'
import { useKey } from '../ui/keys.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { changeOf, type Draft, draftOf, newDraft, wishOf } from './draft.ts'
import { groupsOf } from './groups.ts'
import { TaskForm } from './task-form.tsx'
import { TaskRow } from './task-row.tsx'
import {
  createTask,
  deleteTask,
  type Shown,
  type Task,
  type TaskWish,
  useTaskChange,
  useTasks,
} from './tasks.ts'

/** What is to be done, by when. */
export function TasksPage() {
  const { t, i18n } = useTranslation('tasks')
  const { data, error, isPending, refetch } = useCalendars()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const lists = data.filter((one) => takes(one, 'VTODO') && one.shows !== 'busy')
  const firstDayOfWeek = firstWeekday(i18n.language) as 0
  if (lists.length === 0) return <Empty text={t('noList')} />
  return (
    <DatesProvider settings={{ locale: dateLanguageOf(i18n.language), firstDayOfWeek, weekendDays: [] }}>
      <TaskLists lists={lists} />
    </DatesProvider>
  )
}

interface Form {
  readonly initial: Draft
  readonly task?: Task
}

const all = 'all'

function TaskLists({ lists }: { readonly lists: readonly Calendar[] }) {
  const { t } = useTranslation('tasks')
  const [state, setState] = useState<Shown>('open')
  const [list, setList] = useState(all)
  const [form, setForm] = useState<Form>()
  const chosen = list === all ? lists : lists.filter(({ id }) => String(id) === list)
  const writable = chosen.filter(({ rights }) => rights.add)
  const home = writable.find(({ isDefault }) => isDefault) ?? writable[0]
  const acts = useActs(() => setForm(undefined))
  const begin = (parent?: Task): void => {
    if (home) setForm({ initial: newDraft(home.id, parent) })
  }
  useKey('n', t('new'), () => begin())
  return (
    <Box maw={760} mx="auto" p="md">
      <Head {...{ lists, list, state }} onList={setList} onState={setState} />
      {home && state === 'open' && <QuickAdd onAdd={(title) => acts.create({ calendar: home.id, title })} />}
      <Tasks
        state={state}
        calendars={chosen.map(({ id }) => id)}
        onOpen={(task) => setForm({ initial: draftOf(task), task })}
        onDone={acts.complete}
        onPart={begin}
      />
      {form && (
        <TaskForm
          title={t(form.task ? 'form.editTitle' : 'form.newTitle')}
          initial={form.initial}
          lists={form.task ? lists.filter(({ id }) => id === form.initial.calendar) : writable}
          isBusy={acts.isBusy}
          onSave={(draft) => acts.save(form, draft)}
          onDelete={form.task?.rights.remove ? () => acts.remove(form.task) : undefined}
          onClose={() => setForm(undefined)}
        />
      )}
      {acts.dialog}
    </Box>
  )
}

interface HeadProps {
  readonly lists: readonly Calendar[]
  readonly list: string
  readonly state: Shown
  readonly onList: (list: string) => void
  readonly onState: (state: Shown) => void
}

function Head({ lists, list, state, onList, onState }: HeadProps) {
  const { t } = useTranslation('tasks')
  return (
    <Group justify="space-between" mb="sm">
      <Title order={2} size="h3">
        {t('title')}
      </Title>
      <Group gap="xs">
        <Select
          aria-label={t('list')}
          value={list}
          w={180}
          allowDeselect={false}
          onChange={(next) => onList(next ?? all)}
          data={[
            { value: all, label: t('allLists') },
            ...lists.map(({ id, title }) => ({ value: String(id), label: title })),
          ]}
        />
        <SegmentedControl
          aria-label={t('shown')}
          value={state}
          onChange={(next) => onState(next as Shown)}
          data={(['open', 'done'] as const).map((value) => ({ value, label: t(`states.${value}`) }))}
        />
      </Group>
    </Group>
  )
}

/** What is done with tasks. */
function useActs(done: () => void) {
  const { t } = useTranslation('tasks')
  const create = useChange({
    send: (wish: TaskWish) => createTask(wish),
    keys: [['tasks']],
    said: ({ title }) => t('said.created', { title }),
    onDone: done,
  })
  const change = useTaskChange(
    ({ task: { title }, change: { status } }) =>
      t(status === 'completed' ? 'said.completed' : 'said.changed', { title: title || t('untitled') }),
    done,
  )
  const remove = useChange({
    send: ({ id, etag }: Task) => deleteTask(id, etag),
    keys: [['tasks']],
    said: ({ title }) => t('said.deleted', { title: title || t('untitled') }),
    onDone: done,
  })
  const save = ({ task, initial }: Form, draft: Draft): void => {
    if (!task) {
      create.make(wishOf(draft))
      return
    }
    const wanted = changeOf(initial, draft)
    if (Object.keys(wanted).length === 0) done()
    else change.make({ task, change: wanted })
  }
  return {
    create: create.make,
    save,
    complete: (task: Task, isDone: boolean) =>
      change.make({ task, change: { status: isDone ? 'completed' : 'needs-action' } }),
    remove: (task: Task | undefined) => task && remove.make(task),
    isBusy: create.isBusy || change.isBusy,
    dialog: (
      <ConflictDialog
        conflict={change.conflict}
        differences={({ change: mine }, theirs) =>
          (['title', 'notes', 'due'] as const)
            .filter((name) => mine[name] !== undefined)
            .map((name) => ({ label: t(`form.${name}`), mine: mine[name] ?? '', theirs: theirs[name] ?? '' }))
        }
      />
    ),
  }
}

function QuickAdd({ onAdd }: { readonly onAdd: (title: string) => void }) {
  const { t } = useTranslation('tasks')
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim()
    if (title === '') return
    onAdd(title)
    event.currentTarget.reset()
  }
  return (
    <form onSubmit={add}>
      <TextInput
        name="title"
        aria-label={t('add')}
        placeholder={t('add')}
        leftSection={<IconPlus size={16} />}
        maxLength={1_000}
        autoComplete="off"
        mb="md"
      />
    </form>
  )
}

interface TasksProps {
  readonly state: Shown
  readonly calendars: readonly number[]
  readonly onOpen: (task: Task) => void
  readonly onDone: (task: Task, isDone: boolean) => void
  readonly onPart: (task: Task) => void
}

function Tasks({ state, calendars, ...told }: TasksProps) {
  const { t } = useTranslation('tasks')
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTasks(
    state,
    calendars,
  )
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (data.length === 0) return <Empty text={t(`empty.${state}`)} />
  return (
    <Stack gap="lg">
      {groupsOf(data).map(({ due, branches }) => (
        <Stack key={due} gap={4} component="section" aria-label={t(`due.${due}`)}>
          {state === 'open' && (
            <Title order={3} size="h6">
              {t(`due.${due}`)}
            </Title>
          )}
          <Stack component="ul" gap={0} m={0} p={0}>
            {branches.map((branch) => (
              <TaskRow key={branch.task.id} branch={branch} isLate={due === 'overdue'} {...told} />
            ))}
          </Stack>
        </Stack>
      ))}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}
