import { ActionIcon, Button, Group, Menu, Stack, Textarea } from '@mantine/core'
import { IconDots, IconPencil, IconPin, IconPinnedOff, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import { DialogFrame } from '../dialog.tsx'
import { keys } from '../person.ts'
import { htmlOf, typedOf } from './light-text.ts'
import type { Activity, TimelineEntry } from './read.ts'

interface ActivityToolsProps {
  readonly partyId: number
  readonly entry: TimelineEntry
}

type Change = { readonly html: string } | { readonly isPinned: boolean }

/** What its author can do with something that was written down. */
export function ActivityTools({ partyId, entry: { data, title } }: ActivityToolsProps) {
  const { t } = useTranslation('person')
  const [edited, setEdited] = useState<string>()
  const path = `/activities/${String(data.activity)}`
  const { make, conflict } = useChange<Change, Activity, Activity>({
    send: async (body, overruled) => {
      // Pinning is no change of what it says.
      const tag = overruled ?? ('html' in body ? `"${String(data.version)}"` : undefined)
      return send('PATCH', path, { body, etag: tag })
    },
    theirs: () => read<Activity>(path),
    keys: [keys.timeline(partyId)],
    said: () => t('saved'),
  })
  const takeBack = async (): Promise<void> => {
    try {
      const { request } = await send('DELETE', path)
      tellDone(t('takenBack'), request === undefined ? undefined : () => undoRequest(request))
      await queryClient.invalidateQueries({ queryKey: keys.timeline(partyId) })
    } catch (error) {
      tellFailed(error)
    }
  }
  const isPinned = data.isPinned === true
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            className="not-printed"
            aria-label={t('entry.more', { title })}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} />}
            onClick={() => setEdited(typedOf(typeof data.html === 'string' ? data.html : ''))}
          >
            {t('entry.edit')}
          </Menu.Item>
          <Menu.Item
            leftSection={isPinned ? <IconPinnedOff size={16} /> : <IconPin size={16} />}
            onClick={() => make({ isPinned: !isPinned })}
          >
            {t(isPinned ? 'entry.unpin' : 'entry.pin')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => void takeBack()}>
            {t('entry.takeBack')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {edited !== undefined && (
        <DialogFrame title={t('entry.edit')} onClose={() => setEdited(undefined)}>
          <Stack>
            <Textarea
              aria-label={t('entry.text')}
              autosize
              minRows={4}
              maxRows={20}
              value={edited}
              data-autofocus
              onChange={(event) => setEdited(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button
                onClick={() => {
                  make({ html: htmlOf(edited) })
                  setEdited(undefined)
                }}
              >
                {t('save')}
              </Button>
            </Group>
          </Stack>
        </DialogFrame>
      )}
      <ConflictDialog
        conflict={conflict}
        differences={(mine, theirs) => [
          {
            label: t('entry.text'),
            mine: 'html' in mine ? typedOf(mine.html) : '',
            theirs: theirs.text,
          },
        ]}
      />
    </>
  )
}
