import { ActionIcon, Group, Menu, Text, UnstyledButton } from '@mantine/core'
import {
  IconDots,
  IconDownload,
  IconFolderSymlink,
  IconPencil,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { isPending } from '../client/items.ts'
import { useDates } from '../ui/dates.ts'
import { openForm } from '../ui/dialog/forms.tsx'
import { keepPlace } from '../ui/rows/keep-place.ts'
import type { RowPlace } from '../ui/rows/window-rows.tsx'
import { useSizes } from '../ui/sizes.ts'
import { type FileEntry, useFileActions } from './files.ts'
import { MoveDialog } from './move-dialog.tsx'
import { Rename } from './name-dialog.tsx'
import { FileSign } from './one/file-sign.tsx'
import { SharesDialog } from './shares-dialog.tsx'

interface FileRowProps {
  readonly file: FileEntry
  readonly place: RowPlace | undefined
  readonly open: () => void
}

/** A folder or a file in a list. */
export function FileRow({ file, place, open }: FileRowProps) {
  const { t } = useTranslation('files')
  const sizeOf = useSizes()
  const dates = useDates()
  const { name, kind, size, changedAt, author } = file
  const about = [kind === 'file' ? sizeOf(size) : '', dates.time(changedAt), author?.displayName ?? '']
  return (
    <li {...place} data-file={file.id} aria-busy={isPending(file)}>
      <Group
        wrap="nowrap"
        gap={4}
        pe="xs"
        style={{ borderBlockEnd: '1px solid var(--mantine-color-default-border)' }}
      >
        <UnstyledButton onClick={open} disabled={isPending(file)} flex={1} miw={0} px="md" py={8}>
          <Group wrap="nowrap" gap="sm">
            <FileSign file={file} />
            <div style={{ minInlineSize: 0 }}>
              <Text truncate>{name}</Text>
              <Text size="xs" c="dimmed" truncate>
                {about.filter((part) => part !== '').join(' · ')}
              </Text>
            </div>
          </Group>
        </UnstyledButton>
        {!isPending(file) && <FileMenu file={file} label={t('actions', { name })} />}
      </Group>
    </li>
  )
}

const fileRows = { attribute: 'data-file', parts: ['button'] } as const

/** What can be done with one of them; what may not be done is not there. */
function FileMenu({ file, label }: { readonly file: FileEntry; readonly label: string }) {
  const { t } = useTranslation('files')
  const { remove } = useFileActions()
  const { rights, kind, id } = file
  const rename = (): void => openForm((close) => <Rename file={file} onClose={close} />)
  const share = (): void => openForm((close) => <SharesDialog folder={file} onClose={close} />)
  const move = (): void => openForm((close) => <MoveDialog file={file} onClose={close} />)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {kind === 'file' && (
          <Menu.Item
            component="a"
            href={`/api/files/${id}/content?download=1`}
            leftSection={<IconDownload size={16} />}
          >
            {t('download')}
          </Menu.Item>
        )}
        {rights.rename && (
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={rename}>
            {t('rename')}
          </Menu.Item>
        )}
        {rights.share && (
          <Menu.Item leftSection={<IconUsers size={16} />} onClick={share}>
            {t('shares.act')}
          </Menu.Item>
        )}
        {rights.remove && (
          <Menu.Item leftSection={<IconFolderSymlink size={16} />} onClick={move}>
            {t('move')}
          </Menu.Item>
        )}
        {rights.remove && (
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} />}
            onClick={() => {
              keepPlace(fileRows, id)
              remove.make(file)
            }}
          >
            {t('delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
