import './sharing.css'
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconUser, IconUsersGroup } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../client/change.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { AccessSelect, GivenRow, type Preview, Previewed } from './given-row.tsx'
import { type Hiding, hidesNothing, masksOf } from './hiding.ts'
import { HidingField } from './hiding-field.tsx'
import { PeoplePreview } from './people-preview.tsx'
import { PrincipalPicker } from './principal-picker.tsx'
import { type Access, give, type Principal, sharedKeys, useGiven, type What, type Wish } from './sharing.ts'

interface ShareDialogProps {
  readonly what: What
  /** What it is called. */
  readonly name: string
  /** Why it cannot be shared; without it it can. */
  readonly denied?: string | undefined
  /** How what is shared will be seen; without it of some of those who are in it. */
  readonly preview?: Preview
  readonly onClose: () => void
}

/** Who has something of one's own, what they may do with it, and what they see of it. */
export function ShareDialog({ what, name, denied, preview, onClose }: ShareDialogProps) {
  const { t } = useTranslation('sharing')
  return (
    <Dialog onClose={onClose} title={t('title', { name })} size="lg" fillsPhone>
      {denied === undefined ? (
        <Sharing what={what} preview={preview ?? ((masks) => <PeoplePreview what={what} masks={masks} />)} />
      ) : (
        <Alert color="yellow">{denied}</Alert>
      )}
    </Dialog>
  )
}

interface SharingProps {
  readonly what: What
  readonly preview: Preview | undefined
}

function Sharing({ what, preview }: SharingProps) {
  const { t } = useTranslation('sharing')
  const { given, isPending, error, again } = useGiven(what)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={again} />
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t(`how.${what.kind}`)}
      </Text>
      <Stack gap="xs" component="section" aria-label={t('who')}>
        <Title order={3} size="h6">
          {t('who')}
        </Title>
        {given.length === 0 ? (
          <Text size="sm">{t('nobody')}</Text>
        ) : (
          <Stack component="ul" gap="sm" m={0} p={0}>
            {given.map((one) => (
              <GivenRow key={`${one.how}-${one.id}`} what={what} given={one} preview={preview} />
            ))}
          </Stack>
        )}
      </Stack>
      <Adding what={what} preview={preview} taken={given.map(({ who }) => who.name)} />
    </Stack>
  )
}

interface AddingProps extends SharingProps {
  readonly taken: readonly string[]
}

/** Shares it with somebody else: what comes next has the focus. */
function Adding({ taken, ...rest }: AddingProps) {
  const [chosen, setChosen] = useState<Principal>()
  const place = useRef<HTMLDivElement>(null)
  const before = useRef(chosen)
  useEffect(() => {
    if (before.current !== chosen) place.current?.querySelector('input')?.focus()
    before.current = chosen
  }, [chosen])
  return (
    <div ref={place}>
      {chosen ? (
        <AddingForm {...rest} chosen={chosen} onClose={() => setChosen(undefined)} />
      ) : (
        <PrincipalPicker taken={taken} onPick={setChosen} />
      )}
    </div>
  )
}

interface AddingFormProps extends SharingProps {
  readonly chosen: Principal
  readonly onClose: () => void
}

function AddingForm({ what, preview, chosen, onClose }: AddingFormProps) {
  const { t } = useTranslation('sharing')
  const [access, setAccess] = useState<Access>('read')
  const [hiding, setHiding] = useState<Hiding>(hidesNothing)
  const { make, isBusy } = useChange<Wish>({
    send: (wish) => give(what, wish),
    written: 'staying',
    keys: sharedKeys,
    isUndoable: false,
    said: () => t('shared', { name: chosen.displayName }),
    onDone: onClose,
  })
  const Icon = chosen.kind === 'group' ? IconUsersGroup : IconUser
  const how = what.kind === 'book' && masksOf(hiding).length === 0 ? 'share' : 'grant'
  return (
    <form
      className="sharing-edit"
      aria-label={t('with')}
      onSubmit={(event) => {
        event.preventDefault()
        make({ who: chosen.name, access, masks: masksOf(hiding) })
      }}
    >
      <Stack gap="sm">
        <Group gap="xs">
          <Icon size={20} aria-hidden />
          <Text flex="1 1 150px" style={{ overflowWrap: 'anywhere' }}>
            {chosen.displayName}
          </Text>
          <AccessSelect
            given={{ how }}
            value={how === 'grant' && access === 'no-delete' ? 'read-write' : access}
            label={t('accessOf', { name: chosen.displayName })}
            onChange={setAccess}
          />
        </Group>
        <HidingField hiding={hiding} onChange={setHiding} />
        <Previewed preview={preview} hiding={hiding} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t('share')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
