import { Button, Group, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Tagged } from '../../client/api.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { endedBy, useOpened, useSaving } from '../edited.tsx'
import type { Group as Members } from './people.ts'

interface NamesFormProps {
  /** Where it is changed. */
  readonly path: string
  readonly now: Tagged<Members>
}

type Wish = Pick<Members, 'displayName' | 'email'>

/** What a group is called, and its mail address. */
export function NamesForm({ path, now }: NamesFormProps) {
  const { t } = useTranslation('admin')
  const { seen, etag, nth, touch, goOn } = useOpened(now.data, now.etag, ({ displayName, email }) => [
    displayName,
    email,
  ])
  const { displayName, email } = seen
  const before = { displayName, email }
  const change = useSaving<Wish, Members>(
    { path, etag },
    { before, written: 'staying', onDone: (saved) => goOn(saved) },
  )
  return (
    <form
      key={nth}
      onChange={touch}
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const mail = String(form.get('email')).trim()
        change.make({ displayName: String(form.get('displayName')), email: mail === '' ? null : mail })
      }}
    >
      <Group align="flex-end">
        <TextInput
          name="displayName"
          label={t('name')}
          defaultValue={displayName}
          required
          withAsterisk={false}
          flex="1 1 160px"
        />
        <TextInput name="email" type="email" label={t('mail')} defaultValue={email ?? ''} flex="1 1 180px" />
        <Button type="submit" variant="default" loading={change.isBusy}>
          {t('accounts.save')}
        </Button>
      </Group>
      <ConflictDialog
        conflict={endedBy(change.conflict, (theirs) => goOn(theirs, true))}
        differences={(mine, theirs) => [
          { label: t('name'), mine: mine.displayName, theirs: theirs.displayName },
          { label: t('mail'), mine: mine.email ?? '–', theirs: theirs.email ?? '–' },
        ]}
      />
    </form>
  )
}
