import { Text } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { openForm } from '../../ui/dialog/forms.tsx'
import { Failed, FailedPart, Loading } from '../../ui/states.tsx'
import { chosenOf, useSelection } from '../bulk/selection.ts'
import { Hits } from './hits.tsx'
import type { Asked } from './people.ts'
import { Rows } from './rows.tsx'
import { none, type SmartList, useBooks, useLabels, useSmartLists } from './sides.ts'
import { Toolbar } from './toolbar.tsx'
import { filterOf, type View, type Viewing } from './view.ts'

const ExportMenu = lazy(async () => ({ default: (await import('../bulk/export-menu.tsx')).ExportMenu }))
const BulkBar = lazy(async () => ({ default: (await import('../bulk/bulk-bar.tsx')).BulkBar }))
const FilterBuilder = lazy(async () => ({
  default: (await import('../filter/filter-builder.tsx')).FilterBuilder,
}))
const ListMenu = lazy(async () => ({ default: (await import('../filter/list-menu.tsx')).ListMenu }))
const ShareMenu = lazy(async () => ({ default: (await import('../filter/share-menu.tsx')).ShareMenu }))
const Invites = lazy(async () => ({ default: (await import('../../sharing/invites.tsx')).Invites }))
const NewParty = lazy(async () => ({ default: (await import('./new-party.tsx')).NewParty }))

interface PeopleListProps {
  readonly viewing: Viewing
  readonly chosen: number | undefined
  readonly onSides: (() => void) | undefined
}

/** The people of a view, with what is done to them. */
export function PeopleList(props: PeopleListProps) {
  const { view } = props.viewing
  const lists = useSmartLists()
  const saved = view.list === undefined ? undefined : lists.data?.find(({ id }) => id === view.list)
  const asked = useMemo<Asked>(
    () => ({ filter: filterOf(view, saved?.filter as View['filter']), q: view.q, order: view.order }),
    [view, saved],
  )
  if (view.list !== undefined && lists.data === undefined)
    return lists.error ? <Failed error={lists.error} again={() => void lists.refetch()} /> : <Loading />
  return <AskedList key={`${view.list} ${view.edit}`} {...props} asked={asked} saved={saved} />
}

interface AskedListProps extends PeopleListProps {
  readonly asked: Asked
  readonly saved: SmartList | undefined
}

function AskedList({ viewing, chosen, onSides, asked, saved }: AskedListProps) {
  const { view, search } = viewing
  const [count, setCount] = useState<number>()
  const [isFiltering, setIsFiltering] = useState(view.filter !== undefined || view.edit !== undefined)
  const labels = useLabels()
  const books = useBooks()
  const book = books.data?.find(({ id }) => id === view.book)
  const selection = useSelection(asked)
  const colors = useMemo(
    () =>
      new Map(
        (labels.data ?? none).flatMap(({ name, color }) => (color === null ? [] : [[name, color] as const])),
      ),
    [labels.data],
  )
  // Words are looked for among everybody in the index; among some of them the list itself is asked.
  const isSearch = view.q !== '' && 'all' in asked.filter && asked.filter.all.length === 0
  const onCount = useCallback((found: number | undefined) => setCount(found), [])
  return (
    <div className="people-list" data-wide={chosen === undefined || undefined}>
      <Toolbar
        viewing={viewing}
        onSides={onSides}
        onFilter={() => setIsFiltering((is) => !is)}
        onNew={() => openForm((close) => <NewParty at={view.book} onClose={close} />)}
      />
      {/* Where the sides are in sight, they say it. */}
      {onSides && <FailedPart of={[books, labels]} />}
      <Suspense>
        <Invites kind="addressbook" />
        {isFiltering && <FilterBuilder viewing={viewing} onClose={() => setIsFiltering(false)} />}
      </Suspense>
      <Suspense fallback={<div className="list-status" />}>
        {selection.count > 0 ? (
          <BulkBar selection={selection} count={count ?? 0} />
        ) : (
          <Status title={saved?.name ?? view.label ?? book?.title} count={count}>
            {!isSearch && count !== undefined && count > 0 && <ExportMenu chosen={chosenOf(asked)} />}
            {saved && <ListMenu list={saved} viewing={viewing} />}
            {!saved && <ShareMenu view={view} books={books.data ?? none} />}
          </Status>
        )}
      </Suspense>
      {isSearch ? (
        <Hits q={view.q} {...{ chosen, search, onCount }} />
      ) : (
        <Rows key={JSON.stringify(asked)} {...{ asked, chosen, selection, search, colors, onCount }} />
      )}
    </div>
  )
}

interface StatusProps {
  readonly title: string | undefined
  readonly count: number | undefined
  readonly children: ReactNode
}

/** Whose list it is, and how many there are. */
function Status({ title, count, children }: StatusProps) {
  const { t } = useTranslation('contacts')
  return (
    <div className="list-status">
      {title !== undefined && (
        <Text size="sm" fw={600} truncate>
          {title}
        </Text>
      )}
      <Text size="sm" c="dimmed" role="status" flex={1}>
        {count !== undefined && t('count', { count })}
      </Text>
      {children}
    </div>
  )
}
