import { Button, NumberInput, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { read, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
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
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['admin', path],
    queryFn: ({ signal }) => read<Bookable>(path, signal),
    staleTime: 0,
  })
  const displayName = data?.data.displayName ?? name
  return (
    <Dialog onClose={onClose} title={displayName}>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && (
        <Stack gap="lg">
          <Fields key={data.etag} bookable={data.data} etag={data.etag} path={path} onClose={onClose} />
          <Delegates of={name} />
          <RemoveNamed kind={kind} name={name} displayName={displayName} onRemoved={onClose} />
        </Stack>
      )}
    </Dialog>
  )
}

interface FieldsProps {
  readonly bookable: Bookable
  readonly etag: string | undefined
  readonly path: string
  readonly onClose: () => void
}

type Wish = Omit<Bookable, 'kind' | 'name'>

function Fields({ bookable, etag, path, onClose }: FieldsProps) {
  const { t } = useTranslation('admin')
  const change = useChange<Wish, Bookable, Bookable>({
    send: (body, tag) => send('PATCH', path, { body, etag: tag }),
    etag,
    theirs: () => read<Bookable>(path),
    keys: [['admin']],
    isUndoable: false,
    said: () => t('saved'),
    onDone: onClose,
  })
  const { displayName, email } = bookable
  return (
    <form
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
        <Button type="submit" loading={change.isBusy}>
          {t('accounts.save')}
        </Button>
      </Stack>
      <ConflictDialog
        conflict={change.conflict}
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
