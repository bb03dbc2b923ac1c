import { ActionIcon, Menu, Stack } from '@mantine/core'
import { IconDots, IconEye, IconPencil, IconPin, IconPinnedOff, IconTrash } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import { DialogButtons, DialogFrame } from '../dialog.tsx'
import { useKeptDraft } from '../editing/kept-drafts.ts'
import { KeptNote } from '../editing/kept-note.tsx'
import { keys } from '../person.ts'
import { htmlOf, typedOf } from './light-text.ts'
import { MentionField } from './mention-field.tsx'
import type { Activity, TimelineEntry } from './read.ts'
import { type Audience, audienceOf, type SeenBy, SeenBySelect, seenByOf } from './seen-by.tsx'

interface ActivityToolsProps {
  readonly partyId: number
  readonly entry: TimelineEntry
}

type Change = { readonly html: string } | { readonly isPinned: boolean } | Audience

/** What its author can do with something that was written down. */
export function ActivityTools({ partyId, entry: { data, title } }: ActivityToolsProps) {
  const { t } = useTranslation('person')
  const [edited, setEdited] = useState<string>()
  const [isShowing, setShowing] = useState(false)
  const path = `/activities/${String(data.activity)}`
  const { make, conflict } = useActivityChange(partyId, path, data.version)
  const takeBack = useTakeBack(partyId, path)
  const isPinned = data.isPinned === true
  return (
    <>
      <ActivityMenu
        title={title}
        isPinned={isPinned}
        acts={{
          edit: () => setEdited(typedOf(typeof data.html === 'string' ? data.html : '')),
          show: () => setShowing(true),
          pin: () => make({ isPinned: !isPinned }),
          takeBack: () => void takeBack(),
        }}
      />
      {edited !== undefined && (
        <EditText
          of={path}
          text={edited}
          onSave={(text) => make({ html: htmlOf(text) })}
          onClose={() => setEdited(undefined)}
        />
      )}
      {isShowing && (
        <EditSeenBy
          seenBy={seenByOf(data)}
          onSave={(seenBy) => make(audienceOf(seenBy))}
          onClose={() => setShowing(false)}
        />
      )}
      <ConflictDialog conflict={conflict} differences={(mine, theirs) => [differenceOf(t, mine, theirs)]} />
    </>
  )
}

interface ActivityMenuProps {
  readonly title: string
  readonly isPinned: boolean
  readonly acts: Readonly<Record<'edit' | 'show' | 'pin' | 'takeBack', () => void>>
}

function ActivityMenu({ title, isPinned, acts }: ActivityMenuProps) {
  const { t } = useTranslation('person')
  return (
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
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={acts.edit}>
          {t('entry.edit')}
        </Menu.Item>
        <Menu.Item leftSection={<IconEye size={16} />} onClick={acts.show}>
          {t('entry.whoSees')}
        </Menu.Item>
        <Menu.Item
          leftSection={isPinned ? <IconPinnedOff size={16} /> : <IconPin size={16} />}
          onClick={acts.pin}
        >
          {t(isPinned ? 'entry.unpin' : 'entry.pin')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTrash size={16} />}
          c="var(--mantine-color-error)"
          onClick={acts.takeBack}
        >
          {t('entry.takeBack')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function differenceOf(t: TFunction<'person'>, mine: Change, theirs: Activity) {
  if (!('visibility' in mine))
    return {
      label: t('entry.text'),
      mine: 'html' in mine ? typedOf(mine.html) : '',
      theirs: theirs.text,
    }
  const told = ({ visibility }: Pick<Audience, 'visibility'>, name = ''): string =>
    t(`seenBy.${visibility}`, { name })
  return {
    label: t('entry.seenBy'),
    mine: told(mine, mine.team),
    theirs: told(theirs, theirs.team?.displayName || theirs.team?.name),
  }
}

function useActivityChange(partyId: number, path: string, version: unknown) {
  const { t } = useTranslation('person')
  return useChange<Change, Activity, Activity>({
    send: async (body, overruled) => {
      // Pinning is no change of what it says.
      const tag = overruled ?? ('isPinned' in body ? undefined : `"${String(version)}"`)
      return send('PATCH', path, { body, etag: tag })
    },
    theirs: () => read<Activity>(path),
    keys: [keys.timeline(partyId)],
    said: () => t('saved'),
  })
}

function useTakeBack(partyId: number, path: string): () => Promise<void> {
  const { t } = useTranslation('person')
  return async () => {
    try {
      const { request } = await send('DELETE', path)
      tellDone(t('takenBack'), request === undefined ? undefined : () => undoRequest(request))
      await queryClient.invalidateQueries({ queryKey: keys.timeline(partyId) })
    } catch (error) {
      tellFailed(error)
    }
  }
}

interface EditSeenByProps {
  readonly seenBy: SeenBy
  readonly onSave: (seenBy: SeenBy) => void
  readonly onClose: () => void
}

function EditSeenBy({ seenBy, onSave, onClose }: EditSeenByProps) {
  const { t } = useTranslation('person')
  const [chosen, setChosen] = useState(seenBy)
  return (
    <DialogFrame title={t('entry.whoSees')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen !== seenBy) onSave(chosen)
          onClose()
        }}
      >
        <Stack>
          <SeenBySelect size="sm" value={chosen} onChange={setChosen} />
          <DialogButtons onCancel={onClose} />
        </Stack>
      </form>
    </DialogFrame>
  )
}

interface EditTextProps {
  /** Names it among all others: what is left unsaved is there again the next time. */
  readonly of: string
  readonly text: string
  readonly onSave: (text: string) => void
  readonly onClose: () => void
}

function EditText({ of, text, onSave, onClose }: EditTextProps) {
  const { t } = useTranslation('person')
  const { start, isKept, keep, drop } = useKeptDraft(of, text)
  const [written, setWritten] = useState(start)
  const leave = (): void => {
    drop()
    onClose()
  }
  return (
    <DialogFrame
      title={t('entry.edit')}
      onClose={() => {
        keep(written)
        onClose()
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSave(written)
          leave()
        }}
      >
        <Stack>
          <MentionField label={t('entry.text')} value={written} onChange={setWritten} isFirst />
          <KeptNote isKept={isKept} />
          <DialogButtons onCancel={leave} />
        </Stack>
      </form>
    </DialogFrame>
  )
}
