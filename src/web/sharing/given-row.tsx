import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconEye, IconEyeOff, IconUser, IconUsersGroup, IconX } from '@tabler/icons-react'
import { type ReactNode, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read } from '../client/api.ts'
import { type Conflict, useChange } from '../client/change.ts'
import { dropItem, patchItem } from '../client/items.ts'
import { queryClient } from '../client/query.ts'
import { undoRequests } from '../client/undo.ts'
import { ConflictDialog } from '../ui/conflict.tsx'
import { tellDone } from '../ui/toast.tsx'
import { type Hiding, type Masks, masksOf, readHiding } from './hiding.ts'
import { HidingField, useHidingText } from './hiding-field.tsx'
import {
  type Access,
  changeGiven,
  end,
  type Given,
  type Grant,
  give,
  givenGrant,
  grantsKey,
  sharedKeys,
  shareKey,
  type What,
} from './sharing.ts'
import { SharingHistory } from './sharing-history.tsx'

/** What they see of it, before it is so. */
export type Preview = (masks: Masks) => ReactNode

interface GivenRowProps {
  readonly what: What
  readonly given: Given
  readonly preview: Preview | undefined
}

/** Somebody who has it: what he may do, what he sees, and the end of it. */
export function GivenRow({ what, given, preview }: GivenRowProps) {
  const { t } = useTranslation('sharing')
  const [chosen, setChosen] = useState<Hiding>()
  const button = useRef<HTMLButtonElement>(null)
  const { make, conflict } = useGivenChange(what, given)
  const stop = useStop(what, given)
  const { who, access, masks } = given
  const Icon = who.kind === 'group' ? IconUsersGroup : IconUser
  const hiding = readHiding(masks)
  return (
    <Stack component="li" gap="xs" style={{ listStyle: 'none' }}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Icon size={20} aria-hidden style={{ flexShrink: 0, marginBlockStart: 8 }} />
        <Group gap="xs" flex={1} miw={0}>
          <Told given={given} hiding={hiding} />
          <AccessSelect
            given={given}
            value={access}
            label={t('accessOf', { name: who.displayName })}
            onChange={(next) => make({ access: next, masks })}
          />
        </Group>
        <ActionIcon
          ref={button}
          variant="subtle"
          color="gray"
          size="lg"
          aria-expanded={chosen !== undefined}
          aria-label={t('change', { name: who.displayName })}
          onClick={() => setChosen(chosen ? undefined : hiding)}
        >
          {hiding.mode === 'all' ? <IconEye size={18} /> : <IconEyeOff size={18} />}
        </ActionIcon>
        <SharingHistory kind={given.how} path={`/${given.how}s/${given.id}`} name={who.displayName} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('end', { name: who.displayName })}
          onClick={() => stop()}
        >
          <IconX size={18} />
        </ActionIcon>
      </Group>
      {chosen && (
        <SeenForm
          {...{ chosen, preview }}
          onChange={setChosen}
          onKeep={() => make({ access, masks: masksOf(chosen) })}
          onClose={() => {
            setChosen(undefined)
            button.current?.focus()
          }}
        />
      )}
      <SeenConflict conflict={conflict} />
    </Stack>
  )
}

interface ToldProps {
  readonly given: Given
  readonly hiding: Hiding
}

/** Who it is, what they see, and whether they have taken it. */
function Told({ given: { who, state }, hiding }: ToldProps) {
  const { t } = useTranslation('sharing')
  const hidingText = useHidingText()
  const isOpen = state !== undefined && state !== 'accepted'
  return (
    <Stack gap={0} flex="1 1 150px" miw={0}>
      <Text style={{ overflowWrap: 'anywhere' }}>{who.displayName || who.name}</Text>
      <Text size="xs" c="dimmed">
        {isOpen ? `${hidingText(hiding)} · ${t(`states.${state}`)}` : hidingText(hiding)}
      </Text>
    </Stack>
  )
}

interface SeenFormProps {
  readonly chosen: Hiding
  readonly preview: Preview | undefined
  readonly onChange: (chosen: Hiding) => void
  readonly onKeep: () => void
  readonly onClose: () => void
}

/** Chooses anew what is seen. */
function SeenForm({ chosen, preview, onChange, onKeep, onClose }: SeenFormProps) {
  const { t } = useTranslation('sharing')
  return (
    <form
      className="sharing-edit"
      onSubmit={(event) => {
        event.preventDefault()
        onKeep()
        onClose()
      }}
    >
      <Stack gap="sm">
        <HidingField hiding={chosen} onChange={onChange} />
        <Previewed preview={preview} hiding={chosen} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button size="xs" type="submit">
            {t('keep')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface PreviewedProps {
  readonly preview: Preview | undefined
  readonly hiding: Hiding
}

/** What they will see, no longer than leaves the buttons in sight. What is waited for hides nothing else. */
export function Previewed({ preview, hiding }: PreviewedProps) {
  if (!preview) return null
  return (
    <Suspense fallback={null}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled is reached by the keyboard */}
      <div className="sharing-preview" tabIndex={0}>
        {preview(masksOf(hiding))}
      </div>
    </Suspense>
  )
}

/** Somebody else has changed it meanwhile. */
function SeenConflict({ conflict }: { readonly conflict: Conflict<Seen, Seen> | undefined }) {
  const { t } = useTranslation('sharing')
  const hidingText = useHidingText()
  return (
    <ConflictDialog
      conflict={conflict}
      differences={(mine, theirs) => [
        { label: t('may'), mine: t(`access.${mine.access}`), theirs: t(`access.${theirs.access}`) },
        {
          label: t('sees'),
          mine: hidingText(readHiding(mine.masks)),
          theirs: hidingText(readHiding(theirs.masks)),
        },
      ]}
    />
  )
}

interface AccessSelectProps {
  readonly given: Pick<Given, 'how'>
  readonly value: Access
  readonly label: string
  readonly onChange: (access: Access) => void
}

/** What may be done with it: of a whole collection there is one thing more. */
export function AccessSelect({ given, value, label, onChange }: AccessSelectProps) {
  const { t } = useTranslation('sharing')
  const accesses = given.how === 'share' ? accessesOfShare : accessesOfGrant
  return (
    <Select
      comboboxProps={{ withinPortal: false }}
      aria-label={label}
      w={190}
      value={value}
      allowDeselect={false}
      data={accesses.map((one) => ({ value: one, label: t(`access.${one}`) }))}
      onChange={(next) => next !== null && onChange(next as Access)}
    />
  )
}

const accessesOfGrant = ['read', 'read-write'] as const
const accessesOfShare = ['read', 'no-delete', 'read-write'] as const

type Seen = Pick<Given, 'access' | 'masks'>

const keyOf = ({ how }: Given) => (how === 'grant' ? grantsKey : shareKey)

function useGivenChange(what: What, given: Given) {
  const { t } = useTranslation('sharing')
  return useChange<Seen, Seen, readonly string[]>({
    send: (wish, etag) => changeGiven(what, given, wish, etag),
    etag: given.etag,
    ...(given.how === 'grant' && {
      theirs: async () => {
        const theirs = await read<Grant>(`/grants/${given.id}`)
        return { ...theirs, data: givenGrant(theirs.data) }
      },
    }),
    patches: (wish) => [patchItem(keyOf(given), given.id, wish)],
    keys: sharedKeys,
    back:
      (_, { data }) =>
      () =>
        undoRequests(data),
    said: () => t('changed'),
  })
}

/** Ends it at once; taking that back shares it again, as it was. */
function useStop(what: What, given: Given): () => void {
  const { t } = useTranslation('sharing')
  const { who, access, masks } = given
  const { make } = useChange<void>({
    send: () => end(given),
    patches: () => [dropItem(keyOf(given), given.id)],
    keys: sharedKeys,
    isUndoable: false,
    onDone: () =>
      tellDone(t('ended', { name: who.displayName }), async () => {
        await give(what, { who: who.name, access, masks })
        await queryClient.invalidateQueries()
      }),
  })
  return make
}
