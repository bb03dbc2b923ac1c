import { Anchor, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearch, useSearchParams } from 'wouter'
import { useDates } from '../ui/dates.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { FindObject } from './find-object.tsx'
import { HeldHint, HeldList } from './held/held-list.tsx'
import { HeldPage } from './held/held-page.tsx'
import { type ServedObject, type ServedToAll, useCardsOf, useServed } from './served.ts'
import { Verdict } from './verdict.tsx'

/** Why a contact or an event is, or is not, on the devices of whoever asks. */
export function ServedPage() {
  const { t } = useTranslation('served')
  const { what, id = '' } = useParams<{ what?: string; id?: string }>()
  const isNumber = /^\d{1,15}$/.test(id)
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={760} gap="lg">
      <div>
        <Title order={2}>{what === 'held' ? t('held.title') : t('title')}</Title>
        <Text size="sm" c="dimmed">
          {what === 'held' ? t('held.why') : t('why')}
        </Text>
      </div>
      {what === 'held' ? (
        isNumber ? (
          <HeldPage key={id} id={Number(id)} />
        ) : (
          <HeldList />
        )
      ) : what === 'person' && isNumber ? (
        <OfPerson key={id} partyId={Number(id)} />
      ) : what === 'object' && isNumber ? (
        <OfObject key={id} objectId={Number(id)} />
      ) : (
        <>
          <HeldHint />
          <FindObject />
        </>
      )}
    </Stack>
  )
}

/** Somebody may have a card in several books. */
function OfPerson({ partyId }: { readonly partyId: number }) {
  const { t } = useTranslation('served')
  const { data, error, isPending, refetch } = useCardsOf(partyId)
  const [chosen, setChosen] = useState<string | null>(null)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const [first] = data
  if (!first) return <Empty text={t('noCard')} />
  return (
    <Stack gap="lg">
      {data.length > 1 && (
        <Select
          label={t('book')}
          data={data.map(({ id, book }) => ({ value: String(id), label: book.displayName }))}
          value={chosen ?? String(first.id)}
          onChange={setChosen}
          allowDeselect={false}
          maw={380}
        />
      )}
      <OfObject objectId={chosen === null ? first.id : Number(chosen)} />
    </Stack>
  )
}

function OfObject({ objectId }: { readonly objectId: number }) {
  const { t } = useTranslation('served')
  const { data, error, isPending, refetch } = useServed(objectId)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="md">
      <About object={data.object} />
      {data.devices.length === 0 ? (
        <Empty text={t('noDevices')}>
          <Button component={Link} href="/account/devices/new">
            {t('addDevice')}
          </Button>
        </Empty>
      ) : (
        <Devices {...data} />
      )}
    </Stack>
  )
}

function About({ object }: { readonly object: ServedObject }) {
  const { t } = useTranslation('served')
  const { time } = useDates()
  const search = useSearch()
  const { id, kind, title, collection, changedAt } = object
  return (
    <Group justify="space-between" align="flex-start">
      <div style={{ minInlineSize: 0 }}>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {title || t('untitled')}
        </Text>
        <Text size="sm" c="dimmed">
          {t('about', { kind: t(`kinds.${kind}`), collection: collection.title, when: time(changedAt) })}
        </Text>
        <Text size="sm" c="dimmed">
          {t('number', { id })}
        </Text>
      </div>
      <Button component={Link} href={`/served${search === '' ? '' : `?${search}`}`} variant="default">
        {t('other')}
      </Button>
    </Group>
  )
}

/** All of them, or the one that was come from. */
function Devices({ object, devices }: ServedToAll) {
  const { t } = useTranslation('served')
  const [search, setSearch] = useSearchParams()
  const wanted = search.get('device')
  const choose = (value: string | null): void =>
    setSearch(value === null || value === '' ? {} : { device: value }, { replace: true })
  const shown = devices.filter(({ device }) => wanted === null || String(device.id) === wanted)
  return (
    <Stack gap="md">
      {devices.length > 1 && (
        <Select
          label={t('device')}
          data={[
            { value: '', label: t('allDevices') },
            ...devices.map(({ device }) => ({ value: String(device.id), label: device.label })),
          ]}
          value={wanted ?? ''}
          onChange={choose}
          allowDeselect={false}
          maw={380}
        />
      )}
      {(shown.length > 0 ? shown : devices).map(({ device, served }) => (
        <Verdict
          key={device.id}
          name={
            <Anchor component={Link} href={`/account/devices/${device.id}`} inherit>
              {device.label}
            </Anchor>
          }
          usedAt={device.lastUsedAt}
          served={served}
          object={object}
        />
      ))}
    </Stack>
  )
}
