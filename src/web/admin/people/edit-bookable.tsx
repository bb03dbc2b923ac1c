import { Button, Flex, NumberInput, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { HistoryButton } from '../../things/history-button.tsx'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { EditedDialog, endedBy, useOpened, useSaving } from '../edited.tsx'
import { Delegates } from './delegates.tsx'
import { type Bookable, pathOf } from './people.ts'
import { RemoveNamed } from './remove-named.tsx'

interface EditBookableProps {
  readonly kind: Bookable['kind']
  readonly name: string
  readonly onClose: () => void
}

/** One room or resource: what it is called and like, who looks after it, and its end. */
export function EditBookable({ kind, name, onClose }: EditBookableProps) {
  const path = pathOf(kind, name)
  return (
    <EditedDialog<Bookable> path={path} titleOf={(seen) => seen?.displayName ?? name} onClose={onClose}>
      {({ data: bookable, etag }) => (
        <Stack gap="lg">
          <Fields {...{ bookable, etag, path, onClose }} />
          <Delegates of={name} />
          <Flex gap="md" wrap="wrap" align="center">
            <HistoryButton thing={{ kind: 'room', path, name: bookable.displayName }} />
            <RemoveNamed kind={kind} name={name} displayName={bookable.displayName} onRemoved={onClose} />
          </Flex>
        </Stack>
      )}
    </EditedDialog>
  )
}

interface FieldsProps {
  readonly bookable: Bookable
  readonly etag: string | undefined
  readonly path: string
  readonly onClose: () => void
}

type Wish = Omit<Bookable, 'kind' | 'name'>

function Fields({ bookable: now, etag: newest, path, onClose }: FieldsProps) {
  const { seen: bookable, etag, nth, touch } = useOpened(now, newest, textsOf)
  const { t } = useTranslation('admin')
  const { kind: _, name: __, ...before } = bookable
  const change = useSaving<Wish, Bookable>({ path, etag }, { before, onDone: onClose, written: 'leaving' })
  const { displayName, email } = before
  return (
    <form
      key={nth}
      onChange={touch}
      onSubmit={(event) => {
        event.preventDefault()
        change.make(wishIn(new FormData(event.currentTarget)))
      }}
    >
      <Stack>
        <TextInput
          name="displayName"
          label={t('name')}
          defaultValue={displayName}
          required
          withAsterisk={false}
        />
        <TextInput name="email" type="email" label={t('mail')} defaultValue={email ?? ''} />
        <Like bookable={bookable} />
        <Button type="submit">{t('accounts.save')}</Button>
      </Stack>
      <ConflictDialog
        conflict={endedBy(change.conflict, onClose)}
        differences={(mine, theirs) => {
          const labels = [t('name'), t('mail'), t('rooms.place'), t('rooms.capacity'), t('rooms.description')]
          const [own, other] = [textsOf(mine), textsOf(theirs)]
          return labels.map((label, nth) => ({ label, mine: own[nth] ?? '–', theirs: other[nth] ?? '–' }))
        }}
      />
    </form>
  )
}

const longest = 500
const most = 100_000

function Like({ bookable: { place, capacity, description } }: Pick<FieldsProps, 'bookable'>) {
  const { t } = useTranslation('admin')
  return (
    <>
      <TextInput name="place" label={t('rooms.place')} defaultValue={place ?? ''} maxLength={longest} />
      <NumberInput
        name="capacity"
        label={t('rooms.capacity')}
        defaultValue={capacity ?? ''}
        min={0}
        max={most}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        hideControls
      />
      <TextInput
        name="description"
        label={t('rooms.description')}
        defaultValue={description ?? ''}
        maxLength={longest}
      />
    </>
  )
}

/** What the form says: a field that is empty says nothing. */
function wishIn(form: FormData): Wish {
  const said = (field: string): string | null => String(form.get(field)).trim() || null
  const capacity = said('capacity')
  return {
    displayName: String(form.get('displayName')),
    email: said('email'),
    place: said('place'),
    capacity: capacity === null ? null : Number(capacity),
    description: said('description'),
  }
}

function textsOf({ displayName, email, place, capacity, description }: Wish): (string | undefined)[] {
  return [displayName, email, place, capacity, description].map((value) => value?.toString())
}
