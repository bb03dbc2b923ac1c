import { Box, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconFolderPlus, IconUpload } from '@tabler/icons-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { openForm } from '../ui/dialog/forms.tsx'
import { FilePicker } from '../ui/file-picker.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { WindowRows } from '../ui/rows/window-rows.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useTitle } from '../ui/title/title.ts'
import { Crumbs } from './crumbs.tsx'
import { useDrop } from './drop.ts'
import { FileRow } from './file-row.tsx'
import { type FileEntry, type Homes, type Place, useChildren, useFile, useHomes } from './files.ts'
import { useFolderSending } from './folders.ts'
import { NewFolder } from './name-dialog.tsx'
import { FileDrawer } from './one/file-drawer.tsx'
import { Sendings } from './sendings.tsx'
import { folderTarget, sendFiles } from './uploads.ts'

/** Folders and files: one's own, those of one's groups, and those that others have shared. */
export function FilesPage() {
  const { home, folder } = useParams<{ home?: string; folder?: string }>()
  const { data, error, isPending, refetch } = useHomes()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const own = data.items.find(({ isMine }) => isMine) ?? data.items[0]
  if (folder !== undefined) return <Folder homes={data} place={{ kind: 'folder', id: Number(folder) }} />
  const id = home === undefined ? own?.id : Number(home)
  return id === undefined ? null : <Folder key={id} homes={data} place={{ kind: 'home', id }} />
}

interface FolderProps {
  readonly place: Place
  readonly homes: Homes
}

function Folder({ place, homes }: FolderProps) {
  const [, go] = useLocation()
  const here = useFile(place.kind === 'folder' ? place.id : undefined)
  const [chosen, setChosen] = useState<FileEntry>()
  useTitle(here.data?.name)
  const home = homes.items.find(({ id }) => id === (here.data?.home ?? place.id))
  const mayAdd = place.kind === 'folder' ? (here.data?.rights.add ?? false) : (home?.rights.add ?? false)
  const sendFolders = useFolderSending(place)
  const { isOver, on } = useDrop(
    (files) => void (mayAdd && sendFiles(folderTarget(place), files)),
    (folders) => mayAdd && sendFolders(folders),
  )
  if (here.error) return <Failed error={here.error} again={() => void here.refetch()} />
  return (
    <Box
      mih="calc(100dvh - var(--app-shell-header-offset, 0px) - var(--app-shell-footer-offset, 0px))"
      {...(isOver && mayAdd && { bg: 'var(--mantine-primary-color-light)' })}
      {...on}
    >
      <Group justify="space-between" p={{ base: 'md', sm: 'lg' }} pb="xs">
        <Crumbs home={home} folder={here.data} />
        {mayAdd && <Adding place={place} />}
      </Group>
      <Sendings />
      <Children
        place={place}
        mayAdd={mayAdd}
        open={(file) => (file.kind === 'folder' ? go(`/files/${file.id}`) : setChosen(file))}
      />
      {place.kind === 'home' && home?.isMine && <Others {...homes} />}
      {chosen && <FileDrawer file={chosen} onClose={() => setChosen(undefined)} />}
    </Box>
  )
}

function Adding({ place }: { readonly place: Place }) {
  const { t } = useTranslation('files')
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconFolderPlus size={18} />}
        onClick={() => openForm((close) => <NewFolder place={place} onClose={close} />)}
      >
        {t('newFolder')}
      </Button>
      <FilePicker multiple onPick={(files) => void sendFiles(folderTarget(place), files)}>
        {(props) => (
          <Button {...props} leftSection={<IconUpload size={18} />}>
            {t('upload')}
          </Button>
        )}
      </FilePicker>
    </Group>
  )
}

interface ChildrenProps {
  readonly place: Place
  readonly mayAdd: boolean
  readonly open: (file: FileEntry) => void
}

function Children({ place, mayAdd, open }: ChildrenProps) {
  const { t } = useTranslation('files')
  const pages = useChildren(place)
  const { data, error, isPending, refetch } = pages
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const keyOf = useCallback((at: number) => rows[at]?.id ?? at, [rows])
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (rows.length === 0) return <Empty text={mayAdd ? t('empty') : t('emptyForGuests')} />
  return (
    <Stack gap={0} px={{ base: 0, sm: 'lg' }} component="ul" m={0} style={{ listStyle: 'none' }}>
      <WindowRows count={rows.length} rowHeight={61} keyOf={keyOf}>
        {(at, row) => {
          const file = rows[at]
          return file && <FileRow file={file} place={row} open={() => open(file)} />
        }}
      </WindowRows>
      {pages.hasNextPage && (
        <li>
          <MoreButton pages={pages} variant="subtle" fullWidth>
            {t('more')}
          </MoreButton>
        </li>
      )}
    </Stack>
  )
}

/** The files of groups, and folders that others have shared. */
function Others({ items, shared }: Homes) {
  const { t } = useTranslation('files')
  const [, go] = useLocation()
  const homes = items.filter(({ isMine }) => !isMine)
  if (homes.length + shared.length === 0) return null
  return (
    <Stack gap={4} p={{ base: 'md', sm: 'lg' }}>
      <Title order={2} size="h5">
        {t('ofOthers')}
      </Title>
      <Group gap="xs">
        {homes.map(({ id, title }) => (
          <Button key={id} variant="default" onClick={() => go(`/files/home/${id}`)}>
            {title}
          </Button>
        ))}
        {shared.map(({ id, name }) => (
          <Button key={id} variant="default" onClick={() => go(`/files/${id}`)}>
            {name}
          </Button>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {t('mount', { href: items.find(({ isMine }) => isMine)?.href ?? '' })}
      </Text>
    </Stack>
  )
}
