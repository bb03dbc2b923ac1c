import { ActionIcon, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconLinkOff, IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { partyLinks } from '../../../features/files/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { dropItem } from '../../client/items.ts'
import { usePages } from '../../client/pages.ts'
import { queryClient } from '../../client/query.ts'
import { useDrop } from '../../files/drop.ts'
import { FileSign } from '../../files/one/file-sign.tsx'
import { isShowable, Preview } from '../../files/one/preview.tsx'
import { Sendings } from '../../files/sendings.tsx'
import { sendFiles } from '../../files/uploads.ts'
import { useDates } from '../../ui/dates.ts'
import { FilePicker } from '../../ui/file-picker.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { useSizes } from '../../ui/sizes.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { DialogFrame } from '../dialog.tsx'
import { keys, type Party } from '../person.ts'

type LinkPage = z.infer<typeof partyLinks>
type Linked = LinkPage['items'][number]

/** Files of somebody: dropped here they are kept among one's own, and tied to him. */
export function Documents({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const take = (files: readonly File[]): void => {
    const after = (): Promise<unknown> => queryClient.invalidateQueries({ queryKey: ['party', party.id] })
    void sendFiles({ path: `/parties/${party.id}/files`, mayClash: false, after }, files)
  }
  const { isOver, on } = useDrop(take)
  return (
    <section className={isOver ? 'drop drop-over' : 'drop'} aria-label={t('tabs.documents')} {...on}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t('documents.how')}
        </Text>
        <FilePicker multiple onPick={take}>
          {(props) => (
            <Button size="xs" variant="default" leftSection={<IconUpload size={16} />} {...props}>
              {t('documents.add')}
            </Button>
          )}
        </FilePicker>
      </Group>
      <Sendings />
      <List party={party} />
    </section>
  )
}

function List({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const pages = usePages<LinkPage>(keys.fact(party.id, 'documents'), `/parties/${party.id}/links`, {
    limit: '50',
  })
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0)
    return (
      <Text size="sm" mt="sm">
        {t('documents.none')}
      </Text>
    )
  return (
    <>
      <Stack component="ul" gap={4} m={0} mt="sm" p={0}>
        {items.map((link) => (
          <DocumentRow key={link.id} link={link} partyId={party.id} />
        ))}
      </Stack>
      <MoreButton pages={pages} size="xs">
        {t('more')}
      </MoreButton>
    </>
  )
}

function DocumentRow({
  link: { id, at, author, file },
  partyId,
}: {
  readonly link: Linked
  readonly partyId: number
}) {
  const { t } = useTranslation('person')
  const sizeOf = useSizes()
  const { day } = useDates()
  const [isShown, setIsShown] = useState(false)
  const { make } = useChange<void>({
    send: () => send('DELETE', `/party-links/${id}`),
    patches: () => [dropItem(keys.fact(partyId, 'documents'), id)],
    keys: [['party', partyId]],
    said: () => t('documents.untied'),
  })
  const content = `/api/files/${file.id}/content`
  const by = author?.displayName || author?.name
  const parts = [file.kind === 'file' ? sizeOf(file.size) : '', day(at), by ?? '']
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={4} style={{ listStyle: 'none' }}>
      <FileSign file={file} />
      <div style={{ flex: 1, minWidth: 0 }}>
        {isShowable(file) ? (
          <Anchor component="button" size="sm" onClick={() => setIsShown(true)} ta="start">
            {file.name}
          </Anchor>
        ) : file.kind === 'file' ? (
          <Anchor href={content} target="_blank" rel="noopener" size="sm">
            {file.name}
          </Anchor>
        ) : (
          <Text size="sm">{file.name}</Text>
        )}
        <Text size="xs" c="dimmed">
          {parts.filter((part) => part !== '').join(' · ')}
        </Text>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('documents.untie', { name: file.name })}
        onClick={() => make()}
      >
        <IconLinkOff size={16} />
      </ActionIcon>
      {isShown && <DocumentDialog file={file} onClose={() => setIsShown(false)} />}
    </Group>
  )
}

function DocumentDialog({ file, onClose }: Pick<Linked, 'file'> & { readonly onClose: () => void }) {
  const { t } = useTranslation('person')
  return (
    <DialogFrame title={file.name} size="xl" onClose={onClose}>
      <Stack>
        <Preview file={file} />
        <Anchor href={`/api/files/${file.id}/content?download=1`} download size="sm">
          {t('documents.download')}
        </Anchor>
      </Stack>
    </DialogFrame>
  )
}
