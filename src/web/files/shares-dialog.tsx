import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { folderShares } from '../../features/files/schema.ts'
import { get, send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { dropItem, patchItem, patchList } from '../client/items.ts'
import { PrincipalPicker } from '../sharing/principal-picker.tsx'
import type { Principal } from '../sharing/sharing.ts'
import { SharingHistory } from '../sharing/sharing-history.tsx'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import type { FileEntry } from './files.ts'
import { FolderLinks } from './folder-links.tsx'

type Shares = z.infer<typeof folderShares>
type Share = Shares['items'][number]
type Access = Share['access']

interface SharesDialogProps {
  readonly folder: FileEntry
  readonly onClose: () => void
}

/** Who has a folder, and what they may do in it. */
export function SharesDialog({ folder: { id, name }, onClose }: SharesDialogProps) {
  const { t } = useTranslation('files')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['files', 'shares', id],
    queryFn: ({ signal }) => get<Shares>(`/files/${id}/shares`, signal),
  })
  const { give, change, end } = useSharing(id)
  return (
    <Dialog onClose={onClose} title={t('shares.title', { name })}>
      <Suspense fallback={<Loading />}>
        <Stack gap="sm" mih={320}>
          <Text size="sm" c="dimmed">
            {t('shares.what')}
          </Text>
          {isPending && <Loading />}
          {error && <Failed error={error} again={() => void refetch()} />}
          {data?.items.map((share) => (
            <ShareRow
              key={share.with.name}
              folderId={id}
              share={share}
              isSent={give.sent?.name === share.with.name}
              onAccess={(access) => change.make({ share, access })}
              onEnd={() => end.make(share)}
            />
          ))}
          <PrincipalPicker
            label={t('shares.add')}
            taken={data?.items.map((share) => share.with.name) ?? []}
            onPick={give.make}
          />
          <FolderLinks folderId={id} />
        </Stack>
      </Suspense>
    </Dialog>
  )
}

function useSharing(id: number) {
  const { t } = useTranslation('files')
  const keys = [['files']]
  const post = (body: { readonly with: string; readonly access: Access }) =>
    send<Shares>('POST', `/files/${id}/shares`, { body })
  const key = ['files', 'shares', id]
  // What holds the list is asked, too, and has nobody it is shared with.
  const isOf = (name: string) => (one: Partial<Share>) => one.with?.name === name
  const asItWas = ({ with: { name }, access }: Share) => post({ with: name, access })
  const give = useChange({
    send: ({ name }: Principal) => post({ with: name, access: 'read' }),
    patches: (whom) => [patchList<Share>(key, (seen) => [...seen, { with: whom, access: 'read' }])],
    keys,
    isUndoable: false,
  })
  const change = useChange({
    send: ({ share, access }: { readonly share: Share; readonly access: Access }) =>
      post({ with: share.with.name, access }),
    patches: ({ share, access }) => [patchItem<Share>(key, isOf(share.with.name), { access })],
    keys,
    back:
      ({ share }) =>
      () =>
        asItWas(share),
    said: ({ share }) => t('shares.changed', { name: share.with.displayName }),
  })
  const end = useChange({
    send: ({ with: { name } }: Share) =>
      send<Shares>('DELETE', `/files/${id}/shares/${encodeURIComponent(name)}`),
    patches: (share) => [dropItem<Share>(key, isOf(share.with.name))],
    keys,
    back: (share) => () => asItWas(share),
    said: ({ with: { displayName } }) => t('shares.ended', { name: displayName }),
  })
  return { give, change, end }
}

interface ShareRowProps {
  readonly folderId: number
  readonly share: Share
  /** Whether it is being shared: nothing is said of it until it is. */
  readonly isSent: boolean
  readonly onAccess: (access: Access) => void
  readonly onEnd: () => void
}

function ShareRow({ folderId, share: { with: who, access }, isSent, onAccess, onEnd }: ShareRowProps) {
  const { t } = useTranslation('files')
  return (
    <Group gap="xs" wrap="nowrap" aria-busy={isSent}>
      <Text flex={1} miw={0} truncate>
        {who.displayName}
      </Text>
      <Select
        comboboxProps={{ withinPortal: false }}
        aria-label={t('shares.access', { name: who.displayName })}
        value={access}
        w={170}
        allowDeselect={false}
        disabled={isSent}
        onChange={(next) => next !== null && onAccess(next as Access)}
        data={[
          { value: 'read', label: t('shares.read') },
          { value: 'read-write', label: t('shares.write') },
        ]}
      />
      <SharingHistory
        kind="folder"
        path={`/files/${folderId}/shares/${encodeURIComponent(who.name)}`}
        name={who.displayName}
        isDisabled={isSent}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={isSent}
        aria-label={t('shares.end', { name: who.displayName })}
        onClick={onEnd}
      >
        <IconX size={16} />
      </ActionIcon>
    </Group>
  )
}
