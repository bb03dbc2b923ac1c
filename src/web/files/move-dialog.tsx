import { Button, Group, NavLink, Stack, Text } from '@mantine/core'
import { IconArrowLeft, IconFolder } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading, Part } from '../ui/states.tsx'
import { type FileEntry, type Place, useChildren, useFileActions, useHomes } from './files.ts'

interface MoveDialogProps {
  readonly file: FileEntry
  readonly onClose: () => void
}

interface Step {
  readonly place: Place
  readonly name: string
  readonly mayAdd: boolean
}

/** Asks where a folder or a file is to be. */
export function MoveDialog({ file, onClose }: MoveDialogProps) {
  const { t } = useTranslation('files')
  const { relocate } = useFileActions(onClose)
  const [steps, setSteps] = useState<readonly Step[]>([])
  const here = steps.at(-1)
  const isSame =
    here &&
    (here.place.kind === 'home'
      ? file.parent === null && file.home === here.place.id
      : file.parent === here.place.id)
  return (
    <Dialog onClose={onClose} title={t('moveTo', { name: file.name })}>
      <Stack gap={4} mih={240}>
        {here && (
          <NavLink
            component="button"
            label={here.name}
            leftSection={<IconArrowLeft size={18} className="directed" aria-label={t('up')} />}
            onClick={() => setSteps(steps.slice(0, -1))}
          />
        )}
        {here ? (
          <Folders place={here.place} without={file.id} open={(step) => setSteps([...steps, step])} />
        ) : (
          <Homes open={(step) => setSteps([step])} />
        )}
      </Stack>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('app.cancel')}
        </Button>
        <Button
          disabled={!here?.mayAdd || isSame === true}
          onClick={() => here && relocate.make({ file, to: here.place })}
        >
          {t('moveHere')}
        </Button>
      </Group>
    </Dialog>
  )
}

function Homes({ open }: { readonly open: (step: Step) => void }) {
  const { t } = useTranslation('files')
  const asked = useHomes()
  return (
    <Part of={asked}>
      {({ items }) =>
        items.map(({ id, title, isMine, rights }) => {
          const name = isMine ? t('title') : title
          return (
            <NavLink
              key={id}
              component="button"
              label={name}
              leftSection={<IconFolder size={18} />}
              onClick={() => open({ place: { kind: 'home', id }, name, mayAdd: rights.add })}
            />
          )
        })
      }
    </Part>
  )
}

interface FoldersProps {
  readonly place: Place
  /** A folder does not go into itself. */
  readonly without: number
  readonly open: (step: Step) => void
}

function Folders({ place, without, open }: FoldersProps) {
  const { t } = useTranslation('files')
  const { data, error, isPending, refetch } = useChildren(place)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const folders = data.pages
    .flatMap(({ items }) => items)
    .filter(({ kind, id }) => kind === 'folder' && id !== without)
  if (folders.length === 0)
    return (
      <Text size="sm" c="dimmed" p="sm">
        {t('noFolders')}
      </Text>
    )
  return folders.map(({ id, name, rights }) => (
    <NavLink
      key={id}
      component="button"
      label={name}
      leftSection={<IconFolder size={18} />}
      onClick={() => open({ place: { kind: 'folder', id }, name, mayAdd: rights.add })}
    />
  ))
}
