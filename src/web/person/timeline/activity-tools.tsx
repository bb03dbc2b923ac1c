import { ActionIcon, Menu, Stack } from '@mantine/core'
import { IconDots, IconEye, IconPencil, IconPin, IconPinnedOff, IconTrash } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { openForm } from '../../ui/dialog/forms.tsx'
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
  const path = `/activities/${String(data.activity)}`
  const activity = { partyId, path, version: data.version }
  const { make } = useActivityChange(activity)
  const takeBack = useTakeBack(partyId, path)
  const isPinned = data.isPinned === true
  return (
    <ActivityMenu
      title={title}
      isPinned={isPinned}
      acts={{
        edit: () => {
          const text = typedOf(typeof data.html === 'string' ? data.html : '')
          openForm((onClose) => <EditText {...{ activity, text, onClose }} />)
        },
        show: () => {
          const seenBy = seenByOf(data)
          openForm((onClose) => <EditSeenBy {...{ activity, seenBy, onClose }} />)
        },
        pin: () => make({ isPinned: !isPinned }),
        takeBack: () => void takeBack(),
      }}
    />
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

/** One that was written down, as it was seen. */
interface ActivityOf {
  readonly partyId: number
  readonly path: string
  readonly version: unknown
}

/** @param onDone  of the form in which it is changed */
function useActivityChange({ partyId, path, version }: ActivityOf, onDone?: () => void) {
  const { t } = useTranslation('person')
  return useChange<Change, Activity, Activity>({
    send: async (body, overruled) => {
      // Pinning is no change of what it says.
      const tag = overruled ?? ('isPinned' in body ? undefined : `"${String(version)}"`)
      return send('PATCH', path, { body, etag: tag })
    },
    ...(onDone && { written: 'leaving', onDone, onTheirs: onDone }),
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

interface WrittenProps {
  readonly title: string
  readonly change: ReturnType<typeof useActivityChange>
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What somebody changes of it, with what somebody else has made of it meanwhile. */
function Written({ title, change, onClose, children }: WrittenProps) {
  const { t } = useTranslation('person')
  return (
    <DialogFrame title={title} onClose={onClose}>
      {children}
      <ConflictDialog
        conflict={change.conflict}
        differences={(mine, theirs) => [differenceOf(t, mine, theirs)]}
      />
    </DialogFrame>
  )
}

interface EditSeenByProps {
  readonly activity: ActivityOf
  readonly seenBy: SeenBy
  readonly onClose: () => void
}

function EditSeenBy({ activity, seenBy, onClose }: EditSeenByProps) {
  const { t } = useTranslation('person')
  const [chosen, setChosen] = useState(seenBy)
  const change = useActivityChange(activity, onClose)
  return (
    <Written title={t('entry.whoSees')} {...{ change, onClose }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen === seenBy) onClose()
          else change.make(audienceOf(chosen))
        }}
      >
        <Stack>
          <SeenBySelect size="sm" value={chosen} onChange={setChosen} />
          <DialogButtons onCancel={onClose} />
        </Stack>
      </form>
    </Written>
  )
}

interface EditTextProps {
  readonly activity: ActivityOf
  readonly text: string
  readonly onClose: () => void
}

function EditText({ activity, text, onClose }: EditTextProps) {
  const { t } = useTranslation('person')
  const { start, isKept, keep, drop } = useKeptDraft(activity.path, text)
  const [written, setWritten] = useState(start)
  const leave = (): void => {
    drop()
    onClose()
  }
  const change = useActivityChange(activity, leave)
  return (
    <Written
      title={t('entry.edit')}
      change={change}
      onClose={() => {
        keep(written)
        onClose()
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change.make({ html: htmlOf(written) })
        }}
      >
        <Stack>
          <MentionField label={t('entry.text')} value={written} onChange={setWritten} isFirst />
          <KeptNote isKept={isKept} />
          <DialogButtons onCancel={leave} />
        </Stack>
      </form>
    </Written>
  )
}
