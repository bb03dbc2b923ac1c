import { IconBuilding, IconCopy, IconFilter, IconUser, IconUsers } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { MoreButton, useInSteps } from '../../ui/more-button.tsx'
import { FailedPart, LoadingPart } from '../../ui/states.tsx'
import { BookSection } from './book-section.tsx'
import { Dot } from './label-dots.tsx'
import { Place, Section } from './place.tsx'
import { none, useBooks, useDuplicateCount, useLabels, useListCounts, useSmartLists } from './sides.ts'
import { everybody, type View, writeView } from './view.ts'

const Left = lazy(async () => ({ default: (await import('../../sharing/invites.tsx')).Left }))

interface SidebarProps {
  readonly view: View
  readonly onFollow?: () => void
}

/** Which people there are to look at: all, those of a book, of a label, of a list that was saved. */
export function Sidebar({ view, onFollow }: SidebarProps) {
  const { t } = useTranslation('contacts')
  const books = useBooks()
  const labels = useLabels()
  const lists = useSmartLists()
  const counts = useListCounts()
  const twice = useDuplicateCount()
  const { shown, pages } = useInSteps(labels.data ?? none)
  const place = (to: Partial<View>, label: string, icon: ReactNode, count?: number) => {
    const href = `/contacts${writeView({ ...everybody, ...to })}`
    return <Place key={href} {...{ href, label, icon, count, onFollow }} isHere={isAt(view, to)} />
  }
  return (
    <nav className="sidebar" aria-label={t('sides.all')}>
      {place({}, t('sides.everybody'), <IconUsers size={18} />)}
      {place({ kind: 'person' }, t('sides.people'), <IconUser size={18} />)}
      {place({ kind: 'org' }, t('sides.companies'), <IconBuilding size={18} />)}
      {(twice.data ?? 0) > 0 && (
        <Place
          href="/duplicates"
          label={t('sides.duplicates')}
          icon={<IconCopy size={18} />}
          count={twice.data}
          isHere={false}
          onFollow={onFollow}
        />
      )}
      <BookSection {...{ view, onFollow }} />
      <Suspense>
        <Left kind="addressbook" />
      </Suspense>
      {(lists.data?.length ?? 0) > 0 && <Section text={t('sides.lists')} />}
      {lists.data?.map(({ id, name, color }) =>
        place(
          { list: id },
          name,
          <IconFilter size={18} {...(color !== null && { color })} />,
          counts.data?.get(id),
        ),
      )}
      {shown.length > 0 && <Section text={t('sides.labels')} />}
      {shown.map(({ name, color, count }) =>
        place({ label: name }, name, <Dot color={color ?? undefined} />, count),
      )}
      <MoreButton pages={pages} variant="subtle" size="compact-sm">
        {t('states.more')}
      </MoreButton>
      {!labels.data && <LoadingPart of={labels} />}
      <FailedPart of={[books, lists, counts, labels, twice]} />
    </nav>
  )
}

function isAt(view: View, to: Partial<View>): boolean {
  return (['book', 'label', 'list', 'kind'] as const).every((key) => view[key] === to[key])
}
