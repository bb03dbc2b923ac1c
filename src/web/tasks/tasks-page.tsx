import '@mantine/dates/styles.css'
import { Box, Group, SegmentedControl, Select, Stack, Title } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { useLocalStorage } from '@mantine/hooks'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Calendar, takes, useCalendars } from '../calendar/calendar.ts'
import { dateLanguageOf } from '../calendar/date-texts.ts'
import { dayIn, firstWeekday } from '../calendar/times.ts'
import { useZone } from '../calendar/zone.ts'
import { useChange } from '../client/change.ts'
import { dropItem } from '../client/items.ts'
import { localeOf } from '../i18n/locale.ts'
import { ObjectHistory } from '../things/lazy.tsx'
import { ConflictDialog } from '../ui/conflict.tsx'
import { useDates } from '../ui/dates.ts'
import { useKey } from '../ui/keys.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { taskDifferences } from './differences.ts'
import { changeOf, type Draft, draftOf, newDraft, wishOf } from './draft.ts'
import { groupsOf } from './groups.ts'
import { keepPlace } from './keep-place.ts'
import { QuickAdd } from './quick-add.tsx'
import { TaskForm } from './task-form.tsx'
import { type RowActs, Rows } from './task-row.tsx'
import {
  createTask,
  deleteTask,
  type Shown,
  shownNew,
  type Task,
  type TaskWish,
  useTaskChange,
  useTasks,
} from './tasks.ts'

/** What is to be done, by when. */
export function TasksPage() {
  // The fields of rules and alarms speak as the calendar does.
  const { t, i18n } = useTranslation(['tasks', 'calendar'])
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
  /** Another one that takes its place has another number. */
  readonly nth?: number
  readonly initial: Draft
  readonly task?: Task
}

const all = 'all'

function TaskLists({ lists }: { readonly lists: readonly Calendar[] }) {
  const { t } = useTranslation('tasks')
  const [state, setState] = useState<Shown>('open')
  const [list, setList] = useState(all)
  const [form, setForm] = useState<Form>()
  const [told, setTold] = useState<Task>()
  const chosen = list === all ? lists : lists.filter(({ id }) => String(id) === list)
  const writable = chosen.filter(({ rights }) => rights.add)
  const home = writable.find(({ isDefault }) => isDefault) ?? writable[0]
  const acts = useActs(lists, (done) => setForm((seen) => (seen === done ? undefined : seen)))
  const zone = useZone()
  const write = (next: Form): void => setForm((seen) => ({ ...next, nth: (seen?.nth ?? 0) + 1 }))
  const begin = (parent?: Task): void => {
    if (home) write({ initial: newDraft(home.id, parent, zone) })
  }
  useKey('n', t('new'), () => begin())
  return (
    <Box maw={760} mx="auto" p="md">
      <Head {...{ lists, list, state }} onList={setList} onState={setState} />
      {home && state === 'open' && (
        <QuickAdd onAdd={(title, due) => acts.create({ wish: { calendar: home.id, title, due } })} />
      )}
      <Tasks
        state={state}
        calendars={chosen.map(({ id }) => id)}
        onOpen={(task) => write({ initial: draftOf(task, zone), task })}
        onDone={acts.complete}
        onPart={begin}
        onInto={acts.into}
        onHistory={setTold}
        onRemove={acts.remove}
      />
      {form && (
        <TaskForm
          key={form.nth}
          title={t(form.task ? 'form.editTitle' : 'form.newTitle')}
          initial={form.initial}
          lists={lists.filter(({ id, rights }) => rights.add || id === form.initial.calendar)}
          isSent={acts.isSent(form)}
          onSave={(draft) => acts.save(form, draft)}
          onDelete={form.task?.rights.remove ? () => acts.remove(form.task, form) : undefined}
          onClose={() => setForm(undefined)}
        />
      )}
      {told && (
        <ObjectHistory
          id={told.id}
          name={told.title || t('untitled')}
          mayWrite={told.rights.edit}
          onClose={() => setTold(undefined)}
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
      <Title order={2}>{t('title')}</Title>
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

interface Created {
  readonly wish: TaskWish
  readonly form?: Form
}

interface Removed {
  readonly task: Task
  readonly form?: Form
}

/** What is done with tasks. */
function useActs(calendars: readonly Calendar[], done: (form: object | undefined) => void) {
  const { t, i18n } = useTranslation('tasks')
  const { t: told } = useTranslation('calendar')
  const { day, time } = useDates()
  const telling = { t: told, day, time, calendars, language: localeOf(i18n.language) }
  const create = useChange({
    send: ({ wish }: Created) => createTask(wish),
    patches: ({ wish }) => [shownNew(wish)],
    keys: [['tasks']],
    said: ({ wish: { title } }) => t('said.created', { title }),
    onDone: (_, { form }) => done(form),
  })
  const change = useTaskChange(
    ({ task: { title }, change: { status } }) =>
      t(status === 'completed' ? 'said.completed' : 'said.changed', { title: title || t('untitled') }),
    ({ form }) => done(form),
  )
  const remove = useChange({
    send: ({ task: { id, etag } }: Removed) => deleteTask(id, etag),
    patches: ({ task: { id } }) => [dropItem(['tasks'], id)],
    keys: [['tasks']],
    said: ({ task: { title } }) => t('said.deleted', { title: title || t('untitled') }),
    onDone: (_, { form }) => done(form),
  })
  const save = (form: Form, draft: Draft): void => {
    const { task, initial } = form
    if (!task) {
      create.make({ wish: wishOf(draft), form })
      return
    }
    const wanted = changeOf(initial, draft)
    if (Object.keys(wanted).length === 0) done(form)
    else change.make({ task, change: wanted, form })
  }
  return {
    create: create.make,
    save,
    into: (task: Task, parent: number | null) => {
      keepPlace(task.id)
      change.make({ task, change: { parent } })
    },
    complete: (task: Task, isDone: boolean) => {
      keepPlace(task.id)
      change.make({ task, change: { status: isDone ? 'completed' : 'needs-action' } })
    },
    remove: (task: Task | undefined, form?: Form) => {
      if (!task) return
      keepPlace(task.id)
      remove.make({ task, ...(form && { form }) })
    },
    isSent: (form: Form) => [create, change, remove].some(({ sent }) => sent?.form === form),
    dialog: (
      <ConflictDialog
        conflict={change.conflict}
        differences={({ change: mine }, theirs) => taskDifferences(mine, theirs, telling, t)}
      />
    ),
  }
}

interface TasksProps extends Omit<RowActs, 'folded' | 'onFold'> {
  readonly state: Shown
  readonly calendars: readonly number[]
}

function Tasks({ state, calendars, ...acts }: TasksProps) {
  const { t } = useTranslation('tasks')
  const pages = useTasks(state, calendars)
  const { data, error, isPending, refetch } = pages
  const [folded, onFold] = useFolded()
  const zone = useZone()
  // Looked at anew on another day.
  const today = dayIn(zone, new Date())
  const groups = useMemo(() => groupsOf(data ?? [], zone, today), [data, zone, today])
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (data.length === 0) return <Empty text={t(`empty.${state}`)} />
  return (
    <Stack gap="lg" onKeyDown={moveFocus}>
      {groups.map(({ due, branches }) => (
        <Stack key={due} gap={4} component="section" aria-label={t(`due.${due}`)}>
          {state === 'open' && (
            <Title order={3} size="h6">
              {t(`due.${due}`)}
            </Title>
          )}
          <Stack component="ul" gap={0} m={0} p={0}>
            <Rows branches={branches} isLate={due === 'overdue'} {...acts} folded={folded} onFold={onFold} />
          </Stack>
        </Stack>
      ))}
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </Stack>
  )
}

/** The tasks whose parts are not to be seen: remembered in this browser. */
function useFolded(): readonly [folded: ReadonlySet<number>, toggle: (id: number) => void] {
  const [ids, setIds] = useLocalStorage<number[]>({ key: 'farley-folded-tasks', defaultValue: [] })
  const toggle = (id: number): void =>
    setIds((seen) => (seen.includes(id) ? seen.filter((one) => one !== id) : [...seen.slice(-200), id]))
  return [useMemo(() => new Set(ids), [ids]), toggle]
}

/** From one task to the next by the arrows. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.task-open')]
  const at = event.target instanceof HTMLElement ? rows.indexOf(event.target) : -1
  if (by === undefined || at === -1) return
  event.preventDefault()
  rows[at + by]?.focus()
}
