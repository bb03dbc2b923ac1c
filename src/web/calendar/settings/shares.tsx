import { ActionIcon, Group, Select, Stack, Text, Title } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { dropItem, isPending, patchItem, patchList, pendingId } from '../../client/items.ts'
import { PrincipalPicker } from '../../sharing/principal-picker.tsx'
import type { Principal } from '../../sharing/sharing.ts'
import { SharingHistory } from '../../sharing/sharing-history.tsx'
import { Failed } from '../../ui/states.tsx'
import type { Calendar } from '../calendar.ts'
import { type Access, accesses, changeShare, type Share, share, unshare, useShares } from './settings.ts'

/** Who sees a calendar, and what they may do with it. */
export function Shares({ calendar }: { readonly calendar: Calendar }) {
  const { t } = useTranslation('calendar')
  const { data = [], error, isSuccess, refetch } = useShares(calendar)
  const give = useChange({
    send: ({ name }: Principal) => share({ collection: calendar.name, with: name, access: 'read' }),
    patches: (whom) => [
      patchList<Share>(['shares'], (seen) => [...seen, newShare(calendar, whom)], 'shares'),
    ],
    keys: [['shares'], ['calendars']],
  })
  return (
    <Stack gap="xs" component="section" aria-label={t('shares.title')}>
      <Title order={3} size="h6">
        {t('shares.title')}
      </Title>
      {error && <Failed error={error} again={() => void refetch()} />}
      {isSuccess && data.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('shares.none')}
        </Text>
      )}
      {data.map((one) => (
        <ShareRow key={one.id} share={one} />
      ))}
      <PrincipalPicker
        label={t('shares.add')}
        taken={data.map(({ with: { name } }) => name)}
        onPick={give.make}
      />
    </Stack>
  )
}

/** How it stands with whom it was just offered. */
function newShare({ name, title }: Calendar, whom: Principal): Share {
  const collection = { kind: 'calendar', name, displayName: title } as const
  return { id: pendingId(), collection, with: whom, access: 'read', summary: null }
}

function ShareRow({ share: given }: { readonly share: Share }) {
  const { t } = useTranslation('calendar')
  const keys = [['shares'], ['calendars']]
  const { id, collection, with: whom, access, state, summary } = given
  const change = useChange({
    send: (next: Access) => changeShare(id, next),
    patches: (next) => [patchItem<Share>(['shares'], id, { access: next })],
    keys,
    back: () => () => changeShare(id, access),
    said: () => t('shares.changed', { name: whom.displayName }),
  })
  const end = useChange({
    send: () => unshare(id),
    patches: () => [dropItem(['shares'], id)],
    keys,
    back: () => () =>
      share({
        ...{ collection: collection.name, with: whom.name, access },
        ...(summary !== null && { summary }),
      }),
    said: () => t('shares.ended', { name: whom.displayName }),
  })
  return (
    <Group gap="xs" wrap="nowrap" aria-busy={isPending(given)}>
      <Stack gap={0} flex={1} miw={0}>
        <Text truncate>{whom.displayName}</Text>
        {state && (
          <Text size="sm" c="dimmed">
            {t(`shares.state.${state}`)}
          </Text>
        )}
      </Stack>
      <Select
        aria-label={t('shares.access', { name: whom.displayName })}
        value={access}
        w={170}
        allowDeselect={false}
        disabled={isPending(given)}
        onChange={(next) => next !== null && change.make(next as Access)}
        data={accesses.map((value) => ({ value, label: t(`access.${value}`) }))}
      />
      <SharingHistory
        kind="share"
        path={`/shares/${id}`}
        name={whom.displayName}
        isDisabled={isPending(given)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={isPending(given)}
        aria-label={t('shares.end', { name: whom.displayName })}
        onClick={() => end.make(undefined)}
      >
        <IconX size={16} />
      </ActionIcon>
    </Group>
  )
}
