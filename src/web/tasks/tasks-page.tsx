import '@mantine/dates/styles.css'
import { Box, Group, SegmentedControl, Select, Stack, Title } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Calendar, takes, useCalendars } from '../calendar/calendar.ts'
import { dayIn } from '../calendar/times.ts'
import { InDates } from '../calendar/writing/in-dates.tsx'
import { useZone } from '../calendar/zone.ts'
import { ObjectHistory } from '../things/lazy.tsx'
import { openForm } from '../ui/dialog/forms.tsx'
import { useKey } from '../ui/keys.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useActs } from './acts.tsx'
import { type Draft, draftOf, newDraft } from './draft.ts'
import { groupsOf } from './groups.ts'
import { QuickAdd } from './quick-add.tsx'
import { type RowActs, Rows } from './task-row.tsx'
import { type Shown, type Task, useTasks } from './tasks.ts'
import { WrittenTask } from './written-task.tsx'

/** What is to be done, by when. */
export function TasksPage() {
  // The fields of rules and alarms speak as the calendar does.
  const { t } = useTranslation(['tasks', 'calendar'])
  const { data, error, isPending, refetch } = useCalendars()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const lists = data.filter((one) => takes(one, 'VTODO') && one.shows !== 'busy')
  if (lists.length === 0) return <Empty text={t('noList')} />
  return (
    <InDates>
      <TaskLists lists={lists} />
    </InDates>
  )
}

const all = 'all'

function TaskLists({ lists }: { readonly lists: readonly Calendar[] }) {
  const { t } = useTranslation('tasks')
  const [state, setState] = useState<Shown>('open')
  const [list, setList] = useState(all)
  const [told, setTold] = useState<Task>()
  const chosen = list === all ? lists : lists.filter(({ id }) => String(id) === list)
  const writable = chosen.filter(({ rights }) => rights.add)
  const home = writable.find(({ isDefault }) => isDefault) ?? writable[0]
  const zone = useZone()
  const write = (initial: Draft, task?: Task): void =>
    openForm((close) => <WrittenTask {...{ initial, task, lists }} onClose={close} />)
  const begin = (parent?: Task): void => {
    if (home) write(newDraft(home.id, parent, zone))
  }
  const acts = useActs(lists, undefined, ({ calendar, title, due }) =>
    write({ ...newDraft(calendar, undefined, zone), title, dueDay: due ?? '' }),
  )
  useKey('n', t('new'), () => begin())
  return (
    <Box maw={760} p={{ base: 'md', sm: 'lg' }}>
      <Head {...{ lists, list, state }} onList={setList} onState={setState} />
      {home && state === 'open' && (
        <QuickAdd onAdd={(title, due) => acts.create({ calendar: home.id, title, due })} />
      )}
      <Tasks
        state={state}
        calendars={chosen.map(({ id }) => id)}
        onOpen={(task) => write(draftOf(task, zone), task)}
        onDone={acts.complete}
        onPart={begin}
        onInto={acts.into}
        onHistory={setTold}
        onRemove={acts.remove}
      />
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
