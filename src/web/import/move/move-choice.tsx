import { Alert, Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailedPart, Loading } from '../../ui/states.tsx'
import { useOwnPlaces } from '../imports.ts'
import { isNameBad, MoveRow } from './move-row.tsx'
import { newOne, type Place, type Sighted, useReason, useStart } from './moves.ts'

interface MoveChoiceProps {
  readonly place: Place
  readonly found: readonly Sighted[]
  readonly onBack: () => void
  readonly onStarted: () => void
}

/** What is there: what of it is taken, and into what. */
export function MoveChoice({ place, found, onBack, onStarted }: MoveChoiceProps) {
  const { t } = useTranslation('import')
  const chosen = useChosen(found)
  const [follow, setFollow] = useState(false)
  const places = useOwnPlaces()
  const start = useStart(onStarted)
  const reasonOf = useReason()
  if (places.isPending) return <Loading />
  const { collections } = chosen
  return (
    <Stack maw={720} component="section" aria-label={t('moving.found')}>
      <div>
        <Title order={3} size="h4">
          {t('moving.found')}
        </Title>
        <Text size="sm" c="dimmed">
          {`${place.user} · ${place.url}`}
        </Text>
      </div>
      <FailedPart of={places.asked} />
      <KindOf kind="addressbook" {...{ found, chosen }} places={places.books} />
      <KindOf kind="calendar" {...{ found, chosen }} places={places.calendars} />
      <Checkbox
        label={t('follow')}
        description={t('followWhy')}
        checked={follow}
        onChange={({ currentTarget }) => setFollow(currentTarget.checked)}
      />
      {start.error && (
        <Alert color="red" role="alert" title={t('states.failed')}>
          {reasonOf(start.error, place.url)}
        </Alert>
      )}
      <Group>
        <Button
          disabled={collections.length === 0 || chosen.isNameless}
          loading={start.isPending}
          onClick={() => start.mutate({ ...place, follow, collections })}
        >
          {t('moving.take', { count: collections.length })}
        </Button>
        <Button variant="default" onClick={onBack} disabled={start.isPending}>
          {t('moving.back')}
        </Button>
      </Group>
    </Stack>
  )
}

/** What somebody has chosen of what is there. */
function useChosen(found: readonly Sighted[]) {
  const usual = found.filter(isUsual).map(({ url }) => url)
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set(usual))
  const [into, setInto] = useState<Readonly<Record<string, string>>>({})
  const [names, setNames] = useState<Readonly<Record<string, string>>>({})
  const nameOf = ({ url, title }: Sighted): string => names[url] ?? title
  const goesTo = (one: Sighted): string => into[one.url] ?? one.into?.name ?? newOne
  const toggle = (url: string): void => {
    const next = new Set(taken)
    if (!next.delete(url)) next.add(url)
    setTaken(next)
  }
  const wanted = found.filter(({ url }) => taken.has(url))
  const collections = wanted.map((one) => {
    const { url } = one
    if (goesTo(one) !== newOne) return { url, into: goesTo(one) }
    return { url, ...(url in names && { title: nameOf(one).trim() }) }
  })
  const isNameless = wanted.some(
    (one) => one.url in names && goesTo(one) === newOne && isNameBad(nameOf(one)),
  )
  const put = (url: string, name: string): void => setInto({ ...into, [url]: name })
  const call = (url: string, name: string): void => setNames({ ...names, [url]: name })
  return { taken, toggle, goesTo, put, nameOf, call, collections, isNameless }
}

/** What is of the user, and has a place. */
function isUsual({ left, before }: Sighted): boolean {
  return left === null && before !== 'gone'
}

interface KindOfProps {
  readonly kind: Sighted['kind']
  readonly found: readonly Sighted[]
  readonly chosen: ReturnType<typeof useChosen>
  readonly places: readonly { readonly name: string; readonly title: string }[]
}

function KindOf({ kind, found, chosen, places }: KindOfProps) {
  const { t } = useTranslation('import')
  const rows = found
    .filter((one) => one.kind === kind)
    .toSorted((one, other) => one.title.localeCompare(other.title))
  if (rows.length === 0) return null
  const name = t(kind === 'calendar' ? 'calendars' : 'books')
  return (
    <Stack gap="sm" role="group" aria-label={name}>
      <Title order={4} size="h6">
        {name}
      </Title>
      {rows.map((one) => (
        <MoveRow
          key={one.url}
          sighted={one}
          isTaken={chosen.taken.has(one.url)}
          onToggle={() => chosen.toggle(one.url)}
          places={places}
          into={chosen.goesTo(one)}
          onInto={(into) => chosen.put(one.url, into)}
          name={chosen.nameOf(one)}
          onName={(name) => chosen.call(one.url, name)}
        />
      ))}
    </Stack>
  )
}
