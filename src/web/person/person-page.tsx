import './person.css'
import { Stack, Tabs } from '@mantine/core'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { useIsNarrow } from '../ui/navigation.tsx'
import { Failed, FailedPart, Loading } from '../ui/states.tsx'
import { intoSight, TabList } from '../ui/tabs/tab-list.tsx'
import { useTitle } from '../ui/title/title.ts'
import { EditConflict } from './card/edit-conflict.tsx'
import { EditingProvider, useEdits } from './card/use-edits.ts'
import { Details } from './details.tsx'
import { Header } from './header/header.tsx'
import { PersonMenu } from './header/person-menu.tsx'
import { type Party, useCards, useWholeParty } from './person.ts'

const Timeline = lazy(async () => ({ default: (await import('./timeline/timeline.tsx')).Timeline }))

const Documents = lazy(async () => ({ default: (await import('./documents/documents.tsx')).Documents }))
const History = lazy(async () => ({ default: (await import('./history/history.tsx')).History }))

const tabs = ['details', 'timeline', 'documents', 'history'] as const

/** Somebody, or a company, with all that is known. */
export function PersonPage({ id }: { readonly id: number }) {
  const { data, error, isPending, refetch } = useWholeParty(id)
  useTitle(data?.data.name)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return <Person key={id} party={data.data} etag={data.etag} />
}

interface PersonProps {
  readonly party: Party
  readonly etag: string | undefined
}

function Person({ party, etag }: PersonProps) {
  const { t } = useTranslation('person')
  const { cards, isPending, error, failed, again } = useCards(party.cards.map(({ id }) => id))
  const [search, setSearch] = useSearchParams()
  const wanted = search.get('tab')
  const tab = tabs.find((one) => one === wanted) ?? 'details'
  const editing = useEdits(party.id)
  const article = useFocusOnPhone(!isPending)
  if (isPending) return <Loading />
  if (failed.length > 0 && cards.length === 0) return <FailedPart of={failed} />
  if (error) return <Failed error={error} again={again} />
  return (
    <EditingProvider value={editing}>
      <EditConflict />
      <Stack
        ref={article}
        tabIndex={-1}
        component="article"
        className="person"
        p="md"
        gap="md"
        maw={920}
        aria-label={party.name}
      >
        <FailedPart of={failed} />
        <Header party={party} cards={cards} menu={<PersonMenu party={party} etag={etag} cards={cards} />} />
        <Tabs
          value={tab}
          keepMounted={false}
          onChange={(value) =>
            setSearch(value === 'details' || value === null ? {} : { tab: value }, { replace: true })
          }
        >
          <TabList>
            {tabs.map((one) => (
              <Tabs.Tab key={one} value={one} ref={one === tab ? intoSight : undefined}>
                {t(`tabs.${one}`)}
              </Tabs.Tab>
            ))}
          </TabList>
          <Suspense fallback={<Loading />}>
            <Tabs.Panel value="details" pt="md">
              <Details party={party} cards={cards} />
            </Tabs.Panel>
            <Tabs.Panel value="timeline" pt="md">
              <Timeline party={party} />
            </Tabs.Panel>
            <Tabs.Panel value="documents" pt="md">
              <Documents party={party} />
            </Tabs.Panel>
            <Tabs.Panel value="history" pt="md">
              <History party={party} />
            </Tabs.Panel>
          </Suspense>
        </Tabs>
      </Stack>
    </EditingProvider>
  )
}

/** On a phone whoever is opened takes the place of the list, and of what had the focus there: it goes to whom it opened. */
function useFocusOnPhone(isShown: boolean) {
  const article = useRef<HTMLDivElement>(null)
  const isNarrow = useIsNarrow()
  useEffect(() => {
    if (isShown && isNarrow && document.activeElement === document.body)
      article.current?.focus({ preventScroll: true })
  }, [isShown, isNarrow])
  return article
}
